/**
 * Runs of routine events folded into counted beads, so that lists and lanes show what happened
 * (cf. ShiViz). A bead is only made of `FEWEST` events or more.
 */
import type { EventList } from './event-list.ts';
import type { Routine } from './routine.ts';

const FEWEST = 3;

/** One row of a folded list: an event, or a bead of several. */
export interface FoldedRow {
  readonly first: number;
  readonly last: number;
  /** Events in it; 1 = no bead. */
  readonly count: number;
}

export class FoldedList {
  /** Places in the source where each row begins, and after the last row its length. */
  private readonly starts: Uint32Array;
  private readonly source: EventList | null;
  readonly count: number;

  /** @param source null: all events from 1 to `end`. */
  constructor(routine: Routine, source: EventList | null, end: number) {
    this.source = source;
    const flags = routine.all();
    const length = source === null ? end : source.placeFrom(end + 1);
    const starts = new Uint32Array(length + 1);
    const eventAt = (place: number) => (source === null ? place + 1 : source.at(place));
    let rows = 0;
    let place = 0;
    while (place < length) {
      let next = place;
      while (next < length && flags[eventAt(next)] === 1) next += 1;
      if (next - place >= FEWEST) {
        starts[rows++] = place;
        place = next;
        continue;
      }
      const singles = Math.max(1, next - place);
      for (let i = 0; i < singles; i++) starts[rows++] = place + i;
      place += singles;
    }
    starts[rows] = length;
    this.starts = starts.slice(0, rows + 1);
    this.count = rows;
  }

  /** In 0 … count - 1. */
  at(row: number): FoldedRow {
    const from = this.starts[row] as number;
    const end = this.starts[row + 1] as number;
    return { first: this.event(from), last: this.event(end - 1), count: end - from };
  }

  /** The row that holds an event, or the last one before it; -1 when there is none. */
  rowOf(event: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.event(this.starts[middle] as number) <= event) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private event(place: number): number {
    return this.source === null ? place + 1 : this.source.at(place);
  }
}
