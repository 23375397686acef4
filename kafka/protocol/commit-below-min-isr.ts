/**
 * Whether anything is committed while the ISR is smaller than min.insync.replicas (KAFKA-15583;
 * Kafka: Partition.maybeIncrementLeaderHW). It was, so that records of acks=1 became visible that
 * one replica had; the eligible leader replicas of KIP-966 are safe only if nothing is.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface CommitBelowMinIsrRule {
  /** Asked while the ISR is too small: may the high watermark rise to the log end? */
  mayCommit(partition: string): boolean;
}

const NEVER: CommitBelowMinIsrRule = { mayCommit: () => false };

function always(changed: Changed): CommitBelowMinIsrRule {
  return {
    mayCommit: (partition) => {
      changed(partition);
      return true;
    },
  };
}

export const commitBelowMinIsrRules: OptionsOf<'commit-below-min-isr', CommitBelowMinIsrRule> = {
  never: () => NEVER,
  always,
};
