/**
 * LZ4 frames (lz4_Frame_format.md). Written as Kafka writes them: independent blocks of 64 KiB, no
 * checksums but the header's (Kafka: Lz4BlockOutputStream). Read with any flags but a dictionary,
 * checksums verified.
 */
import { lz4BlockBound, lz4CompressBlock, lz4DecompressBlock } from './lz4-block.ts';
import { Sink } from './sink.ts';
import { xxhash32 } from './xxhash32.ts';

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const BLOCK_BYTES = 65_536;
const UNCOMPRESSED_FLAG = 0x8000_0000;

const INDEPENDENT = 0x20;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
/** Version 01, independent blocks. */
const FLAGS = 0x40 | INDEPENDENT;
/** Blocks of at most 64 KiB. */
const BLOCK_DESCRIPTOR = 0x40;
const MAX_WINDOW_BYTES = 65_536;

export function lz4Compress(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const output = new Uint8Array(7 + blocks * (4 + lz4BlockBound(BLOCK_BYTES)) + 4);
  let to = putWord(output, 0, MAGIC);
  output[to++] = FLAGS;
  output[to++] = BLOCK_DESCRIPTOR;
  output[to] = headerChecksum(output, 4, to);
  to += 1;
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    to = putBlock(bytes, start, Math.min(bytes.length, start + BLOCK_BYTES), output, to);
  }
  to = putWord(output, to, 0);
  return output.slice(0, to);
}

function putBlock(
  bytes: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  const blockEnd = lz4CompressBlock(bytes, start, end, output, at + 4);
  const size = blockEnd - at - 4;
  if (size < end - start) {
    putWord(output, at, size);
    return blockEnd;
  }
  putWord(output, at, UNCOMPRESSED_FLAG | (end - start));
  output.set(bytes.subarray(start, end), at + 4);
  return at + 4 + (end - start);
}

/** One frame or several; null when they are broken, torn, or larger than `maxBytes`. */
export function lz4Decompress(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  const sink = new Sink(maxBytes, bytes.length * 4);
  let at = 0;
  do {
    at = readFrame(bytes, at, sink);
    if (at < 0) return null;
  } while (at < bytes.length);
  return sink.take();
}

/** @returns the end of the frame, or -1 for a broken one. */
function readFrame(bytes: Uint8Array, start: number, sink: Sink): number {
  if (bytes.length - start < 7) return -1;
  const magic = wordAt(bytes, start);
  if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE) {
    const end = start + 8 + (bytes.length - start < 8 ? 0 : wordAt(bytes, start + 4));
    return end <= bytes.length ? end : -1;
  }
  if (magic !== MAGIC) return -1;
  const flags = bytes[start + 4] as number;
  const isKnown = flags >> 6 === 1 && (flags & DICTIONARY) === 0;
  const checksumAt = start + 6 + ((flags & CONTENT_SIZE) !== 0 ? 8 : 0);
  if (!isKnown || checksumAt >= bytes.length) return -1;
  if (bytes[checksumAt] !== headerChecksum(bytes, start + 4, checksumAt)) return -1;
  return readBlocks(bytes, checksumAt + 1, flags, sink);
}

function readBlocks(bytes: Uint8Array, start: number, flags: number, sink: Sink): number {
  const contentStart = sink.length;
  let at = start;
  for (;;) {
    if (bytes.length - at < 4) return -1;
    const word = wordAt(bytes, at);
    at += 4;
    if (word === 0) break;
    const size = word & 0x7fff_ffff;
    const end = at + size;
    const withChecksum = end + ((flags & BLOCK_CHECKSUM) !== 0 ? 4 : 0);
    if (withChecksum > bytes.length) return -1;
    if (withChecksum > end && wordAt(bytes, end) !== xxhash32(bytes, at, end)) return -1;
    const chained = Math.max(contentStart, sink.length - MAX_WINDOW_BYTES);
    const windowStart = (flags & INDEPENDENT) !== 0 ? sink.length : chained;
    const read =
      word >= UNCOMPRESSED_FLAG
        ? sink.push(bytes.subarray(at, end))
        : lz4DecompressBlock(bytes, at, end, sink, windowStart);
    if (!read) return -1;
    at = withChecksum;
  }
  if ((flags & CONTENT_CHECKSUM) === 0) return at;
  if (bytes.length - at < 4) return -1;
  const isIntact = wordAt(bytes, at) === xxhash32(sink.bytes, contentStart, sink.length);
  return isIntact ? at + 4 : -1;
}

/** The second byte of the hash over the frame descriptor. */
function headerChecksum(bytes: Uint8Array, start: number, end: number): number {
  return (xxhash32(bytes, start, end) >>> 8) & 0xff;
}

function wordAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return (low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0;
}

function putWord(bytes: Uint8Array, at: number, word: number): number {
  bytes[at] = word;
  bytes[at + 1] = word >> 8;
  bytes[at + 2] = word >> 16;
  bytes[at + 3] = word >>> 24;
  return at + 4;
}
