import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantBroken } from '../../../kafka/base/assert.ts';
import { Timer, Timers } from '../../../kafka/base/timers.ts';

type Action =
  | { kind: 'arm'; timer: number; atMs: number }
  | { kind: 'cancel'; timer: number; atMs: number }
  | { kind: 'run'; forMs: number };

const TIMERS = 8;

const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('arm' as const, 'arm' as const, 'cancel' as const),
      timer: fc.nat({ max: TIMERS - 1 }),
      atMs: fc.oneof(fc.nat({ max: 40 }), fc.constant(Number.POSITIVE_INFINITY)),
    }),
    fc.record({ kind: fc.constant('run' as const), forMs: fc.nat({ max: 15 }) }),
  ),
  { maxLength: 80 },
);

/** The same promises kept by sorting a list. */
class SortedList {
  private armed: { timer: number; atMs: number; order: number }[] = [];
  private order = 0;

  arm(timer: number, atMs: number): void {
    this.cancel(timer);
    if (atMs !== Number.POSITIVE_INFINITY) this.armed.push({ timer, atMs, order: this.order++ });
    this.armed.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
  }
  cancel(timer: number): void {
    this.armed = this.armed.filter((one) => one.timer !== timer);
  }
  get nextAtMs(): number {
    return this.armed[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }
  runDue(nowMs: number, fired: (timer: number) => void): void {
    while (this.nextAtMs <= nowMs) fired((this.armed.shift() as { timer: number }).timer);
  }
}

describe('timers', () => {
  test('fire in the order of a sorted list, through any arming, moving and cancelling', () => {
    fc.assert(
      fc.property(actions, (script) => {
        const timers = new Timers();
        const list = new SortedList();
        const fired: number[] = [];
        const expected: number[] = [];
        // Every third firing arms the next timer again, as deadlines that move themselves do.
        const all: Timer[] = Array.from(
          { length: TIMERS },
          (_, id) =>
            new Timer(() => {
              fired.push(id);
              if (id % 3 === 0) timers.arm(all[(id + 1) % TIMERS] as Timer, nowMs + 2);
            }),
        );
        let nowMs = 0;

        for (const action of script) {
          if (action.kind === 'arm') {
            timers.arm(all[action.timer] as Timer, action.atMs);
            list.arm(action.timer, action.atMs);
          } else if (action.kind === 'cancel') {
            timers.cancel(all[action.timer] as Timer);
            list.cancel(action.timer);
          } else {
            nowMs += action.forMs;
            timers.runDue(nowMs);
            list.runDue(nowMs, (id) => {
              expected.push(id);
              if (id % 3 === 0) list.arm((id + 1) % TIMERS, nowMs + 2);
            });
          }
          expect(timers.nextAtMs).toBe(list.nextAtMs);
          expect(fired).toEqual(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('due together fire in the order in which they were armed', () => {
    const timers = new Timers();
    const fired: string[] = [];
    const late = timers.at(5, () => fired.push('moved'));
    timers.at(5, () => fired.push('first'));
    timers.at(5, () => fired.push('second'));
    timers.arm(late, 5);

    timers.runDue(5);

    expect(fired).toEqual(['first', 'second', 'moved']);
  });

  test('armed by a firing for now fire in the same run', () => {
    const timers = new Timers();
    const fired: string[] = [];
    timers.at(5, () => {
      fired.push('outer');
      timers.at(5, () => fired.push('inner'));
    });

    timers.runDue(5);

    expect(fired).toEqual(['outer', 'inner']);
    expect(timers.nextAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  test('that were cancelled never fire and leave nothing behind', () => {
    const timers = new Timers();
    const timer = timers.at(5, () => expect.fail('a cancelled timer fired'));

    timers.cancel(timer);
    timers.cancel(timer);
    timers.cancel(null);

    expect(timer.armed).toBe(false);
    expect(timers.nextAtMs).toBe(Number.POSITIVE_INFINITY);
    timers.runDue(100);
  });

  test('armed at no number are our own mistake', () => {
    expect(() => new Timers().at(Number.NaN, () => {})).toThrow(InvariantBroken);
  });
});
