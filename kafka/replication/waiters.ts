/**
 * Requests parked on one partition, and the queue of partitions whose waiters must be looked at
 * when the step ends (Kafka: DelayedOperationPurgatory watch lists, DelayedActionQueue). Only
 * partitions that changed are looked at, and of their waiters only the kinds concerned.
 */

/** A parked request's interest in one partition. */
export interface Waiter {
  /** True once the request is answered or this partition's part of it is settled. */
  done: boolean;
  /** Looks at the partition again; sets `done` when nothing is left to wait for here. */
  recheck(): void;
}

export class WaitList {
  private readonly waiters: Waiter[] = [];
  private scanning = false;

  get isEmpty(): boolean {
    return this.waiters.length === 0;
  }

  add(waiter: Waiter): void {
    this.waiters.push(waiter);
  }

  /** Takes out a waiter that was answered through another partition or by its deadline. */
  remove(waiter: Waiter): void {
    if (this.scanning) return;
    const at = this.waiters.indexOf(waiter);
    if (at >= 0) this.waiters.splice(at, 1);
  }

  recheckAll(): void {
    const waiters = this.waiters;
    let kept = 0;
    this.scanning = true;
    for (let i = 0; i < waiters.length; i++) {
      const waiter = waiters[i] as Waiter;
      if (!waiter.done) waiter.recheck();
      if (!waiter.done) waiters[kept++] = waiter;
    }
    // By hand: setting `length` costs more than a whole recheck.
    while (waiters.length > kept) waiters.pop();
    this.scanning = false;
  }
}

export const RECHECK_PRODUCES = 1;
export const RECHECK_FETCHES = 2;
export const RECHECK_DELETIONS = 4;

/** The waiters of one partition. */
export class Waiters {
  readonly produces = new WaitList();
  readonly fetches = new WaitList();
  readonly deletions = new WaitList();
  /** What the recheck queue still has to look at, `RECHECK_*` bits. */
  marked = 0;
}

export class RecheckQueue {
  private readonly defer: (action: () => void) => void;
  private readonly drain: () => void;
  private marked: Waiters[] = [];
  private spare: Waiters[] = [];

  /** @param defer runs an action at the end of the step. */
  constructor(defer: (action: () => void) => void) {
    this.defer = defer;
    this.drain = () => this.recheckMarked();
  }

  /** Has the waiters of these kinds looked at when the step ends. */
  mark(waiters: Waiters, kinds: number): void {
    let wanted = kinds;
    if (waiters.produces.isEmpty) wanted &= ~RECHECK_PRODUCES;
    if (waiters.fetches.isEmpty) wanted &= ~RECHECK_FETCHES;
    if (waiters.deletions.isEmpty) wanted &= ~RECHECK_DELETIONS;
    if (wanted === 0) return;
    if (waiters.marked === 0) {
      if (this.marked.length === 0) this.defer(this.drain);
      this.marked.push(waiters);
    }
    waiters.marked |= wanted;
  }

  private recheckMarked(): void {
    const marked = this.marked;
    this.marked = this.spare;
    for (let i = 0; i < marked.length; i++) {
      const waiters = marked[i] as Waiters;
      const kinds = waiters.marked;
      waiters.marked = 0;
      if ((kinds & RECHECK_PRODUCES) !== 0) waiters.produces.recheckAll();
      if ((kinds & RECHECK_FETCHES) !== 0) waiters.fetches.recheckAll();
      if ((kinds & RECHECK_DELETIONS) !== 0) waiters.deletions.recheckAll();
    }
    while (marked.length > 0) marked.pop();
    this.spare = marked;
  }
}
