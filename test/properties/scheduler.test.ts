/** The event queue against the simplest thing that could be right. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from '../../sim/engine/event-queue.ts';

interface NaiveEvent {
  /** Infinity: an ordinary one. */
  readonly rank: number;
  readonly timeUs: number;
  readonly sequence: number;
}

const ORDINARY = Number.POSITIVE_INFINITY;

function byRank(a: NaiveEvent, b: NaiveEvent): number {
  return a.rank === b.rank ? 0 : a.rank - b.rank;
}

const operation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ push: fc.nat(20), near: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ push: fc.nat(20), rank: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.constant('pop' as const) },
);

test('events come out by time, then the first ones by rank, then in the order of pushing', () => {
  const property = fc.property(fc.array(operation, { maxLength: 2_000 }), (operations) => {
    const queue = new EventQueue();
    const naive: NaiveEvent[] = [];
    let sequence = 0;
    let nowUs = 0;
    const popBoth = () => {
      naive.sort((a, b) => a.timeUs - b.timeUs || byRank(a, b) || a.sequence - b.sequence);
      const wanted = naive.shift();
      expect(queue.nextTimeUs).toBe(wanted?.timeUs ?? Number.POSITIVE_INFINITY);
      expect(queue.pop()).toBe(wanted !== undefined);
      if (wanted === undefined) return;
      expect(queue.timeUs).toBe(wanted.timeUs);
      if (wanted.rank === ORDINARY) expect(queue.argument).toBe(wanted.sequence);
      expect(queue.target).toEqual({ sequence: wanted.sequence });
      expect(queue.kind).toBe(wanted.sequence & 255);
      nowUs = wanted.timeUs;
    };
    for (const each of operations) {
      if (each === 'pop') popBoth();
      else {
        const timeUs = nowUs + each.push;
        const target = { sequence };
        const kind = sequence & 255;
        if ('rank' in each) queue.pushFirst(timeUs, each.rank, { kind, target });
        else if (each.near) queue.pushNear(timeUs, kind, target, sequence);
        else queue.push(timeUs, kind, target, sequence);
        naive.push({ timeUs, sequence, rank: 'rank' in each ? each.rank : ORDINARY });
        sequence += 1;
      }
      expect(queue.length).toBe(naive.length);
    }
    while (naive.length > 0) popBoth();
    expect(queue.pop()).toBe(false);
  });
  fc.assert(property, { numRuns: 60 });
});
