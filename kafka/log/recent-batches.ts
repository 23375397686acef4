/**
 * Where the last batches of a segment lie, so that a reader at the tail (a follower that reads on
 * where it stopped, the position of the high watermark) finds its batch without touching the disk.
 */
const CAPACITY = 128;
const MASK = CAPACITY - 1;
const NONE = new Float64Array(0);
const NO_POSITIONS = new Int32Array(0);

/** The offset lies below what is remembered. */
export const FORGOTTEN = -1;
/** No batch so far ends at or above the offset. */
export const BEYOND_LAST = -2;

export class RecentBatches {
  private lastOffsets: Float64Array = NONE;
  private positions: Int32Array = NO_POSITIONS;
  /** Batches noted since the last reset; the newest CAPACITY of them are kept. */
  private noted = 0;
  /** Every batch that ends at or above this offset is remembered. */
  private knownFromOffset: number;

  /** @param knownFromOffset the offset from which on every batch will be noted. */
  constructor(knownFromOffset: number) {
    this.knownFromOffset = knownFromOffset;
  }

  note(lastOffset: number, position: number): void {
    const slot = this.noted & MASK;
    if (this.lastOffsets === NONE) {
      this.lastOffsets = new Float64Array(CAPACITY);
      this.positions = new Int32Array(CAPACITY);
    }
    if (this.noted >= CAPACITY) {
      this.knownFromOffset = (this.lastOffsets[slot] as number) + 1;
    }
    this.lastOffsets[slot] = lastOffset;
    this.positions[slot] = position;
    this.noted += 1;
  }

  reset(knownFromOffset: number): void {
    this.noted = 0;
    this.knownFromOffset = knownFromOffset;
  }

  /** The position of the first batch that ends at or above `offset`, or one of the constants. */
  find(offset: number): number {
    if (offset < this.knownFromOffset) return FORGOTTEN;
    let low = this.noted > CAPACITY ? this.noted - CAPACITY : 0;
    let high = this.noted;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.lastOffsets[middle & MASK] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low === this.noted ? BEYOND_LAST : (this.positions[low & MASK] as number);
  }
}
