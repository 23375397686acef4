/**
 * What a leader does when the controller has agreed to a smaller ISR (KAFKA-13091; Kafka:
 * Partition.handleAlterPartitionUpdate): it looks at once whether that lets the high watermark
 * rise. Without it, waiting writes were only looked at with the next fetch that moved on.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface ShrinkAppliedRule {
  /** Whether another ISR of the same leader epoch makes it look for more to commit. */
  looksAgain(partition: string): boolean;
}

const AT_ONCE: ShrinkAppliedRule = { looksAgain: () => true };

function withNextFetch(changed: Changed): ShrinkAppliedRule {
  return {
    looksAgain: (partition) => {
      changed(partition);
      return false;
    },
  };
}

export const shrinkAppliedRules: OptionsOf<'shrink-applied', ShrinkAppliedRule> = {
  'at-once': () => AT_ONCE,
  'with-next-fetch': withNextFetch,
};
