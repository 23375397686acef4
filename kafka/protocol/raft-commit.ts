/**
 * From where on a leader of the quorum commits (KAFKA-12619; Kafka: LeaderState.
 * updateHighWatermarkOfEpoch): when a majority has the LeaderChange record of its epoch. Off by
 * one, it was enough to have everything before it: records of earlier epochs only, which the next
 * leader may still cut (figure 8 of the Raft paper).
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface RaftCommitRule {
  /** Asked when a majority ends exactly at the start of the leader's epoch. */
  commitsAtEpochStart(): boolean;
}

const BEHIND_LEADER_CHANGE: RaftCommitRule = { commitsAtEpochStart: () => false };

function atEpochStart(changed: Changed): RaftCommitRule {
  return {
    commitsAtEpochStart: () => {
      changed('__cluster_metadata-0');
      return true;
    },
  };
}

export const raftCommitRules: OptionsOf<'raft-commit', RaftCommitRule> = {
  'behind-leader-change': () => BEHIND_LEADER_CHANGE,
  'at-epoch-start': atEpochStart,
};
