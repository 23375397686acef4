import { describe, expect, test } from 'vitest';
import { type CapClient, type RunReport, reportJson } from '../../../../sim/run/report.ts';
import { runResult } from '../../../../sim/run/report-schema.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../sim/scenario/schema.ts';

type Workload = NonNullable<ScenarioInput['workload']>;
type Faults = NonNullable<ScenarioInput['faults']>;

/** The leader is cut off with its clients from 2 s to 22 s, as the faults say. */
function run(parts: {
  config?: object;
  topic?: object;
  workload: Workload;
  faults: Faults;
}): RunReport {
  const { scenario, problems } = parseScenario({
    name: 'cap',
    story: 'A network partition.',
    cluster: {
      brokers: 3,
      config: parts.config ?? {},
      topics: [{ name: 'orders', partitions: 1, replicationFactor: 3, config: parts.topic ?? {} }],
    },
    workload: parts.workload,
    faults: parts.faults,
    runFor: '30s',
  });
  if (problems !== undefined) throw new Error(JSON.stringify(problems));
  return runScenario(scenario, { seed: 1 }).report;
}

function client(report: RunReport, name: string): CapClient {
  return report.story.cap[0]!.clients.find((one) => one.name === name)!;
}

const writer = (name: string, acks: string): Workload[number] => ({
  producer: name,
  topic: 'orders',
  recordsPerSecond: 50,
  config: { acks, 'request.timeout.ms': '2000' },
});
const reader = (name: string): Workload[number] => ({
  consumer: name,
  topic: 'orders',
  config: { 'auto.offset.reset': 'earliest' },
});
/** p1 and c1 on the side of the leader, p2 and c2 with everybody else. */
const split: Faults = [
  {
    at: '2s',
    cut: [
      ['leader:orders-0', 'client:p1', 'client:c1'],
      ['followers:orders-0', 'all:controllers', 'client:p2', 'client:c2'],
    ],
    name: 'split',
  },
  { at: '22s', heal: 'all' },
];

test('what is published of a run is as its schema says', () => {
  const report = run({
    workload: [writer('p1', '0'), writer('p2', 'all'), reader('c1'), reader('c2')],
    faults: split,
  });
  const published = JSON.parse(JSON.stringify(reportJson(report)));

  expect(published.cap[0].clients).toHaveLength(4);
  expect(runResult.parse(published)).toEqual(published);
});

describe('with acks=all and two replicas in sync', () => {
  const report = run({
    topic: { 'min.insync.replicas': '2' },
    workload: [writer('p1', 'all'), writer('p2', 'all'), reader('c1'), reader('c2')],
    faults: split,
  });

  test('who writes to the side of one is answered only after it', () => {
    const { side, operations, answered, answeredMeanwhile, share, longestGapMs } = client(
      report,
      'p1',
    );

    expect(side).toBe(0);
    expect(operations).toBe(1_000);
    expect([answered, answeredMeanwhile, share]).toEqual([1_000, 0, 1]);
    expect(longestGapMs).toBeGreaterThan(19_900);
    expect(longestGapMs).toBeLessThanOrEqual(20_000);
  });

  test('who writes to the other side waits for its leader and goes on', () => {
    const { operations, answeredMeanwhile, writes, kept, promise } = client(report, 'p2');

    expect(answeredMeanwhile).toBe(operations);
    expect(writes).toEqual({
      acknowledged: operations,
      lost: 0,
      lostUnsure: 0,
      lostOtherwise: 0,
      earlier: 100,
      earlierLost: 0,
      earlierLostUnsure: 0,
      earlierLostOtherwise: 0,
      later: 400,
      laterLost: 0,
      laterLostUnsure: 0,
      laterLostOtherwise: 0,
      others: [],
    });
    expect(promise.survives).toBe(true);
    expect(kept).toBe(true);
  });

  test('who reads from the deposed leader is given old records of the one log', () => {
    const { reads, kept } = client(report, 'c1');

    expect(reads).toMatchObject({ takenBack: 0, leftOut: 0, again: 0, prefix: true });
    expect(reads!.linearizable).toBe(false);
    expect(reads!.stalestMs).toBeGreaterThan(5_000);
    expect(kept).toBe(true);
  });

  test('the expectations of a scenario can name what a client saw', () => {
    const { problems } = parseScenario({
      name: 'named',
      story: 'Names what clients saw.',
      runFor: '30s',
      cluster: { topics: [{ name: 'orders' }] },
      workload: [writer('p1', 'all'), writer('p2', 'all'), reader('c1'), reader('c2')],
      faults: split,
      expect: {
        'cap.split.clients.p1.share': 1,
        'cap.split.clients.c1.linearizable': false,
        'cap.split.clients.p1.shares': 1,
      },
    });

    expect(problems?.map((one) => one.nearest)).toEqual(['share']);
  });
});

test('with acks=1 and an unclean election what one side was told is lost, and not promised', () => {
  const report = run({
    topic: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
    workload: [writer('p1', '1'), writer('p2', '1'), reader('c1'), reader('c2')],
    faults: split,
  });
  const { writes, kept, answeredMeanwhile } = client(report, 'p1');

  expect(answeredMeanwhile).toBeGreaterThan(990);
  expect(writes!.lost).toBe(writes!.acknowledged);
  expect(writes!.lost).toBe(report.story.cap[0]!.sides[0].acknowledgedLost);
  expect(kept).toBeNull();
  expect(client(report, 'p2').writes!.lost).toBe(0);
  expect(client(report, 'c2').reads).toMatchObject({ takenBack: 0, prefix: true });
});

test('what was read and then thrown away by an unclean election is told', () => {
  const report = run({
    topic: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
    workload: [writer('p1', '1'), reader('c1')],
    faults: [
      // The leader goes on alone with its clients: it leaves its followers behind and reads on.
      { at: '1s', kill: 'followers:orders-0', restartAfter: '25s' },
      {
        at: '14s',
        cut: [
          ['leader:orders-0', 'client:p1', 'client:c1'],
          ['followers:orders-0', 'all:controllers'],
        ],
        name: 'split',
        for: '14s',
      },
    ],
  });
  const { reads, kept } = client(report, 'c1');

  expect(reads!.records).toBeGreaterThan(0);
  expect(reads!.takenBack).toBe(reads!.records);
  expect(reads!.prefix).toBe(false);
  expect(kept).toBeNull();
});

test('reads that were all taken back are not linearizable, though none was stale', () => {
  const report = run({
    config: { 'replica.lag.time.max.ms': '3000' },
    topic: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
    workload: [writer('p1', '1'), reader('c1')],
    faults: [
      { at: '3s', cut: ['leader:orders-0', 'followers:orders-0'], for: '25s', name: 'alone' },
      {
        at: '10s',
        cut: [['struck:alone', 'client:p1', 'client:c1'], 'all:controllers'],
        for: '18s',
        name: 'split',
      },
    ],
  });
  const split = report.story.cap.find((one) => one.fault === 'split')!;
  const { reads } = split.clients.find((one) => one.name === 'c1')!;

  expect(reads!.records).toBeGreaterThan(0);
  expect(reads).toMatchObject({ takenBack: reads!.records, stalePolls: 0, linearizable: false });
  expect(split.earlier.acknowledgedLost).toBeGreaterThan(0);
  expect(reads!.earlierTakenBack).toBeGreaterThan(0);
});

test('where nobody wrote, nothing is said of what would have been, nor that a promise was kept', () => {
  const report = run({
    workload: [reader('c1')],
    faults: [{ at: '2s', cut: ['leader:orders-0', 'followers:orders-0'], for: '10s' }],
  });

  expect(report.story.cap[0]).toMatchObject({
    attempted: 0,
    sides: [{ writable: null }, { writable: null }],
    survived: null,
  });
  expect(client(report, 'c1')).toMatchObject({ reads: { records: 0 }, kept: null });
});

test('a client that is cut off alone is told of, and who goes on', () => {
  const report = run({
    workload: [writer('p1', 'all'), writer('p2', 'all')],
    faults: [{ at: '2s', isolate: 'client:p1', for: '10s' }],
  });

  expect(report.story.cap).toHaveLength(1);
  expect(client(report, 'p1')).toMatchObject({ side: 0, answeredMeanwhile: 0 });
  expect(client(report, 'p2')).toMatchObject({ side: 1, answeredMeanwhile: 500 });
});

test('a client that began nothing meanwhile has no share', () => {
  const report = run({
    workload: [{ ...writer('p1', 'all'), stopAt: '1s' } as Workload[number]],
    faults: [{ at: '2s', isolate: 'leader:orders-0', for: '3s' }],
  });

  expect(client(report, 'p1')).toMatchObject({ operations: 0, share: null, longestGapMs: 0 });
});

test('who administrates is answered where a majority of the controllers is, or not meanwhile', () => {
  const report = run({
    workload: [
      { admin: 'a1', at: '3s', createTopic: { name: 'far', partitions: 1, replicationFactor: 1 } },
    ] as Workload,
    faults: [
      {
        at: '2s',
        cut: [['all:controllers'], ['all:brokers', 'client:a1']],
        name: 'split',
        for: '9s',
      },
    ],
  });

  expect(client(report, 'a1')).toMatchObject({
    kind: 'admin',
    side: 1,
    operations: 1,
    answeredMeanwhile: 0,
    longestGapMs: 8_000,
  });
});

describe('a partition lasts as long as it really held', () => {
  const lasted = (faults: Faults) =>
    run({ workload: [writer('p1', '1')], faults }).story.cap.map(({ fromMs, untilMs, wholeMs }) => [
      fromMs,
      untilMs,
      wholeMs,
    ]);
  const leaderAlone = ['leader:orders-0', 'followers:orders-0'] as [string, string];

  test('when another one of the same links begins in it and outlasts it', () => {
    const ends = lasted([
      { at: '3s', cut: leaderAlone, for: '6s', name: 'first' },
      { at: '5s', cut: ['struck:first', 'all:brokers'], for: '9s' },
    ]);

    expect(ends).toEqual([
      [3_000, 14_000, 14_000],
      [5_000, 14_000, 14_000],
    ]);
  });

  test('when another node is isolated in it, and for longer', () => {
    const ends = lasted([
      { at: '3s', isolate: 'broker-1', for: '3s' },
      { at: '5s', isolate: 'broker-2', for: '9s' },
    ]);

    expect(ends).toEqual([
      [3_000, 6_000, 14_000],
      [5_000, 14_000, 14_000],
    ]);
  });

  test('when each direction is cut by itself', () => {
    const ends = lasted([
      { at: '3s', cut: ['broker-1', 'broker-2'], oneWay: true, for: '2s' },
      { at: '3s', cut: ['broker-2', 'broker-1'], oneWay: true, for: '7s' },
    ]);

    expect(ends).toEqual([
      [3_000, 5_000, 5_000],
      [3_000, 10_000, 10_000],
    ]);
  });

  test('until brokers of both sides are joined, not when only a client is', () => {
    const ends = lasted([
      { at: '3s', isolate: 'broker-1', for: '20s' },
      { at: '5s', heal: ['broker-1', 'client:p1'] },
      { at: '8s', heal: ['broker-1', 'broker-2'] },
    ]);

    expect(ends).toEqual([[3_000, 8_000, 23_000]]);
  });
});
