/**
 * What a client knows of the cluster: brokers, topics, leaders. Leaders only move forward: an
 * answer with an older leader epoch than known is ignored per partition, unless the topic was
 * made anew under another id (KAFKA-12257; Kafka: Metadata, MetadataSnapshot).
 */

import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import type { Address } from '../host.ts';
import { ErrorCode } from '../wire/errors.ts';
import type {
  MetadataResponse,
  MetadataResponsePartition,
  MetadataResponseTopic,
} from '../wire/generated/metadata-response.ts';

/** A broker as clients see it; `id` is below zero for a bootstrap address. */
export interface BrokerAddress extends Address {
  readonly id: number;
}

export class PartitionMetadata {
  readonly topic: string;
  readonly partition: number;
  /** -1: none known. */
  leader = -1;
  /** -1: the broker told none. */
  leaderEpoch = -1;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }
}

export interface TopicMetadata {
  readonly name: string;
  topicId: Uuid;
  /** By partition number, without holes. */
  partitions: PartitionMetadata[];
}

/** A newer leader that a Produce or Fetch response told along with its error (KIP-951). */
export interface LeaderHint {
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

interface TopicError {
  readonly code: ErrorCode;
  /** Of the metadata when it was told. */
  readonly version: number;
}

export class ClientMetadata {
  private readonly brokers = new Map<number, BrokerAddress>();
  private readonly topics = new Map<string, TopicMetadata>();
  private readonly topicErrors = new Map<string, TopicError>();
  private readonly namesById = new Map<Uuid, string>();
  /** Rises with every change that may have moved a leader or a broker. */
  version = 0;

  broker(id: number): BrokerAddress | undefined {
    return this.brokers.get(id);
  }
  brokerList(): BrokerAddress[] {
    return [...this.brokers.values()];
  }
  topic(name: string): TopicMetadata | undefined {
    return this.topics.get(name);
  }
  /** The error with which the last answer named the topic; NONE when it was good or absent. */
  topicError(name: string): ErrorCode {
    return this.topicErrors.get(name)?.code ?? ErrorCode.NONE;
  }
  /** The same of an answer that came after `version`. */
  topicErrorSince(name: string, version: number): ErrorCode {
    const error = this.topicErrors.get(name);
    return error !== undefined && error.version > version ? error.code : ErrorCode.NONE;
  }
  partition(topic: string, partition: number): PartitionMetadata | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }

  forget(name: string): void {
    const topic = this.topics.get(name);
    if (topic !== undefined) this.namesById.delete(topic.topicId);
    this.topics.delete(name);
    this.topicErrors.delete(name);
  }

  /**
   * Takes over a Metadata response.
   * @returns `progress`: some leader epoch, topic or error is new, so the next refresh need not
   * back off; `stale`: some topic or partition has an error that another refresh may cure.
   */
  update(response: MetadataResponse): { progress: boolean; stale: boolean } {
    this.version += 1;
    const outcome = { progress: false, stale: false };
    if (response.brokers.length > 0) {
      this.brokers.clear();
      for (const { nodeId, host, port } of response.brokers) {
        this.brokers.set(nodeId, { id: nodeId, host, port });
      }
    }
    for (const answer of response.topics) {
      const name = answer.name ?? this.namesById.get(answer.topicId);
      if (name === undefined || name === null) continue;
      if (answer.errorCode !== ErrorCode.NONE) this.failTopic(name, answer.errorCode, outcome);
      else this.updateTopic(name, answer, outcome);
    }
    return outcome;
  }

  private failTopic(name: string, error: ErrorCode, outcome: { stale: boolean }): void {
    this.topicErrors.set(name, { code: error, version: this.version });
    if (isMetadataError(error)) outcome.stale = true;
    const known = this.topics.get(name);
    if (known !== undefined) this.namesById.delete(known.topicId);
    this.topics.delete(name);
  }

  private updateTopic(
    name: string,
    answer: MetadataResponseTopic,
    outcome: { progress: boolean; stale: boolean },
  ): void {
    this.topicErrors.delete(name);
    let topic = this.topics.get(name);
    const isNewTopic =
      topic === undefined || (answer.topicId !== ZERO_UUID && answer.topicId !== topic.topicId);
    if (topic === undefined || isNewTopic) {
      if (topic !== undefined) this.namesById.delete(topic.topicId);
      topic = { name, topicId: answer.topicId, partitions: [] };
      this.topics.set(name, topic);
      outcome.progress = true;
    }
    if (topic.topicId !== ZERO_UUID) this.namesById.set(topic.topicId, name);
    // Partitions without holes: a partition that the answer leaves out stays without a leader.
    let count = 0;
    for (const one of answer.partitions) count = Math.max(count, one.partitionIndex + 1);
    for (let i = topic.partitions.length; i < count; i++) {
      topic.partitions.push(new PartitionMetadata(name, i));
    }
    for (const one of answer.partitions) {
      const partition = topic.partitions[one.partitionIndex] as PartitionMetadata;
      if (updatePartition(partition, one)) outcome.progress = true;
      if (isMetadataError(one.errorCode)) outcome.stale = true;
    }
  }

  /**
   * Follows leader hints whose epoch is newer than known and whose broker is known.
   * @returns whether a leader moved.
   */
  followHints(hints: readonly LeaderHint[], endpoints: readonly BrokerAddress[]): boolean {
    let moved = false;
    for (const hint of hints) {
      const partition = this.partition(hint.topic, hint.partition);
      if (partition === undefined || hint.leaderEpoch <= partition.leaderEpoch) continue;
      const endpoint = endpoints.find((one) => one.id === hint.leaderId);
      if (endpoint === undefined && !this.brokers.has(hint.leaderId)) continue;
      if (endpoint !== undefined) this.brokers.set(endpoint.id, endpoint);
      partition.leader = hint.leaderId;
      partition.leaderEpoch = hint.leaderEpoch;
      moved = true;
    }
    if (moved) this.version += 1;
    return moved;
  }
}

/** @returns whether the leader epoch is new. An older epoch than known changes nothing. */
function updatePartition(known: PartitionMetadata, told: MetadataResponsePartition): boolean {
  if (told.leaderEpoch >= 0 && told.leaderEpoch < known.leaderEpoch) return false;
  const isNew = told.leaderEpoch !== known.leaderEpoch;
  known.leader = told.leaderId;
  known.leaderEpoch = told.leaderEpoch;
  return isNew;
}

/** Errors that say "your picture of the cluster is old" (Kafka: InvalidMetadataException). */
export function isMetadataError(error: ErrorCode): boolean {
  switch (error) {
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.LEADER_NOT_AVAILABLE:
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
    case ErrorCode.REPLICA_NOT_AVAILABLE:
    case ErrorCode.NETWORK_EXCEPTION:
    case ErrorCode.KAFKA_STORAGE_ERROR:
    case ErrorCode.LISTENER_NOT_FOUND:
    case ErrorCode.FENCED_LEADER_EPOCH:
    case ErrorCode.UNKNOWN_TOPIC_ID:
    case ErrorCode.INCONSISTENT_TOPIC_ID:
      return true;
    default:
      return false;
  }
}
