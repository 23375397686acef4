import { describe, expect, test } from 'vitest';
import type { Strike, Way } from '../../../../sim/faults/strike.ts';
import { Partings } from '../../../../sim/run/cap-parted.ts';

type Sides = [string[], string[]];

/** In seconds; `until` null: not over. */
function cut(
  sides: Sides,
  [from, until]: [number, number | null],
  more: { oneWay?: boolean; mended?: readonly (readonly [number, readonly Way[]])[] } = {},
): Strike {
  return {
    fault: 'split',
    index: 0,
    verb: 'cut',
    spec: { at: 0, cut: ['a', 'b'], oneWay: more.oneWay ?? false },
    timeUs: from * 1_000_000,
    event: from,
    sides,
    unresolved: false,
    endedUs: until === null ? null : until * 1_000_000,
    mended: (more.mended ?? []).map(([at, places]) => ({ timeUs: at * 1_000_000, places })),
  };
}

/** When the first of the strikes was joined, and when it was whole; seconds. */
function ends(...strikes: [Strike, ...Strike[]]): (number | null)[] {
  const { untilUs, wholeUs } = new Partings(strikes).of(strikes[0]);
  return [untilUs, wholeUs].map((us) => (us === null ? null : us / 1_000_000));
}

function link(one: string, other: string): Way[] {
  return [
    { from: one, to: other },
    { from: other, to: one },
  ];
}

const one = ['broker-1'];
const two = ['broker-2'];
const pair: Sides = [one, two];

test('a partition ends with the last of the cuts that hold its links without a break', () => {
  const first = cut(pair, [2, 5]);

  expect(ends(first)).toEqual([5, 5]);
  expect(ends(first, cut(pair, [3, 9]))).toEqual([9, 9]);
  expect(ends(first, cut(pair, [3, 9]), cut(pair, [8, null]))).toEqual([null, null]);
  expect(ends(first, cut([two, one], [5, 7]))).toEqual([7, 7]);
  expect(ends(first, cut(pair, [6, 9]))).toEqual([5, 5]);
  expect(ends(first, { ...cut(pair, [3, 9]), unresolved: true })).toEqual([5, 5]);
  expect(ends(cut(pair, [3, 5]), cut(pair, [1, 9]))).toEqual([9, 9]);
});

test('it ends when one link is whole, and lasts in part until all of them are', () => {
  const alone: Sides = [one, ['broker-2', 'broker-3']];
  const mended = [[4, link('broker-1', 'broker-3')]] as const;

  expect(ends(cut(alone, [2, 5]), cut(pair, [3, 9]))).toEqual([5, 9]);
  expect(ends(cut(alone, [2, 9], { mended }))).toEqual([4, 9]);
  expect(ends(cut(alone, [2, null], { mended }))).toEqual([4, null]);
});

test('a link is joined when no direction that was cut is cut still', () => {
  const back: Sides = [two, one];
  const there = cut(pair, [2, 5], { oneWay: true });

  expect(ends(cut(pair, [2, 5]), cut(back, [3, 9], { oneWay: true }))).toEqual([9, 9]);
  expect(ends(there, cut(back, [3, 9], { oneWay: true }))).toEqual([5, 5]);
  expect(ends(there, cut(pair, [3, 9]))).toEqual([9, 9]);
});

describe('clients', () => {
  const split: Sides = [one, ['broker-2', 'p1', 'controller-101']];

  test('join nothing where servers are parted, and are told of in part', () => {
    expect(ends(cut(split, [2, 9], { mended: [[4, link('broker-1', 'p1')]] }))).toEqual([9, 9]);
    expect(ends(cut(split, [2, 5]), cut([['p1'], one], [3, 9]))).toEqual([5, 9]);
  });

  test('join where they are all that was parted', () => {
    const away: Sides = [['p1'], ['broker-1', 'broker-2', 'controller-101', 'c1']];

    expect(ends(cut(away, [2, 9], { mended: [[4, link('broker-2', 'p1')]] }))).toEqual([4, 9]);
  });

  test('have no link that counts with controllers and with each other', () => {
    const away: Sides = [['p1'], ['broker-1', 'controller-101', 'c1']];
    const rest = cut([['p1'], ['controller-101', 'c1']], [3, 20]);

    expect(ends(cut(away, [2, 5]), rest)).toEqual([5, 5]);
    expect(ends(cut(away, [2, 9], { mended: [[4, link('controller-101', 'p1')]] }))).toEqual([
      9, 9,
    ]);
  });
});

test('an isolation of another node keeps only the links of that one', () => {
  const isolate = (name: string, others: string[], times: [number, number]): Strike => ({
    ...cut([[name], others], times),
    verb: 'isolate',
    spec: { at: 0, isolate: name },
  });
  const first = isolate('broker-1', ['broker-2', 'broker-3'], [2, 5]);

  expect(ends(first, isolate('broker-2', ['broker-1', 'broker-3'], [3, 9]))).toEqual([5, 9]);
  expect(ends(first, cut([two, ['broker-3']], [3, 9]))).toEqual([5, 5]);
});
