import { expect, test } from 'vitest';
import { ClientHistory, Outcome } from '../../../../sim/check/history/history.ts';
import { deliveriesOf } from '../../../../sim/run/deliveries.ts';

/** Sends asked for and acknowledged at these ms, then the polls that gave them, by row. */
function seen(sends: readonly [number, number][], given: readonly [number, number][]) {
  const history = new ClientHistory();
  const rows = history.addProducer({ name: 'p1', topic: 'orders', acks: -1, idempotent: true });
  for (const [invokedMs, answeredMs] of sends) {
    const row = rows.invoked(0, invokedMs * 1_000);
    rows.answered(row, { event: 0, timeUs: answeredMs * 1_000 }, Outcome.ok);
  }
  const polls = history.addConsumer('c1', 'orders');
  for (const [row, atMs] of given) {
    polls.record.push(row);
    polls.timeUs.push(atMs * 1_000);
  }
  return { polls, history };
}

function spells({ polls, history }: ReturnType<typeof seen>, startMs = 0) {
  const { unavailable } = deliveriesOf(polls, history, startMs * 1_000);
  return unavailable.map((one) => [one.fromUs / 1_000, one.untilUs / 1_000]);
}

test('a record that waits acknowledged for more than a second makes a spell', () => {
  const run = seen(
    [
      [0, 5],
      [100, 105],
      [200, 205],
    ],
    [
      [0, 20],
      [1, 5_000],
      [2, 5_000],
    ],
  );

  expect(spells(run)).toEqual([[105, 5_000]]);
  expect(deliveriesOf(run.polls, run.history, 0).latency?.max).toBe(4_900);
});

test('time in which nothing was acknowledged, or before the consumer began, is no waiting', () => {
  const slow = seen([[0, 9_000]], [[0, 9_010]]);
  const late = seen([[0, 5]], [[0, 9_010]]);

  expect(spells(slow)).toEqual([]);
  expect(spells(late, 9_000)).toEqual([]);
});

test('a record that comes again, or is given before its acknowledgement, waits once at most', () => {
  const run = seen(
    [[0, 3_000]],
    [
      [0, 10],
      [0, 8_000],
    ],
  );

  expect(spells(run)).toEqual([]);
  expect(deliveriesOf(run.polls, run.history, 0).latency?.max).toBe(10);
});
