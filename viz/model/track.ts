/**
 * A value that changes now and then, over the whole run: each entry holds until the next one.
 * What bands, strips and charts are drawn from; looked up by time or by event.
 */

import { wider } from './wider.ts';

const FIRST_CAPACITY = 16;

export class Track {
  /** Only the first `count` are filled, as in the columns below. */
  events: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  timesUs: Float64Array = new Float64Array(FIRST_CAPACITY);
  values: Float64Array = new Float64Array(FIRST_CAPACITY);
  count = 0;

  /** Does nothing when the value is what it was. A second change by one event replaces the first. */
  set(event: number, timeUs: number, value: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.values[last] === value) return;
    if (last >= 0 && this.events[last] === event) {
      this.values[last] = value;
      return;
    }
    if (this.count === this.events.length) this.grow();
    this.events[this.count] = event;
    this.timesUs[this.count] = timeUs;
    this.values[this.count] = value;
    this.count += 1;
  }

  /** The place of the entry that holds after event `position`; -1 before the first. */
  placeAt(position: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The place of the last entry that began at or before a time; -1 before the first. */
  placeAtTime(timeUs: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.timesUs[middle] as number) <= timeUs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The value after event `position`; `before` when the track begins later. */
  valueAt(position: number, before: number): number {
    const place = this.placeAt(position);
    return place < 0 ? before : (this.values[place] as number);
  }

  /** When the entry at a place ends: the next one's time, or `endUs`. */
  untilUs(place: number, endUs: number): number {
    return place + 1 < this.count ? (this.timesUs[place + 1] as number) : endUs;
  }

  private grow(): void {
    const capacity = this.count * 2;
    this.events = wider(this.events, capacity);
    this.timesUs = wider(this.timesUs, capacity);
    this.values = wider(this.values, capacity);
  }
}
