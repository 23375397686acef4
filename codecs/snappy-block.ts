/** Blocks of snappy (format_description.txt): a length, then literals and copies. */
import { forEachMatch } from './matches.ts';
import type { Sink } from './sink.ts';

const MAX_COPY_BYTES = 64;

/** What a block of `size` bytes takes at most. */
export function snappyBlockBound(size: number): number {
  return 32 + size + Math.ceil(size / 6);
}

/** Compresses `input[start, end)` into `output` from `at` on; @returns the end of what it wrote. */
export function snappyCompressBlock(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  let to = putVarint(output, at, end - start);
  let anchor = start;
  forEachMatch(input, { start, end, tailBytes: 0, lastStart: 0 }, (position, distance, length) => {
    to = putLiteral(input, anchor, position, output, to);
    to = putCopies(output, to, distance, length);
    anchor = position + length;
  });
  return putLiteral(input, anchor, end, output, to);
}

function putLiteral(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  const count = end - start;
  if (count === 0) return at;
  let to = at;
  const code = count - 1;
  if (code < 60) output[to++] = code << 2;
  else if (code < 256) {
    output[to++] = 60 << 2;
    output[to++] = code;
  } else {
    output[to++] = 61 << 2;
    output[to++] = code;
    output[to++] = code >> 8;
  }
  output.set(input.subarray(start, end), to);
  return to + count;
}

/** Copies of 1 to 64 bytes with a distance of 16 bits, short near ones in two bytes. */
function putCopies(output: Uint8Array, at: number, distance: number, length: number): number {
  let to = at;
  let left = length;
  while (left > 0) {
    // The last piece keeps four bytes at least, so that it may be a short one.
    const count = left > MAX_COPY_BYTES && left < MAX_COPY_BYTES + 4 ? 60 : left;
    const piece = Math.min(count, MAX_COPY_BYTES);
    if (piece >= 4 && piece < 12 && distance < 2048) {
      output[to++] = 1 | ((piece - 4) << 2) | ((distance >> 8) << 5);
      output[to++] = distance;
    } else {
      output[to++] = 2 | ((piece - 1) << 2);
      output[to++] = distance;
      output[to++] = distance >> 8;
    }
    left -= piece;
  }
  return to;
}

function putVarint(output: Uint8Array, at: number, value: number): number {
  let to = at;
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) output[to++] = (rest & 0x7f) | 0x80;
  output[to++] = rest;
  return to;
}

/**
 * Adds the contents of the block `input[start, end)` to the sink.
 * @returns false when the block is broken or the sink full.
 */
export function snappyDecompressBlock(
  input: Uint8Array,
  start: number,
  end: number,
  sink: Sink,
): boolean {
  const windowStart = sink.length;
  let at = start;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) return false;
    const byte = input[at++] as number;
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const wanted = windowStart + size;
  while (at < end) {
    const tag = input[at++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59);
      if (extra > end - at) return false;
      const length = 1 + (extra === 0 ? tag >> 2 : littleEndian(input, at, extra));
      at += extra;
      if (length > end - at || !sink.push(input.subarray(at, at + length))) return false;
      at += length;
    } else {
      const bytes = kind === 3 ? 4 : kind;
      if (bytes > end - at) return false;
      const low = littleEndian(input, at, bytes);
      const distance = kind === 1 ? ((tag >> 5) << 8) | low : low;
      const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      at += bytes;
      if (!sink.copyBack(distance, length, windowStart)) return false;
    }
    if (sink.length > wanted) return false;
  }
  return sink.length === wanted;
}

function littleEndian(input: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (input[at + i] as number);
  return value;
}
