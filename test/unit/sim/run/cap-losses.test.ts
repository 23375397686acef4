import { describe, expect, test } from 'vitest';
import type { Blamer } from '../../../../sim/check/blame.ts';
import type { LostBatch } from '../../../../sim/check/replica-log.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import { type Fate, type GoneRecord, lossesOf, wentOf } from '../../../../sim/run/cap-losses.ts';

type Verb = 'cut' | 'isolate' | 'kill' | 'heal';
const SERVERS = [['broker-1'], ['broker-2', 'controller-101']];
const CLIENT = [
  ['c1', 'p1'],
  ['broker-1', 'broker-2'],
];

/** Struck at the event, one ms per event. */
function strike(verb: Verb, event: number, endedAt: number | null, sides = SERVERS): Strike {
  return {
    fault: `${verb} ${event}`,
    index: 0,
    verb,
    spec: { at: event, heal: 'all' } as unknown as Strike['spec'],
    timeUs: event * 1_000,
    event,
    sides,
    unresolved: false,
    endedUs: endedAt === null ? null : endedAt * 1_000,
    mended: [],
  };
}

const gone = { partition: 'orders-0', offset: 5, toldAt: 1, committed: true, producer: 'p1' };

/** Of a record whose loss was decided at that event, as the first of the strikes has it. */
function fateOf(
  strikes: readonly [Strike, ...Strike[]],
  decidedAt: number | null,
  record: GoneRecord = gone,
): Fate {
  const blamer = {
    lostBatchAt: () => ({}) as LostBatch,
    blame: () => ({ allowedBy: null, at: 900, decidedAt, evidence: [], explanation: '' }),
  } as unknown as Blamer;
  const inOrder = [...strikes].sort((a, b) => a.event - b.event);
  return lossesOf(blamer, inOrder)(strikes[0], record);
}

const isLostWith = (...parts: Parameters<typeof fateOf>): boolean | null => fateOf(...parts).withIt;
const othersOf = (...parts: Parameters<typeof fateOf>): string[] =>
  fateOf(...parts).others.map((one) => one.fault);

const cut = strike('cut', 100, 200);

test('what was decided while a partition lasted was lost with it, and what before it was not', () => {
  expect(isLostWith([cut], 150)).toBe(true);
  expect(isLostWith([cut], 99)).toBe(false);
  expect(isLostWith([strike('cut', 100, null)], 5_000)).toBe(true);
});

test('what was decided after it was, until another fault struck', () => {
  const healed = strike('heal', 200, null);
  const killed = strike('kill', 300, null);

  expect(isLostWith([cut, strike('kill', 120, null), healed, killed], 250)).toBe(true);
  expect(isLostWith([cut, strike('kill', 120, null), healed, killed], 350)).toBe(false);
  expect(isLostWith([cut, strike('isolate', 300, null, CLIENT)], 350)).toBe(true);
});

test('what struck in the moment in which it ended does not take the blame from it', () => {
  const killed = strike('kill', 200, null);

  expect(isLostWith([cut, killed], 250)).toBe(true);
  expect(othersOf([cut, killed], 250)).toEqual(['kill 200']);
});

test('what was decided while another cut still held the same links was lost with it', () => {
  const sides = [['broker-1'], ['broker-2']];
  const longer = { ...strike('cut', 150, 400), sides };
  const others = [longer, strike('kill', 300, null), strike('kill', 450, null)];

  expect(isLostWith([{ ...cut, sides }, ...others], 350)).toBe(true);
  expect(isLostWith([{ ...cut, sides }, ...others], 460)).toBe(false);
  expect(isLostWith([{ ...cut, sides: [['broker-1'], ['broker-3']] }, ...others], 350)).toBe(false);
});

describe('a cut of clients from brokers', () => {
  const parted = strike('cut', 100, 200, CLIENT);
  const unanswered = { ...gone, offset: -1 };

  test('takes nothing that a broker said it had, and nothing that was read', () => {
    expect(isLostWith([parted], 150)).toBe(false);
    expect(isLostWith([parted], null)).toBe(false);
    expect(isLostWith([parted], 150, { ...gone, producer: null })).toBe(false);
    expect(othersOf([cut, parted], 250)).toEqual([]);
  });

  test('may take what those that it cuts off sent without waiting for an answer', () => {
    expect(isLostWith([parted], null, unanswered)).toBeNull();
    expect(isLostWith([parted], null, { ...unanswered, producer: 'p2' })).toBe(false);
    expect(othersOf([cut, parted], null, unanswered)).toEqual(['cut 100']);
    expect(othersOf([cut, parted], null, { ...unanswered, producer: 'p2' })).toEqual([]);
  });
});

describe('another fault may have taken it', () => {
  test('when it was on, or struck before the decision', () => {
    expect(othersOf([cut, strike('isolate', 50, 120)], 150)).toEqual(['isolate 50']);
    expect(othersOf([cut, strike('kill', 50, null)], 150)).toEqual(['kill 50']);
    expect(othersOf([cut, strike('isolate', 120, 130)], 150)).toEqual(['isolate 120']);
  });

  test('and when the partition was the first to strike once that was over', () => {
    const early = strike('isolate', 50, 90);

    expect(othersOf([cut, early], 150)).toEqual(['isolate 50']);
    expect(othersOf([cut, early, strike('isolate', 91, 95)], 150)).toEqual(['isolate 91']);
  });

  test('and not when it struck later, mended, or did nothing to a server', () => {
    const client = strike('isolate', 120, 130, [['c1'], ['broker-1', 'p1']]);
    const unresolved = { ...strike('kill', 120, null), unresolved: true };
    const paused = strike('kill', 120, null, [['p1']]);

    expect(othersOf([cut, strike('kill', 180, null)], 150)).toEqual([]);
    expect(othersOf([cut, strike('heal', 120, null), client, unresolved, paused], 150)).toEqual([]);
  });
});

test('what went nobody knows when counts for what was told meanwhile, with all that struck', () => {
  const strikes = [cut, strike('kill', 900, null)] as const;
  const fate = fateOf([...strikes], null);

  expect(wentOf(fate, true)).toBe('unsure');
  expect(wentOf(fate, false)).toBe('otherwise');
  expect(fate.others.map((one) => one.fault)).toEqual(['kill 900']);
  expect(wentOf(fateOf([cut], null), true)).toBe('with it');
  expect(wentOf(fateOf([cut], 99), true)).toBe('otherwise');
});

test('nobody says when a record without an offset went', () => {
  const blamer = { lostBatchAt: () => null, blame: () => null } as unknown as Blamer;
  const fate = { decidedAt: null, withIt: null, others: [] };

  expect(lossesOf(blamer, [cut])(cut, { ...gone, offset: -1 })).toEqual(fate);
  expect(lossesOf(blamer, [cut])(cut, gone)).toEqual(fate);
});
