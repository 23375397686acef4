/**
 * What an application asks of a client node and what it hears back. Every command gets exactly
 * one result, through `host.completed`; a `send` gets one for each of its records. The results
 * are the client history that checks judge.
 */

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

export interface NewTopic {
  readonly name: string;
  /** -1: the broker's num.partitions. */
  readonly partitions: number;
  /** -1: the broker's default.replication.factor. */
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

export type ClientCommand =
  /** What calls of `send` in a loop hand over, at least one record. Each is a send of its own. */
  | { readonly kind: 'send'; readonly records: readonly ProducerRecord[] }
  | { readonly kind: 'flush' }
  | { readonly kind: 'assign'; readonly partitions: readonly TopicPartition[] }
  | { readonly kind: 'seek'; readonly to: TopicPartition; readonly offset: number }
  /** Answers with records, or with none after `timeoutMs`. */
  | { readonly kind: 'poll'; readonly timeoutMs: number }
  | {
      readonly kind: 'createTopics';
      readonly topics: readonly NewTopic[];
      readonly timeoutMs: number;
    }
  | { readonly kind: 'describeTopics'; readonly topics: readonly string[] }
  /** Finishes what is under way for at most `timeoutMs`, then ends the client. */
  | { readonly kind: 'close'; readonly timeoutMs: number };

export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  /** -1 when the batch carries none. */
  readonly leaderEpoch: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export interface PartitionDescription {
  readonly partition: number;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

export interface TopicDescription {
  readonly name: string;
  readonly topicId: string;
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
  | { readonly kind: 'polled'; readonly records: readonly ConsumedRecord[] }
  | { readonly kind: 'topicsCreated'; readonly results: readonly TopicResult[] }
  | { readonly kind: 'topicsDescribed'; readonly topics: readonly TopicDescription[] }
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

export interface TopicResult {
  readonly name: string;
  readonly error: string;
  readonly message: string | null;
}
