import { expect, test } from 'vitest';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../sim/scenario/schema.ts';

/** What the story of a run tells, each with its second. */
function told(story: Partial<ScenarioInput>): string[] {
  const { scenario, problems } = parseScenario({
    name: 'told',
    cluster: { brokers: 2, controllers: 3, topics: [{ name: 'orders', replicationFactor: 2 }] },
    workload: [],
    runFor: 25_000,
    ...story,
  });
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  const { report } = runScenario(scenario, { seed: 1, store: 'none' });
  return report.story.timeline.map((one) => `${Math.floor(one.timeMs / 1000)} ${one.text}`);
}

test('a controller that was dead is not told to give up what it led before', () => {
  const faults = [{ at: 1000, powerCut: 'controller:leader', restartAfter: 10_000 }] as const;
  const lines = told({ faults: [...faults] });

  expect(lines.filter((one) => one.includes('is the active controller'))).toHaveLength(1);
  expect(lines.filter((one) => one.includes('gives up'))).toEqual([]);
});

test('a controller that stops in order gives up leading', () => {
  const faults = [{ at: 1000, stop: 'controller:leader', restartAfter: 10_000 }] as const;
  expect(told({ faults: [...faults] }).filter((one) => one.includes('gives up'))).toHaveLength(1);
});

test('a fault of a part of a disk names it, and a stop that does not count says why', () => {
  const lines = told({
    cluster: {
      brokers: 2,
      controllers: 1,
      config: { 'log.dirs': '/data/a,/data/b' },
      topics: [{ name: 'orders', partitions: 4, replicationFactor: 2 }],
    },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 20 }],
    faults: [
      { at: 1000, failDisk: 'broker-1', path: '/data/b', for: 6000 },
      { at: 2000, fillDisk: 'broker-2', path: '/data/a', for: 1 },
      { at: 8000, restart: 'broker-1' },
      { at: 15_000, restart: 'broker-2' },
    ],
  });

  expect(lines).toContain('1 disk errors in /data/b: broker-1');
  expect(lines).toContain('2 disk full in /data/a: broker-2');
  expect(lines.join('\n')).toContain(
    'broker-1 registered anew, and its clean stop counts as unclean: /data/b failed',
  );
  expect(lines.join('\n')).toMatch(/broker-2 registered anew after a clean stop/);
});

test('voters that come and go are told when the quorum has said so, others are not', () => {
  const lines = told({
    cluster: { brokers: 1, controllers: 3, voters: 'dynamic', spareControllers: 1 },
    operations: [
      { at: 1000, addVoter: 'controller-104' },
      { at: 3000, addVoter: 'controller-103' },
      { at: 5000, removeVoter: 'controller-104' },
    ],
    runFor: 8000,
  });

  expect(lines.filter((one) => one.includes('vote'))).toEqual([
    expect.stringMatching(/^[12] controller-104 votes from now on$/),
    expect.stringMatching(/^[56] controller-104 votes no more$/),
  ]);
});

test('a voter that comes when the operator has long given up is told', () => {
  const lines = told({
    cluster: { brokers: 1, controllers: 3, voters: 'dynamic', spareControllers: 1 },
    operations: [{ at: 1000, addVoter: 'controller-104', timeout: 500, mayMiss: true }],
    faults: [{ at: 500, cut: ['controller:leader', 'controller-104'], for: 1_800 }],
    runFor: 8000,
  });

  expect(lines.filter((one) => one.includes('vote'))).toEqual([
    expect.stringMatching(/^[2-6] controller-104 votes from now on$/),
  ]);
});
