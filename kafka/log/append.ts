/**
 * What a log demands of batches before it takes them: the results of appends, and the checks of
 * followers; what leaders demand of clients' is in client-batch.ts (Kafka:
 * UnifiedLog.analyzeAndValidateRecords).
 */
import {
  baseOffsetAt,
  batchSizeAt,
  checkBatchFrame,
  computeCrc,
  crcAt,
  lastOffsetAt,
  lastOffsetDeltaAt,
  leaderEpochAt,
  validateBatch,
} from '../records/batch.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { LogConfig } from './log-config.ts';

/** Who made the batches that a leader appends; only clients' batches are distrusted. */
export type AppendOrigin = 'client' | 'coordinator' | 'raft';

export interface LeaderAppend {
  readonly error: ErrorCode;
  readonly errorMessage: string | null;
  /** -1 on an error; of a duplicate, the offset that the first copy got. */
  readonly baseOffset: number;
  /** Inclusive. */
  readonly lastOffset: number;
  /** The log append time, -1 when the topic keeps the producer's timestamps. */
  readonly appendTimeMs: number;
  readonly logStartOffset: number;
  /** The batch was in the log already; nothing was written. */
  readonly duplicate: boolean;
  /**
   * False when flush.messages demands a flush first: an answer that promises the records is owed
   * only once `Log.whenAcknowledged(lastOffset + 1, …)` says `durable`.
   */
  readonly acknowledged: boolean;
  /** The records that made a batch refused; absent when it was the batch as a whole. */
  readonly recordErrors?: readonly RecordError[];
}

export interface FollowerAppend {
  readonly error: ErrorCode;
  readonly errorMessage: string | null;
  /** -1 when nothing was appended. */
  readonly baseOffset: number;
  /** Inclusive; -1 when nothing was appended. */
  readonly lastOffset: number;
  readonly appendedBytes: number;
}

/** What is wrong with one record of a refused batch (KIP-467). */
export interface RecordError {
  readonly batchIndex: number;
  readonly message: string;
}

export interface Refusal {
  readonly error: ErrorCode;
  readonly message: string;
  readonly recordErrors?: readonly RecordError[];
}

export function refusedLeaderAppend(refusal: Refusal, logStartOffset: number): LeaderAppend {
  return {
    error: refusal.error,
    errorMessage: refusal.message,
    baseOffset: -1,
    lastOffset: -1,
    appendTimeMs: -1,
    logStartOffset,
    duplicate: false,
    acknowledged: true,
    ...(refusal.recordErrors === undefined ? {} : { recordErrors: refusal.recordErrors }),
  };
}

export function refusedFollowerAppend(refusal: Refusal): FollowerAppend {
  return {
    error: refusal.error,
    errorMessage: refusal.message,
    baseOffset: -1,
    lastOffset: -1,
    appendedBytes: 0,
  };
}

export const STORAGE_REFUSAL: Refusal = {
  error: ErrorCode.KAFKA_STORAGE_ERROR,
  message: 'the log directory is offline',
};

function refuse(error: ErrorCode, message: string): Refusal {
  return { error, message };
}

/** Of the batch at `at`, `size` bytes large. */
export function checkSize(
  bytes: Uint8Array,
  at: number,
  size: number,
  config: LogConfig,
): Refusal | null {
  if (size <= config.maxMessageBytes) return null;
  const batch = `the record batch at offset ${baseOffsetAt(bytes, at)} has ${size} bytes`;
  const message = `${batch}, above max.message.bytes ${config.maxMessageBytes}`;
  return refuse(ErrorCode.MESSAGE_TOO_LARGE, message);
}

/** Batches that our own node made: whole and intact, or something is broken here. */
export function checkOwnBatches(
  bytes: Uint8Array,
  origin: AppendOrigin,
  config: LogConfig,
): Refusal | null {
  let at = 0;
  while (at < bytes.length) {
    const problem = validateBatch(bytes, at, bytes.length);
    if (problem !== null) return refuse(ErrorCode.CORRUPT_MESSAGE, `${problem} at byte ${at}`);
    const size = batchSizeAt(bytes, at);
    const tooLarge = origin === 'raft' ? null : checkSize(bytes, at, size, config);
    if (tooLarge !== null) return tooLarge;
    at += size;
  }
  return at === 0 ? refuse(ErrorCode.INVALID_RECORD, 'nothing to append') : null;
}

/**
 * How many bytes of a fetched chunk a follower may append: whole batches, up to the first that is
 * of a later epoch than the fetch asked for (KAFKA-18723). A torn batch at the end is ignored.
 */
export function checkFetchedBatches(
  bytes: Uint8Array,
  leaderEpoch: number,
  log: { readonly logEndOffset: number; readonly latestEpoch: number },
): Refusal | { readonly error: 0; readonly validBytes: number } {
  let at = 0;
  let nextOffset = log.logEndOffset;
  let latestEpoch = log.latestEpoch;
  for (;;) {
    const problem = checkBatchFrame(bytes, at, bytes.length);
    if (problem === 'truncated') break;
    if (problem !== null) return refuse(ErrorCode.CORRUPT_MESSAGE, `${problem} at byte ${at}`);
    const epoch = leaderEpochAt(bytes, at);
    if (epoch > leaderEpoch) break;
    if (computeCrc(bytes, at) !== crcAt(bytes, at)) {
      return refuse(ErrorCode.CORRUPT_MESSAGE, `a fetched batch fails its checksum at byte ${at}`);
    }
    if (epoch < latestEpoch) {
      return refuse(ErrorCode.CORRUPT_MESSAGE, `epoch ${epoch} follows epoch ${latestEpoch}`);
    }
    if (baseOffsetAt(bytes, at) < nextOffset || lastOffsetDeltaAt(bytes, at) < 0) {
      const message = `batch at offset ${baseOffsetAt(bytes, at)} where ${nextOffset} was expected`;
      return refuse(ErrorCode.UNKNOWN_SERVER_ERROR, message);
    }
    latestEpoch = epoch;
    nextOffset = lastOffsetAt(bytes, at) + 1;
    at += batchSizeAt(bytes, at);
  }
  return { error: 0, validBytes: at };
}
