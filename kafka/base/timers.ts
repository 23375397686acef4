/**
 * All the deadlines of one node behind its single `wakeAtMs`: an indexed binary heap, so that a
 * cancelled timer leaves at once and no tombstones pile up. Ties fire in the order of arming.
 * A fired deadline re-checks its condition; arming says nothing about what is still true then.
 */
import { assert } from './assert.ts';

export class Timer {
  atMs = 0;
  /** Tie-break: the order of arming. */
  order = 0;
  /** Slot in the heap, -1 when not armed. */
  slot = -1;
  readonly fire: () => void;
  constructor(fire: () => void) {
    this.fire = fire;
  }
  get armed(): boolean {
    return this.slot >= 0;
  }
}

export class Timers {
  private readonly heap: Timer[] = [];
  private nextOrder = 0;

  /** When the earliest timer is due; `Infinity` when there is none. */
  get nextAtMs(): number {
    const first = this.heap[0];
    return first === undefined ? Number.POSITIVE_INFINITY : first.atMs;
  }

  /** Arms a one-shot timer. */
  at(atMs: number, fire: () => void): Timer {
    const timer = new Timer(fire);
    this.arm(timer, atMs);
    return timer;
  }

  /** Arms a timer, or moves one that is armed already. */
  arm(timer: Timer, atMs: number): void {
    assert(!Number.isNaN(atMs), 'timer armed at NaN');
    if (timer.slot >= 0) this.removeAt(timer.slot);
    if (atMs === Number.POSITIVE_INFINITY) return;
    timer.atMs = atMs;
    timer.order = this.nextOrder++;
    timer.slot = this.heap.length;
    this.heap.push(timer);
    this.up(timer);
  }

  cancel(timer: Timer | null): void {
    if (timer !== null && timer.slot >= 0) this.removeAt(timer.slot);
  }

  /** Fires everything due at `nowMs`; what a firing arms for now or earlier fires too. */
  runDue(nowMs: number): void {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.atMs > nowMs) return;
      this.removeAt(0);
      first.fire();
    }
  }

  private removeAt(slot: number): void {
    const heap = this.heap;
    const gone = heap[slot] as Timer;
    const last = heap.pop() as Timer;
    gone.slot = -1;
    if (last === gone) return;
    heap[slot] = last;
    last.slot = slot;
    this.up(last);
    this.down(last);
  }

  private before(a: Timer, b: Timer): boolean {
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }

  private up(timer: Timer): void {
    const heap = this.heap;
    let slot = timer.slot;
    while (slot > 0) {
      const parentSlot = (slot - 1) >> 1;
      const parent = heap[parentSlot] as Timer;
      if (!this.before(timer, parent)) break;
      heap[slot] = parent;
      parent.slot = slot;
      slot = parentSlot;
    }
    heap[slot] = timer;
    timer.slot = slot;
  }

  private down(timer: Timer): void {
    const heap = this.heap;
    let slot = timer.slot;
    for (;;) {
      let childSlot = 2 * slot + 1;
      if (childSlot >= heap.length) break;
      let child = heap[childSlot] as Timer;
      const right = heap[childSlot + 1];
      if (right !== undefined && this.before(right, child)) {
        child = right;
        childSlot += 1;
      }
      if (!this.before(child, timer)) break;
      heap[slot] = child;
      child.slot = slot;
      slot = childSlot;
    }
    heap[slot] = timer;
    timer.slot = slot;
  }
}
