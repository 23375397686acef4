/**
 * Builds record batches v2, one after the other in one growing buffer: `begin`, `append` …,
 * `finish`. Used by the producer, the metadata log and control batches. The base timestamp is
 * the first record's (Kafka: MemoryRecordsBuilder, DefaultRecord.writeTo).
 */
import { assert } from '../base/assert.ts';
import { encodeTextInto, textSizeBytes } from '../base/text.ts';
import {
  NO_LEADER_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
  RECORD_BATCH_HEADER_BYTES,
  writeBatchHeader,
} from './batch.ts';
import { putVarint, putVarlong, varintSizeBytes, varlongSizeBytes } from './varint.ts';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** Header fields that the builder cannot know; omitted ones say "none" as Kafka does. */
export interface BatchStamp {
  readonly baseOffset?: number;
  readonly leaderEpoch?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly attributes?: number;
}

const NO_HEADERS: readonly RecordHeader[] = [];
const INITIAL_BYTES = 4096;
/** Attributes byte, timestamp delta 0..10, offset delta 0..5, length 0..5. */
const RECORD_OVERHEAD_UPPER_BOUND = 21;

/** Never less than what one record can add to a batch (Kafka: recordSizeUpperBound). */
export function recordSizeUpperBound(
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[] = NO_HEADERS,
): number {
  return RECORD_OVERHEAD_UPPER_BOUND + keyValueHeadersBytes(key, value, headers);
}

function bytesField(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintSizeBytes(bytes.length) + bytes.length;
}

function keyValueHeadersBytes(
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[],
): number {
  let size = bytesField(key) + bytesField(value) + varintSizeBytes(headers.length);
  for (const header of headers) {
    const keyBytes = textSizeBytes(header.key);
    size += varintSizeBytes(keyBytes) + keyBytes + bytesField(header.value);
  }
  return size;
}

export class BatchBuilder {
  /** Records appended since `begin`. */
  count = 0;
  /** The size that the batch would have if it were finished now. */
  sizeBytes = RECORD_BATCH_HEADER_BYTES;
  baseTimestampMs = NO_TIMESTAMP;
  maxTimestampMs = NO_TIMESTAMP;
  private bytes: Uint8Array;

  constructor(initialBytes = INITIAL_BYTES) {
    this.bytes = new Uint8Array(Math.max(RECORD_BATCH_HEADER_BYTES, initialBytes));
  }

  /** Drops what was appended and starts a new batch. */
  begin(): void {
    this.count = 0;
    this.sizeBytes = RECORD_BATCH_HEADER_BYTES;
    this.baseTimestampMs = NO_TIMESTAMP;
    this.maxTimestampMs = NO_TIMESTAMP;
  }

  /** The exact number of bytes that this record would add now. */
  sizeOfRecord(
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[] = NO_HEADERS,
  ): number {
    const body = this.bodyBytes(timestampMs, keyValueHeadersBytes(key, value, headers));
    return varintSizeBytes(body) + body;
  }

  private bodyBytes(timestampMs: number, contentBytes: number): number {
    const timestampDelta = this.count === 0 ? 0 : timestampMs - this.baseTimestampMs;
    return 1 + varlongSizeBytes(timestampDelta) + varintSizeBytes(this.count) + contentBytes;
  }

  append(
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[] = NO_HEADERS,
  ): void {
    this.appendWithin(Number.POSITIVE_INFINITY, timestampMs, key, value, headers);
  }

  /** Appends unless the batch would become larger than `limitBytes`; false: nothing was done. */
  appendWithin(
    limitBytes: number,
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[],
  ): boolean {
    const body = this.bodyBytes(timestampMs, keyValueHeadersBytes(key, value, headers));
    const end = this.sizeBytes + varintSizeBytes(body) + body;
    if (end > limitBytes) return false;
    if (end > this.bytes.length) this.grow(end);
    if (this.count === 0) this.baseTimestampMs = timestampMs;
    if (timestampMs > this.maxTimestampMs) this.maxTimestampMs = timestampMs;
    const b = this.bytes;
    let at = putVarint(b, this.sizeBytes, body);
    b[at] = 0;
    at = putVarlong(b, at + 1, timestampMs - this.baseTimestampMs);
    at = putVarint(b, at, this.count);
    at = putBytes(b, at, key);
    at = putBytes(b, at, value);
    at = putVarint(b, at, headers.length);
    for (const header of headers) {
      at = putVarint(b, at, textSizeBytes(header.key));
      at = encodeTextInto(header.key, b, at);
      at = putBytes(b, at, header.value);
    }
    assert(at === end, 'record size was miscounted');
    this.sizeBytes = end;
    this.count += 1;
    return true;
  }

  private grow(neededBytes: number): void {
    const grown = new Uint8Array(Math.max(neededBytes, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.sizeBytes));
    this.bytes = grown;
  }

  /** The finished batch in bytes of its own; the builder may `begin` the next one at once. */
  finish(stamp: BatchStamp): Uint8Array {
    const batch = ownBytes(this.sizeBytes);
    copy(this.bytes, this.sizeBytes, batch);
    this.stamp(batch, stamp);
    return batch;
  }

  /** The finished batch in the builder's own bytes; they are good until the next `begin`. */
  finishInPlace(stamp: BatchStamp): Uint8Array {
    this.stamp(this.bytes, stamp);
    return this.bytes.subarray(0, this.sizeBytes);
  }

  private stamp(batch: Uint8Array, stamp: BatchStamp): void {
    assert(this.count > 0, 'a batch without records');
    writeBatchHeader(batch, 0, this.sizeBytes, {
      baseOffset: stamp.baseOffset ?? 0,
      leaderEpoch: stamp.leaderEpoch ?? NO_LEADER_EPOCH,
      attributes: stamp.attributes ?? 0,
      lastOffsetDelta: this.count - 1,
      baseTimestampMs: this.baseTimestampMs,
      maxTimestampMs: this.maxTimestampMs,
      producerId: stamp.producerId ?? NO_PRODUCER_ID,
      producerEpoch: stamp.producerEpoch ?? NO_PRODUCER_EPOCH,
      baseSequence: stamp.baseSequence ?? NO_SEQUENCE,
      recordCount: this.count,
    });
  }
}

/** Small batches share slabs: an allocation each would cost more than all the rest of them. */
const SLAB_BYTES = 65_536;
const SLAB_SHARE_BYTES = 4096;
let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

function ownBytes(size: number): Uint8Array {
  if (size > SLAB_SHARE_BYTES) return new Uint8Array(size);
  if (slabUsed + size > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += size;
  return slab.subarray(start, slabUsed);
}

/** Below a few hundred bytes a loop is faster than `set` of a subarray. */
function copy(from: Uint8Array, count: number, to: Uint8Array): void {
  if (count > 512) to.set(from.subarray(0, count));
  else for (let i = 0; i < count; i++) to[i] = from[i] as number;
}

function putBytes(b: Uint8Array, at: number, value: Uint8Array | null): number {
  if (value === null) return putVarint(b, at, -1);
  const start = putVarint(b, at, value.length);
  b.set(value, start);
  return start + value.length;
}
