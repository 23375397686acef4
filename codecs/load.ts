/**
 * The compression codecs of a host (`Codecs` of `kafka/host.ts`), for every world: pure
 * JavaScript or WebAssembly, so that the same bytes come out in Node and in browsers. Loading
 * takes a moment (zstd compiles); do it before a run or a server is built.
 */
import type { CodecName, Codecs } from '../kafka/host.ts';
import { gunzip, gzip } from './gzip.ts';
import { lz4Compress, lz4Decompress } from './lz4-frame.ts';
import { snappyCompress, snappyDecompress } from './snappy-stream.ts';
import { loadZstd } from './zstd.ts';

let loading: Promise<Codecs> | null = null;

/** Loaded once per process, however often it is asked for. */
export function loadCodecs(): Promise<Codecs> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Codecs> {
  const zstd = await loadZstd();
  return {
    compress(codec: CodecName, bytes: Uint8Array, level?: number): Uint8Array {
      switch (codec) {
        case 'gzip':
          return gzip(bytes, level);
        case 'snappy':
          return snappyCompress(bytes);
        case 'lz4':
          return lz4Compress(bytes);
        case 'zstd':
          return zstd.compress(bytes, level);
      }
    },
    decompress(codec: CodecName, bytes: Uint8Array, maxBytes: number): Uint8Array | null {
      switch (codec) {
        case 'gzip':
          return gunzip(bytes, maxBytes);
        case 'snappy':
          return snappyDecompress(bytes, maxBytes);
        case 'lz4':
          return lz4Decompress(bytes, maxBytes);
        case 'zstd':
          return zstd.decompress(bytes, maxBytes);
      }
    },
  };
}
