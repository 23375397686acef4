/**
 * A few hundred seeds of the swarm: clusters, settings, loads and faults of all families, drawn.
 * A seed that goes wrong here: `npm run campaign -- --print SEED > seed.json`, then
 * `trial run seed.json --seed SEED`. Campaigns run thousands of others.
 */
import { describe, expect, test } from 'vitest';
import { type FaultFamily, faultVerbs, verbOf } from '../../sim/faults/verbs.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { whatIsWrong } from '../../sim/swarm/judge.ts';
import { swarmScenario } from '../../sim/swarm/swarm.ts';
import { disagreements } from '../scenarios/as-clients-saw-it.ts';

const SEEDS = 300;
const PER_TEST = 50;
const RUN_TWICE_EVERY = 15;

const parts = Array.from({ length: SEEDS / PER_TEST }, (_, i) => i * PER_TEST + 1);

function scenarioOf(seed: number) {
  const { scenario, problems } = parseScenario(swarmScenario(seed));
  expect(problems).toBeUndefined();
  return scenario!;
}

describe.each(parts)('seeds from %i on', (first) => {
  test('lose nothing but what settings and faults explain', () => {
    for (let seed = first; seed < first + PER_TEST; seed += 1) {
      const scenario = scenarioOf(seed);
      const result = runScenario(scenario, { seed });

      expect({ seed, wrong: whatIsWrong(scenario, result) }).toEqual({ seed, wrong: [] });
      const unlike = disagreements(result.report, result.history);
      expect({ seed, unlike }).toEqual({ seed, unlike: [] });
    }
  });
});

test('a seed gives the same run whenever it is run', () => {
  for (let seed = 1; seed <= SEEDS; seed += RUN_TWICE_EVERY) {
    const [first, second] = [0, 1].map(() => {
      const { digest, traceHash } = runScenario(scenarioOf(seed), { seed }).report;
      return { digest, traceHash };
    });

    expect(first).toEqual(second);
  }
});

test('seeds differ in shape, load and faults', () => {
  const drawn = Array.from({ length: SEEDS }, (_, seed) => swarmScenario(seed));
  const brokers = new Set(drawn.map((one) => one.cluster.brokers));
  const verbs = new Set(drawn.flatMap((one) => (one.faults ?? []).flatMap(Object.keys)));

  expect([...brokers].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(rangeOf(drawn.map(({ cluster }) => cluster.controllers ?? 1))).toEqual([1, 5]);
  const topics = drawn.flatMap(({ cluster }) => cluster.topics ?? []);
  expect(rangeOf(topics.map((one) => one.replicationFactor ?? 1))).toEqual([1, 5]);
  const partitions = drawn.map(({ cluster }) =>
    (cluster.topics ?? []).reduce((sum, one) => sum + (one.partitions ?? 1), 0),
  );
  expect(rangeOf(partitions)[0]).toBe(1);
  expect(rangeOf(partitions)[1]).toBeGreaterThanOrEqual(20);
  for (const verb of ['kill', 'powerCut', 'cut', 'hold', 'pause', 'jumpClock', 'failDisk']) {
    expect(verbs).toContain(verb);
  }
});

describe.each(['network', 'process', 'disk', 'clock'] as const)('of the %s alone', (family) => {
  const names: (string | null)[] = faultVerbs
    .filter((one) => one.family === family)
    .map((one) => one.name);

  test('seeds draw its faults and no others', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const { faults = [] } = swarmScenario(seed, { families: [family] });
      const verbs: (string | null)[] = faults.map((one) => verbOf(one));

      expect({ seed, others: verbs.filter((one) => !names.includes(one)) }).toEqual({
        ...{ seed, others: [] },
      });
    }
  });
});

test('a broker is unregistered only where it may be restarted, without which it stays away', () => {
  const unregister = (families?: FaultFamily[]) =>
    Array.from({ length: SEEDS }, (_, seed) =>
      swarmScenario(seed, families === undefined ? {} : { families }),
    ).filter(({ operations = [] }) => operations.some((one) => 'unregisterBroker' in one)).length;

  expect(unregister(['network', 'disk', 'clock'])).toBe(0);
  expect(unregister(['process'])).toBe(unregister());
  expect(unregister()).toBeGreaterThan(0);
});

function rangeOf(values: readonly number[]): [least: number, most: number] {
  return [Math.min(...values), Math.max(...values)];
}
