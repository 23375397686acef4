/**
 * One record batch on its way from `send` to its acknowledgement (Kafka: ProducerBatch). Records
 * are written straight into the batch's bytes; beside them only command ids and timestamps are
 * kept, to answer the commands when the batch is done.
 */
import { defined } from '../../base/assert.ts';
import type { CommandId } from '../../host.ts';
import { addSequence, NO_SEQUENCE, setProducerState } from '../../records/batch.ts';
import type { BatchBuilder } from '../../records/builder.ts';
import type { ProducerRecord } from '../commands.ts';
import { BatchCompression } from './batch-compression.ts';
import { CommandRuns } from './command-runs.ts';
import type { PartitionQueue } from './partition-queue.ts';

export class ProducerBatch {
  readonly queue: PartitionQueue;
  /** Takes records until the batch is sealed and holds its bytes until it has its answer. */
  builder: BatchBuilder | null;
  /** The whole batch in wire form once sealed, until it has its answer. */
  records: Uint8Array | null = null;
  /** Bytes of `buffer.memory` held; also the size at which the batch is full. 0: a split batch. */
  readonly memoryBytes: number;
  readonly capacityBytes: number;
  /** When its first record was sent; delivery.timeout.ms counts from here. */
  readonly createdMs: number;
  /** Rises with creation; pieces of a split batch have their parent's. */
  readonly order: number;
  readonly commands = new CommandRuns();
  private readonly compression: BatchCompression | null;
  /** What compression is expected to leave of its records. */
  private readonly ratio: number;

  /** No more records may be appended. */
  closed = false;
  /** Answered: succeeded, failed or given up. A late response changes nothing for its records. */
  done = false;
  /** Taken out of its queue and handed to the connection, response pending. */
  inFlight = false;
  /** Taken out of its queue at least once. */
  drained = false;
  /** Some attempt may have put it into the log: its response is lost or says so. */
  maybeWritten = false;
  /** Failed attempts. */
  attempts = 0;
  /** Not to be sent again before, unless the leader changed since the last attempt. */
  retryAtMs = 0;
  private seenLeaderEpoch = -1;
  private attemptsWhenLeaderChanged = -1;

  producerId = -1;
  producerEpoch = -1;
  baseSequence = NO_SEQUENCE;
  /** Order in which sequences were assigned in its partition; never changes, never wraps. */
  sequenceOrder = -1;
  /** The orders from `sequenceOrder` on that are its own to give to pieces. */
  sequenceSpan = 1;
  /** Its sequence was rewritten after an epoch bump and it has not been sent since. */
  sequenceWasReset = false;

  /** Neighbours in the list of incomplete batches. */
  previous: ProducerBatch | null = null;
  next: ProducerBatch | null = null;

  constructor(
    queue: PartitionQueue,
    builder: BatchBuilder,
    size: { memoryBytes: number; capacityBytes: number },
    birth: { createdMs: number; order: number },
    compression: BatchCompression | null,
  ) {
    this.queue = queue;
    this.builder = builder;
    this.memoryBytes = size.memoryBytes;
    this.capacityBytes = size.capacityBytes;
    this.createdMs = birth.createdMs;
    this.order = birth.order;
    this.compression = compression;
    this.ratio = compression === null ? 1 : compression.ratio(queue.topic);
  }

  get recordCount(): number {
    return this.commands.recordCount;
  }
  /** An estimate while records may come that are then compressed; 0 once it has its answer. */
  get sizeBytes(): number {
    const { builder } = this;
    if (builder === null) return 0;
    if (this.compression === null || builder.count === 0) return builder.sizeBytes;
    return this.records?.length ?? BatchCompression.estimate(builder.sizeBytes, this.ratio);
  }
  get isFull(): boolean {
    return this.closed || this.sizeBytes >= this.capacityBytes;
  }
  get hasSequence(): boolean {
    return this.baseSequence !== NO_SEQUENCE;
  }
  get lastSequence(): number {
    return addSequence(this.baseSequence, this.recordCount - 1);
  }

  /** Appends a record unless the batch would grow beyond its capacity. */
  append(id: CommandId, record: ProducerRecord, timestampMs: number): boolean {
    const { builder } = this;
    if (builder === null || this.closed) return false;
    // The first record always fits: a batch is made large enough for it.
    const limit = builder.count === 0 ? Number.POSITIVE_INFINITY : this.limitBytes(builder);
    const { key, value, headers } = record;
    if (!builder.appendWithin(limit, timestampMs, key, value, headers)) return false;
    this.commands.add(id, timestampMs);
    return true;
  }

  /** Where the builder must stop: what compression takes off is added to the capacity. */
  private limitBytes(builder: BatchBuilder): number {
    if (this.compression === null) return this.capacityBytes;
    return this.capacityBytes + builder.sizeBytes - this.sizeBytes;
  }

  setProducerState(producerId: number, producerEpoch: number, baseSequence: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.baseSequence = baseSequence;
    if (this.records !== null) setProducerState(this.records, 0, this);
  }

  /** Makes the wire form, once: in the builder's own bytes, or compressed. */
  seal(): Uint8Array {
    if (this.records !== null) return this.records;
    const builder = defined(this.builder, 'a batch without builder is sealed');
    const { producerId, producerEpoch, baseSequence } = this;
    const batch = builder.finishInPlace({ producerId, producerEpoch, baseSequence });
    const { compression, queue } = this;
    this.records = compression === null ? batch : compression.compress(queue.topic, batch);
    return this.records;
  }

  /** The batch in wire form, uncompressed, for whoever splits it. */
  opened(): Uint8Array {
    const sealed = defined(this.records, 'a batch never sent is split');
    return this.compression === null ? sealed : this.compression.reopen(this.queue.topic, sealed);
  }

  /** It has its answer: @returns the builder for another batch, if it had one still. */
  giveUpBuilder(): BatchBuilder | null {
    const { builder } = this;
    this.builder = null;
    this.records = null;
    return builder;
  }

  /** A newer leader than at the last failure ends the backoff at once (KIP-951). */
  sawLeaderEpoch(leaderEpoch: number): void {
    if (leaderEpoch <= this.seenLeaderEpoch) return;
    this.seenLeaderEpoch = leaderEpoch;
    this.attemptsWhenLeaderChanged = this.attempts;
  }

  isBackingOff(nowMs: number): boolean {
    return (
      this.attempts > 0 &&
      nowMs < this.retryAtMs &&
      this.attempts !== this.attemptsWhenLeaderChanged
    );
  }
}
