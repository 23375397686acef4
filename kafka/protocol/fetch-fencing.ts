/**
 * Whether leader and follower must be in the same leader epoch to replicate (KIP-320; Kafka:
 * Partition.checkCurrentLeaderEpoch). A follower's fetch used to carry no epoch: a follower that
 * had missed elections went on fetching, was not asked about divergence, and counted as in sync.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface FetchFencingRule {
  /** Asked of a follower's fetch in another epoch than the leader's: whether it is refused. */
  refuses(partition: string): boolean;
  /** Whether a leader compares epochs with a follower that it did not refuse. */
  compares(sameEpoch: boolean): boolean;
  /** The newest epoch of batches that a follower takes which believes itself in `leaderEpoch`. */
  newestEpoch(leaderEpoch: number): number;
}

const LEADER_EPOCH: FetchFencingRule = {
  refuses: () => true,
  compares: () => true,
  newestEpoch: (leaderEpoch) => leaderEpoch,
};

const ANY_EPOCH = 2_147_483_647;

function none(changed: Changed): FetchFencingRule {
  return {
    refuses: (partition) => {
      changed(partition);
      return false;
    },
    compares: (sameEpoch) => sameEpoch,
    newestEpoch: () => ANY_EPOCH,
  };
}

export const fetchFencingRules: OptionsOf<'fetch-fencing', FetchFencingRule> = {
  'leader-epoch': () => LEADER_EPOCH,
  none,
};
