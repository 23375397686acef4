/**
 * Where a follower cuts its log so that it agrees with its leader's (KIP-101, KIP-279, KIP-595;
 * Kafka: AbstractFetcherThread.getOffsetTruncationState). Before KIP-101 a follower cut to its own
 * high watermark, which may be behind what is committed; KIP-101 alone answered with an offset
 * and not with the epoch that ends there (KAFKA-6361).
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

/** The largest epoch of the leader not above the one asked for, and where it ends there. */
export interface EpochEnd {
  readonly epoch: number;
  /** Exclusive. */
  readonly endOffset: number;
}

/** What the rule sees of a replica's log. */
export interface TruncatedLog {
  readonly name: string;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** -1: it knows no epoch. */
  readonly latestEpoch: number;
  endOffsetForEpoch(epoch: number): EpochEnd;
  truncateTo(endOffset: number): void;
}

/** Where a fetcher stands. */
export interface FetchPosition {
  readonly fetchOffset: number;
  /** -1: it says none. */
  readonly lastFetchedEpoch: number;
}

export interface TruncationRule {
  /** Before a follower fetches in a new leader epoch. */
  begin(log: TruncatedLog): void;
  /** What a follower says of its last record; -1: nothing. */
  lastFetchedEpoch(log: TruncatedLog): number;
  /** Whether a leader tells of a divergence that it found. */
  tells(log: TruncatedLog, position: FetchPosition): boolean;
  /** Where the follower cuts that was told. */
  target(log: TruncatedLog, diverging: EpochEnd): number;
}

/**
 * When this log does not know the leader's epoch, it is only cut to the end of its own largest
 * epoch below; the next fetch then asks about that one (another round).
 */
export function divergenceTruncation(
  log: Pick<TruncatedLog, 'logEndOffset' | 'endOffsetForEpoch'>,
  diverging: EpochEnd,
): number {
  const { logEndOffset } = log;
  const local = log.endOffsetForEpoch(diverging.epoch);
  if (local.epoch === -1) return Math.min(diverging.endOffset, logEndOffset);
  if (local.epoch !== diverging.epoch) return Math.min(local.endOffset, logEndOffset);
  return Math.min(diverging.endOffset, local.endOffset, logEndOffset);
}

const BY_EPOCH: TruncationRule = {
  /** A log that knows no epoch cannot be checked for divergence. */
  begin: (log) => {
    if (log.latestEpoch < 0) log.truncateTo(log.highWatermark);
  },
  lastFetchedEpoch: (log) => log.latestEpoch,
  tells: () => true,
  target: divergenceTruncation,
};

function toHighWatermark(changed: Changed): TruncationRule {
  return {
    begin: (log) => {
      if (log.latestEpoch >= 0 && log.highWatermark < log.logEndOffset) changed(log.name);
      log.truncateTo(log.highWatermark);
    },
    lastFetchedEpoch: () => -1,
    tells: () => true,
    target: divergenceTruncation,
  };
}

function endOffsetOnly(changed: Changed): TruncationRule {
  return {
    ...BY_EPOCH,
    tells: (log, { fetchOffset, lastFetchedEpoch }) => {
      const end = log.endOffsetForEpoch(lastFetchedEpoch);
      const told = end.epoch < 0 || end.endOffset < fetchOffset;
      if (!told) changed(log.name);
      return told;
    },
    target: (log, diverging) => {
      const target = Math.min(diverging.endOffset, log.logEndOffset);
      if (target !== divergenceTruncation(log, diverging)) changed(log.name);
      return target;
    },
  };
}

export const truncationRules: OptionsOf<'truncation', TruncationRule> = {
  'by-epoch': () => BY_EPOCH,
  'to-high-watermark': toHighWatermark,
  'end-offset-only': endOffsetOnly,
};
