/**
 * What becomes of a follower whose position its leader does not have (KAFKA-2143, KAFKA-2477;
 * Kafka: AbstractFetcherThread.fetchOffsetAndTruncate). Today the leader says where the logs part,
 * and a follower that turns out to be within the leader's log goes on. It used to hear only that
 * its offset is out of range, asked where the leader ends, and where the leader had grown past it
 * in between it concluded that it had fallen behind the beginning, and threw its whole log away.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface OutOfRangeRule {
  /** Asked of a follower's fetch beyond the leader's log end: is it told where the logs part? */
  tellsDivergence(partition: string): boolean;
  /** Asked of a follower that is not out of the leader's range any more: does it begin anew? */
  beginsAnew(partition: string): boolean;
}

const WHERE_LOGS_PART: OutOfRangeRule = { tellsDivergence: () => true, beginsAnew: () => false };

function fromTheBeginning(changed: Changed): OutOfRangeRule {
  return {
    tellsDivergence: (partition) => {
      changed(partition);
      return false;
    },
    beginsAnew: (partition) => {
      changed(partition);
      return true;
    },
  };
}

export const outOfRangeRules: OptionsOf<'out-of-range', OutOfRangeRule> = {
  'where-logs-part': () => WHERE_LOGS_PART,
  'from-the-beginning': fromTheBeginning,
};
