/**
 * Which followers leave the ISR because they lag (Kafka: Partition.getOutOfSyncReplicas). Today:
 * who was not caught up for replica.lag.time.max.ms. In 0.8 also who was too many records behind
 * (KAFKA-1546, replica.lag.max.messages, 4000), so that a burst threw healthy followers out; and
 * until KAFKA-7152 a follower that had everything left when it had not fetched for that long.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

/** Times are of the wall clock, in ms. */
export interface LaggingFollower {
  readonly brokerId: number;
  /** -1: it has not fetched yet. */
  readonly logEndOffset: number;
  readonly lastCaughtUpMs: number;
  isCaughtUp(leaderLogEndOffset: number, nowMs: number, maxLagMs: number): boolean;
}

export interface IsrLagRule {
  staysInSync(
    partition: string,
    follower: LaggingFollower,
    leader: { readonly logEndOffset: number; readonly nowMs: number; readonly maxLagMs: number },
  ): boolean;
}

/** replica.lag.max.messages in Kafka 0.8. */
const MAX_LAG_RECORDS = 4000;

const BY_TIME: IsrLagRule = {
  staysInSync: (_partition, follower, { logEndOffset, nowMs, maxLagMs }) =>
    follower.isCaughtUp(logEndOffset, nowMs, maxLagMs),
};

function byCount(changed: Changed): IsrLagRule {
  return {
    staysInSync: (partition, follower, leader) => {
      if (!BY_TIME.staysInSync(partition, follower, leader)) return false;
      const lag = leader.logEndOffset - follower.logEndOffset;
      if (follower.logEndOffset < 0 || lag <= MAX_LAG_RECORDS) return true;
      changed(partition);
      return false;
    },
  };
}

function byTimeAlone(changed: Changed): IsrLagRule {
  return {
    staysInSync: (partition, follower, { logEndOffset, nowMs, maxLagMs }) => {
      if (nowMs - follower.lastCaughtUpMs <= maxLagMs) return true;
      if (follower.logEndOffset === logEndOffset) changed(partition);
      return false;
    },
  };
}

export const isrLagRules: OptionsOf<'isr-lag', IsrLagRule> = {
  'by-time': () => BY_TIME,
  'by-count': byCount,
  'by-time-alone': byTimeAlone,
};
