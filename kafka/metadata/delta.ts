/**
 * Which parts of a metadata image a run of committed records changed (Kafka: MetadataDelta). It
 * names them only: the image holds the merged result, and what lay between is not to be seen, so
 * a topic may be removed and made again under another id, or a leader change and change back.
 */
import type { Uuid } from '../base/uuid.ts';
import type { PartitionRegistration } from './partition-registration.ts';

export interface DeletedTopic {
  readonly id: Uuid;
  readonly name: string;
}

export class MetadataDelta {
  /**
   * Partitions created or changed, by topic id, each with what it was before this delta (null:
   * it did not exist). Topics that are gone by now are not here.
   */
  readonly changedPartitions = new Map<Uuid, Map<number, PartitionRegistration | null>>();
  readonly createdTopics = new Set<Uuid>();
  /** Topics that were there before this delta and are gone. */
  readonly deletedTopics = new Map<Uuid, DeletedTopic>();
  /** Registered, changed or unregistered: look them up in the image. */
  readonly changedBrokers = new Set<number>();
  /** Keys of `MetadataImage.configs`. */
  readonly changedConfigs = new Set<string>();
  readonly changedFeatures = new Set<string>();
  /** The last offset in this delta, -1 while it is empty. */
  lastOffset = -1;

  get empty(): boolean {
    return (
      this.changedPartitions.size === 0 &&
      this.deletedTopics.size === 0 &&
      this.changedBrokers.size === 0 &&
      this.changedConfigs.size === 0 &&
      this.changedFeatures.size === 0
    );
  }

  partitionChanged(topicId: Uuid, partition: number, before: PartitionRegistration | null): void {
    let partitions = this.changedPartitions.get(topicId);
    if (partitions === undefined) {
      partitions = new Map();
      this.changedPartitions.set(topicId, partitions);
    }
    if (!partitions.has(partition)) partitions.set(partition, before);
  }

  topicDeleted(id: Uuid, name: string): void {
    this.changedPartitions.delete(id);
    if (!this.createdTopics.delete(id)) this.deletedTopics.set(id, { id, name });
  }
}
