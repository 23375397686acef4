/**
 * What replication asks the metadata image about: a narrow face, so that a partition can be
 * tested without a controller. Brokers answer it from their MetadataImage.
 */
export interface ClusterView {
  /** The epoch of a registered, unfenced broker, or -1 (Kafka: getAliveBrokerEpoch). */
  aliveBrokerEpoch(brokerId: number): number;
  /** Where a broker is; null: it says nothing of that. */
  rackOf(brokerId: number): string | null;
  /** The broker is leaving in a controlled way. */
  isShuttingDown(brokerId: number): boolean;
}

/** A partition as the metadata log has it (a PartitionRegistration of the image fits). */
export interface PartitionAssignment {
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}
