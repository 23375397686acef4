/**
 * Who had a replica of which partition, and when, as controllers told it: an onlooker's own record,
 * which owes the checks nothing.
 */
import type { RunWorld } from '../run-world.ts';
import { brokerIds } from './cluster-view.ts';
import { brokerName } from './names.ts';

interface Placement {
  readonly event: number;
  readonly nodes: readonly string[];
}

export class Placements {
  private readonly byPartition = new Map<string, Placement[]>();

  /** Create it before anything is started. */
  constructor(world: RunWorld) {
    world.trace.subscribe('replicas.changed', (event, _timeUs, _node, partition, replicas) => {
      const name = partition as string;
      const told = this.byPartition.get(name);
      const placement = { event, nodes: brokerIds(replicas as string).map(brokerName) };
      if (told === undefined) this.byPartition.set(name, [placement]);
      else told.push(placement);
    });
  }

  /** All partitions that ever were. */
  get partitions(): readonly string[] {
    return [...this.byPartition.keys()];
  }

  /** Those that had a replica at some time up to this event. */
  upTo(partition: string, event: number): readonly string[] {
    const told = (this.byPartition.get(partition) ?? []).filter((one) => one.event <= event);
    return [...new Set(told.flatMap((one) => one.nodes))];
  }

  /** Those that had one at this event: a change may be decided a little before it is told. */
  at(partition: string, event: number): readonly string[] {
    const told = this.byPartition.get(partition) ?? [];
    const now = told.findLast((one) => one.event <= event);
    const next = told.find((one) => one.event > event);
    return [...new Set([...(now?.nodes ?? []), ...(next?.nodes ?? [])])];
  }
}
