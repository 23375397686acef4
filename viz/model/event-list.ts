/**
 * Event numbers in rising order, growing at the end: all events of a node, a kind, a partition.
 * 4 bytes each; looked up by binary search.
 */

import { wider } from './wider.ts';

const FIRST_CAPACITY = 64;

export class EventList {
  /** Only the first `count` are filled. */
  values: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  count = 0;

  /** `event` is not below the last one. */
  push(event: number): void {
    if (this.count === this.values.length) {
      this.values = wider(this.values, this.count + (this.count >> 1));
    }
    this.values[this.count++] = event;
  }

  /** The event at a place from 0; 0 outside. */
  at(place: number): number {
    return place >= 0 && place < this.count ? (this.values[place] as number) : 0;
  }

  /** The place of the first event ≥ `event`; `count` when there is none. */
  placeFrom(event: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.values[middle] as number) < event) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first event > `event`; 0 when there is none. */
  after(event: number): number {
    return this.at(this.placeFrom(event + 1));
  }

  /** The last event < `event`; 0 when there is none. */
  before(event: number): number {
    return this.at(this.placeFrom(event) - 1);
  }
}
