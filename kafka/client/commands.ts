/**
 * What an application asks of a client node and what it hears back. Every command gets exactly
 * one result, through `host.completed`; a `send` gets one for each of its records. The results
 * are the client history that checks judge.
 */
import type { GroupCommand, GroupCommandResult } from './group-commands.ts';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface ProducerRecord {
  readonly topic: string;
  /** null: the partitioner chooses. */
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  /** null: the producer's wall clock. */
  readonly timestampMs: number | null;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface OffsetToCommit extends TopicPartition {
  /** The next record to process. */
  readonly offset: number;
  /** Of the record before it; -1: not known. */
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export interface NewTopic {
  readonly name: string;
  /** -1: the broker's num.partitions. */
  readonly partitions: number;
  /** -1: the broker's default.replication.factor. */
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
  /** Broker ids per partition; then `partitions` and `replicationFactor` are -1. */
  readonly assignments?: readonly (readonly number[])[];
}

export interface MorePartitions {
  readonly name: string;
  /** The new number of partitions. */
  readonly count: number;
  /** Broker ids of the added partitions; null: the controller places them. */
  readonly assignments: readonly (readonly number[])[] | null;
}

export interface Reassignment extends TopicPartition {
  /** In order of preference; null takes a reassignment that is under way back. */
  readonly replicas: readonly number[] | null;
}

/** Changes of the settings of one topic, of one broker, or of all brokers (broker ''). */
export interface ConfigChange {
  readonly resource: ConfigResource;
  readonly set: Readonly<Record<string, string>>;
  readonly delete: readonly string[];
  /** Elements to add to, and to take out of, settings that are lists. */
  readonly append: Readonly<Record<string, string>>;
  readonly subtract: Readonly<Record<string, string>>;
}

export interface ConfigResource {
  readonly type: 'topic' | 'broker';
  /** Of a broker its id; '' stands for all of them. */
  readonly name: string;
}

/** A controller that is to vote (KIP-853), and where the voters reach it. */
export interface NewVoter {
  readonly id: number;
  readonly listener: string;
  readonly host: string;
  readonly port: number;
}

export interface QuorumReplica {
  readonly id: number;
  readonly logEndOffset: number;
}

/** What operators ask; `timeoutMs` is for the call with all its repetitions. */
export type OperatorCommand = { readonly timeoutMs: number } & (
  | { readonly kind: 'createTopics'; readonly topics: readonly NewTopic[] }
  | { readonly kind: 'deleteTopics'; readonly topics: readonly string[] }
  | { readonly kind: 'createPartitions'; readonly topics: readonly MorePartitions[] }
  | {
      readonly kind: 'electLeaders';
      readonly election: 'preferred' | 'unclean';
      /** null: all partitions. */
      readonly partitions: readonly TopicPartition[] | null;
    }
  | { readonly kind: 'alterReassignments'; readonly partitions: readonly Reassignment[] }
  /** null: of all partitions. */
  | { readonly kind: 'listReassignments'; readonly partitions: readonly TopicPartition[] | null }
  | { readonly kind: 'alterConfigs'; readonly changes: readonly ConfigChange[] }
  | {
      readonly kind: 'describeConfigs';
      readonly resources: readonly ConfigResource[];
      /** Where else each value could come from, too. */
      readonly synonyms?: boolean;
    }
  | {
      readonly kind: 'updateFeature';
      readonly feature: string;
      readonly level: number;
      readonly downgrade: boolean;
    }
  | { readonly kind: 'unregisterBroker'; readonly broker: number }
  | { readonly kind: 'addVoter'; readonly voter: NewVoter }
  | { readonly kind: 'removeVoter'; readonly id: number }
  | { readonly kind: 'describeQuorum' }
  | { readonly kind: 'describeCluster' }
  /** As `describeTopics`, with eligible leader replicas. */
  | { readonly kind: 'describeTopicPartitions'; readonly topics: readonly string[] }
  | GroupCommand
);

export type ClientCommand =
  | OperatorCommand
  /** What calls of `send` in a loop hand over, at least one record. Each is a send of its own. */
  | { readonly kind: 'send'; readonly records: readonly ProducerRecord[] }
  | { readonly kind: 'flush' }
  | { readonly kind: 'assign'; readonly partitions: readonly TopicPartition[] }
  /**
   * Joins the group (group.id) and shares these topics with its other members. Of what an
   * application may do in a rebalance listener there is this: to commit what it was given before
   * partitions are revoked, and to hear of each assignment before anything is fetched by it.
   */
  | {
      readonly kind: 'subscribe';
      readonly topics: readonly string[];
      readonly commitOnRevoke: boolean;
      /** A poll returns, perhaps without records, as soon as the assignment has changed. */
      readonly tellAssignment: boolean;
    }
  | { readonly kind: 'unsubscribe' }
  /** `offsets` null: behind what polls have returned. `sync` is tried again until it is answered. */
  | {
      readonly kind: 'commit';
      readonly mode: 'sync' | 'async';
      readonly offsets: readonly OffsetToCommit[] | null;
    }
  /** Where the group stands. */
  | { readonly kind: 'committed'; readonly partitions: readonly TopicPartition[] }
  /** The first offsets whose records are at least that young. */
  | {
      readonly kind: 'offsetsForTimes';
      readonly partitions: readonly (TopicPartition & { readonly timestampMs: number })[];
    }
  | { readonly kind: 'seek'; readonly to: TopicPartition; readonly offset: number }
  /** Answers with records, or with none after `timeoutMs`. */
  | { readonly kind: 'poll'; readonly timeoutMs: number }
  /** null: all topics. */
  | { readonly kind: 'describeTopics'; readonly topics: readonly string[] | null }
  /** Finishes what is under way for at most `timeoutMs`, then ends the client. */
  | { readonly kind: 'close'; readonly timeoutMs: number };

export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  /** Who set it: the producer, or the leader when it appended (`message.timestamp.type`). */
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** -1 when the batch carries none. */
  readonly leaderEpoch: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

export interface PartitionDescription {
  readonly partition: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
  /** Absent where it was not asked for. */
  readonly eligibleLeaderReplicas?: readonly number[];
  readonly lastKnownEligible?: readonly number[];
}

export interface TopicDescription {
  readonly name: string;
  readonly topicId: string;
  /** The brokers' own, such as `__consumer_offsets`. */
  readonly isInternal: boolean;
  /** Kafka's error name, `NONE` when the description is good. */
  readonly error: string;
  readonly partitions: readonly PartitionDescription[];
}

export type CommandResult =
  /** `offset` is -1 where the broker told none (acks=0, or a duplicate it no longer remembers). */
  | {
      readonly kind: 'sent';
      readonly partition: number;
      readonly offset: number;
      readonly timestampMs: number;
    }
  /** `assignment`: what the consumer reads now, where its group has changed that. */
  | {
      readonly kind: 'polled';
      readonly records: readonly ConsumedRecord[];
      readonly assignment?: readonly TopicPartition[];
    }
  /** `offset` -1: nothing is committed, or no record is that young. */
  | {
      readonly kind: 'offsets';
      readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
    }
  | { readonly kind: 'topicsCreated'; readonly results: readonly TopicResult[] }
  | { readonly kind: 'topicsDescribed'; readonly topics: readonly TopicDescription[] }
  /** One result for each thing that was asked for: a topic, a partition `orders-0`, a resource. */
  | { readonly kind: 'operated'; readonly results: readonly TopicResult[] }
  | {
      readonly kind: 'quorumDescribed';
      readonly leader: number;
      readonly leaderEpoch: number;
      readonly highWatermark: number;
      readonly voters: readonly QuorumReplica[];
      readonly observers: readonly QuorumReplica[];
    }
  | { readonly kind: 'reassignmentsListed'; readonly partitions: readonly OngoingReassignment[] }
  | { readonly kind: 'configsDescribed'; readonly resources: readonly ConfigDescription[] }
  | {
      readonly kind: 'clusterDescribed';
      readonly clusterId: string | null;
      readonly controller: number;
      readonly brokers: readonly BrokerDescription[];
    }
  | GroupCommandResult
  | { readonly kind: 'done' }
  /**
   * `failed`: it certainly did not happen. `unknown`: it may have happened or may still happen
   * (timeouts, disconnects and the errors that leave a write in the log).
   */
  | {
      readonly kind: 'failed';
      readonly outcome: 'failed' | 'unknown';
      /** Kafka's error name (`NOT_ENOUGH_REPLICAS`) or exception (`TimeoutException`). */
      readonly error: string;
      readonly message: string;
    };

export interface OngoingReassignment extends TopicPartition {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface ConfigDescription {
  readonly resource: ConfigResource;
  readonly error: string;
  readonly message: string | null;
  readonly configs: readonly ConfigSetting[];
}

export interface ConfigSetting {
  readonly name: string;
  /** null: not set, or sensitive. */
  readonly value: string | null;
  readonly isDefault: boolean;
  /** `DYNAMIC_TOPIC_CONFIG`, `STATIC_BROKER_CONFIG`, … (Kafka: ConfigEntry.ConfigSource). */
  readonly source: string;
  readonly isSensitive: boolean;
  readonly isReadOnly: boolean;
  /** Where the value could come from, what wins first; empty unless asked for. */
  readonly synonyms: readonly {
    readonly name: string;
    readonly value: string | null;
    readonly source: string;
  }[];
}

export interface BrokerDescription {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface TopicResult {
  readonly name: string;
  readonly error: string;
  readonly message: string | null;
}
