/**
 * Whom a leader waits for while it has asked for a larger ISR (KIP-497; Kafka: PendingExpandIsr):
 * for the old and the new members, since either may hold by now. And before it asks, for every
 * follower that is caught up in time. The alternative waits for the old ISR alone.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface IsrInFlightRule {
  /** @param added those whom the leader wants to add to the committed ISR. */
  maximalIsr(
    partition: string,
    committed: readonly number[],
    added: readonly number[],
  ): readonly number[];
  /** Whether the high watermark waits for followers that are about to join. */
  readonly waitsForJoining: boolean;
}

const MAXIMAL: IsrInFlightRule = {
  maximalIsr: (_partition, committed, added) => committed.concat(added),
  waitsForJoining: true,
};

function committedOnly(changed: Changed): IsrInFlightRule {
  return {
    maximalIsr: (partition, committed) => {
      changed(partition);
      return committed;
    },
    waitsForJoining: false,
  };
}

export const isrInFlightRules: OptionsOf<'isr-in-flight', IsrInFlightRule> = {
  maximal: () => MAXIMAL,
  committed: committedOnly,
};
