/**
 * When a follower begins anew, comparing its log with the leader's (Kafka: Partition.makeFollower).
 * In every new leader epoch; before KAFKA-7164 only when the leader was another broker, although
 * epochs of other leaders may have passed in between.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface FollowerRestartRule {
  /** Asked in a new leader epoch; `sameLeader`: as in the epoch that this replica knew before. */
  beginsAnew(partition: string, sameLeader: boolean): boolean;
}

const EACH_EPOCH: FollowerRestartRule = { beginsAnew: () => true };

function newLeaderOnly(changed: Changed): FollowerRestartRule {
  return {
    beginsAnew: (partition, sameLeader) => {
      if (sameLeader) changed(partition);
      return !sameLeader;
    },
  };
}

export const followerRestartRules: OptionsOf<'follower-restart', FollowerRestartRule> = {
  'each-epoch': () => EACH_EPOCH,
  'new-leader-only': newLeaderOnly,
};
