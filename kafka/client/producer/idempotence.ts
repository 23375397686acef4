/**
 * The idempotent producer's identity and its answers to sequence errors (Kafka:
 * TransactionManager without transactions; KIP-98, KIP-360). A gap that can no longer be filled
 * is left behind by raising the producer epoch, without asking a broker.
 */
import type { ForgottenProducerRule } from '../../protocol/forgotten-producer.ts';
import { LAST_PRODUCER_EPOCH } from '../../records/batch.ts';
import { ErrorCode, isRetriable } from '../../wire/errors.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerBatch } from './producer-batch.ts';

/** Where a producer's numbers begin: 0, or where they would be after a long life. */
export interface ProducerCounters {
  /** Of its first record in each partition. */
  readonly sequence: number;
  readonly epoch: number;
}

/** What `settle` changed. */
export interface Settlement {
  /** Queues that may be sent from again. */
  readonly released: PartitionQueue[];
  /** Batches that can be neither sent again nor told apart from written ones. */
  readonly givenUp: ProducerBatch[];
}

export class Idempotence {
  producerId = -1;
  producerEpoch = -1;
  private readonly unresolved = new Set<PartitionQueue>();
  /**
   * Partitions whose unanswered batches must start again under a raised epoch, with the sequence
   * order of the gap: what comes before it keeps its sequences and is answered first.
   */
  private readonly toRewrite = new Map<PartitionQueue, number>();
  private readonly forgotten: ForgottenProducerRule;
  private readonly firstSequence: number;
  /** Of the first producer id; later ones begin with what their broker says. */
  private firstEpoch: number;

  constructor(forgotten: ForgottenProducerRule, counters: ProducerCounters) {
    this.forgotten = forgotten;
    this.firstSequence = counters.sequence;
    this.firstEpoch = counters.epoch;
  }

  get hasProducerId(): boolean {
    return this.producerId >= 0;
  }

  setProducerId(producerId: number, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch + this.firstEpoch;
    this.firstEpoch = 0;
  }

  /**
   * Whether the front batch of a queue must wait although it could be sent: for the producer id,
   * for batches of an older epoch, for unresolved sequences, or, as a retry, for its turn.
   */
  mustWait(queue: PartitionQueue, first: ProducerBatch): boolean {
    if (!this.hasProducerId) return true;
    const { sequences } = queue;
    const oldest = sequences.unanswered[0];
    const gapOrder = this.toRewrite.get(queue);
    if (first.hasSequence) {
      if (gapOrder !== undefined && first.sequenceOrder >= gapOrder) return true;
      return oldest !== undefined && oldest !== first;
    }
    if (sequences.unresolvedSequence >= 0 || gapOrder !== undefined) return true;
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
      const isFirst = queue.sequences.producerId < 0;
      const sequence = isFirst ? this.firstSequence : 0;
      queue.sequences.startAt(sequence, this.producerId, this.producerEpoch);
    }
    queue.sequences.assign(batch);
  }

  /**
   * Whether an error may be answered by sending the batch again; asks for a raised epoch where
   * the sequence cannot fit any more.
   */
  canRetry(batch: ProducerBatch, error: ErrorCode, logStartOffset: number): boolean {
    const { sequences } = batch.queue;
    if (error === ErrorCode.UNKNOWN_PRODUCER_ID) {
      const wait = logStartOffset === -1 || batch.sequenceWasReset;
      if (wait) return true;
      if (this.forgotten.keepsEpoch(batch.queue.name)) {
        sequences.startAt(0, this.producerId, this.producerEpoch);
      } else this.startAgainFrom(batch);
      return true;
    }
    if (error === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      const isUnresolved = sequences.unresolvedSequence >= 0;
      // Not its turn: batches before it are still to be answered or were not seen by the broker.
      const early = batch.sequenceWasReset || !sequences.isNext(batch.baseSequence);
      if (!isUnresolved && early) return true;
      if (!isUnresolved || batch.baseSequence === sequences.unresolvedSequence) {
        this.startAgainFrom(batch);
      }
      return true;
    }
    return isRetriable(error);
  }

  acknowledged(batch: ProducerBatch): void {
    batch.queue.sequences.acknowledged(batch);
  }

  /** The broker certainly refused the batch for good: its sequences leave a gap. */
  refused(batch: ProducerBatch): void {
    if (!batch.hasSequence) return;
    batch.queue.sequences.remove(batch);
    this.startAgainFrom(batch);
  }

  private startAgainFrom(batch: ProducerBatch): void {
    const known = this.toRewrite.get(batch.queue) ?? batch.sequenceOrder;
    this.toRewrite.set(batch.queue, Math.min(known, batch.sequenceOrder));
  }

  /** The batch was given up after it was sent: the broker may or may not have its sequences. */
  abandoned(batch: ProducerBatch): void {
    if (!batch.hasSequence) return;
    batch.queue.sequences.remove(batch);
    batch.queue.sequences.markUnresolved(batch, batch.maybeWritten || batch.inFlight);
    this.unresolved.add(batch.queue);
  }

  /**
   * Between rounds of sending: settles unresolved sequences of partitions that have nothing
   * unanswered any more, and raises the epoch where asked for.
   * @returns what may go on; null when nothing changed.
   */
  settle(): Settlement | null {
    if (this.unresolved.size === 0 && this.toRewrite.size === 0) return null;
    const settlement: Settlement = { released: [], givenUp: [] };
    for (const queue of this.unresolved) this.resolve(queue, settlement);
    if (this.hasProducerId) this.rewrite(settlement);
    return settlement;
  }

  private resolve(queue: PartitionQueue, { released }: Settlement): void {
    const { sequences } = queue;
    if (sequences.unresolvedSequence >= 0) {
      if (sequences.unanswered.length > 0) return;
      sequences.unresolvedSequence = -1;
      released.push(queue);
      // Otherwise batches behind the given-up one were acknowledged: the broker had it after all.
      if (!sequences.isNext(sequences.nextSequence)) this.toRewrite.set(queue, 0);
      else sequences.gapMayFill = false;
    }
    this.unresolved.delete(queue);
  }

  private rewrite({ released, givenUp }: Settlement): void {
    let isRaised = false;
    for (const [queue, gapOrder] of this.toRewrite) {
      const { sequences } = queue;
      const oldest = sequences.unanswered[0];
      const isReady = oldest === undefined || oldest.sequenceOrder >= gapOrder;
      if (!isReady || sequences.unanswered.some(({ inFlight }) => inFlight)) continue;
      if (!isRaised && !this.raiseEpoch()) return;
      isRaised = true;
      // A batch sent before behind one that may still arrive may arrive too: to send it again
      // under another sequence could write it twice.
      if (sequences.gapMayFill) {
        for (const batch of [...sequences.unanswered]) {
          if (!batch.maybeWritten) continue;
          sequences.remove(batch);
          givenUp.push(batch);
        }
      }
      sequences.startAt(0, this.producerId, this.producerEpoch);
      this.toRewrite.delete(queue);
      released.push(queue);
    }
  }

  /** @returns false when the epochs are used up: a new producer id must come first. */
  private raiseEpoch(): boolean {
    if (this.producerEpoch >= LAST_PRODUCER_EPOCH) {
      this.setProducerId(-1, -1);
      return false;
    }
    this.producerEpoch += 1;
    return true;
  }
}
