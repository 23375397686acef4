/**
 * The lanes of the picture, from top to bottom: the laboratory, controllers, brokers, producers,
 * consumers, others. A lane's number is the node's number in the rows of the trace.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { type NodeRole, type RunFacts, roleOf } from './facts.ts';
import { legendOf } from './legend.ts';
import { names } from './reduce/fields.ts';
import type { TraceStore } from './trace-store.ts';

export interface Lane {
  /** 0 is the laboratory. */
  readonly node: number;
  readonly name: string;
  readonly role: NodeRole | 'lab';
  /** acks of a producer, else ''. */
  readonly acks: string;
}

const ORDER: readonly Lane['role'][] = [
  'lab',
  'controller',
  'broker',
  'producer',
  'consumer',
  'admin',
  'client',
];

/** `pinned` nodes come first, in their order. Lanes of nodes that never did anything are left out. */
export function lanesOf(
  store: TraceStore,
  facts: RunFacts,
  pinned: readonly number[] = [],
): Lane[] {
  const lanes: Lane[] = [{ node: 0, name: 'lab', role: 'lab', acks: '' }];
  store.nodeNames.forEach((name, index) => {
    const node = index + 1;
    if (store.byNode(node).count === 0) return;
    lanes.push({ node, name, role: roleOf(name, facts), acks: facts.clients[name]?.acks ?? '' });
  });
  const place = (lane: Lane): number => {
    const pin = pinned.indexOf(lane.node);
    return pin >= 0 ? pin - pinned.length : ORDER.indexOf(lane.role) * 100_000 + lane.node;
  };
  return lanes.sort((a, b) => place(a) - place(b));
}

/** The lanes on which an event is marked: its own node's, or those that a fault names. */
export function nodesOf(event: TraceEvent, store: TraceStore): number[] {
  if (legendOf(event.kind).lane === 'own') return [event.node];
  const targets: number[] = [];
  for (const field of [event.fields[0], event.fields[1]]) {
    if (typeof field !== 'string') continue;
    for (const name of names(field)) {
      const node = store.nodeOf(name);
      if (node > 0 && !targets.includes(node)) targets.push(node);
    }
  }
  return targets.length > 0 ? targets : [event.node];
}
