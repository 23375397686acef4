/**
 * Where a follower cuts its log when the leader says that it diverges (KIP-101, KIP-279,
 * KIP-595; Kafka: AbstractFetcherThread.getOffsetTruncationState).
 */
import type { Log } from '../log/log.ts';

/** The largest epoch of the leader not above the one asked for, and where it ends there. */
export interface DivergingEpoch {
  readonly epoch: number;
  readonly endOffset: number;
}

/**
 * The offset to truncate to. When this log does not know the leader's epoch, it is only cut to
 * the end of its own largest epoch below; the next fetch then asks about that one (another round).
 */
export function divergenceTruncation(log: Log, diverging: DivergingEpoch): number {
  const { logEndOffset } = log;
  const local = log.endOffsetForEpoch(diverging.epoch);
  if (local.epoch === -1) return Math.min(diverging.endOffset, logEndOffset);
  if (local.epoch !== diverging.epoch) return Math.min(local.endOffset, logEndOffset);
  return Math.min(diverging.endOffset, local.endOffset, logEndOffset);
}
