/** The segments of one log, in order of their base offsets; the last one is active. */
import { assert } from '../base/assert.ts';
import type { Segment } from './segment.ts';

export class SegmentList {
  /** The segment that takes appends. */
  active: Segment;
  private list: Segment[];

  constructor(segments: readonly Segment[]) {
    const last = segments[segments.length - 1];
    assert(last !== undefined, 'a log without segments');
    this.list = [...segments];
    this.active = last;
  }

  get all(): readonly Segment[] {
    return this.list;
  }

  get first(): Segment {
    return this.list[0] as Segment;
  }

  get sizeBytes(): number {
    let size = 0;
    for (const segment of this.list) size += segment.sizeBytes;
    return size;
  }

  push(segment: Segment): void {
    assert(segment.baseOffset > this.active.baseOffset, 'a segment that does not come last');
    this.list.push(segment);
    this.active = segment;
  }

  /** Takes segments out; at least one remains, or `replacement` takes their place. */
  remove(gone: readonly Segment[], replacement: Segment | null): void {
    this.list = this.list.filter((segment) => !gone.includes(segment));
    if (replacement !== null) this.list.push(replacement);
    const last = this.list[this.list.length - 1];
    assert(last !== undefined, 'a log without segments');
    this.active = last;
  }

  /** Slot of the last segment whose base is at or below the offset; 0 when none is. */
  floorSlot(offset: number): number {
    const list = this.list;
    if (offset >= this.active.baseOffset) return list.length - 1;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((list[middle] as Segment).baseOffset <= offset) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : low - 1;
  }

  at(slot: number): Segment | undefined {
    return this.list[slot];
  }
}
