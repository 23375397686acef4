/**
 * CRC-32C (Castagnoli, reflected 0x82f63b78), the checksum of record batches and producer
 * snapshots. Slicing by 16 over aligned 32-bit words: each step folds 16 bytes with 16 table
 * look-ups that do not wait for each other (Kubiatowicz & Berry, Intel 2006). Short inputs go
 * by 8 single bytes instead: setting up the word loop costs more than it saves there.
 */
const POLYNOMIAL = 0x82f63b78;
const TABLE_COUNT = 16;
const SHORT_BYTES = 256;

/** `tables[256 * k + b]`: what byte `b` adds to the checksum when k more bytes follow it. */
const tables = buildTables();
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

let viewedBuffer: ArrayBufferLike = new ArrayBuffer(0);
let words: Int32Array = new Int32Array(viewedBuffer);

function buildTables(): Int32Array {
  const built = new Int32Array(TABLE_COUNT * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    built[byte] = crc;
  }
  for (let at = 256; at < built.length; at++) {
    const previous = built[at - 256] as number;
    built[at] = (previous >>> 8) ^ (built[previous & 255] as number);
  }
  return built;
}

/** The checksum of `bytes[start, end)`, unsigned. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SHORT_BYTES || !littleEndian) return ~foldBytes(bytes, start, end, -1) >>> 0;
  const alignedStart = start + (-(bytes.byteOffset + start) & 3);
  const firstWord = (bytes.byteOffset + alignedStart) >> 2;
  const wordCount = ((end - alignedStart) >> 4) << 2;
  const head = foldBytes(bytes, start, alignedStart, -1);
  const body = foldWords(bytes.buffer, firstWord, firstWord + wordCount, head);
  return ~foldBytes(bytes, alignedStart + (wordCount << 2), end, body) >>> 0;
}

function foldBytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const t = tables;
  const b = bytes;
  let crc = seed;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    crc ^=
      (b[at] as number) |
      ((b[at + 1] as number) << 8) |
      ((b[at + 2] as number) << 16) |
      ((b[at + 3] as number) << 24);
    crc =
      (t[1792 + (crc & 255)] as number) ^
      (t[1536 + ((crc >>> 8) & 255)] as number) ^
      (t[1280 + ((crc >>> 16) & 255)] as number) ^
      (t[1024 + (crc >>> 24)] as number) ^
      (t[768 + (b[at + 4] as number)] as number) ^
      (t[512 + (b[at + 5] as number)] as number) ^
      (t[256 + (b[at + 6] as number)] as number) ^
      (t[b[at + 7] as number] as number);
  }
  for (; at < end; at++) {
    crc = (crc >>> 8) ^ (t[(crc ^ (b[at] as number)) & 255] as number);
  }
  return crc;
}

/** Folds the words `[first, end)` of the buffer; their count is a multiple of four. */
function foldWords(buffer: ArrayBufferLike, first: number, end: number, seed: number): number {
  if (buffer !== viewedBuffer) {
    viewedBuffer = buffer;
    words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  }
  const w = words;
  const t = tables;
  let crc = seed;
  for (let at = first; at < end; at += 4) {
    const a = (w[at] as number) ^ crc;
    const b = w[at + 1] as number;
    const c = w[at + 2] as number;
    const d = w[at + 3] as number;
    crc =
      (t[3840 + (a & 255)] as number) ^
      (t[3584 + ((a >>> 8) & 255)] as number) ^
      (t[3328 + ((a >>> 16) & 255)] as number) ^
      (t[3072 + (a >>> 24)] as number) ^
      (t[2816 + (b & 255)] as number) ^
      (t[2560 + ((b >>> 8) & 255)] as number) ^
      (t[2304 + ((b >>> 16) & 255)] as number) ^
      (t[2048 + (b >>> 24)] as number) ^
      (t[1792 + (c & 255)] as number) ^
      (t[1536 + ((c >>> 8) & 255)] as number) ^
      (t[1280 + ((c >>> 16) & 255)] as number) ^
      (t[1024 + (c >>> 24)] as number) ^
      (t[768 + (d & 255)] as number) ^
      (t[512 + ((d >>> 8) & 255)] as number) ^
      (t[256 + ((d >>> 16) & 255)] as number) ^
      (t[d >>> 24] as number);
  }
  return crc;
}
