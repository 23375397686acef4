/**
 * gzip (RFC 1952) by pako, a port of zlib: its bytes depend on the input and the level alone,
 * where Node's own zlib changes with Node.
 */
import { gzip as deflate, Inflate } from 'pako';
import { Sink } from './sink.ts';

/** Deflate's own, 6: Kafka's default for `compression.gzip.level`. */
const DEFAULT_LEVEL = -1;
const GZIP_WINDOW_BITS = 31;
const CHUNK_BYTES = 65_536;

class TooLarge extends Error {}

export function gzip(bytes: Uint8Array, level: number = DEFAULT_LEVEL): Uint8Array {
  return deflate(bytes, { level: level as 6 });
}

/** One member or several; null when they are broken, torn, or larger than `maxBytes`. */
export function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  const sink = new Sink(maxBytes, bytes.length * 4);
  const inflate = new Inflate({ windowBits: GZIP_WINDOW_BITS, chunkSize: CHUNK_BYTES });
  inflate.onData = (chunk: Uint8Array) => {
    if (!sink.push(chunk)) throw new TooLarge();
  };
  try {
    return inflate.push(bytes, true) ? sink.take() : null;
  } catch (problem) {
    if (!(problem instanceof TooLarge)) throw problem;
    return null;
  }
}
