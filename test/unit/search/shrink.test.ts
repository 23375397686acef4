import { beforeAll, expect, test } from 'vitest';
import { runScenario } from '../../../sim/run/runner.ts';
import { findingsOf } from '../../../sim/search/finding.ts';
import { Shrinking, type Shrunk } from '../../../sim/search/shrink/shrink.ts';
import { parsed } from '../../support/viz-runs.ts';

const lossy = parsed({
  name: 'lossy',
  cluster: {
    brokers: 3,
    topics: [{ name: 'a', replicationFactor: 3, config: { 'min.insync.replicas': '2' } }],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'a',
      recordsPerSecond: 50,
      config: { acks: '1', 'enable.idempotence': 'false' },
    },
    { consumer: 'c1', topic: 'a' },
  ],
  faults: [
    { at: 200, cut: ['leader:a-0', 'followers:a-0'] },
    { at: 500, pause: 'controller:leader', for: 100 },
    { at: 800, powerCut: 'leader:a-0', restartAfter: 12_000 },
    { at: 800, heal: 'all' },
  ],
  runFor: 12_000,
  expect: { 'acked-durable': 'holds', 'counts.duplicated': 0 },
});

let shrunk: Shrunk;
beforeAll(() => {
  const [finding] = findingsOf(runScenario(lossy, { seed: 1 }).report);
  const shrinking = Shrinking.of(lossy, 1, finding!);
  for (const _ of shrinking!.run()) if (shrinking!.isMinimal) break;
  shrunk = shrinking!.result('a test');
});

test('a loss that a setting permits shrinks to a loss that the same setting permits', () => {
  const { scenario, seed, isMinimal } = shrunk;

  const { report } = runScenario(parsed(scenario), { seed });
  const verdict = report.verdicts.find((one) => one.name === 'acked-durable');
  expect(verdict).toMatchObject({ verdict: 'allowed', allowedBy: 'acks=1' });
  expect(isMinimal).toBe(true);
  expect(scenario.faults!.length).toBeLessThan(lossy.faults.length);
  expect(scenario.workload).toHaveLength(1);
  expect(Object.keys(scenario.expect!)).toEqual(['acked-durable']);
});

test('of a minimum no fault, client or setting can be taken away', () => {
  const { scenario: input, seed } = shrunk;
  const scenario = parsed(input);

  for (const part of ['faults', 'workload'] as const) {
    scenario[part].forEach((_, left) => {
      const without = scenario[part].filter((_one, place) => place !== left);
      const { report } = runScenario(parsed({ ...scenario, [part]: without }), { seed });
      const verdict = report.verdicts.find((one) => one.name === 'acked-durable');
      expect({ part, left, allowedBy: verdict?.allowedBy }).not.toMatchObject({
        allowedBy: 'acks=1',
      });
    });
  }
});

test('what is shrunk once more keeps its name', () => {
  const { scenario, seed, finding } = shrunk;
  const again = Shrinking.of(parsed(scenario), seed, finding)!.result('a test');

  expect(scenario.name).toBe(`acked-durable-${finding.kind}-lossy`);
  expect(again.scenario.name).toBe(scenario.name);
});
