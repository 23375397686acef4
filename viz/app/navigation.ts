/**
 * Where "next" leads: violations, fault boundaries, events of a lane, causes and effects. All
 * answers are event indices, 0 = there is none.
 */
import type { EventList } from '../model/event-list.ts';
import type { TraceStore } from '../model/trace-store.ts';

export type Direction = 1 | -1;

/** Events at which a check was violated or only allowed, in order. */
export function verdictEvents(store: TraceStore): number[] {
  const verdicts = store.identity?.report?.verdicts ?? [];
  const events = verdicts.flatMap((one) => (one.at === null || one.at < 1 ? [] : [one.at]));
  return [...new Set(events)].sort((a, b) => a - b);
}

export function nextIn(events: readonly number[], from: number, direction: Direction): number {
  if (direction === 1) return events.find((one) => one > from) ?? 0;
  return events.findLast((one) => one < from) ?? 0;
}

export function neighbour(list: EventList, from: number, direction: Direction): number {
  return direction === 1 ? list.after(from) : list.before(from);
}

/** The next event at which a fault begins or ends. */
export function nextFault(store: TraceStore, from: number, direction: Direction): number {
  let nearest = 0;
  for (const kind of store.kinds) {
    if (!kind.name.startsWith('fault.')) continue;
    const found = neighbour(store.byKind(kind.id), from, direction);
    if (found === 0) continue;
    const nearer = direction === 1 ? found < nearest : found > nearest;
    if (nearest === 0 || nearer) nearest = found;
  }
  return nearest;
}

/** The latest of the event's parents; without any, its step's input or what its node did before. */
export function directCause(store: TraceStore, event: number): number {
  if (event < 1 || event > store.count) return 0;
  const parent = Math.max(store.parentA(event), store.parentB(event));
  if (parent > 0) return parent;
  const start = store.stepStart(event);
  if (start < event && store.node(start) === store.node(event)) return start;
  return store.byNode(store.node(event)).before(event);
}

/** Where the message came from that the event's step answers. */
export function messageBefore(store: TraceStore, event: number): number {
  if (event < 1 || event > store.count) return 0;
  const own = Math.max(store.parentA(event), store.parentB(event));
  if (own > 0) return own;
  const start = store.stepStart(event);
  return start === event ? 0 : Math.max(store.parentA(start), store.parentB(start), start);
}

/** Where the message of this event went: its first child, or that of the step's first message. */
export function messageAfter(store: TraceStore, event: number): number {
  if (event < 1 || event > store.count) return 0;
  const own = firstChild(store, event);
  if (own > 0) return own;
  const end = store.stepEnd(event);
  for (let later = event + 1; later <= end; later++) {
    if (store.kindName(later) === 'frame.sent') return later;
  }
  return 0;
}

/** Children are not indexed: one look over what follows, a few ms for a million events. */
function firstChild(store: TraceStore, event: number): number {
  for (let later = event + 1; later <= store.count; later++) {
    if (store.parentA(later) === event || store.parentB(later) === event) return later;
  }
  return 0;
}
