/** A Kafka frame as a tree of plain data: header, body, and the record batches inside it. */
import { Reader, WireError } from '../../kafka/base/reader.ts';
import {
  attributesAt,
  baseOffsetAt,
  batchSizeAt,
  COMPRESSION_MASK,
  CONTROL_FLAG,
  recordCountAt,
  TRANSACTIONAL_FLAG,
} from '../../kafka/records/batch.ts';
import { openBatch } from '../../kafka/records/compression.ts';
import { decodeRecords } from '../../kafka/records/iterate.ts';
import { apiByKey } from '../../kafka/wire/apis.ts';
import { decodeRequestHeader, decodeResponseHeader } from '../../kafka/wire/headers.ts';
import type { SentFrame } from '../../sim/network/tap.ts';
import { simCodecs } from '../../sim/process/codecs.ts';
import { bytesText, plainOf } from './plain.ts';
import type { FrameView } from './protocol.ts';

const SIZE_BYTES = 4;
const RECORDS_SHOWN = 20;

/** Bytes that are no frame, or that do not decode, are told as what they are. */
export function decodeFrame(frame: SentFrame): FrameView {
  const { role, apiKey, apiVersion, bytes } = frame;
  const api = apiKey < 0 ? undefined : apiByKey(apiKey);
  const view = { api: api?.name ?? 'unknown', role, version: apiVersion };
  if (api === undefined || role === 'bytes') return { ...view, body: { bytes: bytesText(bytes) } };
  try {
    const reader = new Reader(bytes, SIZE_BYTES);
    const header =
      role === 'request'
        ? decodeRequestHeader(reader)
        : { correlationId: decodeResponseHeader(reader, api, apiVersion) };
    const codec = role === 'request' ? api.request : api.response;
    const body = withBatches(codec.decode(reader, apiVersion));
    return { ...view, body: { header: plainOf(header), body: plainOf(body) } };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { ...view, body: { undecodable: error.message, bytes: bytesText(bytes) } };
  }
}

/** The message with the bytes of every `records` field replaced by what is in them. */
function withBatches(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBatches);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] =>
    key === 'records' && inner instanceof Uint8Array
      ? [key, batchesIn(inner)]
      : [key, withBatches(inner)],
  );
  return Object.fromEntries(entries);
}

function batchesIn(bytes: Uint8Array): unknown[] {
  const batches: unknown[] = [];
  let at = 0;
  while (at < bytes.length) {
    const size = bytes.length - at < SMALLEST_BATCH ? 0 : batchSizeAt(bytes, at);
    if (size < SMALLEST_BATCH || at + size > bytes.length) {
      batches.push(`${bytes.length - at} bytes of a batch that is cut off`);
      break;
    }
    batches.push(batchAt(bytes.subarray(at, at + size)));
    at += size;
  }
  return batches;
}

const SMALLEST_BATCH = 61;

function batchAt(bytes: Uint8Array): unknown {
  const attributes = attributesAt(bytes, 0);
  const count = recordCountAt(bytes, 0);
  const head = {
    baseOffset: baseOffsetAt(bytes, 0),
    recordCount: count,
    sizeInBytes: bytes.length,
    transactional: (attributes & TRANSACTIONAL_FLAG) !== 0,
    control: (attributes & CONTROL_FLAG) !== 0,
  };
  const compressed = (attributes & COMPRESSION_MASK) !== 0;
  const opened = openBatch(bytes, 0, simCodecs);
  if (opened === null) return { ...head, compressed, records: 'unreadable' };
  const records: unknown[] = decodeRecords(opened, 0)
    .slice(0, RECORDS_SHOWN)
    .map(({ offset, timestampMs, key, value, headers }) => ({
      offset,
      timestampMs,
      key: key === null ? null : bytesText(key),
      value: value === null ? null : bytesText(value),
      ...(headers.length === 0 ? {} : { headers }),
    }));
  if (count > records.length) records.push(`… ${count - records.length} more`);
  return { ...head, ...(compressed ? { compressed } : {}), records };
}
