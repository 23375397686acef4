/** What the cluster tells of groups and of offsets in logs. */
import type { TopicPartition } from '../../../kafka/client/commands.ts';
import type { GroupDescription, GroupOffset } from '../../../kafka/client/group-commands.ts';
import { CliError } from '../../errors.ts';
import { refused, type Session } from '../session.ts';
import { type GroupsOptions, timeoutOf } from './options.ts';

export async function askedGroups(session: Session, options: GroupsOptions): Promise<string[]> {
  if (options.group !== undefined) return [...new Set(options.group)];
  const { groups } = await session.expect('groupsListed', {
    kind: 'listGroups',
    states: [],
    types: [],
    timeoutMs: timeoutOf(options),
  });
  return groups.filter(({ protocolType }) => isConsumers(protocolType)).map(({ group }) => group);
}

/** How brokers differ in saying so. */
const NO_GROUP = ['GROUP_ID_NOT_FOUND'];

/** A group that only commits has no protocol. */
function isConsumers(protocolType: string): boolean {
  return protocolType === 'consumer' || protocolType === '';
}

/** Its state is `Dead` when there is no such group. */
export async function describedGroup(
  session: Session,
  group: string,
  options: GroupsOptions,
): Promise<GroupDescription> {
  const timeoutMs = timeoutOf(options);
  const result = await session.attempt({ kind: 'describeGroup', group, timeoutMs }, NO_GROUP);
  if (result.kind === 'groupDescribed') return result.description;
  const none = { protocolType: '', protocol: '', coordinator: -1, members: [] };
  return { group, state: 'Dead', ...none };
}

export async function committedOffsets(
  session: Session,
  group: string,
  options: GroupsOptions,
): Promise<readonly GroupOffset[]> {
  const timeoutMs = timeoutOf(options);
  const result = await session.attempt({ kind: 'listGroupOffsets', group, timeoutMs }, NO_GROUP);
  return result.kind === 'groupOffsetsListed' ? result.offsets : [];
}

export function sorted<T extends TopicPartition>(partitions: readonly T[]): T[] {
  return [...partitions].sort((a, b) => {
    if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
    return a.partition - b.partition;
  });
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/** By `topic-partition`; what cannot be told is left out. `timestampMs`: see `OffsetQuery`. */
export async function logOffsets(
  session: Session,
  partitions: readonly TopicPartition[],
  timestampMs: number,
  options: GroupsOptions,
): Promise<Map<string, number>> {
  if (partitions.length === 0) return new Map();
  const found = await session.expect('offsetsListed', {
    kind: 'listOffsets',
    partitions: partitions.map(({ topic, partition }) => ({ topic, partition, timestampMs })),
    timeoutMs: timeoutOf(options),
  });
  const told = found.partitions.filter(({ error }) => error === 'NONE');
  return new Map(told.map((one) => [nameOf(one), one.offset]));
}

/** `orders`: all its partitions; `orders:0,1`: these. */
export async function partitionsOf(
  session: Session,
  asked: readonly string[],
): Promise<TopicPartition[]> {
  const partitions: TopicPartition[] = [];
  const whole: string[] = [];
  for (const one of asked) {
    const [topic = '', numbers, ...more] = one.split(':');
    if (numbers === undefined) whole.push(topic);
    else {
      const ids = numbers.split(',').map((text) => text.trim());
      if (more.length > 0 || topic === '' || !ids.every((id) => /^\d+$/.test(id))) {
        throw new CliError(64, `--topic ${one}: expected a topic, or orders:0,1`);
      }
      partitions.push(...ids.map((id) => ({ topic, partition: Number(id) })));
    }
  }
  if (whole.length === 0) return partitions;
  const { topics } = await session.expect('topicsDescribed', {
    kind: 'describeTopics',
    topics: whole,
  });
  for (const { name: topic, error, partitions: described } of topics) {
    if (error !== 'NONE' && described.length === 0) throw refused(error, topic);
    partitions.push(...described.map(({ partition }) => ({ topic, partition })));
  }
  return partitions;
}
