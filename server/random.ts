/** Chance of the real world: the operating system's. Labels say what for; all draws are independent. */
import { randomFillSync } from 'node:crypto';
import { type Uuid, uuidFromBytes } from '../kafka/base/uuid.ts';
import type { Random, RandomStream } from '../kafka/host.ts';

const POOL_WORDS = 256;
const TWO_32 = 4_294_967_296;

export class SystemRandom implements Random, RandomStream {
  private readonly pool = new Uint32Array(POOL_WORDS);
  private used = POOL_WORDS;

  stream(_label: string): RandomStream {
    return this;
  }

  uint32(): number {
    if (this.used === POOL_WORDS) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const word = this.pool[this.used] as number;
    this.used += 1;
    return word;
  }

  int(min: number, max: number): number {
    const range = max - min + 1;
    if (range <= TWO_32) return min + Math.floor((this.uint32() / TWO_32) * range);
    const high = this.uint32() >>> 11;
    return min + Math.floor(((high * TWO_32 + this.uint32()) / 9_007_199_254_740_992) * range);
  }

  bytes(count: number): Uint8Array {
    return randomFillSync(new Uint8Array(count));
  }
}

/** One that begins with a dash would look like an option. */
export function newUuid(): Uuid {
  for (;;) {
    const id = uuidFromBytes(randomFillSync(new Uint8Array(16)), 0);
    if (!id.startsWith('-')) return id;
  }
}
