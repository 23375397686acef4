/**
 * Which replica a leader sends a consumer to (KIP-392; Kafka: ReplicaManager.
 * findPreferredReadReplica, RackAwareReplicaSelector): one in the consumer's rack that is in sync
 * and has what is asked for, the one that has most; the leader itself when it is there.
 */
import type { ClusterView } from './cluster-view.ts';
import type { FollowerState } from './follower-state.ts';

export const NO_PREFERRED_REPLICA = -1;

interface Led {
  readonly leader: number;
  readonly isrState: { readonly isr: readonly number[] };
  readonly followers: readonly FollowerState[];
}

/** @returns a broker id, or -1: the leader. */
export function preferredReplica(
  { leader, isrState, followers }: Led,
  consumer: { readonly rack: string; readonly fetchOffset: number },
  cluster: ClusterView,
): number {
  const { rack, fetchOffset } = consumer;
  if (cluster.rackOf(leader) === rack) return NO_PREFERRED_REPLICA;
  let best: FollowerState | null = null;
  for (const follower of followers) {
    const { brokerId, logEndOffset, logStartOffset } = follower;
    const hasIt = logStartOffset <= fetchOffset && logEndOffset >= fetchOffset;
    if (!hasIt || !isrState.isr.includes(brokerId)) continue;
    if (cluster.aliveBrokerEpoch(brokerId) < 0 || cluster.rackOf(brokerId) !== rack) continue;
    if (best === null || isBetter(follower, best)) best = follower;
  }
  return best?.brokerId ?? NO_PREFERRED_REPLICA;
}

function isBetter(one: FollowerState, other: FollowerState): boolean {
  if (one.logEndOffset !== other.logEndOffset) return one.logEndOffset > other.logEndOffset;
  if (one.lastCaughtUpMs !== other.lastCaughtUpMs) return one.lastCaughtUpMs > other.lastCaughtUpMs;
  return one.brokerId > other.brokerId;
}
