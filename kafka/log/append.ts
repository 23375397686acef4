/**
 * What a log demands of batches before it takes them: the results of appends, and the checks of
 * leaders and followers (Kafka: UnifiedLog.analyzeAndValidateRecords, LogValidator).
 */
import {
  baseOffsetAt,
  baseSequenceAt,
  batchSizeAt,
  checkBatchFrame,
  compressionAt,
  computeCrc,
  crcAt,
  isControlAt,
  lastOffsetAt,
  lastOffsetDeltaAt,
  leaderEpochAt,
  MAGIC_V2,
  magicAt,
  maxTimestampAt,
  NO_PRODUCER_ID,
  producerIdAt,
  RECORD_BATCH_HEADER_BYTES,
  recordCountAt,
  validateBatch,
} from '../records/batch.ts';
import { checkRecords } from '../records/check-records.ts';
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

export interface Refusal {
  readonly error: ErrorCode;
  readonly message: string;
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

/** One batch, as Produce v3 and later demand, whole, intact and made as a client may make it. */
export function checkClientBatch(
  bytes: Uint8Array,
  config: LogConfig,
  nowMs: number,
): Refusal | null {
  if (bytes.length < RECORD_BATCH_HEADER_BYTES) {
    return refuse(ErrorCode.INVALID_RECORD, 'a produce request needs a record batch');
  }
  if (magicAt(bytes, 0) !== MAGIC_V2) {
    return refuse(ErrorCode.INVALID_RECORD, 'only record batches with magic 2 are accepted');
  }
  const size = batchSizeAt(bytes, 0);
  if (size < bytes.length && size >= RECORD_BATCH_HEADER_BYTES) {
    return refuse(ErrorCode.INVALID_RECORD, 'a partition takes exactly one record batch');
  }
  if (size !== bytes.length) {
    return refuse(ErrorCode.CORRUPT_MESSAGE, 'the record batch has a wrong length');
  }
  if (baseOffsetAt(bytes, 0) !== 0) {
    const message = `the base offset of a produced batch must be 0, not ${baseOffsetAt(bytes, 0)}`;
    return refuse(ErrorCode.INVALID_RECORD, message);
  }
  const tooLarge = checkSize(bytes, 0, size, config);
  if (tooLarge !== null) return tooLarge;
  if (computeCrc(bytes, 0) !== crcAt(bytes, 0)) {
    return refuse(ErrorCode.CORRUPT_MESSAGE, 'the record batch fails its checksum');
  }
  return checkClientHeader(bytes) ?? checkContents(bytes, config, nowMs);
}

function checkSize(bytes: Uint8Array, at: number, size: number, config: LogConfig): Refusal | null {
  if (size <= config.maxMessageBytes) return null;
  const batch = `the record batch at offset ${baseOffsetAt(bytes, at)} has ${size} bytes`;
  const message = `${batch}, above max.message.bytes ${config.maxMessageBytes}`;
  return refuse(ErrorCode.MESSAGE_TOO_LARGE, message);
}

function checkClientHeader(bytes: Uint8Array): Refusal | null {
  const count = recordCountAt(bytes, 0);
  const span = lastOffsetDeltaAt(bytes, 0) + 1;
  if (span <= 0 || count !== span) {
    const message = `a batch of ${count} records must not span ${span} offsets`;
    return refuse(ErrorCode.INVALID_RECORD, message);
  }
  if (isControlAt(bytes, 0)) {
    return refuse(ErrorCode.INVALID_RECORD, 'clients may not write control records');
  }
  const producerId = producerIdAt(bytes, 0);
  if (producerId < NO_PRODUCER_ID || !Number.isSafeInteger(producerId)) {
    return refuse(ErrorCode.INVALID_RECORD, `no producer has the id ${producerId}`);
  }
  if (producerId !== NO_PRODUCER_ID && baseSequenceAt(bytes, 0) < 0) {
    const message = `sequence ${baseSequenceAt(bytes, 0)} with producer id ${producerId}`;
    return refuse(ErrorCode.INVALID_RECORD, message);
  }
  return null;
}

function checkContents(bytes: Uint8Array, config: LogConfig, nowMs: number): Refusal | null {
  const stamped = config.messageTimestampType === 'LogAppendTime';
  const fromMs = stamped ? Number.NEGATIVE_INFINITY : nowMs - config.messageTimestampBeforeMaxMs;
  const toMs = stamped ? Number.POSITIVE_INFINITY : nowMs + config.messageTimestampAfterMaxMs;
  if (compressionAt(bytes, 0) === 0) {
    switch (checkRecords(bytes, 0, fromMs, toMs)) {
      case 'malformed':
        return refuse(ErrorCode.INVALID_RECORD, 'a record is malformed');
      case 'bad-offset':
        return refuse(ErrorCode.INVALID_RECORD, 'offset deltas do not count up from 0');
      case 'bad-timestamp':
        return badTimestamp(fromMs, toMs);
    }
  }
  if (stamped) return null;
  const maxTimestampMs = maxTimestampAt(bytes, 0);
  const isSound =
    Number.isSafeInteger(maxTimestampMs) && maxTimestampMs >= fromMs && maxTimestampMs <= toMs;
  return isSound ? null : badTimestamp(fromMs, toMs);
}

function badTimestamp(fromMs: number, toMs: number): Refusal {
  const message = `a record's timestamp lies outside [${fromMs}, ${toMs}]`;
  return refuse(ErrorCode.INVALID_TIMESTAMP, message);
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
