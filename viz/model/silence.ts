/**
 * What somebody did not do is a cause too: the controller fences a broker that it hears nothing
 * from, a leader drops a follower that does not fetch. No message tells of that, so no parent does.
 */
import { brokerNameOf } from './state.ts';
import type { TraceStore } from './trace-store.ts';

/** Nodes whose silence this event tells of: who was fenced, deposed or left the ISR by it. */
export function silentNodes(store: TraceStore, event: number): readonly number[] {
  const kind = store.kindName(event);
  if (kind === 'broker.fenced') return nodesOfIds(store, [Number(store.at(event).fields[0])]);
  if (kind !== 'leader.elected' && kind !== 'isr.changed' && kind !== 'isr.proposed') return NONE;
  const { fields } = store.at(event);
  const partition = String(fields[0]);
  const isr = idsOf(fields[kind === 'leader.elected' ? 3 : 1]);
  const before = decidedBefore(store, partition, event);
  return nodesOfIds(
    store,
    before.filter((id) => !isr.includes(id)),
  );
}

/** The leader and the in-sync replicas as they were decided last before this event. */
function decidedBefore(store: TraceStore, partition: string, event: number): number[] {
  const elected = lastOf(store, 'leader.elected', { partition, event });
  const changed = lastOf(store, 'isr.changed', { partition, event });
  const leader = elected === 0 ? [] : [Number(store.at(elected).fields[1])];
  const newest = Math.max(elected, changed);
  if (newest === 0) return [];
  return [...leader, ...idsOf(store.at(newest).fields[newest === elected ? 3 : 1])];
}

function lastOf(
  store: TraceStore,
  kind: string,
  { partition, event }: { partition: string; event: number },
): number {
  const list = store.listOf(kind);
  for (let place = list.placeFrom(event) - 1; place >= 0; place--) {
    if (store.at(list.at(place)).fields[0] === partition) return list.at(place);
  }
  return 0;
}

function idsOf(list: unknown): number[] {
  return String(list ?? '')
    .split(',')
    .filter((one) => one !== '')
    .map(Number);
}

function nodesOfIds(store: TraceStore, ids: readonly number[]): number[] {
  const nodes = ids.map((id) => store.nodeOf(brokerNameOf(id)));
  return [...new Set(nodes)].filter((node) => node > 0);
}

const NONE: readonly number[] = [];
