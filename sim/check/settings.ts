/** The promises that a run's settings make, as the checks need them. */
export interface TopicPromise {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  /** unclean.leader.election.enable */
  readonly uncleanLeaderElection: boolean;
}

export interface RunSettings {
  readonly topics: readonly TopicPromise[];
  /** KIP-966: eligible leader replicas. */
  readonly eligibleLeaderReplicas: boolean;
}

export function topicOf(settings: RunSettings, partition: string): TopicPromise | undefined {
  return settings.topics.find((one) => partitionOf(one.name, partition) >= 0);
}

/** min.insync.replicas can ask for no more than there are replicas (KAFKA-15583). */
export function effectiveMinInSyncReplicas(settings: RunSettings, partition: string): number {
  const topic = topicOf(settings, partition);
  if (topic === undefined) return 1;
  return Math.min(topic.minInSyncReplicas, topic.replicationFactor);
}

/** The number in `orders-0` when its topic is `topic`, else -1. */
export function partitionOf(topic: string, partition: string): number {
  if (!partition.startsWith(`${topic}-`)) return -1;
  const digits = partition.slice(topic.length + 1);
  return /^\d+$/.test(digits) ? Number(digits) : -1;
}
