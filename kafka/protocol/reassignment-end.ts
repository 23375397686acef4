/**
 * When a reassignment is complete (KIP-455, KAFKA-15665; Kafka: PartitionReassignmentReplicas.
 * maybeCompleteReassignment): when all replicas that are to stay are in sync. It was enough that
 * those were who had been added, however few of the others were left.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface ReassignmentEndRule {
  /** Asked while somebody is in sync who stays, and not all are. */
  completesEarly(adding: readonly number[], inSync: readonly number[]): boolean;
}

const ALL_IN_SYNC: ReassignmentEndRule = { completesEarly: () => false };

function addedInSync(changed: Changed): ReassignmentEndRule {
  return {
    completesEarly: (adding, inSync) => {
      if (!adding.every((broker) => inSync.includes(broker))) return false;
      changed(`in sync: ${inSync.join(',')}`);
      return true;
    },
  };
}

export const reassignmentEndRules: OptionsOf<'reassignment-end', ReassignmentEndRule> = {
  'all-in-sync': () => ALL_IN_SYNC,
  'added-in-sync': addedInSync,
};
