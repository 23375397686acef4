/**
 * Deadlines of parked requests, which mostly complete long before they expire. Operations with
 * the same time-out form one linked list, which is in deadline order by itself, so that parking
 * and leaving cost O(1); each list arms one timer, lazily moved on to its first deadline.
 * (Kafka: the hashed timing wheel behind DelayedOperationPurgatory.)
 */
import { Timer, type Timers } from '../base/timers.ts';
import type { Clock } from '../host.ts';

/** Something that waits for at most a time-out. */
export abstract class Deadlined {
  /** On the monotonic clock; meaningful while in a list. */
  deadlineMs = 0;
  list: DeadlineList | null = null;
  earlier: Deadlined | null = null;
  later: Deadlined | null = null;

  /** The deadline has passed; the operation is in no list any more. */
  abstract expire(): void;
}

class DeadlineList {
  readonly timeoutMs: number;
  readonly timer: Timer;
  first: Deadlined | null = null;
  last: Deadlined | null = null;

  constructor(timeoutMs: number, fire: (list: DeadlineList) => void) {
    this.timeoutMs = timeoutMs;
    this.timer = new Timer(() => fire(this));
  }
}

export class Deadlines {
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly lists = new Map<number, DeadlineList>();

  constructor(timers: Timers, clock: Clock) {
    this.timers = timers;
    this.clock = clock;
  }

  /** Lets `operation` expire in `timeoutMs` unless it is cancelled before. */
  arm(operation: Deadlined, timeoutMs: number): void {
    let list = this.lists.get(timeoutMs);
    if (list === undefined) {
      list = new DeadlineList(timeoutMs, (due) => this.fire(due));
      this.lists.set(timeoutMs, list);
    }
    operation.deadlineMs = this.clock.monotonicMs() + timeoutMs;
    operation.list = list;
    operation.earlier = list.last;
    operation.later = null;
    if (list.last === null) list.first = operation;
    else list.last.later = operation;
    list.last = operation;
    if (!list.timer.armed) this.timers.arm(list.timer, operation.deadlineMs);
  }

  /** Takes the operation out; does nothing when it is in no list. */
  cancel(operation: Deadlined): void {
    const { list, earlier, later } = operation;
    if (list === null) return;
    if (earlier === null) list.first = later;
    else earlier.later = later;
    if (later === null) list.last = earlier;
    else later.earlier = earlier;
    operation.list = null;
    operation.earlier = null;
    operation.later = null;
  }

  private fire(list: DeadlineList): void {
    const nowMs = this.clock.monotonicMs();
    for (let due = list.first; due !== null && due.deadlineMs <= nowMs; due = list.first) {
      this.cancel(due);
      due.expire();
    }
    if (list.first !== null) this.timers.arm(list.timer, list.first.deadlineMs);
    else if (!list.timer.armed) this.lists.delete(list.timeoutMs);
  }
}
