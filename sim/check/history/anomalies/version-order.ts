/**
 * The order of each key's log as the history proves it: for every offset the values that were seen
 * there. Evidence are the answers of sends that must have been committed (ok, or unknown with one
 * of its sends read) and all polls, even those of operations that failed: what a poll returns must
 * be safe whatever becomes of the transaction around it. Offsets that nobody saw (markers of
 * transactions take some) are left out, so that a place is an index without gaps.
 * After Jepsen's version orders (jepsen.tests.kafka).
 */
import { Column } from '../column.ts';
import type { OperationHistory } from '../recorded/operation-history.ts';

/** No place in the log is known. */
export const NOWHERE = -1;

/** What one key's log is known to hold. */
export interface KeyOrder {
  /** Ascending. */
  readonly offsets: Float64Array;
  /** By index: the first of the values that were seen there. */
  readonly values: Int32Array;
}

export interface Conflict {
  readonly key: number;
  readonly offset: number;
  readonly values: readonly number[];
}

export class VersionOrder {
  readonly keys: readonly KeyOrder[];
  /** Offsets with several values, by key and offset. */
  readonly conflicts: readonly Conflict[];
  /** Values with several offsets (ascending). */
  readonly copies: ReadonlyMap<number, readonly number[]>;
  /** By value: its first place in the log; NOWHERE when it is not known to have one. */
  readonly indexOfValue: Int32Array;

  /** @param committed says whether the sends of an operation must have happened. */
  constructor(history: OperationHistory, committed: (operation: number) => boolean) {
    const sightings = new Sightings(history);
    for (let operation = 0; operation < history.count; operation++) {
      const { sends, reads } = history;
      const sendsEnd = history.endOfSends(operation);
      const first = history.firstSend.at(operation);
      if (first < sendsEnd && committed(operation)) {
        for (let row = first; row < sendsEnd; row++) {
          sightings.see(sends.key.at(row), sends.value.at(row), sends.offset.at(row));
        }
      }
      const readsEnd = history.endOfReads(operation);
      for (let row = history.firstRead.at(operation); row < readsEnd; row++) {
        sightings.see(reads.key.at(row), reads.value.at(row), reads.offset.at(row));
      }
    }
    this.keys = sightings.orders();
    this.conflicts = sightings.conflicts();
    this.copies = sightings.copies();
    this.indexOfValue = this.firstPlaces(history);
  }

  /** The place of a value that was seen at this offset (-1: not told). */
  indexOf(key: number, value: number, offset: number): number {
    const index = this.indexOfValue[value] as number;
    if (offset < 0) return index;
    const { offsets } = this.keys[key] as KeyOrder;
    if (index !== NOWHERE && offsets[index] === offset) return index;
    const found = lowerBound(offsets, offset);
    return offsets[found] === offset ? found : index;
  }

  private firstPlaces(history: OperationHistory): Int32Array {
    const places = new Int32Array(history.values.length).fill(NOWHERE);
    for (const { values } of this.keys) {
      for (let index = values.length - 1; index >= 0; index--) {
        places[values[index] as number] = index;
      }
    }
    const place = (key: number, value: number, offset: number): void => {
      const index = lowerBound((this.keys[key] as KeyOrder).offsets, offset);
      const known = places[value] as number;
      if (known === NOWHERE || index < known) places[value] = index;
    };
    for (const { key, offset, values } of this.conflicts) {
      for (const value of values) place(key, value, offset);
    }
    return places;
  }
}

/** The first index whose number is not smaller. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

class Sightings {
  /** By key: offset → the first value that was seen there. */
  private readonly firsts: Map<number, number>[];
  /** By value: the first offset at which it was seen, -1 for none. */
  private readonly offsetOf: Float64Array;
  private readonly others: Map<number, Set<number>>[];
  private readonly moreOffsets = new Map<number, Column>();

  constructor(history: OperationHistory) {
    this.firsts = history.keys.map(() => new Map());
    this.others = history.keys.map(() => new Map());
    this.offsetOf = new Float64Array(history.values.length).fill(-1);
  }

  see(key: number, value: number, offset: number): void {
    if (offset < 0) return;
    const known = this.offsetOf[value] as number;
    if (known === offset) return;
    if (known === -1) this.offsetOf[value] = offset;
    else this.seeAgain(value, offset);
    const firsts = this.firsts[key] as Map<number, number>;
    const first = firsts.get(offset);
    if (first === undefined) firsts.set(offset, value);
    else if (first !== value) this.clash(key, offset, value);
  }

  private seeAgain(value: number, offset: number): void {
    let offsets = this.moreOffsets.get(value);
    if (offsets === undefined) {
      offsets = new Column(4);
      this.moreOffsets.set(value, offsets);
    }
    offsets.push(offset);
  }

  private clash(key: number, offset: number, value: number): void {
    const others = this.others[key] as Map<number, Set<number>>;
    const values = others.get(offset);
    if (values === undefined) others.set(offset, new Set([value]));
    else values.add(value);
  }

  orders(): KeyOrder[] {
    return this.firsts.map((firsts) => {
      const offsets = Float64Array.from(firsts.keys()).sort();
      const values = new Int32Array(offsets.length);
      for (let i = 0; i < offsets.length; i++) {
        values[i] = firsts.get(offsets[i] as number) as number;
      }
      return { offsets, values };
    });
  }

  conflicts(): Conflict[] {
    return this.others.flatMap((others, key) =>
      [...others]
        .sort(([a], [b]) => a - b)
        .map(([offset, values]) => {
          const first = (this.firsts[key] as Map<number, number>).get(offset) as number;
          return { key, offset, values: [first, ...values] };
        }),
    );
  }

  copies(): Map<number, number[]> {
    const copies = new Map<number, number[]>();
    for (const [value, more] of [...this.moreOffsets].sort(([a], [b]) => a - b)) {
      const offsets = new Set([this.offsetOf[value] as number]);
      for (let i = 0; i < more.length; i++) offsets.add(more.at(i));
      copies.set(
        value,
        [...offsets].sort((a, b) => a - b),
      );
    }
    return copies;
  }
}
