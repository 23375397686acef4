/** What members of a consumer group saw of a network partition. */
import { expect, test } from 'vitest';
import { capClientWords } from '../../../../cli/report/cap.ts';
import type { CapClient, RunReport } from '../../../../sim/run/report.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../sim/scenario/schema.ts';

type Workload = NonNullable<ScenarioInput['workload']>;
type Faults = NonNullable<ScenarioInput['faults']>;

const writer: Workload[number] = {
  producer: 'p1',
  topic: 'orders',
  recordsPerSecond: 50,
  partition: 'round-robin',
};
const member = (consumer: string, more: object = {}): Workload[number] =>
  ({
    consumer,
    group: 'billing',
    topics: ['orders'],
    config: {
      'auto.offset.reset': 'earliest',
      'session.timeout.ms': '6000',
      'heartbeat.interval.ms': '2000',
    },
    ...more,
  }) as Workload[number];

function run(workload: Workload, faults: Faults): RunReport {
  const { scenario, problems } = parseScenario({
    name: 'cap-members',
    story: 'A network partition and a group.',
    cluster: {
      brokers: 3,
      config: { 'offsets.topic.num.partitions': '1' },
      topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
    },
    workload,
    faults,
    runFor: '40s',
  });
  if (problems !== undefined) throw new Error(JSON.stringify(problems));
  return runScenario(scenario, { seed: 1 }).report;
}

function client(report: RunReport, name: string): CapClient {
  return report.story.cap[0]!.clients.find((one) => one.name === name)!;
}

test('a member that is cut off waits; another one is given its partitions and goes on', () => {
  const report = run(
    [writer, member('c1'), member('c2')],
    [{ at: '12s', isolate: 'client:c1', for: '20s' }],
  );
  const [c1, c2] = [client(report, 'c1'), client(report, 'c2')];

  expect([c1.kind, c1.group, c1.topic, c1.side]).toEqual(['consumer', 'billing', 'orders', 0]);
  // What was on its way.
  expect(c1.reads!.records).toBeLessThan(5);
  expect(c1.longestGapMs).toBeGreaterThan(19_000);
  expect(c2.side).toBe(1);
  // It goes on with what is its own; what it takes over it reads from where the group stood.
  expect(c2.reads).toMatchObject({ prefix: true, again: 0, leftOut: 0, takenBack: 0 });
  expect(c2.reads!.records).toBeGreaterThan(900);
  expect(c2.longestGapMs).toBeLessThan(7_000);
  expect(c2.kept).toBe(true);
  expect(capClientWords(c2)).toMatch(/^of group billing · 100 % of \d+ polls answered/);
});

test('who processes slowly does not wait for what lies there meanwhile', () => {
  const config = { 'max.poll.records': '100', 'auto.offset.reset': 'earliest' };
  const report = run(
    [writer, member('c1', { process: '30ms', config })],
    [{ at: '12s', cut: ['follower:orders-0', 'leader:orders-0'], for: '8s' }],
  );
  const { longestGapMs, reads } = client(report, 'c1');

  expect(reads!.records).toBeGreaterThan(0);
  expect(longestGapMs).toBeLessThan(500);
});

test('a member that has nothing waits for nothing', () => {
  const report = run(
    [writer, member('c1'), member('c2'), member('c3')],
    [{ at: '12s', isolate: 'client:p1', for: '5s' }],
  );
  const clients = ['c1', 'c2', 'c3'].map((name) => client(report, name));

  expect(clients.every(({ share }) => share === 1)).toBe(true);
  const idle = clients.filter(({ reads }) => reads!.records + reads!.earlier === 0);
  expect(idle).toHaveLength(1);
  expect(idle[0]!.longestGapMs).toBe(0);
  expect(idle[0]!.kept).toBeNull();
});

test('who is not let into its group waits, and is not said to read what is newest', () => {
  const report = run(
    [writer, member('c1', { startAt: '10s' })],
    [{ at: '8s', isolate: 'client:c1', for: '18s' }],
  );
  const c1 = client(report, 'c1');

  expect(c1.longestGapMs).toBeGreaterThan(15_900);
  expect(c1.reads!.records).toBe(0);
  expect(capClientWords(c1)).not.toContain('stale');
});

test('who is done before the end has all its polls answered, and does not wait on', () => {
  const report = run(
    [writer, member('c1', { stopAt: '20s' })],
    [{ at: '15s', isolate: 'client:p1', for: '12s' }],
  );
  const { share, longestGapMs } = client(report, 'c1');

  expect(share).toBe(1);
  expect(longestGapMs).toBeLessThan(100);
});

test('where a member reads on after a seek beyond the end, it waits', () => {
  const report = run(
    [writer, member('c1', { seeks: [{ at: '10s', to: 1_000_000 }] })],
    [{ at: '15s', isolate: 'client:c1', for: '10s' }],
  );

  expect(client(report, 'c1').longestGapMs).toBeGreaterThan(9_900);
});

test('a member that is told to end polls no more while its consumer closes', () => {
  const report = run(
    [writer, member('c1')],
    [
      { at: '14s', cut: ['client:c1', 'all:brokers'], name: 'split', for: '10s' },
      { at: '15s', stop: 'client:c1' },
    ],
  );
  const told = report.story.clients.find((one) => one.name === 'c1')!;

  expect(told.errors).toEqual({});
});
