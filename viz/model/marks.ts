/**
 * By lane, the events that deserve a mark of their own at a zoom where not all have room: those
 * of weight 2 and more, and those of weight 3, in the order of the run. A fault stands on the
 * lanes of the nodes that it struck.
 */
import { EventList } from './event-list.ts';
import { nodesOf } from './lanes.ts';
import { legendOf } from './legend.ts';
import type { TraceStore } from './trace-store.ts';

export class Marks {
  private readonly store: TraceStore;
  private readonly notable = new Map<number, EventList>();
  private readonly heavy = new Map<number, EventList>();
  private readonly weights: readonly number[];
  private readonly byTarget: readonly boolean[];
  private done = 0;

  constructor(store: TraceStore) {
    this.store = store;
    this.weights = store.kinds.map((kind) => legendOf(kind.name).weight);
    this.byTarget = store.kinds.map((kind) => legendOf(kind.name).lane === 'targets');
  }

  of(node: number, minWeight: 2 | 3): EventList {
    this.extend();
    return (minWeight === 2 ? this.notable : this.heavy).get(node) ?? NOTHING;
  }

  /** Takes in the rows that came since: by itself when it is asked, or earlier. */
  extend(): void {
    const { store, weights } = this;
    const { count } = store;
    for (let event = this.done + 1; event <= count; event++) {
      const kind = store.kindId(event);
      const weight = weights[kind] as number;
      if (weight < 2) continue;
      const nodes = this.byTarget[kind] ? nodesOf(store.at(event), store) : [store.node(event)];
      for (const node of nodes) {
        listOf(this.notable, node).push(event);
        if (weight > 2) listOf(this.heavy, node).push(event);
      }
    }
    this.done = count;
  }
}

function listOf(lists: Map<number, EventList>, node: number): EventList {
  let list = lists.get(node);
  if (list === undefined) {
    list = new EventList();
    lists.set(node, list);
  }
  return list;
}

const NOTHING = new EventList();
