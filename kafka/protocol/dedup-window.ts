/**
 * How many of a producer's last batches a log recognises when they come again (KAFKA-5494; Kafka:
 * ProducerStateEntry): five, as many as may be in flight. With one, the repeat of an older batch
 * is out of order, and a producer answers that with a new epoch and writes it once more.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface DedupWindowRule {
  /** Asked of a repeat of one of the last five batches that is not the last one. */
  recognisesOlder(partition: string): boolean;
}

const FIVE_BATCHES: DedupWindowRule = { recognisesOlder: () => true };

function lastBatch(changed: Changed): DedupWindowRule {
  return {
    recognisesOlder: (partition) => {
      changed(partition);
      return false;
    },
  };
}

export const dedupWindowRules: OptionsOf<'dedup-window', DedupWindowRule> = {
  'five-batches': () => FIVE_BATCHES,
  'last-batch': lastBatch,
};
