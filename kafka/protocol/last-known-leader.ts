/**
 * Whether the last known leader, when ISR and ELR are empty, must be alive to be elected
 * (KAFKA-19522; Kafka: PartitionChangeBuilder.canElectLastKnownLeader). It was elected fenced.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface LastKnownLeaderRule {
  /** Asked of a last known leader that is not an acceptable one now. */
  mayLead(broker: number): boolean;
}

const ALIVE: LastKnownLeaderRule = { mayLead: () => false };

function maybeFenced(changed: Changed): LastKnownLeaderRule {
  return {
    mayLead: (broker) => {
      changed(`broker-${broker}`);
      return true;
    },
  };
}

export const lastKnownLeaderRules: OptionsOf<'last-known-leader', LastKnownLeaderRule> = {
  alive: () => ALIVE,
  'maybe-fenced': maybeFenced,
};
