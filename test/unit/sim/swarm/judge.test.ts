/** What the judge of random runs takes for an explanation, and what not. */
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../../sim/check/verdict.ts';
import type { Strike } from '../../../../sim/faults/strike.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../sim/scenario/schema.ts';
import { swarmFindings } from '../../../../sim/swarm/judge.ts';

const input: ScenarioInput = {
  name: 'judged',
  cluster: { brokers: 3, controllers: 3, topics: [{ name: 'orders', replicationFactor: 3 }] },
  runFor: 100,
};

/** Every partition has been placed by then. */
const LATE = 50_000;

const scenarioOf = (parts: Partial<ScenarioInput>) =>
  parseScenario({ ...input, ...parts }).scenario!;
const honest = runScenario(scenarioOf({}), { seed: 1 });

function strike(verb: Strike['verb'], node: string, event: number): Strike {
  return {
    fault: '0',
    index: 0,
    verb,
    spec: { [verb]: node } as unknown as Strike['spec'],
    timeUs: LATE + event,
    event: LATE + event,
    sides: [[node]],
    unresolved: false,
    endedUs: null,
    mended: [],
  };
}

function judged(
  told: Partial<Verdict>,
  strikes: readonly Strike[],
  parts: Partial<ScenarioInput> = {},
  run = honest,
): string[] {
  const verdict: Verdict = {
    name: 'acked-durable',
    verdict: 'allowed',
    allowedBy: null,
    at: LATE + 1_000,
    evidence: [],
    explanation: 'so it was',
    ...told,
  };
  const report = { ...run.report, verdicts: [verdict] };
  const allowances = verdict.verdict === 'allowed' ? [verdict] : [];
  const findings = swarmFindings(scenarioOf(parts), { ...run, report, strikes, allowances });
  return findings.map((one) => one.kind);
}

describe('two replicas that lost data at once', () => {
  const allowedBy = 'data loss on 2 in-sync replicas at once';
  const lost = { allowedBy, at: LATE + 910, evidence: [LATE + 900, LATE + 910] };

  test('are explained by the power cuts that took it', () => {
    expect(
      judged(lost, [strike('powerCut', 'broker-1', 899), strike('powerCut', 'broker-2', 909)]),
    ).toEqual([]);
  });

  test.each([
    ['power cuts at another time', ['broker-1', 'broker-2'], [10, 909]],
    ['power cuts of controllers', ['controller-101', 'controller-102'], [899, 909]],
    ['power cuts that came later', ['broker-1', 'broker-2'], [899, 5_000]],
    ['one broker, twice', ['broker-1', 'broker-1'], [899, 909]],
  ])('are not explained by %s', (_what, [first, second], [early, late]) => {
    const strikes = [strike('powerCut', first!, early!), strike('powerCut', second!, late!)];
    expect(judged(lost, strikes)).toEqual(['unexplained']);
  });
});

describe('a loss in one partition', () => {
  const cluster = {
    brokers: 4,
    topics: [{ name: 'orders', partitions: 6, replicationFactor: 1 }],
    config: { 'feature.eligible.leader.replicas.version': 0 },
  };
  const config = { acks: '1' };
  const workload = [{ producer: 'p1', topic: 'orders', recordsPerSecond: 10, config }];
  const parts = { cluster, workload };
  const run = runScenario(scenarioOf(parts), { seed: 1 });
  const [home, other] = ['orders-0', 'orders-1'].map(
    (name) => run.placements.at(name, LATE)[0] as string,
  );
  const judge = (
    told: Partial<Verdict>,
    strikes: readonly Strike[],
    more: Partial<ScenarioInput> = {},
  ) => judged({ explanation: LOST, ...told }, strikes, { ...parts, ...more }, run);
  const LOST = 'record p1-7 was acknowledged to p1 (acks=1) at orders-0 offset 7';

  test('has its replicas elsewhere than another', () => {
    expect(home).not.toBe(other);
  });

  test.each([
    ['acks=1', 'pause'],
    ['feature.eligible.leader.replicas.version=0', 'powerCut'],
    ['data loss on 1 in-sync replica at once', 'powerCut'],
    ['unclean stop of every in-sync and eligible replica', 'kill'],
  ] as const)('(%s) is explained by who has it alone', (allowedBy, verb) => {
    const told = { allowedBy, evidence: [LATE + 705] };
    const scenario = allowedBy.startsWith('unclean') ? { cluster: { ...cluster, config: {} } } : {};
    expect(judge(told, [strike(verb, home!, 700)], scenario)).toEqual([]);
    expect(judge(told, [strike(verb, other!, 700)], scenario)).toEqual(['unexplained']);
  });

  test('is not explained by what spoiled the disk of a stranger', () => {
    const spoilt = (node: string) => ({ allowedBy: `bit rot on ${node}` });
    expect(judge(spoilt(home!), [strike('flipBit', home!, 7)])).toEqual([]);
    expect(judge(spoilt(other!), [strike('flipBit', other!, 7)])).toEqual(['unexplained']);
    expect(judge(spoilt('controller-101'), [strike('flipBit', 'controller-101', 7)])).toEqual([]);
  });

  test('is explained by what was asked of this partition', () => {
    const moved = (name: string) => ({
      operations: [{ at: 1, reassign: name, replicas: [1] }],
    });
    expect(judge({ allowedBy: 'acks=1' }, [], moved('orders-0'))).toEqual([]);
    expect(judge({ allowedBy: 'acks=1' }, [], moved('orders-1'))).toEqual(['unexplained']);
    const deleted = (topic: string) => ({ operations: [{ at: 1, deleteTopic: topic }] });
    expect(judge({ allowedBy: 'topic deletion' }, [], deleted('orders'))).toEqual([]);
    expect(judge({ allowedBy: 'topic deletion' }, [], deleted('late'))).toEqual(['unexplained']);
  });

  test('is not explained by the mending of anything', () => {
    expect(judge({ allowedBy: 'acks=1' }, [strike('start', home!, 7)])).toEqual(['unexplained']);
  });
});

describe('a record of acks=0 that is in no log', () => {
  const explanation =
    'record p1-7 was acknowledged to p1 (acks=0) without an offset and is in no log';
  const lost = { allowedBy: 'acks=0', explanation };
  const producing = (acks: string, topic: Record<string, number> = {}) => ({
    cluster: {
      ...input.cluster,
      topics: [{ name: 'orders', replicationFactor: 3, config: topic }],
    },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 10, config: { acks } }],
  });

  test.each([
    ['the producer was struck', [strike('pause', 'p1', 7)], producing('0')],
    ['a broker was, even later', [strike('kill', 'broker-2', 7_000)], producing('0')],
    ['its batches are too large', [], producing('0', { 'max.message.bytes': 200 })],
  ])('is explained when %s', (_what, strikes, parts) => {
    expect(judged(lost, strikes, parts)).toEqual([]);
  });

  test.each([
    ['nothing happened', [], producing('0')],
    ['another client was struck', [strike('pause', 'c1', 7)], producing('0')],
    ['its producer waits for answers', [strike('pause', 'p1', 7)], producing('1')],
    [
      'something was asked that refuses no write',
      [],
      { ...producing('0'), operations: [{ at: 1, updateFeature: 'x.version', level: 1 }] },
    ],
  ])('is not explained when %s', (_what, strikes, parts) => {
    expect(judged(lost, strikes, parts)).toEqual(['unexplained']);
  });
});

test('an unclean stop of all replicas takes a broker that died', () => {
  const lost = { allowedBy: 'unclean stop of every in-sync and eligible replica' };
  expect(judged(lost, [strike('kill', 'controller-101', 10)])).toEqual(['unexplained']);
  expect(judged(lost, [strike('kill', 'broker-1', 10)])).toEqual([]);
});

test('a loss with acks=1 is not explained by a question', () => {
  const workload = [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 10, config: { acks: '1' } },
  ];
  const asked = { workload, operations: [{ at: 1, describeQuorum: true as const }] };
  const moved = { workload, operations: [{ at: 1, reassign: 'orders-0', replicas: [2, 1, 3] }] };
  expect(judged({ allowedBy: 'acks=1' }, [], asked)).toEqual(['unexplained']);
  expect(judged({ allowedBy: 'acks=1' }, [], moved)).toEqual([]);
});

test('retention explains a loss only where something is not kept for ever', () => {
  const keeping = (ms: number): Partial<ScenarioInput> => ({
    cluster: { ...input.cluster, topics: [{ name: 'orders', config: { 'retention.ms': ms } }] },
  });
  expect(judged({ allowedBy: 'retention' }, [], keeping(-1))).toEqual(['unexplained']);
  expect(judged({ allowedBy: 'retention' }, [], keeping(1_000))).toEqual([]);
});

describe('a copy behind a snapshot that keeps one batch', () => {
  const copied = {
    name: 'no-dup',
    allowedBy: 'producer snapshots that keep one batch',
    evidence: [LATE + 500, LATE + 800, LATE + 900, LATE + 1_000],
    explanation:
      'record p1-4 stands in orders-0 at offset 4 and again at 9 (producer epoch 0, then 1)',
  };

  test('is explained when a broker lost what it knew of producers in between', () => {
    expect(judged(copied, [strike('kill', 'broker-1', 700)])).toEqual([]);
    expect(judged(copied, [strike('pause', 'broker-1', 400)])).toEqual([]);
  });

  test.each([
    ['without a fault', []],
    ['when the fault came later', [strike('kill', 'broker-1', 1_200)]],
    ['when the broker died before the first', [strike('kill', 'broker-1', 400)]],
    ['when a controller died', [strike('kill', 'controller-101', 700)]],
  ])('is not explained %s', (_what, strikes) => {
    expect(judged(copied, strikes)).toEqual(['unexplained']);
  });
});

test('a copy behind a refused first batch takes a limit of the topic and a lost answer', () => {
  const allowedBy = 'a gap before the first batch of a producer';
  const explanation = 'record p1-1 stands in orders-0 at offset 0 and again at 1';
  const copied = { name: 'no-dup', allowedBy, explanation };
  const limited = (bytes: number): Partial<ScenarioInput> => ({
    cluster: {
      ...input.cluster,
      topics: [{ name: 'orders', replicationFactor: 3, config: { 'segment.bytes': bytes } }],
    },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 10 }],
  });

  expect(judged(copied, [strike('pause', 'p1', 700)], limited(200))).toEqual([]);
  expect(judged(copied, [], limited(200))).toEqual(['unexplained']);
  expect(judged(copied, [strike('pause', 'p1', 700)], limited(1_000_000))).toEqual(['unexplained']);
  expect(judged(copied, [strike('pause', 'broker-1', 700)], limited(1_000_000))).toEqual([]);
});

test('what a verdict does not name is judged as well', () => {
  const one = {
    name: 'acked-durable',
    verdict: 'allowed',
    evidence: [],
    explanation: 'so',
  } as const;
  const allowances = [
    { ...one, allowedBy: 'a lost disk on broker-1', at: LATE + 800 },
    { ...one, allowedBy: 'retention', at: LATE + 900 },
  ];
  const strikes = [strike('loseDisk', 'broker-1', 10)];

  const findings = swarmFindings(scenarioOf({}), { ...honest, strikes, allowances });

  expect(findings.map(({ kind, at }) => ({ kind, at }))).toEqual([
    { kind: 'unexplained', at: LATE + 900 },
  ]);
});
