/**
 * Finding an offset by timestamp (Kafka: Partition.fetchOffsetForTimestamp). Latest is the end of
 * what the asker may read; it is not known while the high watermark lags behind the start of this
 * leader's epoch: what earlier leaders committed may lie above it (KIP-207).
 */
import { WireError } from '../base/reader.ts';
import type { Log } from '../log/log.ts';
import type { TimestampOffset } from '../log/log-search.ts';
import type { Rules } from '../protocol/rules.ts';
import { ErrorCode } from '../wire/errors.ts';
import { type FetchIsolation, readBound } from './fetch-read.ts';

export const LATEST_TIMESTAMP = -1;
export const EARLIEST_TIMESTAMP = -2;
export const MAX_TIMESTAMP = -3;
const UNKNOWN = -1;

export interface OffsetLookup {
  readonly error: ErrorCode;
  /** -1: there is no such record. */
  readonly offset: number;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

const NOT_FOUND: OffsetLookup = {
  error: ErrorCode.NONE,
  offset: UNKNOWN,
  timestampMs: UNKNOWN,
  leaderEpoch: UNKNOWN,
};
const NOT_AVAILABLE: OffsetLookup = { ...NOT_FOUND, error: ErrorCode.OFFSET_NOT_AVAILABLE };
const CORRUPT: OffsetLookup = { ...NOT_FOUND, error: ErrorCode.CORRUPT_MESSAGE };

/** What the lookup needs of a partition that this broker leads. */
export interface LookedUp {
  readonly name: string;
  readonly leaderEpoch: number;
  /** Where the log ended when the epoch began. */
  readonly epochStartOffset: number;
  readonly rules: Rules;
}

export function lookUpOffset(
  partition: LookedUp,
  log: Log,
  timestamp: number,
  isolation: FetchIsolation,
): OffsetLookup {
  const end = readBound(log, isolation);
  const { leaderEpoch } = partition;
  const lagging = isolation !== 'log_end' && isLagging(partition, log);
  if (timestamp === LATEST_TIMESTAMP) {
    if (lagging) return NOT_AVAILABLE;
    return found(end, UNKNOWN, leaderEpoch);
  }
  if (timestamp === EARLIEST_TIMESTAMP) {
    const start = log.logStartOffset;
    return found(start, UNKNOWN, log.epochs.epochForOffset(start));
  }
  const record = searchRecord(log, timestamp);
  if (record === 'rotten') return CORRUPT;
  if (record === null) return lagging ? NOT_AVAILABLE : NOT_FOUND;
  if (record.offset >= end) return lagging ? NOT_AVAILABLE : NOT_FOUND;
  return found(record.offset, record.timestampMs, record.leaderEpoch);
}

function isLagging({ name, epochStartOffset, rules }: LookedUp, log: Log): boolean {
  return epochStartOffset > log.highWatermark && !rules.latestOffset.tellsLagging(name);
}

/** Timestamps lie inside records, and stored batches are not checked before they are opened. */
function searchRecord(log: Log, timestamp: number): TimestampOffset | null | 'rotten' {
  try {
    return timestamp === MAX_TIMESTAMP
      ? log.maxTimestampOffset()
      : log.offsetForTimestamp(timestamp);
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return 'rotten';
  }
}

function found(offset: number, timestampMs: number, leaderEpoch: number): OffsetLookup {
  return { error: ErrorCode.NONE, offset, timestampMs, leaderEpoch };
}
