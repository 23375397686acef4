/** What a shrinker keeps, asked with single candidates. */
import { beforeEach, expect, test } from 'vitest';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { Shrinker } from '../../../sim/search/shrink/shrinker.ts';
import {
  type Failing,
  failingRun,
  type Wanted,
  wantedOf,
} from '../../../sim/search/shrink/trial.ts';
import { parsed } from '../../support/viz-runs.ts';

/** A write that one broker acknowledged goes with its power; the other has no part in it. */
const loss = parsed({
  name: 'loss',
  cluster: { brokers: 2, topics: [{ name: 'a', replicationFactor: 1 }] },
  workload: [{ producer: 'p1', topic: 'a', count: 20, recordsPerSecond: 20 }],
  runFor: 30_000,
  expect: { 'acked-durable': 'holds' },
});
const powerCut = (node: string) =>
  ({ at: 1_500, powerCut: node, restartAfter: 2_000 }) as Scenario['faults'][number];
const withFaults = (...faults: Scenario['faults']): Scenario => ({ ...loss, faults });

const found = { kind: 'unmet', check: 'acked-durable', at: null, explanation: '' } as const;
let wanted: Wanted;
beforeEach(() => {
  wanted = wantedOf(found, null);
});

function failing(scenario: Scenario, seed: number): Failing {
  const run = failingRun(scenario, seed, { wanted, mostEvents: null });
  expect(run).not.toBeNull();
  return run!;
}

function result<T>(trying: Generator<void, T>): T {
  for (;;) {
    const { done, value } = trying.next();
    if (done === true) return value;
  }
}

function keeps(shrinker: Shrinker, candidate: Scenario): boolean {
  return result(shrinker.keep(candidate));
}

test('a fault that is no cause can be taken away, though it made the run shorter', () => {
  // With this seed broker 2 leads: while broker 1 is down, less happens.
  const first = failing(withFaults({ at: 100, kill: 'broker-1' }, powerCut('broker-2')), 1);

  const without = result(new Shrinker(first, wanted).failingWithoutAPart());

  expect(without!.scenario.faults).toMatchObject([powerCut('broker-2')]);
  const more = without!.report.events - first.report.events;
  expect(more).toBeGreaterThan(Math.max(100, 0.05 * first.report.events));
});

test('with the cause alone nothing can be taken away', () => {
  const shrinker = new Shrinker(failing(withFaults(powerCut('broker-2')), 1), wanted);

  expect(result(shrinker.failingWithoutAPart())).toBeNull();
});

test('as a simpler one no longer run is kept', () => {
  const shrinker = new Shrinker(failing(withFaults(powerCut('broker-2')), 1), wanted);

  expect(keeps(shrinker, { ...shrinker.scenario, runFor: 60_000 })).toBe(false);
  expect(keeps(shrinker, { ...shrinker.scenario, runFor: 20_000 })).toBe(true);
});

test('what did not fail with the seed of one run is tried with that of another', () => {
  const both = withFaults(powerCut('broker-1'), powerCut('broker-2'));
  // Chance decides which of them leads.
  const [ofBroker1, ofBroker2] = [failing(both, 3), failing(both, 1)];
  const shrinker = new Shrinker(ofBroker1, wanted);
  const candidate = { ...withFaults(powerCut('broker-2')), runFor: 20_000 };

  expect(keeps(shrinker, candidate)).toBe(false);
  shrinker.best = ofBroker2;
  expect(keeps(shrinker, candidate)).toBe(true);
});
