import { expect, test } from 'vitest';
import type { Blamer } from '../../../../sim/check/blame.ts';
import type { LostBatch } from '../../../../sim/check/replica-log.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import { lossesOf } from '../../../../sim/run/cap-losses.ts';

/** Struck at the event, one ms per event. */
function strike(verb: 'cut' | 'kill' | 'heal', event: number, endedAt: number | null): Strike {
  return {
    fault: `${verb} ${event}`,
    index: 0,
    verb,
    spec: { at: event, heal: 'all' } as unknown as Strike['spec'],
    timeUs: event * 1_000,
    event,
    sides: [],
    unresolved: false,
    endedUs: endedAt === null ? null : endedAt * 1_000,
    mended: [],
  };
}

/** Whether a loss that was decided at that event was one with the first of the strikes. */
function isLostWith(strikes: readonly [Strike, ...Strike[]], decidedAt: number | null): boolean {
  const blamer = {
    lostBatchAt: () => ({}) as LostBatch,
    blame: () => ({ allowedBy: null, at: 900, decidedAt, evidence: [], explanation: '' }),
  } as unknown as Blamer;
  const gone = { partition: 'orders-0', offset: 5, toldAt: 1, committed: true };
  return lossesOf(blamer, strikes)(strikes[0], gone) === decidedAt && decidedAt !== null;
}

const cut = strike('cut', 100, 200);

test('what was decided while a partition lasted was lost with it, and what before it was not', () => {
  expect(isLostWith([cut], 150)).toBe(true);
  expect(isLostWith([cut], 99)).toBe(false);
  expect(isLostWith([strike('cut', 100, null)], 5_000)).toBe(true);
  expect(isLostWith([cut], null)).toBe(false);
});

test('what was decided after it was, until another fault struck', () => {
  const healed = strike('heal', 200, null);
  const killed = strike('kill', 300, null);

  expect(isLostWith([cut, strike('kill', 120, null), healed, killed], 250)).toBe(true);
  expect(isLostWith([cut, strike('kill', 120, null), healed, killed], 350)).toBe(false);
});

test('what was decided while another cut still held the same links was lost with it', () => {
  const sides = [['broker-1'], ['broker-2']];
  const longer = { ...strike('cut', 150, 400), sides };
  const others = [longer, strike('kill', 300, null), strike('kill', 450, null)];

  expect(isLostWith([{ ...cut, sides }, ...others], 350)).toBe(true);
  expect(isLostWith([{ ...cut, sides }, ...others], 460)).toBe(false);
  expect(isLostWith([{ ...cut, sides: [['broker-1'], ['broker-3']] }, ...others], 350)).toBe(false);
});

test('nobody says when a record without an offset went', () => {
  const blamer = { lostBatchAt: () => null, blame: () => null } as unknown as Blamer;
  const gone = { partition: 'orders-0', toldAt: 1, committed: false };

  expect(lossesOf(blamer, [cut])(cut, { ...gone, offset: -1 })).toBeNull();
  expect(lossesOf(blamer, [cut])(cut, { ...gone, offset: 5 })).toBeNull();
});
