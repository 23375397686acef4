/**
 * What a leader demands of a client's batch and makes of it before it is stored: whole, intact,
 * made as a client may make it, and compressed as the topic says (Kafka:
 * UnifiedLog.analyzeAndValidateRecords, LogValidator).
 */
import type { Codecs } from '../host.ts';
import {
  baseOffsetAt,
  baseSequenceAt,
  batchSizeAt,
  compressionAt,
  computeCrc,
  crcAt,
  isControlAt,
  isTransactionalAt,
  lastOffsetDeltaAt,
  MAGIC_V2,
  magicAt,
  maxTimestampAt,
  NO_PRODUCER_ID,
  NO_TIMESTAMP,
  producerEpochAt,
  producerIdAt,
  RECORD_BATCH_HEADER_BYTES,
  recordCountAt,
  setMaxTimestamp,
  TRANSACTIONAL_FLAG,
  timestampTypeAt,
} from '../records/batch.ts';
import { BatchBuilder } from '../records/builder.ts';
import { checkedRecords, checkRecords, type RecordsDemand } from '../records/check-records.ts';
import { codecId, codecOf, compressBatch, isCodecId, openBatch } from '../records/compression.ts';
import { decodeRecords, type LogRecord } from '../records/iterate.ts';
import { ErrorCode } from '../wire/errors.ts';
import { checkSize, type RecordError, type Refusal } from './append.ts';
import type { LogConfig } from './log-config.ts';

function refuse(error: ErrorCode, message: string, recordErrors?: RecordError[]): Refusal {
  return recordErrors === undefined ? { error, message } : { error, message, recordErrors };
}

/**
 * One batch, as Produce v3 and later demand.
 * @returns the batch to store: the same bytes, with a timestamp type and a largest timestamp that
 * are true, or others if the topic wants another codec.
 */
export function acceptClientBatch(
  bytes: Uint8Array,
  config: LogConfig,
  nowMs: number,
  codecs: Codecs,
): Uint8Array | Refusal {
  const refusal = checkFrame(bytes, config) ?? checkHeader(bytes);
  if (refusal !== null) return refusal;
  const opened = compressionAt(bytes, 0) === 0 ? bytes : openBatch(bytes, 0, codecs);
  if (opened === null) {
    return refuse(ErrorCode.INVALID_RECORD, 'the records cannot be decompressed');
  }
  const demand = demandOf(config, nowMs);
  const problem = checkRecords(opened, 0, demand);
  if (problem === 'malformed') return refuse(ErrorCode.INVALID_RECORD, 'a record is malformed');
  if (problem === 'bad-offset' && opened === bytes) {
    return refuse(ErrorCode.INVALID_RECORD, 'offset deltas do not count up from 0');
  }
  const isStamped = config.messageTimestampType === 'LogAppendTime';
  const claimsAppendTime = timestampTypeAt(bytes, 0) === 'LogAppendTime';
  if (problem === 'rejected' || claimsAppendTime) {
    const times = { isStamped, claimsAppendTime };
    const rejected = rejectedRecords(decodeRecords(opened, 0), demand, times);
    if (rejected !== null) return rejected;
  }
  const rebuilt = restore(bytes, opened, problem === 'bad-offset', config, codecs);
  const stored = rebuilt ?? bytes;
  if (!isStamped) {
    const { maxTimestampMs } = checkedRecords;
    const toldMs = claimsAppendTime ? maxTimestampAt(bytes, 0) : maxTimestampMs;
    setMaxTimestamp(stored, 0, 'CreateTime', toldMs);
  }
  return (rebuilt === null ? null : checkSize(rebuilt, 0, rebuilt.length, config)) ?? stored;
}

function checkFrame(bytes: Uint8Array, config: LogConfig): Refusal | null {
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
  return null;
}

function checkHeader(bytes: Uint8Array): Refusal | null {
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
  const codec = compressionAt(bytes, 0);
  if (!isCodecId(codec)) {
    return refuse(ErrorCode.UNKNOWN_SERVER_ERROR, `unknown compression type id: ${codec}`);
  }
  return null;
}

function demandOf(config: LogConfig, nowMs: number): RecordsDemand {
  const isStamped = config.messageTimestampType === 'LogAppendTime';
  const beforeMs = isStamped ? Number.POSITIVE_INFINITY : config.messageTimestampBeforeMaxMs;
  const afterMs = isStamped ? Number.POSITIVE_INFINITY : config.messageTimestampAfterMaxMs;
  return {
    fromMs: Math.max(nowMs - beforeMs, Number.MIN_SAFE_INTEGER),
    toMs: Math.min(nowMs + afterMs, Number.MAX_SAFE_INTEGER),
    keys: config.compact,
  };
}

/** Which records a demand is not met by, told one by one (KIP-467); null: by none. */
function rejectedRecords(
  records: readonly LogRecord[],
  { fromMs, toMs, keys }: RecordsDemand,
  times: { readonly isStamped: boolean; readonly claimsAppendTime: boolean },
): Refusal | null {
  const errors: RecordError[] = [];
  let timely = true;
  records.forEach(({ timestampMs, key, offset }, batchIndex) => {
    if (keys && key === null) {
      errors.push({ batchIndex, message: 'a compacted topic takes no record without key' });
    } else if (!times.isStamped && timestampMs !== NO_TIMESTAMP) {
      if (timestampMs >= fromMs && timestampMs <= toMs) return;
      timely = false;
      const bounds = `outside [${fromMs}, ${toMs}]`;
      const message = `timestamp ${timestampMs} of the record at offset ${offset} lies ${bounds}`;
      errors.push({ batchIndex, message });
    } else if (times.claimsAppendTime) {
      timely = false;
      errors.push({ batchIndex, message: 'producers do not set LogAppendTime' });
    }
  });
  const [first] = errors;
  if (first === undefined) return null;
  const error = timely ? ErrorCode.INVALID_RECORD : ErrorCode.INVALID_TIMESTAMP;
  const message = `${errors.length} of ${records.length} records were rejected: ${first.message}`;
  return refuse(error, message, errors);
}

/** The batch as the topic stores it; null when that is what the client sent. */
function restore(
  bytes: Uint8Array,
  opened: Uint8Array,
  renumber: boolean,
  config: LogConfig,
  codecs: Codecs,
): Uint8Array | null {
  const { compression } = config;
  const source = compressionAt(bytes, 0);
  const target =
    compression === 'producer' ? source : codecId(compression === null ? null : compression.codec);
  if (source === target && !renumber) return null;
  const uncompressed = rebuilt(opened);
  if (target === 0) return uncompressed;
  const given = compression === 'producer' || compression === null ? null : compression;
  return compressBatch(uncompressed, given ?? codecOf(target), codecs);
}

/** The same records in a new batch, with offset deltas that count up from 0. */
function rebuilt(opened: Uint8Array): Uint8Array {
  const builder = new BatchBuilder(opened.length);
  builder.begin();
  for (const { timestampMs, key, value, headers } of decodeRecords(opened, 0)) {
    builder.append(timestampMs, key, value, headers);
  }
  return builder.finish({
    producerId: producerIdAt(opened, 0),
    producerEpoch: producerEpochAt(opened, 0),
    baseSequence: baseSequenceAt(opened, 0),
    attributes: isTransactionalAt(opened, 0) ? TRANSACTIONAL_FLAG : 0,
  });
}
