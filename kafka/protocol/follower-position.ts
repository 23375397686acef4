/**
 * Which fetches tell a leader how far a follower is (KAFKA-13141; Kafka: Partition.fetchRecords):
 * not one that is answered with a divergence, for what lies below its offset is not the leader's.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface FollowerPositionRule {
  /** Whether the position of a follower that diverges is taken in. */
  takesDiverging(partition: string): boolean;
}

const UNLESS_DIVERGING: FollowerPositionRule = { takesDiverging: () => false };

function everyFetch(changed: Changed): FollowerPositionRule {
  return {
    takesDiverging: (partition) => {
      changed(partition);
      return true;
    },
  };
}

export const followerPositionRules: OptionsOf<'follower-position', FollowerPositionRule> = {
  'unless-diverging': () => UNLESS_DIVERGING,
  'every-fetch': everyFetch,
};
