/// <reference path="./xor128.d.ts" />
/**
 * Random streams by label: seedrandom's xor128, its 128-bit state hashed from seed and label, so
 * that streams of like labels have nothing in common and one more draw here shifts nothing there.
 */
import xor128 from 'seedrandom/lib/xor128.js';
import type { Random, RandomStream } from '../../kafka/host.ts';
import { Hash128 } from './hash.ts';

const TWO_32 = 4_294_967_296;

export class SimStream implements RandomStream {
  private readonly next: () => number;

  constructor(seed: string, label: string) {
    const hash = new Hash128();
    hash.addText(seed);
    hash.addText(label);
    const [x, y, z, w] = hash.finished();
    // xor128 would stay at zero for ever in the all-zero state.
    const generator = xor128('', {
      state: { x: x | 0, y: y | 0, z: z | 0, w: (w | 0) === 0 ? 1 : w | 0 },
    });
    this.next = generator.int32;
  }

  uint32(): number {
    return this.next() >>> 0;
  }

  int(min: number, max: number): number {
    const range = max - min + 1;
    if (range <= TWO_32) return min + Math.floor(((this.next() >>> 0) / TWO_32) * range);
    const high = this.next() >>> 11;
    return (
      min + Math.floor(((high * TWO_32 + (this.next() >>> 0)) / 9_007_199_254_740_992) * range)
    );
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i += 4) {
      const word = this.next();
      bytes[i] = word;
      if (i + 1 < count) bytes[i + 1] = word >> 8;
      if (i + 2 < count) bytes[i + 2] = word >> 16;
      if (i + 3 < count) bytes[i + 3] = word >> 24;
    }
    return bytes;
  }

  /** One of 16 equally likely values (an integer quantile table). */
  quantile(table: readonly number[]): number {
    return table[this.next() >>> 28] as number;
  }

  /** True once in `count` on average; never for 0. */
  oneIn(count: number): boolean {
    return count > 0 && this.next() >>> 0 < TWO_32 / count;
  }
}

export class SimRandom implements Random {
  private readonly seed: string;
  private readonly prefix: string;
  private readonly streams = new Map<string, SimStream>();

  /** @param prefix goes before every label: `node/broker-1/`. */
  constructor(seed: string, prefix: string) {
    this.seed = seed;
    this.prefix = prefix;
  }

  /** The same object for the same label. */
  stream(label: string): SimStream {
    const known = this.streams.get(label);
    if (known !== undefined) return known;
    const stream = new SimStream(this.seed, this.prefix + label);
    this.streams.set(label, stream);
    return stream;
  }
}
