/**
 * What a leader checks inside a client's batch once it is uncompressed: that every record's frame
 * and fields fit, that offset deltas count up from 0, timestamps and keys; values are stepped over,
 * not decoded, and nothing is allocated (Kafka: LogValidator.assignOffsetsNonCompressed).
 */
import { baseTimestampAt, batchSizeAt, RECORD_BATCH_HEADER_BYTES, recordCountAt } from './batch.ts';

export type RecordsProblem =
  | 'malformed' // a record's fields do not fit its frame, or bytes are left behind the last one
  | 'bad-offset' // offset deltas are not 0, 1, 2, …
  | 'rejected'; // some record's timestamp is out of bounds, or its key is missing

/** The timestamps allowed, both inclusive, and none (-1) at all. */
export interface RecordsDemand {
  readonly fromMs: number;
  readonly toMs: number;
  readonly keys: boolean;
}

const NO_TIMESTAMP = -1;

/** The cursor of the record being checked: `at` moves, `end` is exclusive. */
let at = 0;
let end = 0;

/** What the last check saw: the largest timestamp of the records, -1 when none has one. */
export const checkedRecords = { maxTimestampMs: NO_TIMESTAMP };

export function checkRecords(
  bytes: Uint8Array,
  position: number,
  demand: RecordsDemand,
): RecordsProblem | null {
  const batchEnd = position + batchSizeAt(bytes, position);
  const count = recordCountAt(bytes, position);
  const baseTimestampMs = baseTimestampAt(bytes, position);
  const { fromMs, toMs, keys } = demand;
  let problem: RecordsProblem | null = null;
  let maxTimestampMs = NO_TIMESTAMP;
  at = position + RECORD_BATCH_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    end = batchEnd;
    const length = varint(bytes);
    if (!(length >= 0 && length <= batchEnd - at)) return 'malformed';
    end = at + length;
    at += 1;
    const timestampMs = baseTimestampMs + varlong(bytes);
    const offsetDelta = varint(bytes);
    const hasKey = skipNullable(bytes);
    if (!skipValueAndHeaders(bytes)) return 'malformed';
    if (offsetDelta !== i) return 'bad-offset';
    if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs;
    const isTimely = timestampMs >= fromMs && timestampMs <= toMs;
    if (!(isTimely || timestampMs === NO_TIMESTAMP) || (keys && !hasKey)) problem = 'rejected';
  }
  checkedRecords.maxTimestampMs = maxTimestampMs;
  return at === batchEnd ? problem : 'malformed';
}

/** Steps over value and headers; false when they do not fill the record exactly. */
function skipValueAndHeaders(bytes: Uint8Array): boolean {
  skipNullable(bytes);
  const headers = varint(bytes);
  if (!(headers >= 0 && headers <= end - at)) return false;
  for (let i = 0; i < headers; i++) {
    const keyLength = varint(bytes);
    if (!(keyLength >= 0)) return false;
    at += keyLength;
    skipNullable(bytes);
  }
  return at === end;
}

/**
 * A bad length moves `at` beyond every end, so that the final comparison fails.
 * @returns whether it is there.
 */
function skipNullable(bytes: Uint8Array): boolean {
  const length = varint(bytes);
  if (length >= 0) at += length;
  else if (length !== -1) at = Number.POSITIVE_INFINITY;
  else return false;
  return true;
}

/** NaN when it does not fit. */
function varint(bytes: Uint8Array): number {
  if (at >= end) return Number.NaN;
  const first = bytes[at++] as number;
  if (first < 0x80) return (first >>> 1) ^ -(first & 1);
  let value = first & 0x7f;
  for (let shift = 7; shift < 35 && at < end; shift += 7) {
    const byte = bytes[at++] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
  }
  return Number.NaN;
}

/** NaN when it does not fit; beyond ±2^53 rounded, which no sane bound lets pass. */
function varlong(bytes: Uint8Array): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < 10 && at < end; count++) {
    const byte = bytes[at++] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value % 2 === 1 ? -(value - 1) / 2 - 1 : value / 2;
    scale *= 128;
  }
  return Number.NaN;
}
