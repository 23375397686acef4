/**
 * The idempotent producer's book-keeping for one partition (Kafka: TxnPartitionEntry): which
 * sequence comes next, which was acknowledged last, and which batches hold sequences now.
 */
import { assert } from '../../base/assert.ts';
import { addSequence, NO_SEQUENCE } from '../../records/batch.ts';
import type { ProducerBatch } from './producer-batch.ts';

export class PartitionSequences {
  producerId = -1;
  producerEpoch = -1;
  /** Of the next batch to be drained for the first time. */
  nextSequence = 0;
  /** The first of this producer id and epoch. */
  private firstSequence = 0;
  /** Of the last record acknowledged under this producer id and epoch; -1: none. */
  lastAckedSequence = NO_SEQUENCE;
  /**
   * The sequence after a batch that was given up while its outcome is unknown; -1: none. Nothing
   * new is sent before it is known whether the broker expects it.
   */
  unresolvedSequence = NO_SEQUENCE;
  /** An unresolved batch may still arrive, and let batches behind it in. */
  gapMayFill = false;
  /** Batches with a sequence and without a final answer, in sequence order. */
  readonly unanswered: ProducerBatch[] = [];
  private nextOrder = 0;
  private lastAckedOrder = -1;

  /** Gives a batch that is drained for the first time the next sequences. */
  assign(batch: ProducerBatch): void {
    assert(!batch.hasSequence, 'a batch that has a sequence keeps it');
    batch.setProducerState(this.producerId, this.producerEpoch, this.nextSequence);
    batch.sequenceOrder = this.nextOrder;
    this.nextOrder += 1;
    this.nextSequence = addSequence(this.nextSequence, batch.recordCount);
    this.unanswered.push(batch);
  }

  /** Tracks the pieces of a split batch in its place; their orders lie within the parent's. */
  replace(batch: ProducerBatch, pieces: readonly ProducerBatch[]): void {
    const at = this.unanswered.indexOf(batch);
    const span = batch.sequenceSpan / pieces.length;
    let sequence = batch.baseSequence;
    let order = batch.sequenceOrder;
    for (const piece of pieces) {
      piece.setProducerState(batch.producerId, batch.producerEpoch, sequence);
      piece.sequenceOrder = order;
      piece.sequenceSpan = span;
      sequence = addSequence(sequence, piece.recordCount);
      order += span;
    }
    if (at >= 0) this.unanswered.splice(at, 1, ...pieces);
  }

  remove(batch: ProducerBatch): void {
    const at = this.unanswered.indexOf(batch);
    if (at >= 0) this.unanswered.splice(at, 1);
  }

  acknowledged(batch: ProducerBatch): void {
    this.remove(batch);
    if (batch.producerId !== this.producerId || batch.producerEpoch !== this.producerEpoch) return;
    if (batch.sequenceOrder <= this.lastAckedOrder) return;
    this.lastAckedOrder = batch.sequenceOrder;
    this.lastAckedSequence = batch.lastSequence;
  }

  /** Whether `sequence` follows directly on the last acknowledged one. */
  isNext(sequence: number): boolean {
    const last = this.lastAckedSequence;
    return sequence === (last === NO_SEQUENCE ? this.firstSequence : addSequence(last, 1));
  }

  /** @param mayArrive some attempt of it may still reach the broker. */
  markUnresolved(batch: ProducerBatch, mayArrive: boolean): void {
    if (mayArrive) this.gapMayFill = true;
    this.unresolvedSequence = addSequence(batch.lastSequence, 1);
  }

  /** A new producer id or epoch: what is unanswered starts again at `first`, in its order. */
  startAt(first: number, producerId: number, producerEpoch: number): void {
    let sequence = first;
    this.firstSequence = first;
    for (const batch of this.unanswered) {
      batch.setProducerState(producerId, producerEpoch, sequence);
      batch.sequenceWasReset = true;
      sequence = addSequence(sequence, batch.recordCount);
    }
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.nextSequence = sequence;
    this.lastAckedSequence = NO_SEQUENCE;
    this.lastAckedOrder = -1;
    this.unresolvedSequence = NO_SEQUENCE;
    this.gapMayFill = false;
  }
}
