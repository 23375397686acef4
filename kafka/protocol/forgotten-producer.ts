/**
 * What becomes of an idempotent producer whose records retention has deleted (KIP-360, KAFKA-7190,
 * KAFKA-8710; Kafka: ProducerStateManager.truncateHead, TransactionManager.canRetry). Its state
 * used to go with them, whatever it sent next was refused with UNKNOWN_PRODUCER_ID, and it began
 * again at sequence 0 in the same epoch: also with a batch that it had written before.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface ForgottenProducerRule {
  /** Asked of a producer whose last batch lies below the start of the log. */
  forgets(partition: string): boolean;
  /** Asked of a batch, not a producer's first, when the log does not know its producer. */
  refuses(partition: string): boolean;
  /** Asked of a producer that is not known: does it begin again in its epoch? */
  keepsEpoch(partition: string): boolean;
}

const REMEMBERED: ForgottenProducerRule = {
  forgets: () => false,
  refuses: () => false,
  keepsEpoch: () => false,
};

function withItsRecords(changed: Changed): ForgottenProducerRule {
  const told = (partition: string): boolean => {
    changed(partition);
    return true;
  };
  return { forgets: told, refuses: told, keepsEpoch: told };
}

export const forgottenProducerRules: OptionsOf<'forgotten-producer', ForgottenProducerRule> = {
  'until-it-expires': () => REMEMBERED,
  'with-its-records': withItsRecords,
};
