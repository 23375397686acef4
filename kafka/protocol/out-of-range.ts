/**
 * When a follower that was told OFFSET_OUT_OF_RANGE throws its log away (KAFKA-2143; Kafka:
 * AbstractFetcherThread.fetchOffsetAndTruncate): when the leader's log begins above its end. It
 * used to conclude so from a leader that ends at or above it, which may just have grown.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface OutOfRangeRule {
  /** Asked when the leader's log is no shorter than this one. */
  dropsAll(log: { readonly name: string; readonly logEndOffset: number }, start: number): boolean;
}

const BY_START_OFFSET: OutOfRangeRule = {
  dropsAll: (log, leaderStartOffset) => leaderStartOffset > log.logEndOffset,
};

function whenLeaderIsAhead(changed: Changed): OutOfRangeRule {
  return {
    dropsAll: (log, leaderStartOffset) => {
      if (leaderStartOffset <= log.logEndOffset) changed(log.name);
      return true;
    },
  };
}

export const outOfRangeRules: OptionsOf<'out-of-range', OutOfRangeRule> = {
  'by-start-offset': () => BY_START_OFFSET,
  'when-leader-is-ahead': whenLeaderIsAhead,
};
