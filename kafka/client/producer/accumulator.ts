/**
 * Collects records into batches per partition (Kafka: RecordAccumulator). Chooses the partition
 * of records without one, keeps `buffer.memory`, and knows which batches are unfinished, oldest
 * first, and which still linger.
 */
import type { CommandId, Host, RandomStream } from '../../host.ts';
import { RECORD_BATCH_HEADER_BYTES } from '../../records/batch.ts';
import { recordSizeUpperBound } from '../../records/builder.ts';
import type { ProducerRecord } from '../commands.ts';
import type { ClientMetadata, TopicMetadata } from '../metadata.ts';
import { BatchCompression } from './batch-compression.ts';
import { BufferMemory } from './buffer-memory.ts';
import { type BrokerQueue, PartitionQueue } from './partition-queue.ts';
import { ProducerBatch } from './producer-batch.ts';
import type { ProducerSettings } from './producer-settings.ts';
import { type PartitionLoads, StickyPartitioner, type TopicView } from './sticky-partitioner.ts';

/** What came of an append; beyond `APPENDED` the sender may have something to do. */
export const AppendOutcome = { APPENDED: 0, BATCH_FULL: 1, NEW_BATCH: 2, NO_MEMORY: 3 } as const;
export type AppendOutcome = (typeof AppendOutcome)[keyof typeof AppendOutcome];

/** The most bytes that a batch of this one record takes. */
export function batchSizeUpperBound({ key, value, headers }: ProducerRecord): number {
  return RECORD_BATCH_HEADER_BYTES + recordSizeUpperBound(key, value, headers);
}

export class Accumulator {
  /** All queues ever written to, in order of their first record. */
  readonly queues: PartitionQueue[] = [];
  private readonly settings: ProducerSettings;
  private readonly metadata: ClientMetadata;
  private readonly random: RandomStream;
  readonly compression: BatchCompression | null;
  private readonly memory: BufferMemory;
  /** Of the last append; when partitions of stuck brokers are avoided, it says for how long. */
  nowMs = 0;
  private readonly topics = new Map<string, TopicQueues>();
  private lastTopic: TopicQueues | null = null;
  /** Where the last append went. */
  lastQueue: PartitionQueue | null = null;
  private nextOrder = 0;
  /** Unfinished batches by creation; the head expires first. */
  private oldest: ProducerBatch | null = null;
  private newest: ProducerBatch | null = null;
  /** New batches by creation, from `lingeringHead`; those drained since are skipped. */
  private lingering: ProducerBatch[] = [];
  private lingeringHead = 0;

  constructor(
    settings: ProducerSettings,
    metadata: ClientMetadata,
    { random, codecs }: Pick<Host, 'codecs'> & { readonly random: RandomStream },
  ) {
    this.settings = settings;
    this.metadata = metadata;
    this.random = random;
    const { compression } = settings;
    this.compression = compression === null ? null : new BatchCompression(compression, codecs);
    this.memory = new BufferMemory(settings.bufferMemoryBytes);
  }

  /**
   * Appends a record to the open batch of its partition, or to a new one.
   * @param partition -1: the sticky partitioner chooses. Must exist in the metadata otherwise.
   */
  append(
    id: CommandId,
    record: ProducerRecord,
    partition: number,
    timestampMs: number,
    nowMs: number,
  ): AppendOutcome {
    this.nowMs = nowMs;
    const topic = this.topicQueues(record.topic);
    topic.usedAtMs = nowMs;
    for (;;) {
      const isSticky = partition < 0;
      const queue = topic.queue(isSticky ? topic.sticky.peek() : partition);
      // A switch that was put off for an open batch happens once that is full.
      if (isSticky && queue.allFull && topic.sticky.appended(0, true)) continue;
      this.lastQueue = queue;
      const last = queue.last;
      if (last !== null && !last.closed) {
        const sizeBefore = last.sizeBytes;
        if (last.append(id, record, timestampMs)) {
          const isFull = last.isFull;
          if (isSticky) topic.sticky.appended(last.sizeBytes - sizeBefore, isFull);
          return isFull ? AppendOutcome.BATCH_FULL : AppendOutcome.APPENDED;
        }
        last.closed = true;
        if (isSticky && topic.sticky.appended(0, true)) continue;
      }
      const batch = this.newBatch(queue, record, nowMs);
      if (batch === null) return AppendOutcome.NO_MEMORY;
      batch.append(id, record, timestampMs);
      queue.addLast(batch);
      if (isSticky) topic.sticky.appended(batch.sizeBytes, batch.isFull);
      return AppendOutcome.NEW_BATCH;
    }
  }

  private newBatch(
    queue: PartitionQueue,
    record: ProducerRecord,
    nowMs: number,
  ): ProducerBatch | null {
    const capacityBytes = Math.max(this.settings.batchSize, batchSizeUpperBound(record));
    const builder = this.memory.take(capacityBytes);
    if (builder === null) return null;
    builder.begin();
    const birth = { createdMs: nowMs, order: this.nextOrder };
    this.nextOrder += 1;
    const size = { memoryBytes: capacityBytes, capacityBytes };
    const batch = new ProducerBatch(queue, builder, size, birth, this.compression);
    this.track(batch, null);
    if (this.settings.lingerMs > 0) this.lingering.push(batch);
    return batch;
  }

  private topicQueues(name: string): TopicQueues {
    const last = this.lastTopic;
    if (last !== null && last.name === name) return last;
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = new TopicQueues(name, this, this.metadata, this.settings, this.random);
      this.topics.set(name, topic);
    }
    this.lastTopic = topic;
    return topic;
  }

  /** When a record was last appended for the topic; -Infinity: never. */
  topicUsedAtMs(name: string): number {
    return this.topics.get(name)?.usedAtMs ?? Number.NEGATIVE_INFINITY;
  }

  /** The order of the newest batch; a flush waits for it and all before it. */
  get newestOrder(): number {
    return this.nextOrder - 1;
  }
  get oldestIncomplete(): ProducerBatch | null {
    return this.oldest;
  }

  /** Adds to the unfinished ones: at the end, or before another. */
  track(batch: ProducerBatch, before: ProducerBatch | null): void {
    const previous = before === null ? this.newest : before.previous;
    batch.previous = previous;
    batch.next = before;
    if (previous === null) this.oldest = batch;
    else previous.next = batch;
    if (before === null) this.newest = batch;
    else before.previous = batch;
  }

  /** The batch has its final answer: frees its memory. */
  release(batch: ProducerBatch): void {
    const { previous, next } = batch;
    if (previous === null) this.oldest = next;
    else previous.next = next;
    if (next === null) this.newest = previous;
    else next.previous = previous;
    batch.previous = null;
    batch.next = null;
    this.memory.free(batch.memoryBytes);
    const builder = batch.giveUpBuilder();
    if (builder !== null) this.memory.recycle(builder);
  }

  /** When the first batch that still waits for company has lingered long enough; or Infinity. */
  get nextLingerAtMs(): number {
    const { lingering } = this;
    while (this.lingeringHead < lingering.length) {
      const batch = lingering[this.lingeringHead] as ProducerBatch;
      if (!batch.drained && !batch.done) return batch.createdMs + this.settings.lingerMs;
      this.dropLingering();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes the next batch that has lingered long enough at `nowMs`. */
  takeLingered(nowMs: number): ProducerBatch | null {
    if (this.nextLingerAtMs > nowMs) return null;
    const batch = this.lingering[this.lingeringHead] as ProducerBatch;
    this.dropLingering();
    return batch;
  }

  private dropLingering(): void {
    this.lingeringHead += 1;
    if (this.lingeringHead === this.lingering.length) {
      this.lingering.length = 0;
      this.lingeringHead = 0;
    } else if (this.lingeringHead > 256) {
      this.lingering.splice(0, this.lingeringHead);
      this.lingeringHead = 0;
    }
  }
}

/** The queues of one topic and its sticky partitioner. */
class TopicQueues implements TopicView {
  readonly name: string;
  readonly sticky: StickyPartitioner;
  usedAtMs = 0;
  private readonly accumulator: Accumulator;
  private readonly metadata: ClientMetadata;
  private readonly settings: ProducerSettings;
  private readonly byPartition: (PartitionQueue | undefined)[] = [];
  private count = 0;

  constructor(
    name: string,
    accumulator: Accumulator,
    metadata: ClientMetadata,
    settings: ProducerSettings,
    random: RandomStream,
  ) {
    this.name = name;
    this.accumulator = accumulator;
    this.metadata = metadata;
    this.settings = settings;
    this.sticky = new StickyPartitioner(this, random, settings.batchSize);
  }

  queue(partition: number): PartitionQueue {
    const known = this.byPartition[partition];
    if (known !== undefined) return known;
    const queue = new PartitionQueue(this.name, partition);
    this.byPartition[partition] = queue;
    this.count += 1;
    this.accumulator.queues.push(queue);
    return queue;
  }

  private topicMetadata(): TopicMetadata | undefined {
    return this.metadata.topic(this.name);
  }

  choosablePartitions(): readonly number[] {
    const partitions = this.topicMetadata()?.partitions ?? [];
    const led = partitions.filter(({ leader }) => this.metadata.broker(leader) !== undefined);
    return (led.length > 0 ? led : partitions).map(({ partition }) => partition);
  }

  /** Even lengths need no weights, unless brokers that do not answer are to be avoided. */
  loads(): PartitionLoads | null {
    const partitionCount = this.topicMetadata()?.partitions.length ?? 0;
    if (!this.settings.adaptivePartitioning || this.count < Math.max(2, partitionCount))
      return null;
    const partitions: number[] = [];
    const queueSizes: number[] = [];
    for (const queue of this.byPartition) {
      if (queue === undefined || queue.broker === null || this.isStuck(queue.broker)) continue;
      partitions.push(queue.partition);
      queueSizes.push(queue.size);
    }
    if (partitions.length === 0) return null;
    const areEven = queueSizes.every((size) => size === queueSizes[0]);
    return areEven && partitions.length === this.count ? null : { partitions, queueSizes };
  }

  private isStuck(broker: BrokerQueue): boolean {
    const limitMs = this.settings.availabilityTimeoutMs;
    if (limitMs === 0 || broker.blockedSinceMs < 0) return false;
    return this.accumulator.nowMs - broker.blockedSinceMs > limitMs;
  }
}
