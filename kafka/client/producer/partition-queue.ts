/**
 * Batches waiting for one partition, and the broker that they wait for. The queue's front is sent
 * first; retries go back to the front (without idempotence they may so be overtaken by batches
 * that were in flight behind them), or to their place by sequence.
 */
import type { BrokerConnection } from '../broker-connections.ts';
import { PartitionSequences } from './partition-sequences.ts';
import type { ProducerBatch } from './producer-batch.ts';

export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  /** `orders-0`, for messages and the trace. */
  readonly name: string;
  readonly sequences = new PartitionSequences();
  /** The leader; null while none is known. */
  broker: BrokerQueue | null = null;
  leaderEpoch = -1;
  /** max.in.flight=1 guards order: nothing more is sent until the batch in flight is answered. */
  muted = false;
  private items: ProducerBatch[] = [];
  private head = 0;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
    this.name = `${topic}-${partition}`;
  }

  get size(): number {
    return this.items.length - this.head;
  }
  get first(): ProducerBatch | null {
    return this.items[this.head] ?? null;
  }
  get last(): ProducerBatch | null {
    return this.size === 0 ? null : (this.items[this.items.length - 1] as ProducerBatch);
  }
  /** Only the last batch may be incomplete. */
  get allFull(): boolean {
    return this.last?.isFull ?? true;
  }

  addLast(batch: ProducerBatch): void {
    this.items.push(batch);
  }

  removeFirst(): ProducerBatch {
    const { items } = this;
    // Mostly the queue holds one batch; `pop` keeps the array's memory for the next one.
    if (items.length === 1 && this.head === 0) return items.pop() as ProducerBatch;
    const batch = items[this.head] as ProducerBatch;
    this.head += 1;
    if (this.head === items.length || this.head > 64) {
      items.splice(0, this.head);
      this.head = 0;
    }
    return batch;
  }

  addFirst(batch: ProducerBatch): void {
    if (this.head === 0) this.items.unshift(batch);
    else this.items[--this.head] = batch;
  }

  /** Puts a batch that has a sequence before the first one that comes later in sequence. */
  insertBySequence(batch: ProducerBatch): void {
    let at = this.head;
    for (; at < this.items.length; at++) {
      const other = this.items[at] as ProducerBatch;
      if (!other.hasSequence || other.sequenceOrder > batch.sequenceOrder) break;
    }
    if (at === this.head) this.addFirst(batch);
    else this.items.splice(at, 0, batch);
  }

  remove(batch: ProducerBatch): void {
    const at = this.items.indexOf(batch, this.head);
    if (at === this.head) this.removeFirst();
    else if (at > this.head) this.items.splice(at, 1);
  }
}

/** One broker as the sender sees it: the partitions that it leads, and whether to look at them. */
export class BrokerQueue {
  connection: BrokerConnection;
  /** Partitions led by it that were ever written to. */
  queues: PartitionQueue[] = [];
  /** Where the next drain starts, so that no partition starves. */
  drainIndex = 0;
  /** Some partition may have a batch to send now. */
  ready = false;
  /** Since when there was something to send and the connection could not take it; -1: it can. */
  blockedSinceMs = -1;

  constructor(connection: BrokerConnection) {
    this.connection = connection;
  }
}
