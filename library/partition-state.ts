/** What a program may look at: leader, epoch, in-sync replicas and offsets of a partition. */
import type { ClusterView } from '../sim/cluster/cluster-view.ts';
import { TrialError } from './errors.ts';

/** A partition as the controller and its leader see it. */
export interface PartitionState {
  /** The leader's node name; null while there is none. */
  readonly leader: string | null;
  readonly epoch: number;
  /** Node names, ascending by broker id. */
  readonly isr: readonly string[];
  readonly replicas: readonly string[];
  /** The leader's, or where there is none the highest of a replica; end offsets, exclusive. */
  readonly highWatermark: number;
  readonly logEndOffset: number;
}

export function partitionState(view: ClusterView, name: string): PartitionState {
  const seen = view.partition(name);
  if (seen === null) {
    const known = [...view.partitions.keys()].sort().join(', ');
    throw new TrialError(`partition: there is no ${name} (there are: ${known})`);
  }
  const replicas = [...seen.byNode.values()];
  const leading = replicas.filter((one) => one.node === seen.leader);
  const of = leading.length > 0 ? leading : replicas;
  return {
    leader: seen.leader,
    epoch: seen.leaderEpoch,
    isr: [...seen.inSyncReplicas],
    replicas: [...seen.replicas],
    highWatermark: Math.max(0, ...of.map((one) => one.highWatermark)),
    logEndOffset: Math.max(0, ...of.map((one) => one.logEndOffset)),
  };
}
