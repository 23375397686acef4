/**
 * What a log remembers of one idempotent producer: its epoch and its last five batches, and
 * whether a new batch continues them (Kafka: ProducerStateEntry, ProducerAppendInfo; KIP-98,
 * KIP-360).
 */
import {
  addSequence,
  baseSequenceAt,
  isTransactionalAt,
  lastOffsetAt,
  lastOffsetDeltaAt,
  maxTimestampAt,
  NO_PRODUCER_EPOCH,
  NO_SEQUENCE,
  producerEpochAt,
  subtractSequence,
} from '../records/batch.ts';

/** How many batches of a producer can be recognised when they come again. */
export const CACHED_BATCHES = 5;
const MAX_INT32 = 2_147_483_647;
export const NO_OFFSET = -1;
export const NO_COORDINATOR_EPOCH = -1;

/** Where an idempotent batch lies that came again. */
export interface CachedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly maxTimestampMs: number;
}

export type SequenceProblem =
  | 'invalid-producer-epoch' // older than the last epoch seen
  | 'out-of-order-sequence'; // neither the next sequence nor one of the last five batches

export class ProducerState {
  readonly producerId: number;
  producerEpoch = NO_PRODUCER_EPOCH;
  coordinatorEpoch = NO_COORDINATOR_EPOCH;
  /** Max timestamp of the last batch or marker; expiry counts from it. */
  lastTimestampMs = -1;
  /** -1 when no transaction is open here. */
  currentTxnFirstOffset = NO_OFFSET;
  /** How many of the ring's slots are in use; `next` is where the next batch goes. */
  private count = 0;
  private next = 0;
  private readonly lastSequences = new Int32Array(CACHED_BATCHES);
  private readonly offsetDeltas = new Int32Array(CACHED_BATCHES);
  private readonly lastOffsets = new Float64Array(CACHED_BATCHES);
  private readonly timestamps = new Float64Array(CACHED_BATCHES);

  constructor(producerId: number) {
    this.producerId = producerId;
  }

  /** -1 when no batch is cached. */
  get lastSequence(): number {
    return this.count === 0 ? NO_SEQUENCE : (this.lastSequences[this.slot(0)] as number);
  }
  get lastOffset(): number {
    return this.count === 0 ? NO_OFFSET : (this.lastOffsets[this.slot(0)] as number);
  }
  get lastOffsetDelta(): number {
    return this.count === 0 ? 0 : (this.offsetDeltas[this.slot(0)] as number);
  }
  get hasBatches(): boolean {
    return this.count > 0;
  }

  /** The slot of the batch that came `age` batches before the last one. */
  private slot(age: number): number {
    return (this.next + CACHED_BATCHES - 1 - age) % CACHED_BATCHES;
  }

  /** Oldest first. */
  cachedBatches(): CachedBatch[] {
    const batches: CachedBatch[] = [];
    for (let age = this.count - 1; age >= 0; age--) batches.push(this.batchIn(this.slot(age)));
    return batches;
  }

  private batchIn(slot: number): CachedBatch {
    const lastSequence = this.lastSequences[slot] as number;
    const offsetDelta = this.offsetDeltas[slot] as number;
    const lastOffset = this.lastOffsets[slot] as number;
    return {
      firstSequence: subtractSequence(lastSequence, offsetDelta),
      lastSequence,
      baseOffset: lastOffset - offsetDelta,
      lastOffset,
      maxTimestampMs: this.timestamps[slot] as number,
    };
  }

  /** The cached batch that the one at `at` repeats: same epoch, same first and last sequence. */
  findDuplicate(bytes: Uint8Array, at: number): CachedBatch | null {
    if (producerEpochAt(bytes, at) !== this.producerEpoch) return null;
    const offsetDelta = lastOffsetDeltaAt(bytes, at);
    const lastSequence = addSequence(baseSequenceAt(bytes, at), offsetDelta);
    for (let age = 0; age < this.count; age++) {
      const slot = this.slot(age);
      if (this.lastSequences[slot] !== lastSequence) continue;
      if (this.offsetDeltas[slot] === offsetDelta) return this.batchIn(slot);
    }
    return null;
  }

  /** What a leader demands of a client's batch that is no duplicate. */
  check(bytes: Uint8Array, at: number): SequenceProblem | null {
    const producerEpoch = producerEpochAt(bytes, at);
    const firstSequence = baseSequenceAt(bytes, at);
    if (producerEpoch < this.producerEpoch) return 'invalid-producer-epoch';
    if (this.producerEpoch === NO_PRODUCER_EPOCH) return null;
    if (producerEpoch !== this.producerEpoch) {
      return firstSequence === 0 ? null : 'out-of-order-sequence';
    }
    return follows(this.lastSequence, firstSequence) ? null : 'out-of-order-sequence';
  }

  /** Takes the data batch at `at` in, whatever it is: leaders have checked, followers trust. */
  appendBatch(bytes: Uint8Array, at: number): void {
    this.changeEpoch(producerEpochAt(bytes, at));
    const offsetDelta = lastOffsetDeltaAt(bytes, at);
    const lastOffset = lastOffsetAt(bytes, at);
    const timestampMs = maxTimestampAt(bytes, at);
    const lastSequence = addSequence(baseSequenceAt(bytes, at), offsetDelta);
    this.cache(lastSequence, offsetDelta, lastOffset, timestampMs);
    this.lastTimestampMs = timestampMs;
    if (isTransactionalAt(bytes, at) && this.currentTxnFirstOffset === NO_OFFSET) {
      this.currentTxnFirstOffset = lastOffset - offsetDelta;
    }
  }

  /** Takes a transaction marker in; its own epoch bump starts the sequences over. */
  appendMarker(marker: {
    producerEpoch: number;
    coordinatorEpoch: number;
    timestampMs: number;
  }): void {
    this.changeEpoch(marker.producerEpoch);
    this.coordinatorEpoch = marker.coordinatorEpoch;
    this.lastTimestampMs = marker.timestampMs;
    this.currentTxnFirstOffset = NO_OFFSET;
  }

  /** Remembers one batch as the newest; for snapshots, which keep only the last one. */
  cache(lastSequence: number, offsetDelta: number, lastOffset: number, timestampMs: number): void {
    const slot = this.next;
    this.lastSequences[slot] = lastSequence;
    this.offsetDeltas[slot] = offsetDelta;
    this.lastOffsets[slot] = lastOffset;
    this.timestamps[slot] = timestampMs;
    this.next = (slot + 1) % CACHED_BATCHES;
    if (this.count < CACHED_BATCHES) this.count += 1;
  }

  private changeEpoch(producerEpoch: number): void {
    if (this.producerEpoch === producerEpoch) return;
    this.producerEpoch = producerEpoch;
    this.count = 0;
  }
}

/** Whether `next` is the sequence right behind `last`; they wrap from 2^31 - 1 to 0. */
function follows(last: number, next: number): boolean {
  return next === last + 1 || (next === 0 && last === MAX_INT32);
}
