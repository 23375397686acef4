/** Passes of the shrinker, with a question that needs no run: each comes to an end. */
import { expect, test } from 'vitest';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import type { Scenario, ScenarioInput } from '../../../sim/scenario/schema.ts';
import type { Candidates } from '../../../sim/search/shrink/candidates.ts';
import { rounderTimes, shorterTimes } from '../../../sim/search/shrink/shorter-times.ts';
import { inTimeOrder, simplerFaults } from '../../../sim/search/shrink/simpler-faults.ts';
import type { Failing } from '../../../sim/search/shrink/trial.ts';
import { parsed } from '../../support/viz-runs.ts';

/** Keeps every valid scenario that still fails. */
class Asked implements Candidates {
  scenario: Scenario;
  kept = 0;
  private readonly fails: (scenario: Scenario) => boolean;

  constructor(input: ScenarioInput, fails: (scenario: Scenario) => boolean) {
    this.scenario = parsed(input);
    this.fails = fails;
  }

  get best(): Failing {
    return { scenario: this.scenario, strikes: [] } as unknown as Failing;
  }

  isBest(candidate: Scenario): boolean {
    return JSON.stringify(parseScenario(candidate).scenario) === JSON.stringify(this.scenario);
  }

  // biome-ignore lint/correctness/useYield: nobody has to wait for an answer here
  *keep(candidate: Scenario): Generator<void, boolean> {
    const { scenario } = parseScenario(candidate);
    if (scenario === undefined || this.isBest(candidate) || !this.fails(scenario)) return false;
    this.scenario = scenario;
    this.kept += 1;
    return true;
  }
}

/** The passes again and again, until none changes anything. @returns how often something did. */
function settled(asked: Asked, ...passes: ((asked: Asked) => Generator<void, void>)[]): number {
  for (let rounds = 0; rounds < 20; rounds++) {
    const before = asked.kept;
    for (const pass of passes) for (const _ of pass(asked));
    if (asked.kept === before) return rounds;
  }
  throw new Error('it goes round for ever');
}

const cluster: ScenarioInput['cluster'] = {
  brokers: 3,
  topics: [{ name: 'a', replicationFactor: 3 }],
};
const about = { name: 'a', cluster, runFor: 20_000 };

test('a time-out with its default is not made rounder, and one that is gets no default back', () => {
  const operations = [
    { at: 0, electLeaders: 'preferred', timeout: 700 },
    { at: 0, electLeaders: 'preferred', timeout: 800 },
  ] as const;
  const asked = new Asked({ ...about, operations: [...operations] }, ({ operations: [first] }) => {
    return first !== undefined && first.timeout !== 30_000;
  });

  expect(settled(asked, simplerFaults)).toBe(1);
  expect(asked.scenario.operations.map((one) => one.timeout)).toEqual([0, 30_000]);
});

test('times become the plainest that fail, and stay so', () => {
  const faults = [
    { at: 1_234, kill: 'broker-1' },
    { at: 5_052, kill: 'broker-2' },
    { at: 5_059, kill: 'broker-3' },
  ];
  const asked = new Asked({ ...about, faults }, ({ faults: [first, second] }) => {
    return (second?.at ?? 0) - (first?.at ?? 0) >= 3_818;
  });

  settled(asked, shorterTimes, rounderTimes);

  expect(asked.scenario.faults.map((one) => one.at)).toEqual([0, 4_000, 4_000]);
});

test('what is left stands in the order of its times, with names that only tell it apart', () => {
  const faults = [
    { at: 900, release: 'plot-late-1' },
    { at: 500, name: 'plot-late-1', hold: ['broker-1', 'broker-2'] },
    { at: 100, name: 'plot-down-2', kill: 'broker-3' },
    { at: 200, start: 'struck:plot-down-2' },
  ] as ScenarioInput['faults'];
  const asked = new Asked({ ...about, faults: faults! }, () => true);

  settled(asked, inTimeOrder);

  expect(asked.scenario.faults).toMatchObject([
    { at: 100, name: 'first', kill: 'broker-3' },
    { at: 200, start: 'struck:first' },
    { at: 500, name: 'second' },
    { at: 900, release: 'second' },
  ]);
});
