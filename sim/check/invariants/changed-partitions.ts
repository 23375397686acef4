/** The partitions that a change of the cluster's state may concern: its own and its brokers'. */
import type { PartitionRegistration } from '../../../kafka/metadata/partition-registration.ts';
import type { ControlChange } from '../control-watch.ts';

export interface NamedPartition {
  readonly name: string;
  /** As it is with the change. */
  readonly partition: PartitionRegistration;
}

export function changedPartitions(change: ControlChange): NamedPartition[] {
  const found = new Map<string, NamedPartition>();
  const add = (name: string, partition: PartitionRegistration): unknown =>
    found.has(name) || found.set(name, { name, partition });
  for (const { name, after } of change.partitions) if (after !== null) add(name, after);
  if (change.brokers.length > 0) {
    const ids = change.brokers.map((one) => one.id);
    change.image.forEachPartition((partition, { name }, index) => {
      const { replicas, isr, leader } = partition;
      const concerns = (id: number): boolean =>
        id === leader || isr.includes(id) || replicas.includes(id);
      if (ids.some(concerns)) add(`${name}-${index}`, partition);
    });
  }
  return [...found.values()];
}
