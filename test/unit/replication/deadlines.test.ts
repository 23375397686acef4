import { expect, test } from 'vitest';
import { Timers } from '../../../kafka/base/timers.ts';
import { Deadlined, Deadlines } from '../../../kafka/replication/deadlines.ts';

class Parked extends Deadlined {
  readonly name: string;
  readonly expired: string[];
  constructor(name: string, expired: string[]) {
    super();
    this.name = name;
    this.expired = expired;
  }
  override expire(): void {
    this.expired.push(this.name);
  }
}

function clockwork() {
  const clock = { nowMs: 0, monotonicMs: () => clock.nowMs, wallMs: () => clock.nowMs };
  const timers = new Timers();
  const expired: string[] = [];
  const advanceTo = (ms: number) => {
    clock.nowMs = ms;
    timers.runDue(ms);
  };
  return { deadlines: new Deadlines(timers, clock), timers, expired, advanceTo };
}

test('operations expire at their own deadline, whatever the order of parking', () => {
  const { deadlines, expired, advanceTo } = clockwork();
  deadlines.arm(new Parked('slow', expired), 500);
  deadlines.arm(new Parked('fast', expired), 100);

  advanceTo(99);
  expect(expired).toEqual([]);
  advanceTo(100);
  expect(expired).toEqual(['fast']);
  advanceTo(500);
  expect(expired).toEqual(['fast', 'slow']);
});

test('a cancelled operation never expires and does not hold up the ones behind it', () => {
  const { deadlines, expired, advanceTo } = clockwork();
  const [first, second, third] = ['first', 'second', 'third'].map((n) => new Parked(n, expired));
  deadlines.arm(first!, 500);
  deadlines.arm(second!, 500);
  advanceTo(10);
  deadlines.arm(third!, 500);
  deadlines.cancel(first!);
  deadlines.cancel(second!);
  deadlines.cancel(second!);

  advanceTo(500);
  expect(expired).toEqual([]);
  advanceTo(510);
  expect(expired).toEqual(['third']);
});

test('no timer is left once everything with a time-out has gone', () => {
  const { deadlines, timers, expired, advanceTo } = clockwork();
  deadlines.arm(new Parked('one', expired), 300);
  const gone = new Parked('gone', expired);
  deadlines.arm(gone, 700);
  deadlines.cancel(gone);

  advanceTo(300);
  advanceTo(700);

  expect(timers.nextAtMs).toBe(Number.POSITIVE_INFINITY);
});
