/**
 * Which offsets of a group that is in use may expire (KIP-211, KAFKA-4682, KAFKA-13636; Kafka:
 * OffsetExpirationConditionImpl). Today those of topics that a stable group has left. They used to
 * live offsets.retention.minutes from their commit, whoever read on without having anything to
 * commit; later a group lost them while it was rebalancing, for what its members subscribe to is
 * not known then, and was taken from the round before.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

/** Of an offset that its group needs by today's rule. */
export interface NeededOffset {
  readonly partition: string;
  /** Its commit, or the time that came with it, is longer ago than it was to be kept. */
  readonly isOld: boolean;
  readonly isRebalancing: boolean;
  /** As the last round had it. */
  readonly isSubscribed: boolean;
}

export interface OffsetExpiryRule {
  /** Asked of an offset that today stays. */
  expires(needed: NeededOffset): boolean;
}

const UNNEEDED_ONLY: OffsetExpiryRule = { expires: () => false };

function byCommit(changed: Changed): OffsetExpiryRule {
  return {
    expires: ({ partition, isOld }) => {
      if (isOld) changed(partition);
      return isOld;
    },
  };
}

function whileRebalancing(changed: Changed): OffsetExpiryRule {
  return {
    expires: ({ partition, isOld, isRebalancing, isSubscribed }) => {
      const expires = isOld && isRebalancing && !isSubscribed;
      if (expires) changed(partition);
      return expires;
    },
  };
}

export const offsetExpiryRules: OptionsOf<'offset-expiry', OffsetExpiryRule> = {
  'when-unneeded': () => UNNEEDED_ONLY,
  'by-commit': byCommit,
  'while-rebalancing': whileRebalancing,
};
