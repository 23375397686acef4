/**
 * The events that the filter and the selected range let through, in order. Looked for in slices
 * of a few milliseconds, so that the page answers meanwhile; `AppState.filtered` tells how far.
 */
import { FoldedList, type FoldedRow } from '../model/beads.ts';
import { EventList } from '../model/event-list.ts';
import { type Filter, type FilterProblem, filterOf } from '../model/filter.ts';
import type { Direction } from './navigation.ts';
import type { RunSlot } from './services.ts';
import type { TimeRange } from './state.ts';
import type { AppStore } from './store.ts';

export interface Hits {
  /** Found so far. */
  readonly count: number;
  /** Everything that is here has been looked at: `count` is final for it. */
  readonly isDone: boolean;
  /** The event at a place from 0; 0 outside. */
  at(place: number): number;
  /** The place of the first hit ≥ `event`. */
  placeFrom(event: number): number;
  /** 0 = none. */
  after(event: number): number;
  before(event: number): number;
  readonly problem: FilterProblem | null;
  /** The list behind it; null: every event is a hit. */
  readonly list: EventList | null;
}

/** What a list shows of the hits: an event, or a bead of routine ones. */
export interface HitRows {
  readonly count: number;
  at(row: number): FoldedRow;
  /** The row that holds an event, or the last one before it; -1 when there is none. */
  rowOf(event: number): number;
}

interface Kept {
  readonly slot: RunSlot;
  readonly text: string;
  readonly range: TimeRange | null;
  readonly filter: Filter | null;
  readonly list: EventList;
  readonly hits: Hits;
  /** The first event of the range. */
  readonly first: number;
  /** Events looked at so far. */
  seen: number;
  /** The last event that is to be looked at. */
  last: number;
  isWaiting: boolean;
  /** Somebody waits for the next hit from here. */
  sought: Sought | null;
}

interface Sought {
  readonly from: number;
  readonly direction: Direction;
  readonly found: (event: number) => void;
}

/** A slice of looking; the rest of a frame is for painting. */
const SLICE_MS = 8;
/** Events between two looks at the clock. */
const BATCH = 2_048;
/** Lists are drawn anew this often while more is being found. */
const TOLD_EVERY_MS = 60;
/** So long the next hit is looked for at once, and never in fewer events than these. */
const NEAR_MS = 24;
const NEAR_EVENTS = 16_384;

let kept: Kept | null = null;

export function hitsOf(app: AppStore): Hits {
  const { slot, state } = app;
  if (slot === null) return everything(0);
  const { filter: text, selection } = state;
  const { range } = selection;
  if (text.trim() === '' && range === null) return everything(slot.store.count);
  const isKnown = kept?.slot === slot && kept.text === text && kept.range === range;
  if (kept === null || !isKnown) kept = begin(slot, text, range);
  extend(app, kept);
  return kept.hits;
}

/**
 * The next hit in a direction, 0 when there is none. null when that takes a while: `found` gets
 * it then, unless the filter is changed or the position moved before.
 */
export function nextHit(
  app: AppStore,
  from: number,
  direction: Direction,
  found: (event: number) => void = () => undefined,
): number | null {
  const hits = hitsOf(app);
  if (hits.list === null || kept === null || isDecided(kept, from, direction)) {
    return direction === 1 ? hits.after(from) : hits.before(from);
  }
  const near = lookFrom(kept, from, direction);
  if (near === null) kept.sought = { from, direction, found };
  return near;
}

/** Whether enough has been looked at to know the next hit. */
function isDecided({ seen, last, list }: Kept, from: number, direction: Direction): boolean {
  if (seen >= last) return true;
  return direction === 1 ? list.after(from) > 0 : seen >= from - 1;
}

/** Looks from there, for a short while; null: neither found nor at the end. */
function lookFrom({ filter, first, last }: Kept, from: number, direction: Direction) {
  if (filter === null) return 0;
  const start = direction === 1 ? Math.max(first, from + 1) : Math.min(last, from - 1);
  const untilMs = performance.now() + NEAR_MS;
  for (let event = start, looked = 1; event >= first && event <= last; looked++) {
    if (filter.test(event)) return event;
    event += direction;
    if (looked % NEAR_EVENTS === 0 && performance.now() > untilMs) return null;
  }
  return 0;
}

/** Every hit, however long that takes: for files. */
export function allHits(app: AppStore): Hits {
  const hits = hitsOf(app);
  if (hits.list === null || kept === null) return hits;
  look(kept, Number.POSITIVE_INFINITY);
  return hits;
}

let folded: { key: readonly unknown[]; rows: FoldedList } | null = null;

/** Folded unless that is switched off, or the hits are few enough to be read one by one. */
export function rowsOf(app: AppStore): HitRows {
  const { slot, state } = app;
  const hits = hitsOf(app);
  if (slot === null || !state.fold) {
    return {
      count: hits.count,
      at: (row) => ({ first: hits.at(row), last: hits.at(row), count: 1 }),
      rowOf: (event) => hits.placeFrom(event + 1) - 1,
    };
  }
  const key = [slot, hits.list, hits.count];
  if (folded === null || folded.key.some((part, place) => part !== key[place])) {
    const rows = new FoldedList(slot.timeline.index.routine, hits.list, slot.store.count);
    folded = { key, rows };
  }
  return folded.rows;
}

/** All events: place p is event p + 1. */
function everything(count: number): Hits {
  const inside = (event: number): number => (event >= 1 && event <= count ? event : 0);
  return {
    count,
    isDone: true,
    at: (place) => inside(place + 1),
    placeFrom: (event) => Math.max(0, Math.min(event - 1, count)),
    after: (event) => inside(event + 1),
    before: (event) => inside(event - 1),
    problem: null,
    list: null,
  };
}

function begin(slot: RunSlot, text: string, range: TimeRange | null): Kept {
  const parsed = filterOf(text, slot.store);
  const list = new EventList();
  const problem = parsed.problem ?? null;
  const filter = parsed.filter ?? null;
  const seen = range === null ? 0 : slot.store.eventAtTime(range.fromUs - 1);
  const hits: Hits = {
    get count() {
      return list.count;
    },
    get isDone() {
      return filter === null || found.seen === found.last;
    },
    at: (place) => list.at(place),
    placeFrom: (event) => list.placeFrom(event),
    after: (event) => list.after(event),
    before: (event) => list.before(event),
    problem,
    list,
  };
  const reach = { first: seen + 1, seen, last: seen, isWaiting: false, sought: null };
  const found: Kept = { slot, text, range, filter, list, hits, ...reach };
  return found;
}

function extend(app: AppStore, state: Kept): void {
  const { slot, filter, range } = state;
  const { store } = slot;
  if (filter === null || state.isWaiting) return;
  state.last = range === null ? store.count : store.eventAtTime(range.toUs);
  look(state, performance.now() + SLICE_MS);
  if (state.seen === state.last) return;
  state.isWaiting = true;
  setTimeout(() => goOn(app, state));
}

function look(state: Kept, untilMs: number): void {
  const { filter, list } = state;
  while (filter !== null && state.seen < state.last) {
    const end = Math.min(state.last, state.seen + BATCH);
    for (let event = state.seen + 1; event <= end; event++) {
      if (filter.test(event)) list.push(event);
    }
    state.seen = end;
    if (performance.now() > untilMs) return;
  }
}

/** The next slice, unless another filter has been asked for. */
function goOn(app: AppStore, state: Kept): void {
  state.isWaiting = false;
  if (kept !== state || app.slot !== state.slot) return;
  const hadAny = state.list.count > 0;
  extend(app, state);
  const { sought } = state;
  const isDone = state.seen === state.last;
  const isFirst = !hadAny && state.list.count > 0;
  const nowMs = performance.now();
  if (isDone || isFirst || nowMs > toldMs + TOLD_EVERY_MS) {
    toldMs = nowMs;
    app.update((draft) => {
      draft.filtered = state.seen;
    });
  }
  if (sought === null || !isDecided(state, sought.from, sought.direction)) return;
  state.sought = null;
  if (app.state.position !== sought.from) return;
  const { list } = state;
  sought.found(sought.direction === 1 ? list.after(sought.from) : list.before(sought.from));
}

let toldMs = 0;
