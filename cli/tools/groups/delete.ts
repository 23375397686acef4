/** `trial groups --delete` and `--delete-offsets` */
import type { TopicResult } from '../../../kafka/client/commands.ts';
import type { Context } from '../../context.ts';
import { printJson } from '../../write-json.ts';
import type { Session } from '../session.ts';
import { askedGroups, nameOf, partitionsOf } from './known-groups.ts';
import { type GroupsOptions, timeoutOf } from './options.ts';
import { table } from './table.ts';

export async function deleteGroups(
  session: Session,
  options: GroupsOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const deleted: string[] = [];
  const failed: { group: string; error: string }[] = [];
  for (const group of await askedGroups(session, options)) {
    const timeoutMs = timeoutOf(options);
    const { results } = await session.expect('operated', { kind: 'deleteGroup', group, timeoutMs });
    const error = results[0]?.error ?? 'UNKNOWN_SERVER_ERROR';
    if (error === 'NONE') deleted.push(group);
    else failed.push({ group, error });
  }
  if (failed.length > 0) exitWith(1);
  if (options.json === true || options.jsonFile !== undefined) {
    printJson({ schema: 1, deleted, failed }, options.jsonFile, terminal);
  }
  const lines = failed.map((one) => `* Group '${one.group}' could not be deleted: ${one.error}`);
  if (lines.length > 0) {
    terminal.err(`error: Deletion of some consumer groups failed:\n${lines.join('\n')}\n`);
  }
  if (options.json === true || deleted.length === 0) return;
  const names = deleted.map((one) => `'${one}'`).join(', ');
  terminal.out(`Deletion of requested consumer groups (${names}) was successful.\n`);
}

export async function deleteOffsets(
  session: Session,
  options: GroupsOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const [group = ''] = options.group ?? [];
  const partitions = await partitionsOf(session, options.topic ?? []);
  const { results } = await session.expect('operated', {
    kind: 'deleteGroupOffsets',
    group,
    partitions,
    timeoutMs: timeoutOf(options),
  });
  const byName = new Map<string, TopicResult>(results.map((one) => [one.name, one]));
  const rows = partitions.map((one) => ({
    ...one,
    error: byName.get(nameOf(one))?.error ?? 'UNKNOWN_TOPIC_OR_PARTITION',
  }));
  if (rows.some(({ error }) => error !== 'NONE')) exitWith(1);
  if (options.json === true || options.jsonFile !== undefined) {
    const deletedOffsets = rows.map(({ error, ...one }) => ({
      group,
      ...one,
      error: error === 'NONE' ? null : error,
    }));
    printJson({ schema: 1, deletedOffsets }, options.jsonFile, terminal);
  }
  if (options.json === true) return;
  const lines = table([
    { head: 'TOPIC', width: 30, of: rows.map((one) => one.topic) },
    { head: 'PARTITION', width: 15, of: rows.map((one) => String(one.partition)) },
    {
      head: 'STATUS',
      width: 0,
      of: rows.map(({ error }) => (error === 'NONE' ? 'Successful' : `Error: ${error}`)),
    },
  ]);
  terminal.out(`\n${lines.join('\n')}\n`);
}
