import { beforeEach, expect, test } from 'vitest';
import lostAckDuplicates from '../../../../../scenarios/lost-ack-duplicates.ts';
import {
  ClientHistory,
  Outcome,
  type PollHistory,
  type SendHistory,
} from '../../../../../sim/check/history/history.ts';
import { judgeHistory } from '../../../../../sim/check/history/judge-history.ts';
import { HistoryReader } from '../../../../../sim/check/history/recorded/history-reader.ts';
import { historyOfRun } from '../../../../../sim/check/history/recorded/of-run.ts';
import { historyLines } from '../../../../../sim/check/history/recorded/write-lines.ts';
import { runScenario } from '../../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../../sim/scenario/parse.ts';
import { found } from '../../../../support/judge-lines.ts';

let history: ClientHistory;
let sends: SendHistory;
let polls: PollHistory;
let event = 0;

beforeEach(() => {
  history = new ClientHistory();
  sends = history.addProducer({ name: 'p1', topic: 'orders', acks: -1, idempotent: true });
  polls = history.addConsumer('c1', 'orders');
  event = 0;
});

function now(): { event: number; timeUs: number } {
  event += 1;
  return { event, timeUs: event * 1_000 };
}

function acknowledged(row: number, offset: number): void {
  sends.answered(row, now(), Outcome.ok);
  sends.landed(row, 0, offset);
}

function assign(): void {
  polls.assigned.push({ ...now(), partitions: [0], polls: polls.polls.outcome.length });
}

function poll(...records: readonly (readonly [offset: number, row: number])[]): void {
  const asked = now();
  const number = polls.invoked(asked.event, asked.timeUs);
  const answered = now();
  polls.answered(number, answered, true);
  for (const [offset, row] of records) {
    polls.event.push(answered.event);
    polls.timeUs.push(answered.timeUs);
    polls.partition.push(0);
    polls.offset.push(offset);
    polls.record.push(row);
  }
}

function violated(): string[] {
  return found(judgeHistory(historyOfRun(history)), 'violated');
}

test('sends that were handed over together are in their order, however they are answered', () => {
  const first = sends.invoked(1, 1_000, 2);
  acknowledged(first + 1, 0);
  acknowledged(first, 1);
  assign();
  poll([0, first + 1], [1, first]);

  expect(violated()).toEqual(['nonmonotonic-send']);
});

test('an order of sends does not reach over the death of the client', () => {
  acknowledged(sends.invoked(1, 1_000), 1);
  sends.restarts.push(now());
  const { event, timeUs } = now();
  acknowledged(sends.invoked(event, timeUs), 0);
  assign();
  poll([0, 1], [1, 0]);

  expect(violated()).toEqual([]);
});

test('a consumer whose client died begins anew', () => {
  acknowledged(sends.invoked(1, 1_000), 0);
  assign();
  poll([0, 0]);
  assign();
  poll([0, 0]);

  expect(violated()).toEqual([]);
});

test('a consumer that is given a record twice went back', () => {
  acknowledged(sends.invoked(1, 1_000), 0);
  assign();
  poll([0, 0]);
  poll([0, 0]);

  expect(violated()).toEqual(['nonmonotonic-poll']);
});

test('what was never answered belongs to the partition where it was read', () => {
  sends.invoked(1, 1_000);
  assign();
  poll([0, 0]);

  expect(violated()).toEqual([]);
  expect(judgeHistory(historyOfRun(history)).facts).toMatchObject({
    foreignValues: 0,
    unknownCauses: { 'no answer': 1 },
  });
});

test('an acknowledged record before one that was read, which nobody was given, is lost', () => {
  acknowledged(sends.invoked(1, 1_000), 0);
  const { event, timeUs } = now();
  acknowledged(sends.invoked(event, timeUs), 1);
  assign();
  poll([1, 1]);

  expect(violated()).toEqual(['lost-write', 'unseen']);
});

test('a run is judged the same from the lines that it is written to', () => {
  const { scenario } = parseScenario(lostAckDuplicates);
  const operations = historyOfRun(runScenario(scenario!, { seed: 1 }).history);
  const reader = new HistoryReader();
  for (const line of historyLines(operations)) reader.read(line);

  const [direct, written] = [operations, reader.end()].map((one) => judgeHistory(one));
  const counts = (judgement: typeof direct) =>
    judgement!.anomalies.map((one) => [one.name, one.violations, one.allowed]);
  expect(counts(written)).toEqual(counts(direct));
  expect(written!.operations).toEqual(direct!.operations);
  expect(found(written!, 'violated')).toEqual(['duplicate']);
});
