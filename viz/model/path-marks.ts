/**
 * How a run went, in a few letters: 18 bits of a hash over all rows up to each of 32 events spread
 * over the run, and up to the event that a link points to. A link has no room for a trace; with
 * these, who opens it and gets another run still learns between which events the two part.
 */
import { ROWS_PER_CHUNK, type TraceChunk } from '../../sim/trace/rows.ts';
import type { TraceStore } from './trace-store.ts';

const MARKS = 32;
const LETTERS_PER_MARK = 3;
const BITS = 18;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What a link says of the way of its run. */
export interface RunPath {
  /** Events of the whole run. */
  readonly events: number;
  /** The event that the link points to; 0 = the beginning. */
  readonly at: number;
  /** Letters of the marks; '' = nothing is said. */
  readonly marks: string;
}

/** Where two runs part, as far as marks can tell. */
export interface Parting {
  /** Up to here they are the same. */
  readonly same: number;
  /** Somewhere up to here they differ for the first time; 0 = no mark differs. */
  readonly differsBy: number;
}

export function pathOf(store: TraceStore, at: number): RunPath {
  const events = store.count;
  const where = places(events, at);
  return { events, at, marks: prefixHashes(store, where).map(lettersOf).join('') };
}

/** As many letters as `pathOf` makes, or none. */
export function isPath(marks: string): boolean {
  const isWhole = marks.length === (MARKS + 1) * LETTERS_PER_MARK;
  return marks === '' || (isWhole && /^[A-Za-z0-9_-]*$/.test(marks));
}

/** Compares a run with what is said of one; null when nothing is said. */
export function partingOf(store: TraceStore, said: RunPath): Parting | null {
  if (said.marks === '') return null;
  const where = places(said.events, said.at);
  const found = prefixHashes(store, where);
  const marks = where.map((event, place) => ({
    event,
    isSame: event <= store.count && lettersOf(found[place] ?? 0) === letters(said.marks, place),
  }));
  marks.sort((a, b) => a.event - b.event);
  const first = marks.findIndex((one) => !one.isSame);
  if (first < 0) return { same: said.events, differsBy: 0 };
  return { same: marks[first - 1]?.event ?? 0, differsBy: marks[first]?.event ?? 0 };
}

/** Evenly over the run, the last one its end; then the event pointed to. */
function places(events: number, at: number): number[] {
  const even = Array.from({ length: MARKS }, (_, i) => Math.ceil((events * (i + 1)) / MARKS));
  return [...even, Math.min(at, events)];
}

function letters(marks: string, place: number): string {
  return marks.slice(place * LETTERS_PER_MARK, (place + 1) * LETTERS_PER_MARK);
}

function lettersOf(hash: number): string {
  let text = '';
  for (let shift = BITS - 6; shift >= 0; shift -= 6) text += LETTERS[(hash >> shift) & 63] ?? '';
  return text;
}

/** Over rows 1 … each of the events; beyond the end: over all rows. In the order of `events`. */
function prefixHashes(store: TraceStore, events: readonly number[]): number[] {
  const rows = new RowHash(store);
  const byEvent = new Map<number, number>();
  for (const event of [...events].sort((a, b) => a - b)) {
    rows.advance(Math.min(event, store.count));
    byEvent.set(event, rows.value);
  }
  return events.map((event) => byEvent.get(event) ?? 0);
}

/** Kinds and texts count by what they are called: their numbers differ from engine to engine. */
class RowHash {
  private readonly store: TraceStore;
  private readonly kinds: readonly number[];
  private readonly texts: readonly number[];
  private readonly fields = new Float64Array(8);
  private state = 0x811c9dc5;
  private done = 0;

  constructor(store: TraceStore) {
    this.store = store;
    this.kinds = store.kinds.map((kind) => hashOf(kind.name));
    this.texts = store.texts.map(hashOf);
  }

  get value(): number {
    let h = this.state;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) & ((1 << BITS) - 1);
  }

  advance(to: number): void {
    const { store, fields } = this;
    for (let event = this.done + 1; event <= to; event++) {
      const chunk = store.rows.chunks[Math.floor((event - 1) / ROWS_PER_CHUNK)] as TraceChunk;
      const row = (event - 1) % ROWS_PER_CHUNK;
      const kind = chunk.kind[row] as number;
      this.add(this.kinds[kind] ?? 0);
      this.add(chunk.node[row] as number);
      this.addNumber(chunk.timeUs[row] as number);
      this.add(chunk.parentA[row] as number);
      this.add(chunk.parentB[row] as number);
      store.rows.rawFields(event, fields);
      const types = store.kinds[kind]?.fieldTypes ?? [];
      for (let field = 0; field < types.length; field++) {
        const value = fields[field] as number;
        if (types[field] === 'text') this.add(this.texts[value] ?? 0);
        else this.addNumber(value);
      }
    }
    this.done = Math.max(this.done, to);
  }

  private add(word: number): void {
    const mixed = Math.imul(this.state ^ word, 0x9e3779b1);
    this.state = (mixed << 13) | (mixed >>> 19);
  }

  private addNumber(value: number): void {
    this.add(value | 0);
    if ((value | 0) !== value) this.add(Math.floor(value / 0x1_0000_0000));
  }
}

function hashOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}
