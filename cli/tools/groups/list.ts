/** `trial groups --list` */
import type { Context } from '../../context.ts';
import { usageError } from '../../errors.ts';
import { printJson } from '../../write-json.ts';
import type { Session } from '../session.ts';
import { type GroupsOptions, timeoutOf } from './options.ts';
import { table } from './table.ts';

const STATES = ['Stable', 'PreparingRebalance', 'CompletingRebalance', 'Empty', 'Dead'];
const MORE_STATES = ['Assigning', 'Reconciling'];
const TYPES = ['Classic', 'Consumer'];

export async function listGroups(
  session: Session,
  options: GroupsOptions,
  { terminal }: Context,
): Promise<void> {
  const states = chosen('--state', options.state, [...STATES, ...MORE_STATES]);
  const types = chosen('--type', options.type, TYPES);
  const { groups } = await session.expect('groupsListed', {
    kind: 'listGroups',
    states,
    types,
    timeoutMs: timeoutOf(options),
  });
  const fits = (value: string, among: readonly string[]) =>
    among.length === 0 || among.some((one) => one.toLowerCase() === value.toLowerCase());
  // Brokers that are older than the filters list everything.
  const consumers = groups.filter(
    ({ protocolType, state, type }) =>
      (protocolType === 'consumer' || protocolType === '') &&
      (state === '' || fits(state, states)) &&
      (type === '' || fits(type, types)),
  );
  if (options.json === true || options.jsonFile !== undefined) {
    printJson({ schema: 1, groups: consumers }, options.jsonFile, terminal);
  }
  if (options.json === true || consumers.length === 0) return;
  if (options.state === undefined && options.type === undefined) {
    terminal.out(`${consumers.map(({ group }) => group).join('\n')}\n`);
    return;
  }
  const columns = [
    { head: 'GROUP', width: 25, of: consumers.map((one) => one.group) },
    ...(options.type === undefined
      ? []
      : [{ head: 'TYPE', width: 20, of: consumers.map((one) => one.type || 'Unknown') }]),
    ...(options.state === undefined
      ? []
      : [{ head: 'STATE', width: 20, of: consumers.map((one) => one.state || 'Unknown') }]),
  ];
  terminal.out(`${table(columns).join('\n')}\n`);
}

function chosen(flag: string, text: string | true | undefined, known: readonly string[]): string[] {
  if (text === undefined || text === true) return [];
  return text.split(',').map((one) => {
    const found = known.find((it) => it.toLowerCase() === one.trim().toLowerCase());
    if (found !== undefined) return found;
    throw usageError(`${flag} ${one}: allowed are ${known.join(', ')}`);
  });
}
