/**
 * What lasting faults hold just now. Several may hold one link or one node at once: it is free when
 * the last of them has let go. Where they set a number (a delay, a rate, a factor, a drift), that of
 * the one that struck last counts, then that of the one before if it still lasts.
 */
import type { Place, Strike, Way } from './strike.ts';

/** What faults share: a `cut` and an `isolate` hold the same thing. */
export type LastingKind =
  | 'cut'
  | 'delay'
  | 'slowLink'
  | 'pause'
  | 'slowCpu'
  | 'driftClock'
  | 'slowDisk'
  | 'fillDisk'
  | 'loseFlush';

export const LINK_KINDS: readonly LastingKind[] = ['cut', 'delay', 'slowLink'];

/** What a fault sets where it strikes; empty where there is nothing to choose. */
export type Setting = readonly number[];

/** A place that a fault left, and what holds there now; null: nothing. */
export interface Freed<P> {
  readonly place: P;
  readonly now: Setting | null;
}

interface Grip {
  readonly strike: Strike;
  readonly kind: LastingKind;
  readonly setting: Setting;
  /** By their keys. */
  readonly places: Map<string, Place>;
}

export class Lasting {
  /** In the order in which they struck. */
  private grips: Grip[] = [];

  begin(
    strike: Strike,
    grip: { readonly kind: LastingKind; readonly places: readonly Place[]; setting?: Setting },
  ): void {
    const { kind, places, setting = [] } = grip;
    const byKey = new Map(places.map((place) => [keyOf(place), place]));
    this.grips.push({ strike, kind, setting, places: byKey });
  }

  /**
   * The fault lets go of all that it still holds.
   * @returns where something else counts than before; the other places are as they were.
   */
  end<P extends Place>(strike: Strike): Freed<P>[] {
    const ending = this.grips.filter((one) => one.strike === strike);
    return ending.flatMap((grip) => this.endGrip<P>(grip));
  }

  private endGrip<P extends Place>(grip: Grip): Freed<P>[] {
    const { kind, setting, places } = grip;
    const counted = [...places].filter(([key]) => this.counting(kind, key) === grip);
    this.grips = this.grips.filter((one) => one !== grip);
    return counted.flatMap(([key, place]) => {
      const now = this.counting(kind, key)?.setting ?? null;
      return now !== null && isSame(now, setting) ? [] : [{ place: place as P, now }];
    });
  }

  private counting(kind: LastingKind, key: string): Grip | undefined {
    return this.grips.findLast((one) => one.kind === kind && one.places.has(key));
  }

  /** Faults of these kinds have no hold any more of these places; one that has none left is over. */
  release(kinds: readonly LastingKind[], places: readonly Place[], nowUs: number): void {
    const before = this.grips;
    for (const grip of before) {
      if (!kinds.includes(grip.kind)) continue;
      const gone = places.filter((place) => grip.places.delete(keyOf(place)));
      if (gone.length > 0) grip.strike.mended.push({ timeUs: nowUs, places: gone });
    }
    this.grips = before.filter((one) => one.places.size > 0);
    for (const { strike } of before) {
      if (!this.grips.some((one) => one.strike === strike)) strike.endedUs ??= nowUs;
    }
  }

  releaseAll(kinds: readonly LastingKind[], nowUs: number): void {
    for (const { kind, places } of [...this.grips]) {
      if (kinds.includes(kind)) this.release([kind], [...places.values()], nowUs);
    }
  }
}

function keyOf(place: Place): string {
  return typeof place === 'string' ? place : `${place.from} > ${place.to}`;
}

function isSame(a: Setting, b: Setting): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Links from each of some nodes to each of others. */
export interface Sides {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay: boolean;
}

/** Every way that the sides mean; none from a node to itself. */
export function waysOf({ from, to, oneWay }: Sides): Way[] {
  const ways = new Map<string, Way>();
  const add = (way: Way): unknown => ways.set(keyOf(way), way);
  for (const a of from) {
    for (const b of to) {
      if (a === b) continue;
      add({ from: a, to: b });
      if (!oneWay) add({ from: b, to: a });
    }
  }
  return [...ways.values()];
}

/** The ways as few pairs of sides: `whole` if that is what they are. */
export function sidesOf(ways: readonly Way[], whole: Sides): Sides[] {
  const left = new Set(ways.map(keyOf));
  const wanted = waysOf(whole);
  if (wanted.length === left.size && wanted.every((way) => left.has(keyOf(way)))) return [whole];
  const rows = new Map<string, { from: string; to: string[]; oneWay: boolean }>();
  for (const { from, to } of ways) {
    if (!left.delete(keyOf({ from, to }))) continue;
    const oneWay = !left.delete(keyOf({ from: to, to: from }));
    const row = rows.get(`${from} ${oneWay}`);
    if (row === undefined) rows.set(`${from} ${oneWay}`, { from, to: [to], oneWay });
    else row.to.push(to);
  }
  const joined = new Map<string, Sides & { readonly from: string[] }>();
  for (const { from, to, oneWay } of rows.values()) {
    const key = `${to.join()} ${oneWay}`;
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { from: [from], to, oneWay });
    else known.from.push(from);
  }
  return [...joined.values()];
}
