/**
 * Record batch v2 as bytes: every header field by position, stamped in place by leaders and
 * producers, never unpacked into an object. The checksum covers everything from the attributes
 * on, so base offset and leader epoch may change under it
 * (Kafka: clients/…/record/DefaultRecordBatch.java).
 */
import { crc32c } from '../base/crc32c.ts';

export const RECORD_BATCH_HEADER_BYTES = 61;
/** Base offset and length: what `batchLength` itself does not count. */
export const BATCH_LENGTH_OVERHEAD = 12;
export const MAGIC_V2 = 2;

const LEADER_EPOCH_AT = 12;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const BASE_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_ID_AT = 43;
const PRODUCER_EPOCH_AT = 51;
const BASE_SEQUENCE_AT = 53;
const RECORD_COUNT_AT = 57;

export const COMPRESSION_MASK = 0x07;
export const LOG_APPEND_TIME_FLAG = 0x08;
export const TRANSACTIONAL_FLAG = 0x10;
export const CONTROL_FLAG = 0x20;

export const NO_PRODUCER_ID = -1;
export const NO_PRODUCER_EPOCH = -1;
/** Whoever would raise it gets another producer id (TransactionManager). */
export const LAST_PRODUCER_EPOCH = 0x7fff;
export const NO_SEQUENCE = -1;
export const NO_TIMESTAMP = -1;
export const NO_LEADER_EPOCH = -1;

export type TimestampType = 'CreateTime' | 'LogAppendTime';

const TWO_TO_32 = 4_294_967_296;
const MAX_INT32 = 2_147_483_647;

/** A big-endian int32. */
export function int32At(b: Uint8Array, at: number): number {
  return (
    ((b[at] as number) << 24) |
    ((b[at + 1] as number) << 16) |
    ((b[at + 2] as number) << 8) |
    (b[at + 3] as number)
  );
}

/** A big-endian int64; beyond ±(2^53 - 1) it is rounded, which only rotten bytes can cause. */
export function int64At(b: Uint8Array, at: number): number {
  return int32At(b, at) * TWO_TO_32 + (int32At(b, at + 4) >>> 0);
}

export function putInt32(b: Uint8Array, at: number, value: number): void {
  b[at] = value >> 24;
  b[at + 1] = value >> 16;
  b[at + 2] = value >> 8;
  b[at + 3] = value;
}

export function putInt64(b: Uint8Array, at: number, value: number): void {
  putInt32(b, at, Math.floor(value / TWO_TO_32));
  putInt32(b, at + 4, value | 0);
}

export function putInt16(b: Uint8Array, at: number, value: number): void {
  b[at] = value >> 8;
  b[at + 1] = value;
}

export function baseOffsetAt(b: Uint8Array, position: number): number {
  return int64At(b, position);
}
/** The whole size of the batch, its first 12 bytes included. */
export function batchSizeAt(b: Uint8Array, position: number): number {
  return BATCH_LENGTH_OVERHEAD + int32At(b, position + 8);
}
export function leaderEpochAt(b: Uint8Array, position: number): number {
  return int32At(b, position + LEADER_EPOCH_AT);
}
export function magicAt(b: Uint8Array, position: number): number {
  return ((b[position + MAGIC_AT] as number) << 24) >> 24;
}
/** The checksum that the batch carries, unsigned. */
export function crcAt(b: Uint8Array, position: number): number {
  return int32At(b, position + CRC_AT) >>> 0;
}
export function attributesAt(b: Uint8Array, position: number): number {
  const at = position + ATTRIBUTES_AT;
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}
export function lastOffsetDeltaAt(b: Uint8Array, position: number): number {
  return int32At(b, position + LAST_OFFSET_DELTA_AT);
}
/** Inclusive. */
export function lastOffsetAt(b: Uint8Array, position: number): number {
  return int64At(b, position) + int32At(b, position + LAST_OFFSET_DELTA_AT);
}
export function baseTimestampAt(b: Uint8Array, position: number): number {
  return int64At(b, position + BASE_TIMESTAMP_AT);
}
export function maxTimestampAt(b: Uint8Array, position: number): number {
  return int64At(b, position + MAX_TIMESTAMP_AT);
}
/** -1 when the producer is not idempotent. */
export function producerIdAt(b: Uint8Array, position: number): number {
  return int64At(b, position + PRODUCER_ID_AT);
}
export function producerEpochAt(b: Uint8Array, position: number): number {
  const at = position + PRODUCER_EPOCH_AT;
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16)) >> 16;
}
export function baseSequenceAt(b: Uint8Array, position: number): number {
  return int32At(b, position + BASE_SEQUENCE_AT);
}
/** The sequence of the last record, -1 without a producer id. */
export function lastSequenceAt(b: Uint8Array, position: number): number {
  const base = int32At(b, position + BASE_SEQUENCE_AT);
  if (base === NO_SEQUENCE) return NO_SEQUENCE;
  return addSequence(base, int32At(b, position + LAST_OFFSET_DELTA_AT));
}
export function recordCountAt(b: Uint8Array, position: number): number {
  return int32At(b, position + RECORD_COUNT_AT);
}
export function isTransactionalAt(b: Uint8Array, position: number): boolean {
  return (attributesAt(b, position) & TRANSACTIONAL_FLAG) !== 0;
}
export function isControlAt(b: Uint8Array, position: number): boolean {
  return (attributesAt(b, position) & CONTROL_FLAG) !== 0;
}
/** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export function compressionAt(b: Uint8Array, position: number): number {
  return attributesAt(b, position) & COMPRESSION_MASK;
}
export function timestampTypeAt(b: Uint8Array, position: number): TimestampType {
  return (attributesAt(b, position) & LOG_APPEND_TIME_FLAG) !== 0 ? 'LogAppendTime' : 'CreateTime';
}

/** Sequences wrap from 2^31 - 1 to 0. */
export function addSequence(sequence: number, increment: number): number {
  const sum = sequence + increment;
  return sum > MAX_INT32 ? sum - MAX_INT32 - 1 : sum;
}
export function subtractSequence(sequence: number, decrement: number): number {
  return sequence < decrement ? sequence - decrement + MAX_INT32 + 1 : sequence - decrement;
}

/** Leaves the checksum valid. */
export function setBaseOffset(b: Uint8Array, position: number, baseOffset: number): void {
  putInt64(b, position, baseOffset);
}
/** Leaves the checksum valid. */
export function setLeaderEpoch(b: Uint8Array, position: number, leaderEpoch: number): void {
  putInt32(b, position + LEADER_EPOCH_AT, leaderEpoch);
}
/** Sets timestamp type and max timestamp; computes a new checksum only when either changes. */
export function setMaxTimestamp(
  b: Uint8Array,
  position: number,
  type: TimestampType,
  maxTimestampMs: number,
): void {
  const attributes = attributesAt(b, position);
  const wanted =
    type === 'LogAppendTime'
      ? attributes | LOG_APPEND_TIME_FLAG
      : attributes & ~LOG_APPEND_TIME_FLAG;
  if (wanted === attributes && maxTimestampAt(b, position) === maxTimestampMs) return;
  putInt16(b, position + ATTRIBUTES_AT, wanted);
  putInt64(b, position + MAX_TIMESTAMP_AT, maxTimestampMs);
  writeCrc(b, position);
}

/** Idempotent producers stamp a batch when it is first sent; computes a new checksum. */
export function setProducerState(
  b: Uint8Array,
  position: number,
  producer: { producerId: number; producerEpoch: number; baseSequence: number },
): void {
  putInt64(b, position + PRODUCER_ID_AT, producer.producerId);
  putInt16(b, position + PRODUCER_EPOCH_AT, producer.producerEpoch);
  putInt32(b, position + BASE_SEQUENCE_AT, producer.baseSequence);
  writeCrc(b, position);
}

/** For bytes that are one whole batch: sets its size and codec, computes a new checksum. */
export function relabelCompression(batch: Uint8Array, codecId: number): void {
  putInt32(batch, 8, batch.length - BATCH_LENGTH_OVERHEAD);
  putInt16(batch, ATTRIBUTES_AT, (attributesAt(batch, 0) & ~COMPRESSION_MASK) | codecId);
  writeCrc(batch, 0);
}

export function computeCrc(b: Uint8Array, position: number): number {
  return crc32c(b, position + ATTRIBUTES_AT, position + batchSizeAt(b, position));
}
function writeCrc(b: Uint8Array, position: number): void {
  putInt32(b, position + CRC_AT, computeCrc(b, position));
}

export interface BatchHeader {
  baseOffset: number;
  leaderEpoch: number;
  attributes: number;
  lastOffsetDelta: number;
  baseTimestampMs: number;
  maxTimestampMs: number;
  producerId: number;
  producerEpoch: number;
  baseSequence: number;
  recordCount: number;
}

/** Writes the header and checksum around records that lie at `position + 61` already. */
export function writeBatchHeader(
  b: Uint8Array,
  position: number,
  sizeBytes: number,
  header: BatchHeader,
): void {
  putInt64(b, position, header.baseOffset);
  putInt32(b, position + 8, sizeBytes - BATCH_LENGTH_OVERHEAD);
  putInt32(b, position + LEADER_EPOCH_AT, header.leaderEpoch);
  b[position + MAGIC_AT] = MAGIC_V2;
  putInt16(b, position + ATTRIBUTES_AT, header.attributes);
  putInt32(b, position + LAST_OFFSET_DELTA_AT, header.lastOffsetDelta);
  putInt64(b, position + BASE_TIMESTAMP_AT, header.baseTimestampMs);
  putInt64(b, position + MAX_TIMESTAMP_AT, header.maxTimestampMs);
  putInt64(b, position + PRODUCER_ID_AT, header.producerId);
  putInt16(b, position + PRODUCER_EPOCH_AT, header.producerEpoch);
  putInt32(b, position + BASE_SEQUENCE_AT, header.baseSequence);
  putInt32(b, position + RECORD_COUNT_AT, header.recordCount);
  writeCrc(b, position);
}

export type BatchProblem =
  | 'truncated' // the bytes end inside the batch
  | 'too-small' // its length says less than a header
  | 'bad-magic' // not the v2 format
  | 'bad-crc'; // the checksum does not fit the bytes

/** Size, magic and checksum of the batch at `position`, which may reach to `end` (exclusive). */
export function validateBatch(b: Uint8Array, position: number, end: number): BatchProblem | null {
  const problem = checkBatchFrame(b, position, end);
  if (problem !== null) return problem;
  return computeCrc(b, position) === crcAt(b, position) ? null : 'bad-crc';
}

/** Size and magic only: enough to step over batches that were checked before. */
export function checkBatchFrame(b: Uint8Array, position: number, end: number): BatchProblem | null {
  if (position + BATCH_LENGTH_OVERHEAD > end) return 'truncated';
  const size = batchSizeAt(b, position);
  if (size < RECORD_BATCH_HEADER_BYTES) return 'too-small';
  if (position + size > end) return 'truncated';
  return magicAt(b, position) === MAGIC_V2 ? null : 'bad-magic';
}
