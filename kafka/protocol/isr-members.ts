/**
 * Who may be in an ISR, asked by the leader before it proposes and by the controller before it
 * agrees: brokers that are alive and stay (KIP-841, KAFKA-13916), and only as the incarnation
 * whose fetches the leader saw (KIP-903, KAFKA-14617). Both were once not asked.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface IsrEligibilityRule {
  /** Asked of a broker that is fenced, not registered or shutting down. */
  admitsAbsent(broker: number): boolean;
}

const ALIVE_AND_STAYING: IsrEligibilityRule = { admitsAbsent: () => false };

function anyReplica(changed: Changed): IsrEligibilityRule {
  return {
    admitsAbsent: (broker) => {
      changed(`broker-${broker}`);
      return true;
    },
  };
}

export const isrEligibilityRules: OptionsOf<'isr-eligibility', IsrEligibilityRule> = {
  'alive-and-staying': () => ALIVE_AND_STAYING,
  'any-replica': anyReplica,
};

export interface IsrIncarnationRule {
  /** Asked of a broker whose epoch is not the one that fetched. */
  admitsOther(broker: number): boolean;
}

const SAME_BROKER_EPOCH: IsrIncarnationRule = { admitsOther: () => false };

function anyIncarnation(changed: Changed): IsrIncarnationRule {
  return {
    admitsOther: (broker) => {
      changed(`broker-${broker}`);
      return true;
    },
  };
}

export const isrIncarnationRules: OptionsOf<'isr-incarnation', IsrIncarnationRule> = {
  'same-broker-epoch': () => SAME_BROKER_EPOCH,
  any: anyIncarnation,
};
