import { expect, test } from 'vitest';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parsed } from '../../../support/viz-runs.ts';

const small = {
  name: 'small',
  cluster: { brokers: 1, topics: [{ name: 'a', replicationFactor: 1 }] },
  runFor: 100,
};

const warmUpMs = (settle: object, seed: number): number =>
  runScenario(parsed({ ...small, ...settle }), { seed }).report.story.warmUpMs;

test('time 0 is a whole second that the seed draws', () => {
  const times = [1, 2, 3, 4].map((seed) => warmUpMs({}, seed));

  expect(times.filter((one) => one % 1_000 !== 0)).toEqual([]);
  expect(new Set(times).size).toBeGreaterThan(1);
});

test('time 0 is so long after the cluster is in sync as settle says', () => {
  const at = [0, 700, '2s'].map((settle) => warmUpMs({ settle }, 1));

  expect(at.map((one) => one - (at[0] ?? 0))).toEqual([0, 700, 2_000]);
  expect(at[0]).toBeLessThan(warmUpMs({}, 1));
});
