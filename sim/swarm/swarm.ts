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
import type { ScenarioInput } from '../scenario/schema.ts';
import { Draw } from './draw.ts';
import { drawLoad, type LoadEntry } from './load.ts';
import type { Move } from './move.ts';
import { families } from './moves.ts';
import { drawOperations, restartsOfUnregistered } from './operations.ts';
import { drawClusterConfig, drawTimings, drawTopicConfig } from './settings.ts';
import { drawShape, type SwarmShape } from './shape.ts';
import { type Fault, Stage } from './stage.ts';

/** What holds under every fault that the settings survive. */
const KEPT = [
  'acked-durable',
  'producer-order',
  'read-stable',
  'offset-unique',
  'log-match',
  'hw-mono',
  'one-leader-per-epoch',
  'offset-bounds',
];

export function swarmScenario(seed: number): ScenarioInput {
  const random = new SimRandom(String(seed), 'swarm/');
  const draw = (part: string): Draw => new Draw(random.stream(part));
  const shape = drawShape(draw('shape'));
  const settings = draw('settings');
  const timings = drawTimings(settings);
  const workload = drawLoad(draw('load'), shape);
  const clients = namesOf(workload);
  const stage = new Stage({ draw: draw('faults'), shape, timings, clients });
  const operators = new Stage({ draw: draw('operations'), shape, timings, clients });
  const operations = drawOperations(operators);
  const faults = [...drawFaults(stage), ...restartsOfUnregistered(operators, operations)];
  return {
    name: `swarm-${seed}`,
    cluster: {
      brokers: shape.brokers,
      controllers: shape.controllers,
      roles: shape.roles,
      voters: shape.voters,
      spareControllers: shape.spareControllers,
      config: drawClusterConfig(settings, shape, timings),
      topics: shape.topics.map((topic) => ({
        name: topic.name,
        partitions: topic.partitions,
        replicationFactor: topic.replicationFactor,
        config: drawTopicConfig(settings, topic, shape),
      })),
    },
    workload,
    operations,
    faults: faults.map((fault) => ({ ...fault, mayMiss: true })),
    runFor: shape.runForMs,
    expect: expectationsOf(shape, workload),
  };
}

function drawFaults(stage: Stage): Fault[] {
  const { draw } = stage;
  const moves = families.flatMap((one) => (draw.chance(one.often) ? [...one.moves] : []));
  const favourites = draw.favourites<Move>(moves.length > 0 ? moves : (families[0]?.moves ?? []));
  const wanted = draw.weighted([
    [draw.int(0, 2), 10],
    [draw.int(3, 8), 45],
    [draw.int(9, 16), 45],
  ]);
  const faults: Fault[] = [];
  for (let i = 0; i < wanted; i++) faults.push(...draw.weighted(favourites).draw(stage));
  return faults;
}

function namesOf(workload: readonly LoadEntry[]): string[] {
  return workload.flatMap((entry) => {
    if ('producer' in entry) return [entry.producer];
    return 'consumer' in entry ? [entry.consumer] : [];
  });
}

function expectationsOf(
  shape: SwarmShape,
  workload: readonly LoadEntry[],
): NonNullable<ScenarioInput['expect']> {
  if (shape.promise !== 'kept') return {};
  const idempotent = workload.every(
    (entry) => !('producer' in entry) || entry.config?.['enable.idempotence'] === true,
  );
  const names = KEPT.filter((name) => name !== 'producer-order' || idempotent);
  return Object.fromEntries(names.map((name) => [name, 'holds'] as const));
}
