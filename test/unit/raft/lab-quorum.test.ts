/** The lab's clusters with several controllers, from a scenario to its verdicts. */
import { expect, test } from 'vitest';
import { runScenario } from '../../../sim/run/runner.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../sim/scenario/schema.ts';
import type { World } from '../../../sim/world.ts';

type Parts = Partial<Omit<ScenarioInput, 'cluster'>>;

function run(
  cluster: Partial<ScenarioInput['cluster']>,
  parts: Parts = {},
  prepare: (world: World) => void = () => {},
) {
  const scenario = parseScenario({
    name: 'quorum',
    cluster: {
      brokers: 3,
      topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
      ...cluster,
    },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 20 }],
    runFor: 20_000,
    ...parts,
  });
  if ('problems' in scenario && scenario.problems !== undefined) {
    throw new Error(JSON.stringify(scenario.problems));
  }
  const { report } = runScenario(('scenario' in scenario ? scenario.scenario : scenario) as never, {
    seed: 1,
    prepare,
  });
  expect(report.problems).toEqual([]);
  expect(report.broken).toEqual([]);
  expect(report.story.convergedAtMs).not.toBeNull();
  expect(report.verdicts.filter((one) => one.verdict !== 'holds')).toEqual([]);
  expect(report.counts.acknowledged).toBe(report.counts.sent);
  return report;
}

const KILL_LEADER = [{ at: 2000, kill: 'controller:leader', restartAfter: 8000 }];

test.each([
  { controllers: 3 },
  { controllers: 5 },
  { controllers: 3, roles: 'combined' as const },
  { controllers: 3, voters: 'dynamic' as const },
  { controllers: 3, roles: 'combined' as const, voters: 'dynamic' as const },
])('a cluster goes on when its active controller is killed: %o', (cluster) => {
  run(cluster, { faults: KILL_LEADER });
});

test('brokers that fail while there is no active controller are fenced by the next one', () => {
  run(
    { controllers: 3 },
    {
      faults: [
        ...KILL_LEADER,
        { at: 2500, kill: 'leader:orders-0', restartAfter: 20_000, name: 'broker' },
        { at: 2500, pause: 'controller:follower', for: 3000 },
      ],
      runFor: 30_000,
    },
  );
});

const LEAVES = { event: 'broker.state', state: 'SHUTTING_DOWN' };

test('a node with both roles stops: its controller decides nothing while its logs are closed', () => {
  const faults = [
    { at: 1000, stop: 'broker-1', restartAfter: 9000 },
    { when: LEAVES, stallDisk: 'broker-1', for: 4000 },
  ];
  run({ brokers: 2, topics: [], controllers: 1, roles: 'combined' }, { workload: [], faults });
});

test('a spare controller is added, the leader is removed, and the cluster goes on', () => {
  const report = run(
    { controllers: 3, voters: 'dynamic', spareControllers: 1 },
    {
      operations: [
        { at: 2000, addVoter: 'controller-104', name: 'add' },
        { at: 5000, removeVoter: 'controller-101', name: 'first' },
        { at: 9000, removeVoter: 'controller-102', name: 'second' },
        { at: 15_000, describeQuorum: true, name: 'describe' },
      ],
    },
  );
  const said = report.story.admin.map((one) => one.results[0]);
  expect(said.map((one) => one?.error)).toEqual(['NONE', 'NONE', 'NONE', 'NONE']);
  expect(said[3]?.said).toMatch(/voters 103, 104$/);
});

test('static voters cannot be changed by an operator', () => {
  const report = run(
    { controllers: 3 },
    { operations: [{ at: 2000, removeVoter: 'controller-101', name: 'remove' }] },
  );
  expect(report.story.admin[0]?.results[0]?.error).toBe('UNSUPPORTED_VERSION');
});

test('static voters become dynamic when kraft.version is raised; then one can be added', () => {
  const report = run(
    { controllers: 3, spareControllers: 1 },
    {
      operations: [
        { at: 2000, updateFeature: 'kraft.version', level: 1 },
        { at: 4000, addVoter: 'controller-104' },
        { at: 6000, removeVoter: 'controller-102' },
        { at: 15_000, describeQuorum: true },
      ],
      faults: [{ at: 8000, powerCut: 'all:controllers', restartAfter: 1000 }],
    },
  );
  const said = report.story.admin.map((one) => one.results[0]);
  expect(said.map((one) => one?.error)).toEqual(['NONE', 'NONE', 'NONE', 'NONE']);
  expect(said[3]?.said).toMatch(/voters 101, 103, 104$/);
});

test.each([
  [1, 35],
  [3, 45],
])('an idle cluster with %i controllers sends at most %i frames a second', (controllers, most) => {
  const at: number[] = [];
  const note = (world: World): void => {
    for (const seconds of [40, 60]) {
      world.schedule(seconds * 1_000_000, '', () => at.push(world.frames));
    }
  };
  run({ controllers }, { workload: [], runFor: 60_000 }, note);

  const [before, after] = at as [number, number];
  expect((after - before) / 20).toBeLessThanOrEqual(most);
});
