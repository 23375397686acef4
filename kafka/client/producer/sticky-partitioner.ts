/**
 * Chooses partitions for records without a key (KIP-794; Kafka: BuiltInPartitioner): stays with
 * one until about `batch.size` bytes went there, then draws the next, evenly or weighted towards
 * partitions with short queues.
 */
import { assert } from '../../base/assert.ts';
import type { RandomStream } from '../../host.ts';

/** How many batches wait per partition, for those that may be chosen now. */
export interface PartitionLoads {
  readonly partitions: readonly number[];
  readonly queueSizes: readonly number[];
}

/** What the partitioner asks about its topic when it must choose. */
export interface TopicView {
  /** Partitions with a leader; when there is none, all of them. Never empty. */
  choosablePartitions(): readonly number[];
  /** null: not known for all partitions yet, or not to be looked at. */
  loads(): PartitionLoads | null;
}

export class StickyPartitioner {
  private readonly view: TopicView;
  private readonly random: RandomStream;
  /** At least 1: with `batch.size=0` each record switches. */
  private readonly stickyBytes: number;
  private current = -1;
  private producedBytes = 0;

  constructor(view: TopicView, random: RandomStream, batchSize: number) {
    this.view = view;
    this.random = random;
    this.stickyBytes = Math.max(1, batchSize);
  }

  peek(): number {
    if (this.current < 0) this.switchPartition();
    return this.current;
  }

  /**
   * Counts bytes appended to the current partition and switches when enough went there. While the
   * last batch is not full it may hold out up to twice as many, so that a switch does not leave
   * fractional batches behind.
   * @returns whether the partition was switched.
   */
  appended(bytes: number, lastBatchIsFull: boolean): boolean {
    this.producedBytes += bytes;
    const enough = this.producedBytes >= this.stickyBytes && lastBatchIsFull;
    if (!enough && this.producedBytes < 2 * this.stickyBytes) return false;
    this.switchPartition();
    return true;
  }

  private switchPartition(): void {
    this.producedBytes = 0;
    const draw = this.random.int(0, 0x7fffffff);
    const loads = this.view.loads();
    this.current = loads === null ? this.evenly(draw) : this.byLoad(draw, loads);
  }

  private evenly(draw: number): number {
    const partitions = this.view.choosablePartitions();
    assert(partitions.length > 0, 'a topic without partitions cannot be written to');
    return partitions[draw % partitions.length] as number;
  }

  /** A partition's weight is how much shorter its queue is than the longest one, plus one. */
  private byLoad(draw: number, { partitions, queueSizes }: PartitionLoads): number {
    let longest = 0;
    for (const size of queueSizes) longest = Math.max(longest, size);
    let total = 0;
    for (const size of queueSizes) total += longest + 1 - size;
    let rest = draw % total;
    for (let i = 0; i < queueSizes.length; i++) {
      rest -= longest + 1 - (queueSizes[i] as number);
      if (rest < 0) return partitions[i] as number;
    }
    return partitions[partitions.length - 1] as number;
  }
}
