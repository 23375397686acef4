/**
 * The committed offsets of the groups of one coordinator partition, at two points of its log: what
 * is written, and what is below the high watermark and so may be shown to anybody who does not
 * wait (Kafka: OffsetMetadataManager over timeline maps).
 */
import type { CommittedOffset, OffsetChange } from './group-records.ts';

type OfPartition = Map<number, CommittedOffset>;
type OfTopic = Map<string, OfPartition>;

export class OffsetStore {
  private readonly written = new Map<string, OfTopic>();
  private readonly committed = new Map<string, OfTopic>();

  /** A record was written. */
  write(change: OffsetChange): void {
    put(this.written, change);
  }

  /** A record that was written is below the high watermark. */
  commit(change: OffsetChange): void {
    put(this.committed, change);
  }

  /** By topic and partition; `point` says of which moment. */
  ofGroup(group: string, point: 'written' | 'committed'): ReadonlyMap<string, OfPartition> | null {
    return (point === 'written' ? this.written : this.committed).get(group) ?? null;
  }

  /** Every offset that is written, for whom something happens to a whole topic. */
  *all(): Iterable<{ group: string; topic: string; partitions: OfPartition }> {
    for (const [group, topics] of this.written) {
      for (const [topic, partitions] of topics) yield { group, topic, partitions };
    }
  }

  /** How many offsets are written. */
  get count(): number {
    let count = 0;
    for (const { partitions } of this.all()) count += partitions.size;
    return count;
  }
}

function put(groups: Map<string, OfTopic>, change: OffsetChange): void {
  const { group, topic, partition, value } = change;
  let topics = groups.get(group);
  let partitions = topics?.get(topic);
  if (value === null) {
    partitions?.delete(partition);
    if (partitions?.size === 0) topics?.delete(topic);
    if (topics?.size === 0) groups.delete(group);
    return;
  }
  if (topics === undefined) {
    topics = new Map();
    groups.set(group, topics);
  }
  if (partitions === undefined) {
    partitions = new Map();
    topics.set(topic, partitions);
  }
  partitions.set(partition, value);
}
