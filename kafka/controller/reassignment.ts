/**
 * The stages of a reassignment (KIP-455; Kafka: PartitionReassignmentReplicas,
 * PartitionReassignmentRevert). First all replicas, old and wanted, belong to the partition; once
 * every wanted one is in sync, the others leave; a cancel takes out what was being added.
 */
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import type { ReassignmentEndRule } from '../protocol/reassignment-end.ts';

export interface ReplicaLists {
  /** In order of preference; while a reassignment is under way, those that leave come last. */
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export function isReassigning(partition: PartitionRegistration): boolean {
  return partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0;
}

/** What a partition becomes first that has `current` replicas and shall have `wanted`. */
export function beginReassignment(
  current: readonly number[],
  wanted: readonly number[],
): ReplicaLists {
  const removing = current.filter((broker) => !wanted.includes(broker)).sort((a, b) => a - b);
  const adding = wanted.filter((broker) => !current.includes(broker)).sort((a, b) => a - b);
  return { replicas: [...wanted, ...removing], adding, removing };
}

/** The end of a reassignment, if `isr` has all replicas that are to stay (the rule); else null. */
export function completeReassignment(
  lists: ReplicaLists,
  isr: readonly number[],
  rule: ReassignmentEndRule,
): { readonly replicas: readonly number[]; readonly isr: readonly number[] } | null {
  const { replicas, adding, removing } = lists;
  if (adding.length === 0 && removing.length === 0) return null;
  const stays = (broker: number): boolean => !removing.includes(broker);
  const left = replicas.filter(stays);
  const leftInSync = isr.filter(stays);
  if (left.length === 0 || leftInSync.length === 0) return null;
  const isWhole = left.every((broker) => leftInSync.includes(broker));
  if (!isWhole && !rule.completesEarly(adding, leftInSync)) return null;
  return { replicas: left, isr: leftInSync };
}

/**
 * What a cancelled reassignment goes back to. `unclean`: everybody in sync was being added, so
 * that the ISR would be a replica that may lack records.
 */
export function revertReassignment(partition: PartitionRegistration): {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly unclean: boolean;
} {
  const { addingReplicas } = partition;
  const replicas = partition.replicas.filter((broker) => !addingReplicas.includes(broker));
  const isr = partition.isr.filter((broker) => !addingReplicas.includes(broker));
  if (isr.length > 0) return { replicas, isr, unclean: false };
  return { replicas, isr: replicas.slice(0, 1), unclean: true };
}
