/**
 * The swarm: from a seed a whole scenario, plain data like any other, so that it can be printed,
 * saved, run and shrunk. Shape, settings, load and faults come from streams of their own: what is
 * added to one shifts nothing in the others. Run it with the same seed.
 *
 * Seeds of two kinds: those that stay within what the settings promise carry the expectation that
 * everything holds; the others may lose what settings and faults permit, and `judge.ts` asks
 * whether they do.
 */
import { SimRandom } from '../engine/random.ts';
import { type FaultFamily, faultVerbs, verbOf } from '../faults/verbs.ts';
import type { ScenarioInput } from '../scenario/schema.ts';
import { Draw } from './draw.ts';
import { drawLoad, type LoadEntry } from './load.ts';
import type { Move } from './move.ts';
import { families } from './moves.ts';
import { drawOperations, type Operation, restartsOfUnregistered } from './operations.ts';
import { drawPlots, PLOTS, type PlotName } from './plots.ts';
import { drawClusterConfig, drawTimings, drawTopicConfig } from './settings.ts';
import { drawQuorumShape, drawShape, drawSmallShape, type SwarmShape } from './shape.ts';
import { type Fault, Stage } from './stage.ts';

/**
 * What holds under every fault that the settings survive. No rule of idempotence: Kafka has holes
 * in it, which `no-dup` and `producer-order` know (`sim/check/history/known-gaps.ts`).
 */
const KEPT = [
  'acked-durable',
  'read-stable',
  'offset-unique',
  'log-match',
  'hw-mono',
  'offset-mono',
  'one-leader-per-epoch',
  'offset-bounds',
];

/**
 * What is asked of the logs of `__consumer_offsets`, too. It has min.insync.replicas=1, so that one
 * broker that may lose data is enough (`budget.ts`), whatever the topics of the seed survive.
 */
const KEPT_BY_INTERNAL_TOPICS = ['log-match', 'hw-mono'];

/** More than any time-out that a drawn client may have. */
const CONVERGE_WITHIN_MS = 140_000;

const STRUCK = 'struck:';

/** In percent: how often a seed of a small cluster has plots, by intensity. */
const OFTEN_PLOTS = { light: 20, swarm: 60, brutal: 100 } as const;

export const SIZES = ['any', 'small', 'quorum'] as const;
export const INTENSITIES = ['light', 'swarm', 'brutal'] as const;

/** Narrows what is drawn; without them a seed stands for one scenario for ever. */
export interface SwarmOptions {
  /** Draw faults of these families only; what operators ask for is no fault. */
  readonly families?: readonly FaultFamily[];
  /** How many faults: up to 3, up to 16 (swarm, the default), 12 to 30 of all families. */
  readonly intensity?: (typeof INTENSITIES)[number];
  /** Only seeds whose settings and faults may lose data. */
  readonly beyondBudget?: boolean;
  /**
   * small: a few brokers, one topic of one or two partitions, and plots (`plots.ts`); quorum: the
   * same with three or five controllers.
   */
  readonly size?: (typeof SIZES)[number];
  /** Every seed has plots, of these only. */
  readonly plots?: readonly PlotName[];
  /** Historic rules (`kafka/protocol/variants.ts`): the same seeds, under other rules. */
  readonly variants?: Readonly<Record<string, string>>;
  /** Weak settings over those that are drawn (`sim/scenario/presets.ts`): no seed is a kept one. */
  readonly preset?: string;
}

export function swarmScenario(seed: number, options: SwarmOptions = {}): ScenarioInput {
  const random = new SimRandom(String(seed), 'swarm/');
  const draw = (part: string): Draw => new Draw(random.stream(part));
  const shape = drawnShape(draw('shape'), options);
  const settings = draw('settings');
  const timings = drawTimings(settings);
  const workload = drawLoad(draw('load'), shape);
  const clients = namesOf(workload);
  const stage = new Stage({ draw: draw('faults'), shape, timings, clients });
  const operators = new Stage({ draw: draw('operations'), shape, timings, clients });
  const operations = askedOf(drawOperations(operators), options);
  const plotter = new Stage({ draw: draw('plots'), shape, timings, clients, beside: stage });
  const plots = drawPlots(plotter, oftenPlots(options), options.plots ?? PLOTS);
  const drawn = [...drawFaults(stage, options), ...ofFamilies(plots.faults, options)];
  const faults = [...drawn, ...restartsOfUnregistered(operators, operations)];
  return {
    name: `swarm-${seed}`,
    cluster: {
      brokers: shape.brokers,
      controllers: shape.controllers,
      roles: shape.roles,
      voters: shape.voters,
      spareControllers: shape.spareControllers,
      ...(options.variants === undefined ? {} : { variants: { ...options.variants } }),
      config: { ...drawClusterConfig(settings, shape, timings), ...plots.config },
      topics: shape.topics.map((topic) => ({
        name: topic.name,
        partitions: topic.partitions,
        replicationFactor: topic.replicationFactor,
        config: drawTopicConfig(settings, topic, shape),
      })),
    },
    workload: [...workload, ...plots.workload],
    operations: [...operations, ...plots.operations],
    faults: faults.map((fault) => ({ ...fault, mayMiss: true })),
    runFor: shape.runForMs,
    convergeWithin: CONVERGE_WITHIN_MS,
    expect: expectationsOf(shape, stage, [...workload, ...plots.workload]),
  };
}

/** Large clusters have enough to do with what strikes them by chance. */
function oftenPlots({ size, plots, intensity = 'swarm' }: SwarmOptions): number {
  if (plots !== undefined) return 100;
  return size === undefined || size === 'any' ? 0 : OFTEN_PLOTS[intensity];
}

function drawnShape(draw: Draw, { beyondBudget = false, size = 'any' }: SwarmOptions): SwarmShape {
  if (size === 'quorum') return drawQuorumShape(draw, beyondBudget);
  return size === 'small' ? drawSmallShape(draw, beyondBudget) : drawShape(draw, beyondBudget);
}

function drawFaults(stage: Stage, options: SwarmOptions): Fault[] {
  const { draw } = stage;
  const { families: only, intensity = 'swarm' } = options;
  const possible = families.filter(
    (one) => only === undefined || one.of.some((family) => only.includes(family)),
  );
  const moves = possible.flatMap((one) =>
    draw.chance(one.often) || intensity === 'brutal' ? [...one.moves] : [],
  );
  const favourites = draw.favourites<Move>(moves.length > 0 ? moves : (possible[0]?.moves ?? []));
  const wanted = draw.weighted(wantedFaults(draw, intensity));
  const faults: Fault[] = [];
  for (let i = 0; i < wanted; i++) faults.push(...draw.weighted(favourites).draw(stage));
  return ofFamilies(faults, options);
}

function ofFamilies(faults: readonly Fault[], { families: only }: SwarmOptions): Fault[] {
  if (only === undefined) return [...faults];
  const kept = faults.filter((fault) => only.includes(familyOf(fault)));
  const names = new Set(kept.map((one) => one.name));
  return kept.filter((fault) => struckBefore(fault).every((name) => names.has(name)));
}

/** Names of faults whose victims are struck again: without the first there is nobody to strike. */
function struckBefore(fault: Fault): string[] {
  return Object.values(fault)
    .flat(2)
    .flatMap((one) =>
      typeof one === 'string' && one.startsWith(STRUCK) ? [one.slice(STRUCK.length)] : [],
    );
}

/** A broker that is unregistered comes back by a fault of the processes; without, it may not go. */
function askedOf(operations: readonly Operation[], { families: only }: SwarmOptions): Operation[] {
  if (only === undefined || only.includes('process')) return [...operations];
  return operations.filter((one) => !('unregisterBroker' in one));
}

function wantedFaults(draw: Draw, intensity: NonNullable<SwarmOptions['intensity']>) {
  if (intensity === 'light') return [[draw.int(1, 3), 1]] as const;
  if (intensity === 'brutal') return [[draw.int(12, 30), 1]] as const;
  return [
    [draw.int(0, 2), 10],
    [draw.int(3, 8), 45],
    [draw.int(9, 16), 45],
  ] as const;
}

/** Some moves are of several families: a node that is struck while a link is down. */
function familyOf(fault: Fault): FaultFamily {
  const verb = verbOf(fault);
  return faultVerbs.find((one) => one.name === verb)?.family ?? 'process';
}

function namesOf(workload: readonly LoadEntry[]): string[] {
  return workload.flatMap((entry) => {
    if ('producer' in entry) return [entry.producer];
    return 'consumer' in entry ? [entry.consumer] : [];
  });
}

function expectationsOf(
  shape: SwarmShape,
  stage: Stage,
  workload: readonly LoadEntry[],
): NonNullable<ScenarioInput['expect']> {
  if (shape.promise !== 'kept') return {};
  const mayLoseOffsets = stage.someMayLose && workload.some((entry) => 'group' in entry);
  const kept = KEPT.filter((name) => !mayLoseOffsets || !KEPT_BY_INTERNAL_TOPICS.includes(name));
  return Object.fromEntries(kept.map((name) => [name, 'holds'] as const));
}
