/**
 * Which followers a leader may want in its ISR (KIP-841, KIP-903; Kafka:
 * Partition.isReplicaIsrEligible): not fenced, not leaving, and the incarnation that fetched.
 */
import type { Rules } from '../protocol/rules.ts';
import type { ClusterView } from './cluster-view.ts';
import { type FollowerState, UNKNOWN_BROKER_EPOCH } from './follower-state.ts';
import type { IsrMember } from './isr-state.ts';

export function isEligible(
  { cluster, rules }: { readonly cluster: ClusterView; readonly rules: Rules },
  { brokerId, brokerEpoch }: FollowerState,
): boolean {
  if (brokerEpoch === UNKNOWN_BROKER_EPOCH) return false;
  const aliveEpoch = cluster.aliveBrokerEpoch(brokerId);
  if (aliveEpoch < 0 || cluster.isShuttingDown(brokerId)) {
    return rules.isrEligibility.admitsAbsent(brokerId);
  }
  if (brokerEpoch === -1 || brokerEpoch === aliveEpoch) return true;
  return rules.isrIncarnation.admitsOther(brokerId);
}

/** How a leader names a follower in a proposal. */
export function isrMember(brokerId: number, follower: FollowerState | null): IsrMember {
  const brokerEpoch = follower?.brokerEpoch ?? UNKNOWN_BROKER_EPOCH;
  // No fetch yet: were it restarted meanwhile, the controller has moved the partition epoch.
  return { brokerId, brokerEpoch: brokerEpoch === UNKNOWN_BROKER_EPOCH ? -1 : brokerEpoch };
}
