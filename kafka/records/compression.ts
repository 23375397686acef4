/**
 * Compressed record batches: everything behind the header is one block of a codec (Kafka:
 * Compression, CompressionType). A batch is opened into the same batch without compression, which
 * all other readers understand.
 */
import { assert } from '../base/assert.ts';
import type { CodecName, Codecs } from '../host.ts';
import {
  attributesAt,
  batchSizeAt,
  COMPRESSION_MASK,
  RECORD_BATCH_HEADER_BYTES,
  relabelCompression,
} from './batch.ts';

const NAMES: readonly (CodecName | null)[] = [null, 'gzip', 'snappy', 'lz4', 'zstd'];
export const ZSTD = 4;

/**
 * What the records of one batch may grow to: as much as the largest request could have brought
 * without compression (socket.request.max.bytes). A batch that claims more is taken for broken.
 */
const MAX_OPENED_BYTES = 104_857_600;

export interface CompressionChoice {
  readonly codec: CodecName;
  /** undefined: the codec has none. */
  readonly level: number | undefined;
}

export function codecId(codec: CodecName | null): number {
  return NAMES.indexOf(codec);
}

/** The codec with this id, at its default level. */
export function codecOf(id: number): CompressionChoice {
  const codec = NAMES[id] ?? null;
  assert(codec !== null, 'no compression has no codec');
  return { codec, level: undefined };
}

/** false: no codec has this id. */
export function isCodecId(id: number): boolean {
  return id < NAMES.length;
}

/** The choice that levels of `compression.<codec>.level` make of a codec. */
export function withLevel(
  codec: CodecName,
  levels: { readonly gzip: number; readonly zstd: number },
): CompressionChoice {
  const level = codec === 'gzip' || codec === 'zstd' ? levels[codec] : undefined;
  return { codec, level };
}

/** The batch at `position`, uncompressed, with its records compressed. */
export function compressBatch(
  batch: Uint8Array,
  choice: CompressionChoice,
  codecs: Codecs,
): Uint8Array {
  const records = batch.subarray(RECORD_BATCH_HEADER_BYTES);
  const block = codecs.compress(choice.codec, records, choice.level);
  const compressed = new Uint8Array(RECORD_BATCH_HEADER_BYTES + block.length);
  compressed.set(batch.subarray(0, RECORD_BATCH_HEADER_BYTES));
  compressed.set(block, RECORD_BATCH_HEADER_BYTES);
  relabelCompression(compressed, codecId(choice.codec));
  return compressed;
}

/**
 * The batch at `position` without compression, with a checksum of its own; null when its records
 * cannot be decompressed. Of an uncompressed batch a view.
 */
export function openBatch(bytes: Uint8Array, position: number, codecs: Codecs): Uint8Array | null {
  const end = position + batchSizeAt(bytes, position);
  const id = attributesAt(bytes, position) & COMPRESSION_MASK;
  if (id === 0) return bytes.subarray(position, end);
  const codec = NAMES[id];
  if (codec === undefined || codec === null) return null;
  const block = bytes.subarray(position + RECORD_BATCH_HEADER_BYTES, end);
  const records = codecs.decompress(codec, block, MAX_OPENED_BYTES);
  if (records === null) return null;
  const opened = new Uint8Array(RECORD_BATCH_HEADER_BYTES + records.length);
  opened.set(bytes.subarray(position, position + RECORD_BATCH_HEADER_BYTES));
  opened.set(records, RECORD_BATCH_HEADER_BYTES);
  relabelCompression(opened, 0);
  return opened;
}
