/**
 * What a controller concludes from a broker that registers without the proof of a clean stop
 * (KIP-966, KAFKA-15586): it may have lost what it had confirmed, so it leaves every ISR and every
 * set of eligible leader replicas. Where that was not looked at, it stayed electable.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface UncleanRestartRule {
  /** Asked of a broker that did not stop cleanly. */
  staysEligible(broker: number): boolean;
}

const LEAVES: UncleanRestartRule = { staysEligible: () => false };

function stays(changed: Changed): UncleanRestartRule {
  return {
    staysEligible: (broker) => {
      changed(`broker-${broker}`);
      return true;
    },
  };
}

export const uncleanRestartRules: OptionsOf<'unclean-restart', UncleanRestartRule> = {
  'leaves-elr': () => LEAVES,
  'stays-eligible': stays,
};
