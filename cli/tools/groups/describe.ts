/** `trial groups --describe`, with the columns of Kafka's own. */
import type { BrokerDescription, TopicPartition } from '../../../kafka/client/commands.ts';
import type { GroupDescription, GroupMember } from '../../../kafka/client/group-commands.ts';
import type { Context } from '../../context.ts';
import { printJson } from '../../write-json.ts';
import type { Session } from '../session.ts';
import {
  askedGroups,
  committedOffsets,
  describedGroup,
  logOffsets,
  nameOf,
  sorted,
} from './known-groups.ts';
import { type GroupsOptions, timeoutOf } from './options.ts';
import { table } from './table.ts';

const LATEST = -1;

interface OffsetRow extends TopicPartition {
  readonly currentOffset: number | null;
  readonly logEndOffset: number | null;
  readonly lag: number | null;
  /** null: nobody reads it at present. */
  readonly member: GroupMember | null;
}

export async function describeGroups(
  session: Session,
  options: GroupsOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const names = (await askedGroups(session, options)).sort();
  const { brokers } = await session.expect('clusterDescribed', {
    kind: 'describeCluster',
    timeoutMs: timeoutOf(options),
  });
  const told: object[] = [];
  for (const name of names) {
    const group = await describedGroup(session, name, options);
    const rows = await offsetRows(session, group, options);
    told.push(asJson(group, rows));
    if (group.state === 'Dead') {
      exitWith(1);
      terminal.err(`\nError: Consumer group '${name}' does not exist.\n`);
      continue;
    }
    if (options.json === true) continue;
    terminal.err(stateWords(group));
    const lines = linesOf(group, rows, brokers, options);
    if (lines.length > 0) terminal.out(`\n${lines.join('\n')}\n`);
  }
  if (options.json === true || options.jsonFile !== undefined) {
    printJson({ schema: 1, groups: told }, options.jsonFile, terminal);
  }
}

function stateWords({ group, state }: GroupDescription): string {
  if (state === 'Empty') return `\nConsumer group '${group}' has no active members.\n`;
  if (state === 'Stable') return '';
  return `\nWarning: Consumer group '${group}' is rebalancing.\n`;
}

async function offsetRows(
  session: Session,
  group: GroupDescription,
  options: GroupsOptions,
): Promise<OffsetRow[]> {
  const committed = await committedOffsets(session, group.group, options);
  const byName = new Map(committed.map((one) => [nameOf(one), one.offset]));
  const readBy = new Map<string, GroupMember>();
  const partitions: TopicPartition[] = [];
  const members = [...group.members].sort((a, b) => b.assignment.length - a.assignment.length);
  for (const member of members) {
    for (const one of sorted(member.assignment)) {
      readBy.set(nameOf(one), member);
      partitions.push(one);
    }
  }
  partitions.push(...sorted(committed.filter((one) => !readBy.has(nameOf(one)))));
  const ends = await logOffsets(session, partitions, LATEST, options);
  return partitions.map(({ topic, partition }) => {
    const name = nameOf({ topic, partition });
    const currentOffset = byName.get(name) ?? null;
    const logEndOffset = ends.get(name) ?? null;
    const lag =
      currentOffset === null || logEndOffset === null ? null : logEndOffset - currentOffset;
    const member = readBy.get(name) ?? null;
    return { topic, partition, currentOffset, logEndOffset, lag, member };
  });
}

function linesOf(
  group: GroupDescription,
  rows: readonly OffsetRow[],
  brokers: readonly BrokerDescription[],
  options: GroupsOptions,
): string[] {
  if (options.state !== undefined) return stateLines(group, brokers);
  if (options.members === true) return memberLines(group, options.verbose === true);
  return rows.length === 0 ? [] : offsetLines(group.group, rows);
}

function offsetLines(group: string, rows: readonly OffsetRow[]): string[] {
  const or = (value: string | number | null | undefined) => String(value ?? '-');
  return table([
    { head: 'GROUP', width: 15, of: rows.map(() => group) },
    { head: 'TOPIC', width: 15, of: rows.map((one) => one.topic) },
    { head: 'PARTITION', width: 10, of: rows.map((one) => or(one.partition)) },
    { head: 'CURRENT-OFFSET', width: 15, of: rows.map((one) => or(one.currentOffset)) },
    { head: 'LOG-END-OFFSET', width: 15, of: rows.map((one) => or(one.logEndOffset)) },
    { head: 'LAG', width: 15, of: rows.map((one) => or(one.lag)) },
    { head: 'CONSUMER-ID', width: 15, of: rows.map((one) => or(one.member?.memberId)) },
    { head: 'HOST', width: 15, of: rows.map((one) => or(one.member?.host)) },
    { head: 'CLIENT-ID', width: 0, of: rows.map((one) => or(one.member?.clientId)) },
  ]);
}

function memberLines({ group, members }: GroupDescription, verbose: boolean): string[] {
  if (members.length === 0) return [];
  const isStatic = members.some(({ groupInstanceId }) => groupInstanceId !== null);
  const instances = members.map((one) => one.groupInstanceId ?? '');
  return table([
    { head: 'GROUP', width: 15, of: members.map(() => group) },
    { head: 'CONSUMER-ID', width: 15, of: members.map((one) => one.memberId) },
    ...(isStatic ? [{ head: 'GROUP-INSTANCE-ID', width: 17, of: instances }] : []),
    { head: 'HOST', width: 15, of: members.map((one) => one.host) },
    { head: 'CLIENT-ID', width: 15, of: members.map((one) => one.clientId) },
    { head: '#PARTITIONS', width: 15, of: members.map((one) => String(one.assignment.length)) },
    ...(verbose
      ? [{ head: 'ASSIGNMENT', width: 0, of: members.map((one) => assignmentWords(one)) }]
      : []),
  ]);
}

/** `orders(0,1), returns(0)` */
function assignmentWords({ assignment }: GroupMember): string {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of sorted(assignment)) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  const words = [...topics].map(([topic, partitions]) => `${topic}(${partitions.join(',')})`);
  return words.length === 0 ? '-' : words.join(', ');
}

function stateLines(group: GroupDescription, brokers: readonly BrokerDescription[]): string[] {
  const broker = brokers.find(({ id }) => id === group.coordinator);
  const address = broker === undefined ? '-' : `${broker.host}:${broker.port}`;
  return table([
    { head: 'GROUP', width: 15, of: [group.group] },
    { head: 'COORDINATOR (ID)', width: 25, of: [`${address} (${group.coordinator})`] },
    { head: 'ASSIGNMENT-STRATEGY', width: 20, of: [group.protocol] },
    { head: 'STATE', width: 15, of: [group.state] },
    { head: '#MEMBERS', width: 0, of: [String(group.members.length)] },
  ]);
}

function asJson(group: GroupDescription, rows: readonly OffsetRow[]) {
  return {
    group: group.group,
    state: group.state,
    assignmentStrategy: group.protocol,
    coordinator: group.coordinator < 0 ? null : group.coordinator,
    members: group.members.map((one) => ({ ...one, assignment: sorted(one.assignment) })),
    offsets: rows.map(({ member, ...row }) => ({ ...row, memberId: member?.memberId ?? null })),
  };
}
