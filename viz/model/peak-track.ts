/**
 * A small whole number that changes very often: 6 bytes for each change, and the highest value of
 * any stretch of events without looking at every change in it.
 */
import { wider } from './wider.ts';

const PER_BLOCK = 64;
const FIRST_CAPACITY = 256;
const HIGHEST = 65_535;

export class PeakTrack {
  count = 0;
  private events: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  private values: Uint16Array = new Uint16Array(FIRST_CAPACITY);
  /** The highest value of every `PER_BLOCK` changes. */
  private peaks: Uint16Array = new Uint16Array(FIRST_CAPACITY / PER_BLOCK);

  /** 0 before the first call. A second change by one event replaces the first. */
  set(event: number, value: number): void {
    const stored = Math.min(HIGHEST, value);
    const last = this.count - 1;
    const known = last < 0 ? 0 : (this.values[last] as number);
    if (known === stored) return;
    const place = last >= 0 && this.events[last] === event ? last : this.count++;
    if (place === this.events.length) this.grow();
    this.events[place] = event;
    this.values[place] = stored;
    const block = Math.floor(place / PER_BLOCK);
    if (place % PER_BLOCK === 0) this.peaks[block] = stored;
    else if (stored > (this.peaks[block] as number)) this.peaks[block] = stored;
  }

  /** After event `position`. */
  valueAt(position: number): number {
    const place = this.placeAt(position);
    return place < 0 ? 0 : (this.values[place] as number);
  }

  /** The highest of the values that held after any of the events `from` … `to`. */
  peak(from: number, to: number): number {
    let place = this.placeAt(from);
    let highest = place < 0 ? 0 : (this.values[place] as number);
    const last = this.placeAt(to);
    for (place += 1; place <= last; ) {
      const isWholeBlock = place % PER_BLOCK === 0 && place + PER_BLOCK - 1 <= last;
      const value = isWholeBlock ? this.peaks[place / PER_BLOCK] : this.values[place];
      if ((value as number) > highest) highest = value as number;
      place += isWholeBlock ? PER_BLOCK : 1;
    }
    return highest;
  }

  private placeAt(position: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private grow(): void {
    const capacity = this.events.length * 2;
    this.events = wider(this.events, capacity);
    this.values = wider(this.values, capacity);
    this.peaks = wider(this.peaks, capacity / PER_BLOCK);
  }
}
