/**
 * zstd (RFC 8878): compressed by the reference implementation in WebAssembly, decompressed by
 * fzstd, which needs no copies in and out of another memory.
 */
import { Sink } from './sink.ts';
import { soundFrames } from './zstd-frames.ts';

/** Kafka's default for `compression.zstd.level`, and zstd's own. */
const DEFAULT_LEVEL = 3;

export interface Zstd {
  compress(bytes: Uint8Array, level?: number): Uint8Array;
  /** null when the frames are broken, torn, or larger than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array | null;
}

export async function loadZstd(): Promise<Zstd> {
  const [{ Zstd }, { Decompress }] = await Promise.all([
    import('@hpcc-js/wasm-zstd'),
    import('fzstd'),
  ]);
  const native = await Zstd.load();
  return {
    compress: (bytes, level = DEFAULT_LEVEL) => native.compress(bytes, level),
    decompress(bytes, maxBytes) {
      const frames = soundFrames(bytes, maxBytes);
      if (frames === null) return null;
      const sink = new Sink(maxBytes, bytes.length * 4);
      let fits = true;
      try {
        const stream = new Decompress((chunk) => {
          fits &&= sink.push(chunk);
        });
        stream.push(frames, true);
      } catch (problem) {
        // Of broken blocks fzstd says so by errors of several kinds, those of arrays among them.
        if (!(problem instanceof Error)) throw problem;
        return null;
      }
      return fits ? sink.take() : null;
    },
  };
}
