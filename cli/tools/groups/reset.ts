/** `trial groups --reset-offsets`: where the offsets of a group without members shall be. */
import { readFileSync } from 'node:fs';
import type { TopicPartition } from '../../../kafka/client/commands.ts';
import type { Context } from '../../context.ts';
import { CliError, inputError, reasonOf } from '../../errors.ts';
import { printJson } from '../../write-json.ts';
import { refused, type Session } from '../session.ts';
import {
  askedGroups,
  committedOffsets,
  describedGroup,
  logOffsets,
  nameOf,
  partitionsOf,
  sorted,
} from './known-groups.ts';
import { type GroupsOptions, timeoutOf } from './options.ts';
import { type PlannedOffset, readResetPlan } from './reset-plan.ts';
import { table } from './table.ts';

const EARLIEST = -2;
const LATEST = -1;

const DRY_RUN =
  'WARN: No action will be performed as the --execute option is missing ' +
  '(--dry-run says so without this line).\n';

export async function resetOffsets(
  session: Session,
  options: GroupsOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  if (options.execute !== true && options.dryRun !== true) terminal.err(DRY_RUN);
  const moved: (PlannedOffset & { readonly group: string })[] = [];
  const groups = await askedGroups(session, options);
  for (const group of groups) {
    const { state } = await describedGroup(session, group, options);
    if (state !== 'Empty' && state !== 'Dead') {
      const active = `Assignments can only be reset if the group '${group}' is inactive`;
      terminal.err(`error: ${active}, but the current state is ${state}.\n`);
      exitWith(1);
      continue;
    }
    const planned = await plan(session, group, options, (words) => terminal.err(words));
    if (options.execute === true) await commit(session, group, planned, options);
    moved.push(...sorted(planned).map((one) => ({ group, ...one })));
  }
  if (options.json === true || options.jsonFile !== undefined) {
    const offsets = moved.map(({ offset: newOffset, ...one }) => ({ ...one, newOffset }));
    const executed = options.execute === true;
    printJson({ schema: 1, executed, offsets }, options.jsonFile, terminal);
  }
  if (options.json === true || moved.length === 0) return;
  if (options.export === true) {
    const withGroup = groups.length > 1;
    const lines = moved.map(({ group, topic, partition, offset }) =>
      [...(withGroup ? [group] : []), topic, partition, offset].join(','),
    );
    terminal.out(`${lines.join('\n')}\n`);
    return;
  }
  const lines = table([
    { head: 'GROUP', width: 30, of: moved.map((one) => one.group) },
    { head: 'TOPIC', width: 30, of: moved.map((one) => one.topic) },
    { head: 'PARTITION', width: 10, of: moved.map((one) => String(one.partition)) },
    { head: 'NEW-OFFSET', width: 15, of: moved.map((one) => String(one.offset)) },
  ]);
  terminal.out(`\n${lines.join('\n')}\n`);
}

async function commit(
  session: Session,
  group: string,
  planned: readonly PlannedOffset[],
  options: GroupsOptions,
): Promise<void> {
  if (planned.length === 0) return;
  const offsets = planned.map((one) => ({ ...one, leaderEpoch: -1, metadata: '' }));
  const { results } = await session.expect('operated', {
    kind: 'alterGroupOffsets',
    group,
    offsets,
    timeoutMs: timeoutOf(options),
  });
  const wrong = results.find(({ error }) => error !== 'NONE');
  if (wrong !== undefined) throw refused(wrong.error, `${group} ${wrong.name}`);
}

async function plan(
  session: Session,
  group: string,
  options: GroupsOptions,
  warn: (words: string) => void,
): Promise<PlannedOffset[]> {
  if (options.fromFile !== undefined) {
    const text = readPlan(options.fromFile);
    const ofGroup = readResetPlan(text, options.fromFile, group);
    return within(session, ofGroup, options, warn);
  }
  const committed = await committedOffsets(session, group, options);
  const partitions =
    options.allTopics === true ? committed : await partitionsOf(session, options.topic ?? []);
  const current = new Map(committed.map((one) => [nameOf(one), one.offset]));
  if (options.toEarliest === true) return ends(session, partitions, EARLIEST, options);
  if (options.toLatest === true) return ends(session, partitions, LATEST, options);
  const { toOffset, shiftBy } = options;
  if (toOffset !== undefined) {
    const asked = partitions.map((one) => at(one, toOffset));
    return within(session, asked, options, warn);
  }
  if (shiftBy !== undefined) {
    const asked = partitions.map((one) => {
      const offset = current.get(nameOf(one));
      if (offset !== undefined) return at(one, offset + shiftBy);
      const problem = 'since there is no current committed offset';
      throw new CliError(1, `Cannot shift offset for partition ${nameOf(one)} ${problem}`);
    });
    return within(session, asked, options, warn);
  }
  if (options.toCurrent === true) {
    const missing = partitions.filter((one) => !current.has(nameOf(one)));
    const latest = await ends(session, missing, LATEST, options);
    const known = new Map([...current, ...latest.map((one) => [nameOf(one), one.offset] as const)]);
    return partitions.map((one) => at(one, known.get(nameOf(one)) ?? 0));
  }
  const timestampMs = options.toDatetime ?? Date.now() - (options.byDuration ?? 0);
  return byTime(session, partitions, timestampMs, options, warn);
}

function at({ topic, partition }: TopicPartition, offset: number): PlannedOffset {
  return { topic, partition, offset };
}

function readPlan(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

async function ends(
  session: Session,
  partitions: readonly TopicPartition[],
  which: number,
  options: GroupsOptions,
): Promise<PlannedOffset[]> {
  const found = await logOffsets(session, partitions, which, options);
  return partitions.map((one) => at(one, found.get(nameOf(one)) ?? unknown(one)));
}

function unknown(partition: TopicPartition): never {
  throw new CliError(1, `the cluster does not tell offsets of ${nameOf(partition)}`);
}

/** Where no record is that young: behind the last one. */
async function byTime(
  session: Session,
  partitions: readonly TopicPartition[],
  timestampMs: number,
  options: GroupsOptions,
  warn: (words: string) => void,
): Promise<PlannedOffset[]> {
  const found = await logOffsets(session, partitions, timestampMs, options);
  const missing = partitions.filter((one) => (found.get(nameOf(one)) ?? -1) < 0);
  for (const { topic, partition } of missing) {
    const where = `Partition ${partition} from topic ${topic}`;
    warn(`Warn: ${where} has no record that young. Falling back to latest known offset.\n`);
  }
  const latest = await logOffsets(session, missing, LATEST, options);
  return partitions.map((one) => {
    const offset = latest.get(nameOf(one)) ?? found.get(nameOf(one));
    return at(one, offset ?? unknown(one));
  });
}

/** Offsets that the log does not reach are moved to its nearer end. */
async function within(
  session: Session,
  asked: readonly PlannedOffset[],
  options: GroupsOptions,
  warn: (words: string) => void,
): Promise<PlannedOffset[]> {
  const starts = await logOffsets(session, asked, EARLIEST, options);
  const latest = await logOffsets(session, asked, LATEST, options);
  return asked.map((one) => {
    const start = starts.get(nameOf(one)) ?? unknown(one);
    const end = latest.get(nameOf(one)) ?? unknown(one);
    const offset = Math.min(Math.max(one.offset, start), end);
    if (offset !== one.offset) {
      const how = one.offset > end ? 'higher than latest' : 'lower than earliest';
      const what = `New offset (${one.offset}) is ${how} offset for topic partition ${nameOf(one)}`;
      warn(`WARN ${what}. Value will be set to ${offset}\n`);
    }
    return at(one, offset);
  });
}
