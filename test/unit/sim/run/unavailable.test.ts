import { expect, test } from 'vitest';
import { Outcome, SendHistory } from '../../../../sim/check/history/history.ts';
import { latencyOf } from '../../../../sim/run/latency.ts';
import { unavailableSpells } from '../../../../sim/run/unavailable.ts';

type Send = [invokedMs: number, answeredMs: number | null, outcome: Outcome];

function history(sends: readonly Send[]): SendHistory {
  const rows = new SendHistory({ name: 'p1', topic: 'orders', acks: -1, idempotent: true });
  for (const [invokedMs, answeredMs, outcome] of sends) {
    const row = rows.invoked(0, invokedMs * 1_000);
    if (answeredMs === null) continue;
    rows.answered(row, { event: 0, timeUs: answeredMs * 1_000 }, outcome);
  }
  return rows;
}

function spells(sends: readonly Send[]): [number, number][] {
  return unavailableSpells(history(sends)).map((one) => [one.fromUs / 1_000, one.untilUs / 1_000]);
}

const { ok, failed } = Outcome;

test('a producer that is answered quickly was never unavailable', () => {
  expect(
    spells([
      [0, 5, ok],
      [100, 106, ok],
      [200, 207, ok],
    ]),
  ).toEqual([]);
});

test('a pause in which nothing was asked is no unavailability', () => {
  expect(
    spells([
      [0, 5, ok],
      [9_000, 9_005, ok],
    ]),
  ).toEqual([]);
});

test('a spell lasts from the last success, or the first waiting send, to the next success', () => {
  expect(
    spells([
      [0, 5, ok],
      [100, 9_000, ok],
      [200, 9_001, ok],
    ]),
  ).toEqual([[100, 9_000]]);
  expect(
    spells([
      [0, 150, ok],
      [100, 9_000, ok],
    ]),
  ).toEqual([[150, 9_000]]);
});

test('sends that fail do not end a spell', () => {
  const sends: Send[] = [
    [0, 5, ok],
    [100, 400, failed],
    [900, 1_300, failed],
    [1_900, 2_000, ok],
  ];

  expect(spells(sends)).toEqual([[100, 2_000]]);
});

test('a failure before the last success does not stretch the next spell', () => {
  expect(
    spells([
      [0, 10, failed],
      [20, 30, ok],
      [5_000, 7_000, ok],
    ]),
  ).toEqual([[5_000, 7_000]]);
});

test('a spell without a later success lasts until the end', () => {
  expect(
    spells([
      [0, 5, ok],
      [100, null, ok],
    ]),
  ).toEqual([[100, Number.POSITIVE_INFINITY]]);
});

test('percentiles are latencies that were seen, of acknowledged sends only', () => {
  const sends: Send[] = Array.from({ length: 100 }, (_, i) => [0, i + 1, ok]);

  expect(latencyOf(history([...sends, [0, 5_000, failed]]))).toEqual({
    p50: 50,
    p95: 95,
    p99: 99,
    max: 100,
  });
  expect(latencyOf(history([[0, 1, failed]]))).toBeNull();
});
