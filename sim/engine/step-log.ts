/**
 * A word of the digest after every step. Two runs that should be equal are compared by their
 * logs: the first differing step is where they parted.
 */
import type { Hash128 } from './hash.ts';

const BLOCK = 65_536;

export class StepLog {
  length = 0;
  private readonly blocks: Int32Array[] = [];

  /** Call once per step, in order. */
  note(digest: Hash128): void {
    const at = this.length % BLOCK;
    if (at === 0) this.blocks.push(new Int32Array(BLOCK));
    const { lanes } = digest;
    const block = this.blocks[this.blocks.length - 1] as Int32Array;
    block[at] = (lanes[0] as number) ^ (lanes[1] as number) ^ (lanes[2] as number);
    this.length += 1;
  }

  /** The digest word after step `step` (1 is the first). */
  at(step: number): number {
    const block = this.blocks[Math.floor((step - 1) / BLOCK)];
    return block?.[(step - 1) % BLOCK] ?? 0;
  }
}

/** The first step that differs, or null when the logs are equal. */
export function firstDifference(a: StepLog, b: StepLog): number | null {
  const common = a.length < b.length ? a.length : b.length;
  for (let step = 1; step <= common; step++) if (a.at(step) !== b.at(step)) return step;
  return a.length === b.length ? null : common + 1;
}
