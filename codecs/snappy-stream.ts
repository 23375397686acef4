/**
 * snappy as Kafka's clients exchange it: the stream of xerial's SnappyOutputStream (a header, then
 * blocks of 32 KiB, each behind its length), which Java and kafkajs write; or one bare block,
 * which librdkafka writes. Read both, written as the stream.
 */
import { Sink } from './sink.ts';
import { snappyBlockBound, snappyCompressBlock, snappyDecompressBlock } from './snappy-block.ts';

const MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];
const VERSION = 1;
const HEADER_BYTES = 16;
const BLOCK_BYTES = 32_768;

export function snappyCompress(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const output = new Uint8Array(HEADER_BYTES + blocks * (4 + snappyBlockBound(BLOCK_BYTES)));
  output.set(MAGIC);
  // The version, and the oldest version that can read this.
  putInt32(output, 8, VERSION);
  putInt32(output, 12, VERSION);
  let to = HEADER_BYTES;
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const end = Math.min(bytes.length, start + BLOCK_BYTES);
    const blockEnd = snappyCompressBlock(bytes, start, end, output, to + 4);
    putInt32(output, to, blockEnd - to - 4);
    to = blockEnd;
  }
  return output.slice(0, to);
}

/** null when the bytes are broken, torn, or larger than `maxBytes` once decompressed. */
export function snappyDecompress(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  const sink = new Sink(maxBytes, bytes.length * 4);
  if (!isStream(bytes)) {
    return snappyDecompressBlock(bytes, 0, bytes.length, sink) ? sink.take() : null;
  }
  let at = HEADER_BYTES;
  while (at < bytes.length) {
    if (bytes.length - at < 4) return null;
    const size = int32At(bytes, at);
    at += 4;
    if (size < 0 || size > bytes.length - at) return null;
    if (!snappyDecompressBlock(bytes, at, at + size, sink)) return null;
    at += size;
  }
  return sink.take();
}

function isStream(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && MAGIC.every((byte, i) => bytes[i] === byte);
}

function int32At(b: Uint8Array, at: number): number {
  const high = ((b[at] as number) << 24) | ((b[at + 1] as number) << 16);
  return high | ((b[at + 2] as number) << 8) | (b[at + 3] as number);
}

function putInt32(b: Uint8Array, at: number, value: number): void {
  b[at] = value >> 24;
  b[at + 1] = value >> 16;
  b[at + 2] = value >> 8;
  b[at + 3] = value;
}
