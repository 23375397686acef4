/**
 * What the operators of a drawn cluster ask for while everything else goes wrong: topics come, grow
 * and go, partitions move, settings and voters change. In a seed that keeps its promise they ask
 * for nothing that takes records away or weakens a setting.
 */
import type { ScenarioInput } from '../scenario/schema.ts';
import type { SwarmTopic } from './shape.ts';
import type { Fault, Stage } from './stage.ts';

export type Operation = NonNullable<ScenarioInput['operations']>[number];
type Config = Record<string, string | number | boolean>;
/** One request, or a few that belong together. */
type Ask = (stage: Stage) => Operation | Operation[];

const CREATED = ['late', 'later'] as const;
const ELR = 'eligible.leader.replicas.version';

const harmless: readonly Ask[] = [
  reassign,
  reassign,
  reassignMany,
  reassignAndCancel,
  (stage) => ({ ...stage.when(), cancelReassignment: stage.draw.pick(stage.partitions) }),
  (stage) => ({ ...stage.when(), listReassignments: 'all' }),
  (stage) => ({ ...stage.when(), electLeaders: 'preferred' }),
  (stage) => ({
    ...stage.when(),
    electLeaders: 'preferred',
    partitions: stage.draw.pick(stage.partitions),
  }),
  createTopic,
  createAssignedTopic,
  (stage) => {
    const topic = stage.draw.pick(stage.shape.topics);
    const count = topic.partitions + stage.draw.pick([1, 1, 3]);
    return { ...stage.when(), createPartitions: topic.name, count };
  },
  (stage) => ({ ...stage.when(), ...drawTopicSetting(stage, HARMLESS_SETTINGS) }),
  (stage) => ({ ...stage.when(), describeTopics: stage.draw.pick(stage.shape.topics).name }),
  (stage) => ({ ...stage.when(), describeQuorum: true }),
  (stage) => ({ ...stage.when(), describeConfigs: 'all:brokers' }),
  (stage) => ({ ...stage.when(), updateFeature: ELR, level: 1 }),
  (stage) => ({
    ...stage.when(),
    alterConfigs: stage.draw.pick(stage.brokers),
    set: stage.draw.pick<Config>([
      { 'log.flush.interval.messages': 1 },
      { 'log.segment.bytes': 500 },
    ]),
  }),
];

const lossy: readonly Ask[] = [
  (stage) => {
    const names = [...stage.shape.topics.map((one) => one.name), ...CREATED];
    return { ...stage.when(), deleteTopic: stage.draw.pick(names) };
  },
  deleteAndCreate,
  (stage) => ({
    ...stage.when(),
    electLeaders: 'unclean',
    partitions: stage.draw.pick(stage.partitions),
  }),
  (stage) => ({ ...stage.when(), electLeaders: 'unclean' }),
  unregister,
  shrink,
  (stage) => ({ ...stage.when(), ...drawTopicSetting(stage, LOSSY_SETTINGS) }),
  (stage) => ({
    ...stage.when(),
    alterConfigs: 'all:brokers',
    set: stage.draw.pick<Config>([
      { 'min.insync.replicas': 1 },
      { 'min.insync.replicas': 2 },
      { 'unclean.leader.election.enable': true },
      { 'unclean.leader.election.enable': false },
      { 'log.flush.interval.messages': 1 },
    ]),
  }),
  (stage) => ({
    ...stage.when(),
    updateFeature: ELR,
    level: stage.draw.pick([0, 1]),
    downgrade: true,
  }),
];

const voting: readonly Ask[] = [
  (stage) => ({ ...stage.when(), addVoter: stage.draw.pick(stage.controllers) }),
  (stage) => ({ ...stage.when(), removeVoter: stage.draw.pick(stage.controllers) }),
  (stage) => ({ ...stage.when(), describeQuorum: true }),
];

const HARMLESS_SETTINGS: readonly Config[] = [
  { 'segment.bytes': 400 },
  { 'flush.messages': 1 },
  { 'index.interval.bytes': 0 },
  { 'max.message.bytes': 100_000 },
];
const LOSSY_SETTINGS: readonly Config[] = [
  { 'min.insync.replicas': 1 },
  { 'min.insync.replicas': 2 },
  { 'unclean.leader.election.enable': true },
  { 'unclean.leader.election.enable': false },
  { 'retention.bytes': 500 },
  { 'max.message.bytes': 150 },
];

export function drawOperations(stage: Stage): Operation[] {
  const { draw, shape } = stage;
  if (!draw.chance(45)) return [];
  const asks: Ask[] = [...harmless];
  if (shape.promise === 'any') asks.push(...lossy);
  if (shape.voters === 'dynamic') asks.push(...voting, ...voting);
  const favourites = draw.favourites(asks);
  const count = draw.weighted([
    [1, 20],
    [draw.int(2, 4), 50],
    [draw.int(5, 9), 30],
  ]);
  const drawn = Array.from({ length: count }, () => draw.weighted(favourites)(stage)).flat();
  return drawn.map((one): Operation => {
    const operation = { ...one, mayMiss: true };
    if (draw.chance(30)) operation.timeout ??= draw.pick([500, 3_000]);
    if (draw.chance(25)) operation.by = 'colleague';
    return operation;
  });
}

/** To as many replicas as before, on any brokers. */
function reassign(stage: Stage): Operation {
  const { draw } = stage;
  const [partition, topic] = stage.anyPartition();
  const replicas = draw.shuffled(stage.brokerIds).slice(0, topic.replicationFactor);
  return { ...stage.when(), reassign: partition, replicas };
}

/** Several partitions at once. */
function reassignMany(stage: Stage): Operation {
  const { draw } = stage;
  const topic = draw.pick(stage.shape.topics);
  const all = Array.from({ length: topic.partitions }, (_, i) => `${topic.name}-${i}`);
  const replicas = draw.shuffled(stage.brokerIds).slice(0, topic.replicationFactor);
  return { ...stage.when(), reassign: draw.some(all, draw.int(1, all.length)), replicas };
}

/** Taken back while it is under way, or just when it has ended. */
function reassignAndCancel(stage: Stage): Operation[] {
  const { draw } = stage;
  const [partition, topic] = stage.anyPartition();
  const start = draw.int(0, stage.shape.runForMs);
  const replicas = draw.shuffled(stage.brokerIds).slice(0, topic.replicationFactor);
  const moved = { when: { event: 'replicas.changed', partition }, after: stage.soon() };
  return [
    { ...stage.later(start, 0), reassign: partition, replicas },
    {
      ...(draw.chance(60) ? moved : stage.later(start, stage.soon())),
      cancelReassignment: partition,
    },
  ];
}

/** Another of the same name, while brokers may still have replicas of the former one. */
function deleteAndCreate(stage: Stage): Operation[] {
  const { draw } = stage;
  const { name, partitions, replicationFactor } = draw.pick(stage.shape.topics);
  const start = draw.int(0, stage.shape.runForMs);
  return [
    { ...stage.later(start, 0), deleteTopic: name },
    {
      ...stage.later(start, stage.soon()),
      createTopic: { name, partitions: draw.pick([1, partitions]), replicationFactor },
    },
  ];
}

/** It will not register anew before it is restarted: see `restartsOfUnregistered`. */
function unregister(stage: Stage): Operation {
  const { draw } = stage;
  const at = draw.int(0, Math.floor(stage.shape.runForMs / 2));
  return { at, unregisterBroker: draw.pick(stage.brokers), timeout: 500 };
}

/** Killed, for without a registration there is nobody to hand leaderships over to. */
export function restartsOfUnregistered(stage: Stage, operations: readonly Operation[]): Fault[] {
  const names = operations.flatMap((one) =>
    'unregisterBroker' in one ? [one.unregisterBroker] : [],
  );
  const brokers = [...new Set(names)];
  const soon = brokers.map((kill): Fault => {
    const broker = Number(kill.slice(kill.indexOf('-') + 1));
    const when = { event: 'broker.unregistered', broker, count: 1 };
    return { when, after: stage.soon(), kill, restartAfter: stage.span() };
  });
  // It may be unregistered again: by another request, or by the same one asked again.
  const late = brokers.map((kill): Fault => ({ at: stage.shape.runForMs, kill, restartAfter: 1 }));
  return [...soon, ...late];
}

function createAssignedTopic(stage: Stage): Operation {
  const { draw } = stage;
  const replicas = draw.int(1, Math.min(3, stage.brokerIds.length));
  const assignments = Array.from({ length: draw.int(1, 4) }, () =>
    draw.shuffled(stage.brokerIds).slice(0, replicas),
  );
  const config: Config = draw.chance(50) ? { 'min.insync.replicas': draw.int(1, 2) } : {};
  return { ...stage.when(), createTopic: { name: draw.pick(CREATED), config, assignments } };
}

function shrink(stage: Stage): Operation {
  const { draw } = stage;
  const [partition] = stage.anyPartition();
  const count = draw.int(1, stage.brokerIds.length);
  return {
    ...stage.when(),
    reassign: partition,
    replicas: draw.shuffled(stage.brokerIds).slice(0, count),
  };
}

function createTopic(stage: Stage): Operation {
  const { draw } = stage;
  const topics: readonly Pick<SwarmTopic, 'name'>[] = stage.shape.topics;
  const name = draw.chance(80) ? draw.pick(CREATED) : (topics[0]?.name ?? 'late');
  const partitions = draw.pick([-1, 1, 3, 6]);
  const replicationFactor = draw.pick([-1, 1, 2, 3]);
  return { ...stage.when(), createTopic: { name, partitions, replicationFactor } };
}

function drawTopicSetting(
  stage: Stage,
  settings: readonly Config[],
): { alterConfigs: string; set?: Config; delete?: string[] } {
  const { draw } = stage;
  const alterConfigs = `topic:${draw.pick(stage.shape.topics).name}`;
  const set = draw.pick(settings);
  return draw.chance(80) ? { alterConfigs, set } : { alterConfigs, delete: Object.keys(set) };
}
