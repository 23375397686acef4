/**
 * The promises that a run's settings make, as the checks need them: of the cluster as it begins,
 * and with what operators changed on the way.
 */
import { ELIGIBLE_LEADER_REPLICAS } from '../../kafka/metadata/features.ts';
import type { MetadataImage } from '../../kafka/metadata/image.ts';

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
  /** What holds for a topic that sets nothing of its own. */
  readonly defaults: Pick<TopicPromise, 'minInSyncReplicas' | 'uncleanLeaderElection'>;
  /**
   * A setting that gives followers less time or fewer bytes than Kafka's default does, such as
   * `replica.lag.time.max.ms=800`: they may be late although nothing is wrong. null: there is none.
   */
  readonly tightReplication: string | null;
  /** KIP-966: eligible leader replicas. */
  readonly eligibleLeaderReplicas: boolean;
  /** replica.lag.time.max.ms */
  readonly replicaLagTimeMaxMs: number;
  /** What a topic follows that sets nothing of its own. */
  readonly retention: RetentionPromise;
  /** producer.id.expiration.ms */
  readonly producerIdExpirationMs: number;
}

/** The number in `orders-0` when its topic is `topic`, else -1. */
export function partitionOf(topic: string, partition: string): number {
  if (!partition.startsWith(`${topic}-`)) return -1;
  const digits = partition.slice(topic.length + 1);
  return /^\d+$/.test(digits) ? Number(digits) : -1;
}

export interface RetentionPromise {
  /** retention.ms; -1: for ever. */
  readonly retentionMs: number;
  /** retention.bytes; -1: no limit. */
  readonly limitBytes: number;
  /** message.timestamp.type=LogAppendTime. */
  readonly appendTime: boolean;
}

/** As the topic is configured now. */
export function retentionOf(
  topic: string,
  image: MetadataImage,
  { retention }: RunSettings,
): RetentionPromise {
  const own = image.topicConfigs(topic);
  const brokers = image.clusterConfigs();
  const configured = (key: string): string | undefined => own.get(key) ?? brokers.get(`log.${key}`);
  const timestampType = configured('message.timestamp.type');
  return {
    retentionMs: Number(configured('retention.ms') ?? retention.retentionMs),
    limitBytes: Number(configured('retention.bytes') ?? retention.limitBytes),
    appendTime:
      timestampType === undefined ? retention.appendTime : timestampType === 'LogAppendTime',
  };
}

export interface PartitionPromise {
  /** min.insync.replicas, no more than there are replicas (KAFKA-15583). */
  readonly minInSyncReplicas: number;
  readonly uncleanLeaderElection: boolean;
  readonly eligibleLeaderReplicas: boolean;
}

/** What `promiseOf` asks of an image; also of what is told where nobody sees the metadata. */
export interface KnownConfigs {
  topicConfigs(topic: string): ReadonlyMap<string, string>;
  clusterConfigs(): ReadonlyMap<string, string>;
  topic(
    name: string,
  ):
    | { readonly partitions: readonly ({ readonly replicas: readonly number[] } | undefined)[] }
    | null
    | undefined;
  featureLevel(name: string): number;
}

/** As the cluster is configured now: the topic's own config, the cluster's, the brokers' files. */
export function promiseOf(
  partition: string,
  image: KnownConfigs,
  { defaults }: RunSettings,
): PartitionPromise {
  const dash = partition.lastIndexOf('-');
  const topic = partition.slice(0, dash);
  const configured = (key: string): string | undefined =>
    image.topicConfigs(topic).get(key) ?? image.clusterConfigs().get(key);
  const replicas = image.topic(topic)?.partitions[Number(partition.slice(dash + 1))]?.replicas;
  const asked = Number(configured('min.insync.replicas') ?? defaults.minInSyncReplicas);
  const unclean = configured('unclean.leader.election.enable');
  return {
    minInSyncReplicas: Math.min(asked, replicas?.length ?? asked),
    uncleanLeaderElection:
      unclean === undefined ? defaults.uncleanLeaderElection : unclean === 'true',
    eligibleLeaderReplicas: image.featureLevel(ELIGIBLE_LEADER_REPLICAS) > 0,
  };
}
