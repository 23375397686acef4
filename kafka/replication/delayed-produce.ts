/**
 * A produce request that is written and waits to be acknowledged (Kafka: DelayedProduce): with
 * acks=all until its records are below the high watermark, with a flush policy until they are
 * durable here. It is answered once, when every partition in it is settled or its time is up;
 * then what is unsettled says REQUEST_TIMED_OUT, and its outcome stays unknown to the client.
 */
import { ErrorCode } from '../wire/errors.ts';
import type { PartitionProduceResponse } from '../wire/generated/produce-response.ts';
import { Deadlined, type Deadlines } from './deadlines.ts';
import { type Partition, STILL_WAITING } from './partition.ts';
import type { Waiter } from './waiters.ts';

/** One partition's part of a produce request. */
class ProducePart implements Waiter {
  done = false;
  readonly operation: DelayedProduce;
  readonly partition: Partition;
  /** End (exclusive) of what was appended, or of the old batch that a duplicate repeats. */
  readonly requiredOffset: number;
  readonly answer: PartitionProduceResponse;

  constructor(
    operation: DelayedProduce,
    partition: Partition,
    requiredOffset: number,
    answer: PartitionProduceResponse,
  ) {
    this.operation = operation;
    this.partition = partition;
    this.requiredOffset = requiredOffset;
    this.answer = answer;
  }

  recheck(): void {
    const state = this.operation.allReplicas
      ? this.partition.acknowledgement(this.requiredOffset)
      : this.partition.localAcknowledgement(this.requiredOffset);
    if (state === STILL_WAITING) return;
    this.answer.errorCode = state;
    this.done = true;
    this.operation.settled();
  }
}

const NO_PARTS: ProducePart[] = [];

export class DelayedProduce extends Deadlined {
  readonly allReplicas: boolean;
  private readonly deadlines: Deadlines;
  private readonly respond: () => void;
  private parts: ProducePart[] = NO_PARTS;
  private unsettled = 0;

  /** @param allReplicas acks=all; otherwise only the leader's own flush is waited for. */
  constructor(deadlines: Deadlines, allReplicas: boolean, respond: () => void) {
    super();
    this.deadlines = deadlines;
    this.allReplicas = allReplicas;
    this.respond = respond;
  }

  /** Adds a partition that was appended to; call before `start`. */
  add(partition: Partition, requiredOffset: number, answer: PartitionProduceResponse): void {
    const part = new ProducePart(this, partition, requiredOffset, answer);
    // A literal holds what is in it; what is pushed to an empty array gets room for seventeen.
    if (this.parts === NO_PARTS) this.parts = [part];
    else this.parts.push(part);
    this.unsettled += 1;
  }

  /** Answers at once when nothing is left to wait for, else parks for at most `timeoutMs`. */
  start(timeoutMs: number): void {
    const { parts } = this;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as ProducePart;
      part.recheck();
      if (!part.done) part.partition.waiters.produces.add(part);
    }
    if (this.unsettled === 0) {
      if (parts.length === 0) this.respond();
      return;
    }
    // In Kafka the flush is part of the append, which no time-out bounds.
    if (this.allReplicas) this.deadlines.arm(this, timeoutMs > 0 ? timeoutMs : 0);
  }

  /** One of its partitions was settled. */
  settled(): void {
    this.unsettled -= 1;
    if (this.unsettled > 0) return;
    this.deadlines.cancel(this);
    this.respond();
  }

  override expire(): void {
    for (const part of this.parts) {
      if (part.done) continue;
      part.done = true;
      part.partition.waiters.produces.remove(part);
      part.answer.errorCode = ErrorCode.REQUEST_TIMED_OUT;
    }
    this.respond();
  }
}
