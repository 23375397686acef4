/**
 * What the operators of a drawn cluster ask for while everything else goes wrong: topics come, grow
 * and go, partitions move, settings and voters change. In a seed that keeps its promise they ask
 * for nothing that takes records away or weakens a setting.
 */
import type { ScenarioInput } from '../scenario/schema.ts';
import type { SwarmTopic } from './shape.ts';
import type { Stage } from './stage.ts';

export type Operation = NonNullable<ScenarioInput['operations']>[number];
type Config = Record<string, string | number | boolean>;
type Ask = (stage: Stage) => Operation;

const CREATED = ['late', 'later'] as const;

const harmless: readonly Ask[] = [
  reassign,
  reassign,
  (stage) => ({ ...stage.when(), cancelReassignment: stage.draw.pick(stage.partitions) }),
  (stage) => ({ ...stage.when(), listReassignments: 'all' }),
  (stage) => ({ ...stage.when(), electLeaders: 'preferred' }),
  (stage) => ({
    ...stage.when(),
    electLeaders: 'preferred',
    partitions: stage.draw.pick(stage.partitions),
  }),
  createTopic,
  (stage) => {
    const topic = stage.draw.pick(stage.shape.topics);
    const count = topic.partitions + stage.draw.pick([1, 1, 3]);
    return { ...stage.when(), createPartitions: topic.name, count };
  },
  (stage) => ({ ...stage.when(), ...drawTopicSetting(stage, HARMLESS_SETTINGS) }),
  (stage) => ({ ...stage.when(), describeTopics: stage.draw.pick(stage.shape.topics).name }),
  (stage) => ({ ...stage.when(), describeQuorum: true }),
  (stage) => ({ ...stage.when(), describeConfigs: 'all:brokers' }),
];

const lossy: readonly Ask[] = [
  (stage) => {
    const names = [...stage.shape.topics.map((one) => one.name), ...CREATED];
    return { ...stage.when(), deleteTopic: stage.draw.pick(names) };
  },
  (stage) => ({
    ...stage.when(),
    electLeaders: 'unclean',
    partitions: stage.draw.pick(stage.partitions),
  }),
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
    updateFeature: 'eligible.leader.replicas.version',
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
  return Array.from({ length: count }, (): Operation => {
    const operation = { ...draw.weighted(favourites)(stage), mayMiss: true };
    if (draw.chance(30)) operation.timeout = draw.pick([500, 3_000]);
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
