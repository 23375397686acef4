/**
 * Everything that the search should meet sometimes it meets within its default campaign. What is
 * missing here means that the swarm has stopped drawing something, or that the system has stopped
 * doing it.
 */
import { expect, test } from 'vitest';
import type { FaultFamily } from '../../sim/faults/verbs.ts';
import type { Needs } from '../../sim/marks/mark.ts';
import { marks } from '../../sim/marks/marks.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { drawnScenario, runSeed } from '../../sim/search/seed-run.ts';
import type { SwarmOptions } from '../../sim/swarm/swarm.ts';

const SEEDS = 2_000;
const TIME_LIMIT_MS = 1_200_000;
const SEEDS_WITHOUT = 150;

test(
  `the first ${SEEDS} seeds reach every mark`,
  () => {
    const missing = new Set(marks.map((one) => one.name));
    for (let seed = 1; seed <= SEEDS && missing.size > 0; seed++) {
      for (const name of runSeed(null, { seed }).marks) missing.delete(name);
    }

    expect([...missing]).toEqual([]);
  },
  TIME_LIMIT_MS,
);

/** Seeds from which something is taken that marks say they need. */
const without: Readonly<Record<string, (seed: number) => Scenario>> = {
  process: (seed) => withoutOperations(drawnScenario(seed, familiesBut('process'))),
  disk: (seed) => drawnScenario(seed, familiesBut('disk')),
  operations: (seed) => withoutOperations(drawnScenario(seed)),
  'any fault': (seed) => ({ ...withoutOperations(drawnScenario(seed)), faults: [] }),
  'any fault or tight settings': (seed) => atPeace(drawnScenario(seed)),
};

test.each(Object.entries(without))(
  'without %s, nothing reaches a mark that needs it',
  (needs, drawn) => {
    const reached = new Set<string>();
    for (let seed = 1; seed <= SEEDS_WITHOUT; seed++) {
      for (const name of runSeed(drawn(seed), { seed }).marks) reached.add(name);
    }

    expect(reached.size).toBeGreaterThan(0);
    const needing = marks.filter((one) => one.needs === needs || isFault(one.needs, needs));
    expect(needing.length).toBeGreaterThan(0);
    expect(needing.map((one) => one.name).filter((name) => reached.has(name))).toEqual([]);
  },
  TIME_LIMIT_MS,
);

function familiesBut(family: FaultFamily): SwarmOptions {
  const families = ['network', 'process', 'disk', 'clock'] as const;
  return { families: families.filter((one) => one !== family) };
}

/** What operators take away is started again by a fault. */
function withoutOperations(scenario: Scenario): Scenario {
  const faults = scenario.faults.filter(({ when }) => when?.event !== 'broker.unregistered');
  return { ...scenario, operations: [], faults };
}

/** Default settings, one controller; nothing goes wrong, and nobody asks for anything. */
function atPeace(scenario: Scenario): Scenario {
  const { cluster } = scenario;
  const topics = cluster.topics.map((one) => ({ ...one, config: {} }));
  const alone = {
    roles: 'separate',
    voters: 'static',
    controllers: 1,
    spareControllers: 0,
  } as const;
  return {
    ...scenario,
    cluster: { ...cluster, ...alone, topics, config: {} },
    workload: scenario.workload.map((one) => ({ ...one, config: {} })),
    faults: [],
    operations: [],
  };
}

/** Without any fault there is none of any family. */
function isFault(needs: Needs, missing: string): boolean {
  return missing === 'any fault' && ['network', 'process', 'disk', 'clock'].includes(needs);
}
