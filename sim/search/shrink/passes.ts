/** What a shrinker tries, in this order: first what makes runs cheap, then what makes them plain. */
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { earlierEnd, explicitHealing } from './explicit-healing.ts';
import { minimise } from './minimise.ts';
import { rounderTimes, shorterTimes } from './shorter-times.ts';
import { inTimeOrder, simplerFaults } from './simpler-faults.ts';
import { simplerLoad } from './simpler-load.ts';
import { smallerCluster } from './smaller-cluster.ts';

export interface Pass {
  readonly name: string;
  readonly run: (shrinker: Candidates) => Generator<void, void>;
}

/** Comes first whatever else does: what is longest about a run. */
export const beginning: readonly Pass[] = [
  { name: 'end', run: earlierEnd },
  { name: 'patience', run: usualPatience },
  { name: 'settling', run: shorterSettling },
];

export const passes: readonly Pass[] = [
  ...beginning,
  { name: 'faults', run: fewer('faults') },
  { name: 'operations', run: fewer('operations') },
  { name: 'clients', run: fewer('workload') },
  { name: 'historic rules', run: fewerVariants },
  { name: 'settings', run: fewerSettings },
  { name: 'cluster', run: smallerCluster },
  { name: 'times', run: shorterTimes },
  { name: 'load', run: simplerLoad },
  { name: 'fault details', run: simplerFaults },
  { name: 'round times', run: rounderTimes },
  { name: 'order', run: inTimeOrder },
  { name: 'healing', run: explicitHealing },
];

/** What comes first decides what is left: other orders lead to other minima. */
export const otherWays: readonly (readonly Pass[])[] = [
  passes,
  inOrder('clients', 'cluster', 'load', 'times', 'faults'),
  inOrder('faults', 'operations', 'fault details', 'times', 'cluster', 'load'),
];

/** These first, then all others. */
function inOrder(...names: readonly string[]): Pass[] {
  const first = names.flatMap((name) => passes.find((one) => one.name === name) ?? []);
  return [...first, ...passes.filter((one) => !first.includes(one))];
}

/** The schema's default. */
const USUAL_CONVERGENCE_MS = 180_000;

function* usualPatience(shrinker: Candidates): Generator<void, void> {
  yield* shrinker.keep({ ...shrinker.scenario, convergeWithin: USUAL_CONVERGENCE_MS });
}

/** Time enough to come to rest where nothing is in the way: sessions, time-outs, elections. */
const PATIENCE_MS = [10_000, 20_000, 30_000, 60_000];

/**
 * Waits no longer than one has to, to see that something never comes to rest; the shortest first.
 * Only for a scenario that nothing else is taken from: with a short patience a slow recovery looks
 * like none at all, and it is known of this very run that it fails with a long one, too.
 */
export function lessPatient(scenario: Scenario): Scenario[] {
  if (!scenario.heal) return [];
  const shorter = PATIENCE_MS.filter((one) => one < scenario.convergeWithin);
  return shorter.map((convergeWithin) => ({ ...scenario, convergeWithin }));
}

/** Idle time before the beginning: as little as it needs. */
function* shorterSettling(shrinker: Candidates): Generator<void, void> {
  const { settle = Number.POSITIVE_INFINITY } = shrinker.scenario;
  for (const left of [0, 100, 500, 1_000, 2_000, 5_000]) {
    if (left >= settle) return;
    if (yield* shrinker.keep({ ...shrinker.scenario, settle: left })) return;
  }
}

function fewer(part: 'faults' | 'operations' | 'workload') {
  return function* (shrinker: Candidates): Generator<void, void> {
    const all: readonly unknown[] = shrinker.scenario[part];
    yield* minimise(all, (left) => shrinker.keep({ ...shrinker.scenario, [part]: left }));
  };
}

/** What fails under today's rule, too, loses the historic one. */
function* fewerVariants(shrinker: Candidates): Generator<void, void> {
  yield* minimise(Object.entries(shrinker.scenario.cluster.variants), (left) => {
    const { scenario } = shrinker;
    const variants = Object.fromEntries(left);
    return shrinker.keep({ ...scenario, cluster: { ...scenario.cluster, variants } });
  });
}

/** So few settings left: others of chance are worth their runs. */
const FEW = 6;

type Place = readonly [level: 'cluster' | 'topics' | 'workload', index: number, key: string];

/** Every config key of every level is one element. */
function* fewerSettings(shrinker: Candidates): Generator<void, void> {
  yield* minimise(placesIn(shrinker.scenario), (left) =>
    shrinker.keep(withOnly(shrinker.scenario, left), left.length < FEW ? undefined : 0),
  );
}

function placesIn({ cluster, workload }: Scenario): Place[] {
  return [
    ...Object.keys(cluster.config).map((key): Place => ['cluster', 0, key]),
    ...cluster.topics.flatMap((one, i) =>
      Object.keys(one.config).map((key): Place => ['topics', i, key]),
    ),
    ...workload.flatMap((one, i) =>
      Object.keys(one.config).map((key): Place => ['workload', i, key]),
    ),
  ];
}

function withOnly(scenario: Scenario, places: readonly Place[]): Scenario {
  const kept = new Set(places.map((one) => one.join(' ')));
  const { cluster, workload } = scenario;
  const of = <T extends { readonly config: Record<string, string> }>(
    one: T,
    level: Place[0],
    index: number,
  ): T => ({
    ...one,
    config: Object.fromEntries(
      Object.entries(one.config).filter(([key]) => kept.has(`${level} ${index} ${key}`)),
    ),
  });
  const topics = cluster.topics.map((one, i) => of(one, 'topics', i));
  return {
    ...scenario,
    cluster: { ...of(cluster, 'cluster', 0), topics },
    workload: workload.map((one, i) => of(one, 'workload', i)),
  };
}
