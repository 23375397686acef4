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

const scenarioOf = (parts: Partial<ScenarioInput>) =>
  parseScenario({ ...input, ...parts }).scenario!;
const honest = runScenario(scenarioOf({}), { seed: 1 });

function strike(verb: 'powerCut' | 'kill' | 'pause', node: string, event: number): Strike {
  return {
    fault: '0',
    index: 0,
    verb,
    spec: { [verb]: node } as unknown as Strike['spec'],
    timeUs: event,
    event,
    sides: [[node]],
    unresolved: false,
    endedUs: null,
  };
}

function judged(
  told: Partial<Verdict>,
  strikes: readonly Strike[],
  parts: Partial<ScenarioInput> = {},
): string[] {
  const verdict: Verdict = {
    name: 'acked-durable',
    verdict: 'allowed',
    allowedBy: null,
    at: 1_000,
    evidence: [],
    explanation: 'so it was',
    ...told,
  };
  const report = { ...honest.report, verdicts: [verdict] };
  const findings = swarmFindings(scenarioOf(parts), { ...honest, report, strikes });
  return findings.map((one) => one.kind);
}

describe('two replicas that lost data at once', () => {
  const allowedBy = 'data loss on 2 in-sync replicas at once';
  const lost = { allowedBy, at: 910, evidence: [900, 910] };

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

describe('a record that stands twice under two producer epochs', () => {
  const copied = {
    name: 'no-dup',
    verdict: 'violated' as const,
    evidence: [500, 1_000],
    explanation:
      'record p1-4 stands in orders-0 at offset 4 and again at 9 (producer epoch 0, then 1)',
  };

  test('is Kafka’s own when a broker lost what it knew of producers in between', () => {
    expect(judged(copied, [strike('kill', 'broker-1', 700)])).toEqual([]);
    expect(judged(copied, [strike('pause', 'broker-1', 400)])).toEqual([]);
  });

  test.each([
    ['without a fault', []],
    ['when the fault came later', [strike('kill', 'broker-1', 1_200)]],
    ['when the broker died before the first', [strike('kill', 'broker-1', 400)]],
    ['when a controller died', [strike('kill', 'controller-101', 700)]],
  ])('is a duplicate %s', (_what, strikes) => {
    expect(judged(copied, strikes)).toEqual(['violated']);
  });
});
