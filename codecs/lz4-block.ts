/**
 * Blocks of LZ4 (lz4_Block_format.md): sequences of a token, literals and a match that copies
 * from up to 64 KiB before.
 */
import { forEachMatch } from './matches.ts';
import type { Sink } from './sink.ts';

const MIN_MATCH_BYTES = 4;
/** The format's end conditions: the last five bytes are literals, the last match begins earlier. */
const TAIL_BYTES = 5;
const LAST_MATCH_BYTES = 12;

/** What a block of `size` bytes takes at most. */
export function lz4BlockBound(size: number): number {
  return size + Math.floor(size / 255) + 16;
}

/** Compresses `input[start, end)` into `output` from `at` on; @returns the end of what it wrote. */
export function lz4CompressBlock(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  let to = at;
  let anchor = start;
  const range = { start, end, tailBytes: TAIL_BYTES, lastStart: LAST_MATCH_BYTES };
  forEachMatch(input, range, (position, distance, length) => {
    const extra = length - MIN_MATCH_BYTES;
    to = putLiterals(input, anchor, position, Math.min(extra, 15), output, to);
    output[to++] = distance;
    output[to++] = distance >> 8;
    if (extra >= 15) to = putLength(output, to, extra - 15);
    anchor = position + length;
  });
  return putLiterals(input, anchor, end, 0, output, to);
}

function putLiterals(
  input: Uint8Array,
  start: number,
  end: number,
  matchNibble: number,
  output: Uint8Array,
  at: number,
): number {
  const count = end - start;
  let to = at;
  output[to++] = (Math.min(count, 15) << 4) | matchNibble;
  if (count >= 15) to = putLength(output, to, count - 15);
  output.set(input.subarray(start, end), to);
  return to + count;
}

function putLength(output: Uint8Array, at: number, rest: number): number {
  let to = at;
  let left = rest;
  for (; left >= 255; left -= 255) output[to++] = 255;
  output[to++] = left;
  return to;
}

/**
 * Adds the contents of the block `input[start, end)` to the sink; matches may reach back to
 * `windowStart` of it. @returns false when the block is broken or the sink full.
 */
export function lz4DecompressBlock(
  input: Uint8Array,
  start: number,
  end: number,
  sink: Sink,
  windowStart: number,
): boolean {
  let at = start;
  const longLength = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      if (at >= end) return -1;
      const byte = input[at++] as number;
      length += byte;
      if (byte < 255) return length;
    }
  };
  while (at < end) {
    const token = input[at++] as number;
    const literals = longLength(token >> 4);
    if (literals < 0 || literals > end - at) return false;
    if (!sink.push(input.subarray(at, at + literals))) return false;
    at += literals;
    if (at === end) return true;
    if (end - at < 2) return false;
    const distance = (input[at] as number) | ((input[at + 1] as number) << 8);
    at += 2;
    const length = longLength(token & 15);
    if (length < 0) return false;
    if (!sink.copyBack(distance, length + MIN_MATCH_BYTES, windowStart)) return false;
  }
  return false;
}
