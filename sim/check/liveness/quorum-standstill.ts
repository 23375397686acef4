/**
 * Whether a quorum without a leader can ever have one again. A change of the voters is in force
 * where it is written, committed or not (KIP-853): a leader that removed itself, and resigned or
 * died before the others had heard, does not stand for election any more, and as its log is the
 * longer one it votes for nobody (Kafka: KafkaRaftClient.handleVoteRequest, QuorumState.isVoter).
 * A quorum of two stands still for ever then.
 */
import { METADATA_LOG } from '../replica-logs.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import type { Witness } from '../witness.ts';

export const VOTERS_DISAGREE = 'the removal of a voter that the others never heard of';

/** @returns what permits that nobody leads; null when somebody leads or could be elected. */
export function standstillOf(witness: Witness): string | null {
  if (witness.quorumLeader !== null) return null;
  const { replicas } = witness.partition(METADATA_LOG);
  const sets = new Set<string>();
  for (const one of replicas) {
    const voters = witness.votersBy(one.log);
    if (replicas.some(({ node }) => voters.includes(node))) sets.add([...voters].sort().join());
    if (voters.includes(one.node) && canWin(witness, one, voters)) return null;
  }
  return sets.size > 1 ? VOTERS_DISAGREE : null;
}

/** Whether most voters have a log that is no longer than the candidate's. */
function canWin(witness: Witness, candidate: ReplicaWatch, voters: readonly string[]): boolean {
  const { replicas } = witness.partition(METADATA_LOG);
  const granting = voters.filter((voter) => {
    const replica = replicas.find(({ node }) => node === voter);
    return replica === undefined || !isLonger(witness, replica, candidate);
  });
  return granting.length * 2 > voters.length;
}

function isLonger(witness: Witness, one: ReplicaWatch, other: ReplicaWatch): boolean {
  const [mine, theirs] = [lastEpoch(one), lastEpoch(other)];
  return mine > theirs || (mine === theirs && witness.endOf(one) > witness.endOf(other));
}

function lastEpoch({ log }: ReplicaWatch): number {
  return log.batchCount === 0 ? -1 : log.epoch(log.batchCount - 1);
}
