/**
 * Stepping over the batches of a segment file: by headers only, to find a place, or with whole
 * batches, to check and replay them. Reads in chunks, so the cost is bytes, not calls.
 */
import type { Disk, FileId } from '../host.ts';
import { batchSizeAt, MAGIC_V2, magicAt, RECORD_BATCH_HEADER_BYTES } from '../records/batch.ts';

const HEADER_CHUNK_BYTES = 8192;
const BATCH_CHUNK_BYTES = 1_048_576;
const NO_BYTES: Uint8Array = new Uint8Array(0);

/** The scan came to the end of its range. */
export const AT_END = -1;
/** The bytes where a batch should begin are none. */
export const ROTTEN = -3;

/** Sees one batch: `bytes[at, at + size)` (perhaps only its header), which lies at `position`. */
export type BatchVisitor = (
  bytes: Uint8Array,
  at: number,
  size: number,
  position: number,
) => boolean;

/**
 * Shows the header of each batch in `[start, end)` until `stop` says so.
 * @returns the position of the batch at which it stopped, `AT_END` or `ROTTEN`.
 */
export function scanHeaders(
  disk: Disk,
  file: FileId,
  range: { readonly start: number; readonly end: number },
  stop: BatchVisitor,
): number {
  let position = range.start;
  let chunk = NO_BYTES;
  let chunkStart = position;
  while (position < range.end) {
    if (position - chunkStart + RECORD_BATCH_HEADER_BYTES > chunk.length) {
      chunk = disk.read(file, position, HEADER_CHUNK_BYTES);
      chunkStart = position;
      if (chunk.length < RECORD_BATCH_HEADER_BYTES) return ROTTEN;
    }
    const at = position - chunkStart;
    const size = batchSizeAt(chunk, at);
    if (size < RECORD_BATCH_HEADER_BYTES || magicAt(chunk, at) !== MAGIC_V2) return ROTTEN;
    if (stop(chunk, at, size, position)) return position;
    position += size;
  }
  return AT_END;
}

/**
 * Shows each whole batch in `[start, end)` until `stop` says so. The checksum is the visitor's
 * business; a batch that reaches beyond `end` is rotten.
 * @returns where it stopped: a position (of the refused or rotten batch), or `end`.
 */
export function scanBatches(
  disk: Disk,
  file: FileId,
  range: { readonly start: number; readonly end: number },
  stop: BatchVisitor,
): number {
  let position = range.start;
  let chunk = NO_BYTES;
  let chunkStart = position;
  while (position < range.end) {
    if (position - chunkStart + RECORD_BATCH_HEADER_BYTES > chunk.length) {
      chunk = disk.read(file, position, Math.min(BATCH_CHUNK_BYTES, range.end - position));
      chunkStart = position;
      if (chunk.length < RECORD_BATCH_HEADER_BYTES) return position;
    }
    const size = batchSizeAt(chunk, position - chunkStart);
    if (size < RECORD_BATCH_HEADER_BYTES || size > range.end - position) return position;
    if (position - chunkStart + size > chunk.length) {
      const wanted = Math.max(size, Math.min(BATCH_CHUNK_BYTES, range.end - position));
      chunk = disk.read(file, position, wanted);
      chunkStart = position;
      if (chunk.length < size) return position;
    }
    if (stop(chunk, position - chunkStart, size, position)) return position;
    position += size;
  }
  return range.end;
}
