/**
 * Reading records out of uncompressed batches, for consumers, tools and the metadata log; the
 * broker itself only steps over whole batches. Malformed records throw `WireError`
 * (Kafka: DefaultRecordBatch.iterator, DefaultRecord.readFrom).
 */
import { WireError } from '../base/reader.ts';
import { decodeText } from '../base/text.ts';
import {
  attributesAt,
  baseOffsetAt,
  baseTimestampAt,
  batchSizeAt,
  COMPRESSION_MASK,
  LOG_APPEND_TIME_FLAG,
  maxTimestampAt,
  RECORD_BATCH_HEADER_BYTES,
  recordCountAt,
} from './batch.ts';
import type { RecordHeader } from './builder.ts';
import { VarintCursor } from './varint.ts';

export interface LogRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

const NO_HEADERS: readonly RecordHeader[] = [];
const cursor = new VarintCursor();

/** Calls `visit` for each record of the batch at `position`. Keys and values are views. */
export function forEachRecord(
  bytes: Uint8Array,
  position: number,
  visit: (record: LogRecord) => void,
): void {
  for (const record of decodeRecords(bytes, position)) visit(record);
}

/** The records of the batch at `position`. Keys and values are views. */
export function decodeRecords(bytes: Uint8Array, position: number): LogRecord[] {
  const attributes = attributesAt(bytes, position);
  if ((attributes & COMPRESSION_MASK) !== 0) {
    throw new WireError('invalid-value', 'the batch is compressed');
  }
  const count = recordCountAt(bytes, position);
  const end = position + batchSizeAt(bytes, position);
  if (end > bytes.length) throw new WireError('truncated', 'the batch ends beyond its bytes');
  const baseOffset = baseOffsetAt(bytes, position);
  const baseTimestampMs = baseTimestampAt(bytes, position);
  const appendTimeMs =
    (attributes & LOG_APPEND_TIME_FLAG) !== 0 ? maxTimestampAt(bytes, position) : null;
  const records: LogRecord[] = [];
  let at = position + RECORD_BATCH_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const recordEnd = enterRecord(bytes, at, end);
    cursor.byte();
    const timestampMs = baseTimestampMs + cursor.varlong();
    const offset = baseOffset + cursor.varint();
    const key = nullableBytes(bytes);
    const value = nullableBytes(bytes);
    const headers = readHeaders(bytes);
    if (cursor.position !== recordEnd) {
      throw new WireError('trailing-bytes', `record ${i} is longer than its fields`);
    }
    records.push({ offset, timestampMs: appendTimeMs ?? timestampMs, key, value, headers });
    at = recordEnd;
  }
  if (at !== end) throw new WireError('trailing-bytes', 'bytes behind the last record');
  return records;
}

/** Reads the record's length and confines the cursor to its body; returns the body's end. */
function enterRecord(bytes: Uint8Array, at: number, end: number): number {
  cursor.bytes = bytes;
  cursor.position = at;
  cursor.end = end;
  const length = cursor.varint();
  cursor.skip(length);
  cursor.end = cursor.position;
  cursor.position -= length;
  return cursor.end;
}

function nullableBytes(bytes: Uint8Array): Uint8Array | null {
  const length = cursor.varint();
  if (length === -1) return null;
  const at = cursor.skip(length);
  return bytes.subarray(at, at + length);
}

function readHeaders(bytes: Uint8Array): readonly RecordHeader[] {
  const count = cursor.varint();
  if (count === 0) return NO_HEADERS;
  if (count < 0) throw new WireError('invalid-length', `header count ${count}`);
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const length = cursor.varint();
    const at = cursor.skip(length);
    headers.push({ key: decodeText(bytes, at, length), value: nullableBytes(bytes) });
  }
  return headers;
}
