/**
 * The compression codecs of all simulated hosts. They are code, not state: the same in every
 * process, handed in once by whoever starts runs (`codecs/` loads them, which takes a moment, and
 * the laboratory cannot wait for anything).
 */
import type { CodecName, Codecs } from '../../kafka/host.ts';

let installed: Codecs | null = null;

export function installCodecs(codecs: Codecs): void {
  installed = codecs;
}

function present(): Codecs {
  if (installed !== null) return installed;
  throw new Error('a run compresses, and no codecs are there: loadCompression() loads them');
}

/** What hosts and readers of logs have; they fail on first use while nothing is installed. */
export const simCodecs: Codecs = {
  compress(codec: CodecName, bytes: Uint8Array, level?: number): Uint8Array {
    return present().compress(codec, bytes, level);
  },
  decompress(codec: CodecName, bytes: Uint8Array, maxBytes: number): Uint8Array | null {
    return present().decompress(codec, bytes, maxBytes);
  },
};
