/** The event queue against the simplest thing that could be right. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from '../../sim/engine/event-queue.ts';

interface NaiveEvent {
  readonly timeUs: number;
  readonly sequence: number;
}

const operation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ push: fc.nat(20), near: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant('pop' as const) },
);

test('events come out by time, equal times in the order of pushing', () => {
  const property = fc.property(fc.array(operation, { maxLength: 2_000 }), (operations) => {
    const queue = new EventQueue();
    const naive: NaiveEvent[] = [];
    let sequence = 0;
    let nowUs = 0;
    const popBoth = () => {
      naive.sort((a, b) => a.timeUs - b.timeUs || a.sequence - b.sequence);
      const wanted = naive.shift();
      expect(queue.nextTimeUs).toBe(wanted?.timeUs ?? Number.POSITIVE_INFINITY);
      expect(queue.pop()).toBe(wanted !== undefined);
      if (wanted === undefined) return;
      expect([queue.timeUs, queue.argument]).toEqual([wanted.timeUs, wanted.sequence]);
      expect(queue.target).toEqual({ sequence: wanted.sequence });
      expect(queue.kind).toBe(wanted.sequence & 255);
      nowUs = wanted.timeUs;
    };
    for (const each of operations) {
      if (each === 'pop') popBoth();
      else {
        const timeUs = nowUs + each.push;
        const target = { sequence };
        if (each.near) queue.pushNear(timeUs, sequence & 255, target, sequence);
        else queue.push(timeUs, sequence & 255, target, sequence);
        naive.push({ timeUs, sequence });
        sequence += 1;
      }
      expect(queue.length).toBe(naive.length);
    }
    while (naive.length > 0) popBoth();
    expect(queue.pop()).toBe(false);
  });
  fc.assert(property, { numRuns: 60 });
});
