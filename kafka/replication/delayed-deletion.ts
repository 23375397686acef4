/**
 * A DeleteRecords request that waits until all live replicas have raised their log start offsets
 * (Kafka: DelayedDeleteRecords). What is unsettled when its time is up says REQUEST_TIMED_OUT:
 * the leader has deleted the records, and the others will.
 */
import { ErrorCode } from '../wire/errors.ts';
import type { DeleteRecordsPartitionResult } from '../wire/generated/delete-records-response.ts';
import { Deadlined, type Deadlines } from './deadlines.ts';
import type { LowWatermark } from './low-watermark.ts';
import type { Partition } from './partition.ts';
import type { Waiter } from './waiters.ts';

class DeletionPart implements Waiter {
  done = false;
  private readonly operation: DelayedDeletion;
  readonly partition: Partition;
  private readonly requestedOffset: number;
  private readonly answer: DeleteRecordsPartitionResult;

  constructor(
    operation: DelayedDeletion,
    partition: Partition,
    requestedOffset: number,
    answer: DeleteRecordsPartitionResult,
  ) {
    this.operation = operation;
    this.partition = partition;
    this.requestedOffset = requestedOffset;
    this.answer = answer;
  }

  recheck(): void {
    const { partition } = this;
    if (partition.leaderLog === null) {
      const offline = partition.log === null;
      this.settle(offline ? partition.unavailable : ErrorCode.NOT_LEADER_OR_FOLLOWER, -1);
    } else if (partition.lowWatermark >= this.requestedOffset) {
      this.settle(ErrorCode.NONE, partition.lowWatermark);
    }
  }

  private settle(errorCode: ErrorCode, lowWatermark: number): void {
    this.done = true;
    this.answer.errorCode = errorCode;
    this.answer.lowWatermark = lowWatermark;
    this.operation.settled();
  }
}

export class DelayedDeletion extends Deadlined {
  private readonly deadlines: Deadlines;
  private readonly respond: () => void;
  private readonly parts: DeletionPart[] = [];
  private unsettled = 0;

  constructor(deadlines: Deadlines, respond: () => void) {
    super();
    this.deadlines = deadlines;
    this.respond = respond;
  }

  /** Adds a partition whose leader has deleted; call before `start`. */
  add(partition: Partition, deleted: LowWatermark, answer: DeleteRecordsPartitionResult): void {
    // What it says if its time is up first.
    answer.errorCode = ErrorCode.REQUEST_TIMED_OUT;
    answer.lowWatermark = deleted.lowWatermark;
    this.parts.push(new DeletionPart(this, partition, deleted.requestedOffset, answer));
    this.unsettled += 1;
  }

  /** Answers at once when nothing is left to wait for, else within `timeoutMs`. */
  start(timeoutMs: number): void {
    for (const part of this.parts) {
      part.recheck();
      if (!part.done) part.partition.waiters.deletions.add(part);
    }
    if (this.parts.length === 0) this.respond();
    if (this.unsettled > 0) this.deadlines.arm(this, Math.max(0, timeoutMs));
  }

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
      part.partition.waiters.deletions.remove(part);
    }
    this.respond();
  }
}
