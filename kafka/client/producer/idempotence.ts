/**
 * The idempotent producer's identity and its answers to sequence errors (Kafka:
 * TransactionManager without transactions; KIP-98, KIP-360). A gap that can no longer be filled
 * is left behind by raising the producer epoch, without asking a broker.
 */
import { ErrorCode, isRetriable } from '../../wire/errors.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerBatch } from './producer-batch.ts';

const MAX_EPOCH = 0x7fff;

export class Idempotence {
  producerId = -1;
  producerEpoch = -1;
  private readonly unresolved = new Set<PartitionQueue>();
  /** Partitions whose unanswered batches must start again under a raised epoch. */
  private readonly toRewrite = new Set<PartitionQueue>();

  get hasProducerId(): boolean {
    return this.producerId >= 0;
  }

  setProducerId(producerId: number, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
  }

  /**
   * Whether the front batch of a queue must wait although it could be sent: for the producer id,
   * for batches of an older epoch, for unresolved sequences, or, as a retry, for its turn.
   */
  mustWait(queue: PartitionQueue, first: ProducerBatch): boolean {
    if (!this.hasProducerId) return true;
    const { sequences } = queue;
    const oldest = sequences.unanswered[0];
    if (first.hasSequence) return oldest !== undefined && oldest !== first;
    if (sequences.unresolvedSequence >= 0 || this.toRewrite.has(queue)) return true;
    return oldest !== undefined && this.isStale(queue);
  }

  private isStale({ sequences }: PartitionQueue): boolean {
    const { producerId, producerEpoch } = sequences;
    return producerId !== this.producerId || producerEpoch !== this.producerEpoch;
  }

  /** Gives a batch about to be sent its sequences; one that has them keeps them. */
  prepare(batch: ProducerBatch): void {
    batch.sequenceWasReset = false;
    if (batch.hasSequence) return;
    const { queue } = batch;
    if (this.isStale(queue)) {
      queue.sequences.startAtBeginning(this.producerId, this.producerEpoch);
    }
    queue.sequences.assign(batch);
  }

  /**
   * Whether an error may be answered by sending the batch again; asks for a raised epoch where
   * the sequence cannot fit any more.
   */
  canRetry(batch: ProducerBatch, error: ErrorCode, logStartOffset: number): boolean {
    const { queue } = batch;
    const { sequences } = queue;
    if (error === ErrorCode.UNKNOWN_PRODUCER_ID) {
      const wait = logStartOffset === -1 || batch.sequenceWasReset;
      if (!wait) this.toRewrite.add(queue);
      return true;
    }
    if (error === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      const isUnresolved = sequences.unresolvedSequence >= 0;
      // Not its turn: batches before it are still to be answered or were not seen by the broker.
      const early = batch.sequenceWasReset || !sequences.isNext(batch.baseSequence);
      if (!isUnresolved && early) return true;
      if (!isUnresolved || batch.baseSequence === sequences.unresolvedSequence) {
        this.toRewrite.add(queue);
      }
      return true;
    }
    return isRetriable(error);
  }

  acknowledged(batch: ProducerBatch, baseOffset: number): void {
    const lastOffset = baseOffset < 0 ? -1 : baseOffset + batch.recordCount - 1;
    batch.queue.sequences.acknowledged(batch, lastOffset);
  }

  /** The broker certainly refused the batch for good: its sequences leave a gap. */
  refused(batch: ProducerBatch): void {
    batch.queue.sequences.remove(batch);
    this.toRewrite.add(batch.queue);
  }

  /** The batch was given up after it was sent: the broker may or may not have its sequences. */
  abandoned(batch: ProducerBatch): void {
    if (!batch.hasSequence) return;
    batch.queue.sequences.remove(batch);
    batch.queue.sequences.markUnresolved(batch);
    this.unresolved.add(batch.queue);
  }

  /**
   * Between rounds of sending: settles unresolved sequences of partitions that have nothing
   * unanswered any more, and raises the epoch where asked for.
   * @returns the queues that may go on; null when nothing changed.
   */
  settle(): PartitionQueue[] | null {
    if (this.unresolved.size === 0 && this.toRewrite.size === 0) return null;
    const changed: PartitionQueue[] = [];
    for (const queue of this.unresolved) {
      const { sequences } = queue;
      if (sequences.unresolvedSequence < 0) this.unresolved.delete(queue);
      else if (sequences.unanswered.length === 0) {
        this.unresolved.delete(queue);
        sequences.unresolvedSequence = -1;
        changed.push(queue);
        // Batches behind the given-up one were acknowledged: the broker had it after all.
        if (!this.isSettled(queue)) this.toRewrite.add(queue);
      }
    }
    if (this.toRewrite.size > 0 && this.hasProducerId) this.raiseEpoch(changed);
    return changed.length === 0 ? null : changed;
  }

  private isSettled({ sequences }: PartitionQueue): boolean {
    return sequences.isNext(sequences.nextSequence);
  }

  private raiseEpoch(changed: PartitionQueue[]): void {
    if (this.producerEpoch >= MAX_EPOCH) {
      // A new producer id is asked for; the rewriting waits for it.
      this.setProducerId(-1, -1);
      return;
    }
    this.producerEpoch += 1;
    for (const queue of this.toRewrite) {
      queue.sequences.startAtBeginning(this.producerId, this.producerEpoch);
      changed.push(queue);
    }
    this.toRewrite.clear();
  }
}
