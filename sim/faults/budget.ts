/**
 * Which combinations of faults the settings promise to survive, and which of those that struck
 * went beyond. With acks=all and no unclean election, min.insync.replicas - 1 replicas of a
 * partition may lose unflushed data at the same time (KIP-966); without eligible leader replicas
 * not even the last in-sync one. Clean stops, kills and anything on the network lose nothing.
 */

import type { PartitionPromise } from '../check/settings.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import type { RunWorld } from '../run-world.ts';
import type { Strike } from './strike.ts';
import type { FaultVerb } from './verbs.ts';

/** How many replicas of a partition may lose unflushed data at once, with these settings. */
export function lossyStopsSurvived(promise: PartitionPromise): number {
  return promise.eligibleLeaderReplicas ? promise.minInSyncReplicas - 1 : 0;
}

const LOSSY: ReadonlySet<FaultVerb> = new Set([
  'powerCut',
  'loseDisk',
  'flipBit',
  'misdirectWrite',
]);

/** True when the fault may take data away that its node had. */
export function isLossy(strike: Strike): boolean {
  const { spec } = strike;
  if ('powerCut' in spec && 'style' in spec && spec.style === 'keep-all') return false;
  if ('crashInStep' in spec) return spec.powerCut !== undefined && spec.powerCut !== 'keep-all';
  return LOSSY.has(strike.verb);
}

/** A replica that lost data counts until it has left the ISR and come back. */
interface LossyReplica {
  readonly node: string;
  hasLeft: boolean;
}

export class LossBudget {
  /** What went beyond the promise, in clauses. */
  readonly beyond: string[] = [];
  private readonly view: ClusterView;
  private readonly promise: (partition: string) => PartitionPromise;
  private readonly lossy = new Map<string, LossyReplica[]>();

  /** @param promise what the settings promise of a partition now; operators may change them. */
  constructor(
    world: RunWorld,
    view: ClusterView,
    promise: (partition: string) => PartitionPromise,
  ) {
    this.view = view;
    this.promise = promise;
    const changed = (_event: number, _timeUs: number, _node: number, partition: unknown): void =>
      this.isrChanged(partition as string);
    world.trace.subscribe('isr.changed', changed);
    world.trace.subscribe('leader.elected', changed);
  }

  struck(strike: Strike): void {
    if (strike.unresolved || !isLossy(strike)) return;
    for (const partition of this.view.partitions.values()) {
      const nodes = (strike.sides[0] ?? []).filter((node) => partition.replicas.includes(node));
      if (nodes.length === 0) continue;
      const lossy = this.lossy.get(partition.name) ?? [];
      for (const node of nodes) {
        const known = lossy.find((one) => one.node === node);
        if (known === undefined) lossy.push({ node, hasLeft: false });
        else known.hasLeft = false;
      }
      this.lossy.set(partition.name, lossy);
      const survived = lossyStopsSurvived(this.promise(partition.name));
      if (lossy.length <= survived) continue;
      const names = lossy.map((one) => one.node).sort();
      this.beyond.push(
        `${partition.name}: ${names.join(', ')} may have lost data at once; the settings survive ` +
          `${survived}`,
      );
    }
  }

  private isrChanged(partition: string): void {
    const lossy = this.lossy.get(partition);
    if (lossy === undefined) return;
    const inSync = this.view.partition(partition)?.inSyncReplicas ?? [];
    const left = lossy.filter((one) => {
      const isIn = inSync.includes(one.node);
      if (!isIn) one.hasLeft = true;
      return !(isIn && one.hasLeft);
    });
    this.lossy.set(partition, left);
  }
}
