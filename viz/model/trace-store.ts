/**
 * The rows of one run as the page holds them: columns in chunks that stream in while the run is
 * still going, and lists of events by node and by kind. Position 0 is the initial state, position
 * i the state after event i; times are µs of the simulated clock.
 */
import type { RunReport } from '../../sim/run/report.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import {
  ROWS_PER_CHUNK,
  type TraceChunk,
  type TraceEvent,
  TraceRows,
} from '../../sim/trace/rows.ts';
import type { KindInfo } from '../../sim/trace/table.ts';
import { EventList } from './event-list.ts';

/** What run the rows belong to. */
export interface RunIdentity {
  readonly scenario: Scenario;
  readonly seed: string | number;
  /** 32 hex digits; '' until the run is complete. */
  readonly digest: string;
  readonly traceHash: string;
  /** null: not judged yet, or the rows came from a file without a report. */
  readonly report: RunReport | null;
  /** When scenario time 0 is; 0 until the warm-up has ended. */
  readonly originUs: number;
}

/** The columns of a `TraceChunk`, also after a structured clone. */
export type ChunkColumns = Pick<
  TraceChunk,
  | 'timeUs'
  | 'step'
  | 'parentA'
  | 'parentB'
  | 'payloadAt'
  | 'subject'
  | 'kind'
  | 'node'
  | 'payload'
  | 'payloadSize'
  | 'rows'
>;

/** Names that came up since the last chunk, in the order of their ids. */
export interface AddedNames {
  readonly texts?: readonly string[];
  readonly nodeNames?: readonly string[];
}

export class TraceStore {
  readonly kinds: readonly KindInfo[];
  readonly rows: TraceRows;
  identity: RunIdentity | null = null;
  /** No more rows will come. */
  complete = false;
  /** Grows with every change; views compare it to know when to draw anew. */
  version = 0;
  private readonly nodeLists: EventList[] = [];
  private readonly kindLists: EventList[];
  private readonly kindIds: ReadonlyMap<string, number>;

  constructor(kinds: readonly KindInfo[]) {
    this.kinds = kinds;
    this.rows = new TraceRows(kinds, [], []);
    this.kindLists = kinds.map(() => new EventList());
    this.kindIds = new Map(kinds.map((kind) => [kind.name, kind.id]));
  }

  /** A store over rows that are all there, as read from a file; shares their columns. */
  static of(rows: TraceRows, identity: RunIdentity | null): TraceStore {
    const store = new TraceStore(rows.kinds);
    store.identity = identity;
    store.append(null, { texts: rows.texts, nodeNames: rows.nodeNames });
    for (const chunk of rows.chunks) store.append(chunk);
    store.finish();
    return store;
  }

  get count(): number {
    return this.rows.count;
  }
  /** By text id. */
  get texts(): readonly string[] {
    return this.rows.texts;
  }
  /** Row column `node` is the index here + 1; 0 is the laboratory. */
  get nodeNames(): readonly string[] {
    return this.rows.nodeNames;
  }
  get endUs(): number {
    const { count } = this;
    return count === 0 ? 0 : this.timeUs(count);
  }

  /**
   * Takes in the rows that follow. A full chunk on a chunk's boundary is kept as it is, another
   * one is copied; the caller does not change it afterwards.
   */
  append(chunk: ChunkColumns | null, added: AddedNames = {}): void {
    for (const text of added.texts ?? []) this.rows.texts.push(text);
    for (const name of added.nodeNames ?? []) this.rows.nodeNames.push(name);
    this.version += 1;
    if (chunk === null || chunk.rows === 0) return;
    const first = this.count + 1;
    const isWhole = chunk.rows === ROWS_PER_CHUNK && (first - 1) % ROWS_PER_CHUNK === 0;
    if (isWhole) this.rows.chunks.push(chunk as TraceChunk);
    else this.copy(chunk);
    this.index(chunk, first);
  }

  finish(identity: RunIdentity | null = this.identity): void {
    this.identity = identity;
    this.complete = true;
    this.version += 1;
  }

  /** Throws a RangeError outside 1 … count. */
  at(event: number): TraceEvent {
    return this.rows.at(event);
  }

  timeUs(event: number): number {
    return this.chunk(event).timeUs[(event - 1) % ROWS_PER_CHUNK] as number;
  }
  node(event: number): number {
    return this.chunk(event).node[(event - 1) % ROWS_PER_CHUNK] as number;
  }
  kindId(event: number): number {
    return this.chunk(event).kind[(event - 1) % ROWS_PER_CHUNK] as number;
  }
  stepOf(event: number): number {
    return this.chunk(event).step[(event - 1) % ROWS_PER_CHUNK] as number;
  }
  /** The event that caused this one besides what its node did before; 0 = none. */
  parentA(event: number): number {
    return this.chunk(event).parentA[(event - 1) % ROWS_PER_CHUNK] as number;
  }
  parentB(event: number): number {
    return this.chunk(event).parentB[(event - 1) % ROWS_PER_CHUNK] as number;
  }
  /** Text id of the first field when that is a text, else -1. */
  subjectId(event: number): number {
    return this.chunk(event).subject[(event - 1) % ROWS_PER_CHUNK] as number;
  }
  /** One field: a number, or the id of a text; -1 when there is no such field. */
  rawField(event: number, field: number): number {
    return this.rows.rawField(event, field);
  }
  kindName(event: number): string {
    return this.kinds[this.kindId(event)]?.name ?? '';
  }
  /** -1 when this run's table has no such kind. */
  kindIdOf(name: string): number {
    return this.kindIds.get(name) ?? -1;
  }
  /** `lab` for 0. */
  nodeName(node: number): string {
    return node === 0 ? 'lab' : (this.nodeNames[node - 1] ?? `node ${node}`);
  }
  /** -1 for an unknown name. */
  nodeOf(name: string): number {
    if (name === 'lab') return 0;
    const place = this.nodeNames.indexOf(name);
    return place < 0 ? -1 : place + 1;
  }

  /** The last event at or before a time; 0 when there is none. */
  eventAtTime(timeUs: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.timeUs(middle) <= timeUs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The first event of the step that this event belongs to: its input. */
  stepStart(event: number): number {
    const step = this.stepOf(event);
    let first = event;
    while (first > 1 && this.stepOf(first - 1) === step) first -= 1;
    return first;
  }

  /** The last event so far of the step that this event belongs to. */
  stepEnd(event: number): number {
    const step = this.stepOf(event);
    const { count } = this;
    let last = event;
    while (last < count && this.stepOf(last + 1) === step) last += 1;
    return last;
  }

  byNode(node: number): EventList {
    return this.nodeLists[node] ?? NOTHING;
  }
  byKind(kindId: number): EventList {
    return this.kindLists[kindId] ?? NOTHING;
  }
  /** Of several kinds by name, those unknown left out. */
  listOf(kind: string): EventList {
    return this.byKind(this.kindIdOf(kind));
  }

  private chunk(event: number): TraceChunk {
    const chunk = this.rows.chunks[((event - 1) / ROWS_PER_CHUNK) | 0];
    if (chunk === undefined) throw new RangeError(`event ${event} is outside 1 … ${this.count}`);
    return chunk;
  }

  private copy(from: ChunkColumns): void {
    for (let row = 0; row < from.rows; ) {
      const to = this.rows.chunkToFill();
      const take = Math.min(from.rows - row, ROWS_PER_CHUNK - to.rows);
      const end = row + take;
      const payloadFrom = from.payloadAt[row] as number;
      const payloadEnd = end < from.rows ? (from.payloadAt[end] as number) : from.payloadSize;
      to.timeUs.set(from.timeUs.subarray(row, end), to.rows);
      to.step.set(from.step.subarray(row, end), to.rows);
      to.parentA.set(from.parentA.subarray(row, end), to.rows);
      to.parentB.set(from.parentB.subarray(row, end), to.rows);
      to.subject.set(from.subject.subarray(row, end), to.rows);
      to.kind.set(from.kind.subarray(row, end), to.rows);
      to.node.set(from.node.subarray(row, end), to.rows);
      const shift = to.payloadSize - payloadFrom;
      for (let i = 0; i < take; i++) {
        to.payloadAt[to.rows + i] = (from.payloadAt[row + i] as number) + shift;
      }
      addPayload(to, from.payload.subarray(payloadFrom, payloadEnd));
      to.rows += take;
      row = end;
    }
  }

  private index(chunk: ChunkColumns, firstEvent: number): void {
    while (this.nodeLists.length <= this.nodeNames.length) this.nodeLists.push(new EventList());
    for (let row = 0; row < chunk.rows; row++) {
      this.nodeLists[chunk.node[row] as number]?.push(firstEvent + row);
      this.kindLists[chunk.kind[row] as number]?.push(firstEvent + row);
    }
  }
}

function addPayload(to: TraceChunk, bytes: Uint8Array): void {
  const needed = to.payloadSize + bytes.length;
  if (needed > to.payload.length) {
    const wide = new Uint8Array(needed * 2);
    wide.set(to.payload.subarray(0, to.payloadSize));
    to.payload = wide;
  }
  to.payload.set(bytes, to.payloadSize);
  to.payloadSize = needed;
}

const NOTHING = new EventList();
