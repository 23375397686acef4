/**
 * Whether a consumer asks a new leader if its position still lies on the same history (KIP-320,
 * KAFKA-7747; Kafka: SubscriptionState.maybeValidatePosition). Without asking it reads on at an
 * offset that may have been cut and written anew.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface ConsumerPositionRule {
  /** Asked when the position has an epoch and the leader has another. */
  validates(partition: string): boolean;
}

const VALIDATED: ConsumerPositionRule = { validates: () => true };

function trusted(changed: Changed): ConsumerPositionRule {
  return {
    validates: (partition) => {
      changed(partition);
      return false;
    },
  };
}

export const consumerPositionRules: OptionsOf<'consumer-position', ConsumerPositionRule> = {
  validated: () => VALIDATED,
  trusted,
};
