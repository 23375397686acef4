/** `trial topics --describe`, with the lines and columns of Kafka's own. */
import type {
  OngoingReassignment,
  PartitionDescription,
  TopicDescription,
} from '../../../kafka/client/commands.ts';
import { CliError } from '../../errors.ts';
import type { Terminal } from '../../terminal.ts';
import { printJson } from '../../write-json.ts';
import { describedConfigs } from '../configs/described-configs.ts';
import { CALL_TIMEOUT_MS } from '../connect-options.ts';
import { refused, type Session } from '../session.ts';
import { knownTopics } from './known-topics.ts';
import { chosenTopics, type TopicsOptions } from './options.ts';

interface Described {
  readonly topic: TopicDescription;
  /** Settings that are not the default. */
  readonly configs: Readonly<Record<string, string>>;
  readonly minInSyncReplicas: number;
  readonly replicationFactor: number;
  readonly partitions: readonly Partition[];
}

interface Partition extends PartitionDescription {
  readonly moving: OngoingReassignment | null;
}

export async function describeTopics(
  session: Session,
  options: TopicsOptions,
  terminal: Terminal,
): Promise<void> {
  const names = await asked(session, options);
  const moving = await reassignments(session);
  const { brokers } = await session.expect('clusterDescribed', {
    kind: 'describeCluster',
    timeoutMs: CALL_TIMEOUT_MS,
  });
  const alive = new Set(brokers.map(({ id }) => id));
  const described = await describe(session, names, moving);
  const shown = described.flatMap((one) => filtered(one, options, alive) ?? []);
  if (options.json === true || options.jsonFile !== undefined) {
    printJson({ schema: 1, topics: shown.map(asJson) }, options.jsonFile, terminal);
  }
  if (options.json === true) return;
  const lines = shown.flatMap((one) => [
    ...(onlyPartitions(options) ? [] : [topicLine(one)]),
    ...(options.topicsWithOverrides === true
      ? []
      : one.partitions.map((partition) => partitionLine(one.topic.name, partition))),
  ]);
  if (lines.length > 0) terminal.out(`${lines.join('\n')}\n`);
}

async function asked(session: Session, options: TopicsOptions): Promise<string[]> {
  const known = await knownTopics(session);
  const shown = known.filter((one) => !(options.excludeInternal === true && one.isInternal));
  if (options.topicId === undefined) {
    const names = shown.map((one) => one.name);
    return chosenTopics(names, options.topic, options.ifExists === true);
  }
  const { topicId } = options;
  const found = shown.find((one) => one.topicId === topicId);
  if (found === undefined && options.ifExists !== true) {
    throw new CliError(1, `TopicId '${topicId}' does not exist as expected`);
  }
  return found === undefined ? [] : [found.name];
}

/** None where the cluster does not tell of them. */
async function reassignments(session: Session): Promise<readonly OngoingReassignment[]> {
  const result = await session.attempt({
    kind: 'listReassignments',
    partitions: null,
    timeoutMs: CALL_TIMEOUT_MS,
  });
  return result.kind === 'reassignmentsListed' ? result.partitions : [];
}

async function describe(
  session: Session,
  names: readonly string[],
  moving: readonly OngoingReassignment[],
): Promise<Described[]> {
  if (names.length === 0) return [];
  const [topics, configs] = await Promise.all([
    partitionsOf(session, names),
    describedConfigs(
      session,
      names.map((name) => ({ type: 'topic', name })),
      { synonyms: false },
    ),
  ]);
  return [...topics]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((topic) => {
      if (topic.error !== 'NONE') throw refused(topic.error, topic.name);
      const settings = configs.find((one) => one.resource.name === topic.name)?.configs ?? [];
      const own = settings.filter((one) => !one.isDefault);
      const partitions = topic.partitions.map((one) => ({
        ...one,
        moving:
          moving.find((it) => it.topic === topic.name && it.partition === one.partition) ?? null,
      }));
      const minimum = settings.find((one) => one.name === 'min.insync.replicas')?.value;
      return {
        topic,
        configs: Object.fromEntries(own.map(({ name, value }) => [name, value ?? ''])),
        minInSyncReplicas: Number(minimum ?? 1),
        replicationFactor: partitions[0] === undefined ? 0 : replicationFactor(partitions[0]),
        partitions,
      };
    });
}

/** Brokers before 3.8 cannot tell eligible leader replicas. */
async function partitionsOf(
  session: Session,
  topics: readonly string[],
): Promise<readonly TopicDescription[]> {
  const result = await session.attempt({
    kind: 'describeTopicPartitions',
    topics,
    timeoutMs: CALL_TIMEOUT_MS,
  });
  if (result.kind === 'topicsDescribed') return result.topics;
  return (await session.expect('topicsDescribed', { kind: 'describeTopics', topics })).topics;
}

/** Replicas that are only being added do not count while a reassignment is under way. */
function replicationFactor({ replicas, moving }: Partition): number {
  if (moving === null) return replicas.length;
  const changing = [...moving.adding, ...moving.removing];
  const isUnderWay = replicas.some((id) => changing.includes(id));
  return isUnderWay ? moving.replicas.length - moving.adding.length : replicas.length;
}

function onlyPartitions(options: TopicsOptions): boolean {
  return (
    options.underReplicatedPartitions === true ||
    options.unavailablePartitions === true ||
    options.underMinIsrPartitions === true ||
    options.atMinIsrPartitions === true
  );
}

/** null: nothing of it is asked for. */
function filtered(
  described: Described,
  options: TopicsOptions,
  alive: ReadonlySet<number>,
): Described | null {
  if (options.topicsWithOverrides === true && Object.keys(described.configs).length === 0) {
    return null;
  }
  if (!onlyPartitions(options)) return described;
  const { minInSyncReplicas: minimum } = described;
  const partitions = described.partitions.filter((one) => {
    const { leader, inSyncReplicas } = one;
    const inSync = inSyncReplicas.length;
    return (
      (options.underReplicatedPartitions === true && inSync < replicationFactor(one)) ||
      (options.unavailablePartitions === true && !(leader >= 0 && alive.has(leader))) ||
      (options.underMinIsrPartitions === true && (leader < 0 || inSync < minimum)) ||
      (options.atMinIsrPartitions === true && inSync === minimum)
    );
  });
  return partitions.length === 0 ? null : { ...described, partitions };
}

function topicLine({ topic, configs, replicationFactor: factor }: Described): string {
  const settings = Object.entries(configs).map(([key, value]) => `${key}=${value}`);
  return [
    `Topic: ${topic.name}`,
    `TopicId: ${topic.topicId}`,
    `PartitionCount: ${topic.partitions.length}`,
    `ReplicationFactor: ${factor}`,
    `Configs: ${settings.join(',')}`,
  ].join('\t');
}

function partitionLine(topic: string, one: Partition): string {
  const { moving, eligibleLeaderReplicas: elr, lastKnownEligible: lastKnown } = one;
  return [
    '',
    `Topic: ${topic}`,
    `Partition: ${one.partition}`,
    `Leader: ${one.leader < 0 ? 'none' : one.leader}`,
    `Replicas: ${one.replicas.join(',')}`,
    `Isr: ${one.inSyncReplicas.join(',')}`,
    ...(moving === null
      ? []
      : [
          `Adding Replicas: ${moving.adding.join(',')}`,
          `Removing Replicas: ${moving.removing.join(',')}`,
        ]),
    `Elr: ${elr === undefined ? 'N/A' : elr.join(',')}`,
    `LastKnownElr: ${lastKnown === undefined ? 'N/A' : lastKnown.join(',')}`,
  ].join('\t');
}

function asJson({ topic, configs, replicationFactor: factor, partitions }: Described) {
  return {
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partitionCount: topic.partitions.length,
    replicationFactor: factor,
    configs,
    partitions: partitions.map((one) => ({
      partition: one.partition,
      leader: one.leader < 0 ? null : one.leader,
      leaderEpoch: one.leaderEpoch,
      replicas: one.replicas,
      inSyncReplicas: one.inSyncReplicas,
      eligibleLeaderReplicas: one.eligibleLeaderReplicas ?? null,
      lastKnownEligible: one.lastKnownEligible ?? null,
      adding: one.moving?.adding ?? [],
      removing: one.moving?.removing ?? [],
    })),
  };
}
