/**
 * What led to an event, and what it led to: explicit parents (the message, the timer, the fault),
 * what its node did before, and what became of those whose silence it tells of. The whole cone is
 * large, because a node's past is its whole life; the relevance cut keeps the events that touch
 * one partition, and offsets of it. It is never minimal: only taking inputs away can show that.
 */
import { EventList } from './event-list.ts';
import { nodesOf } from './lanes.ts';
import { legendOf } from './legend.ts';
import { offsetsOf } from './offsets.ts';
import { silentNodes } from './silence.ts';
import type { TraceStore } from './trace-store.ts';

/** What a violation is about. */
export interface Relevance {
  /** `orders-0`; '' = any. */
  readonly partition: string;
  /** Both ends included; null: any offset. */
  readonly offsets: { readonly from: number; readonly to: number } | null;
}

export interface SliceQuery {
  readonly event: number;
  readonly direction: 'past' | 'future';
  /** Without it the whole cone. */
  readonly relevance?: Relevance;
  /** Causes that an explanation knows of besides; they belong to the past. */
  readonly also?: readonly number[];
}

export interface Slice {
  /** The events in it, the one that was asked for among them. */
  readonly events: EventList;
  has(event: number): boolean;
}

export function sliceOf(store: TraceStore, query: SliceQuery): Slice {
  const { count } = store;
  const marks = new Uint8Array(count + 1);
  if (query.event >= 1 && query.event <= count) {
    if (query.direction === 'past') markPast(store, query.event, marks);
    else markFuture(store, query.event, marks);
  }
  for (const also of query.direction === 'past' ? (query.also ?? []) : []) {
    if (also < query.event) marks[also] = 1;
  }
  const { relevance } = query;
  if (relevance !== undefined) {
    const isRelevant = relevanceOf(store, relevance);
    for (let event = 1; event <= count; event++) {
      if (marks[event] === 1 && event !== query.event && !isRelevant(event)) marks[event] = 0;
    }
  }
  const events = new EventList();
  for (let event = 1; event <= count; event++) if (marks[event] === 1) events.push(event);
  return { events, has: (event) => marks[event] === 1 };
}

/** One pass backwards: every parent lies before its child. */
function markPast(store: TraceStore, from: number, marks: Uint8Array): void {
  const faults = faultKinds(store);
  /** By node: everything of it that lies before belongs to the cone. */
  const reached = new Uint8Array(store.nodeNames.length + 1);
  marks[from] = 1;
  for (let event = from; event >= 1; event--) {
    const node = store.node(event);
    let inCone = marks[event] === 1 || (node > 0 && reached[node] === 1);
    if (!inCone && faults[store.kindId(event)] === true) {
      // What was done to a node comes before everything that it did afterwards.
      inCone = nodesOf(store.at(event), store).some((target) => reached[target] === 1);
    }
    if (!inCone) continue;
    marks[event] = 1;
    if (node > 0) reached[node] = 1;
    for (const silent of silentNodes(store, event)) reached[silent] = 1;
    marks[store.parentA(event)] = 1;
    marks[store.parentB(event)] = 1;
  }
  marks[0] = 0;
}

/** One pass forwards: an event is in the cone with any of its parents, or after one of its node. */
function markFuture(store: TraceStore, from: number, marks: Uint8Array): void {
  const faults = faultKinds(store);
  const reached = new Uint8Array(store.nodeNames.length + 1);
  marks[from] = 1;
  const { count } = store;
  for (let event = from; event <= count; event++) {
    const node = store.node(event);
    const inCone =
      marks[event] === 1 ||
      (node > 0 && reached[node] === 1) ||
      marks[store.parentA(event)] === 1 ||
      marks[store.parentB(event)] === 1 ||
      silentNodes(store, event).some((silent) => reached[silent] === 1);
    if (!inCone) continue;
    marks[event] = 1;
    if (node > 0) reached[node] = 1;
    if (faults[store.kindId(event)] !== true) continue;
    for (const target of nodesOf(store.at(event), store)) if (target > 0) reached[target] = 1;
  }
}

function faultKinds(store: TraceStore): boolean[] {
  return store.kinds.map((kind) => legendOf(kind.name).lane === 'targets');
}

/** Kinds that matter to every partition: who was up, fenced, in charge, and what was broken. */
const OF_EVERY_PARTITION: readonly string[] = [
  'input.started',
  'input.stopping',
  'node.exited',
  'node.halted',
  'node.crashed',
  'node.broken',
  'broker.fenced',
  'broker.unfenced',
  'broker.leaving',
  'broker.registered',
  'controller.activated',
  'log.dir.failed',
];
/** Of these, only the ones that speak of the offsets in question matter. */
const BY_OFFSET: readonly string[] = [
  'log.appended',
  'hw.advanced',
  'command.completed',
  'produce.duplicate',
  'consumer.position',
];

function relevanceOf(store: TraceStore, relevance: Relevance): (event: number) => boolean {
  const { partition, offsets } = relevance;
  const always = store.kinds.map(
    ({ name }) => OF_EVERY_PARTITION.includes(name) || legendOf(name).lane === 'targets',
  );
  const field = store.kinds.map((kind) => kind.fieldNames.indexOf('partition'));
  const byOffset = store.kinds.map(({ name }) => BY_OFFSET.includes(name));
  const partitionId = store.texts.indexOf(partition);
  return (event) => {
    const kind = store.kindId(event);
    if (always[kind] === true) return true;
    const place = field[kind] as number;
    if (place < 0) return false;
    if (partition !== '' && store.rawField(event, place) !== partitionId) return false;
    if (offsets === null || byOffset[kind] !== true) return true;
    const one = store.at(event);
    const span = offsetsOf.get(one.kind)?.(one.fields);
    // A high watermark of 42 is the first that covers offset 41.
    const reach = one.kind === 'hw.advanced' ? 1 : 0;
    return span !== undefined && span.from <= offsets.to + reach && span.to >= offsets.from;
  };
}
