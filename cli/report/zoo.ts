/** What a zoo came out as: a table for a terminal, and the page of the recorded ones. */
import { count } from '../../sim/run/words.ts';
import type { ZooResult, ZooRow } from '../../sim/search/zoo/state.ts';
import type { Colors } from '../terminal.ts';
import { printable } from './columns.ts';
import { counted, wallTime } from './words.ts';

const HEADS = ['entry', 'found', 'seeds', 'of each start', 'CPU s', 'check', 'shrunk', 'without'];

export function zooLines(
  result: ZooResult,
  { colors, end }: { readonly colors: Colors; readonly end: string },
): string[] {
  const table = [HEADS, ...result.entries.map((one) => cellsOf(one))];
  const widths = HEADS.map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  const lines = table.map((row, place) => {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const text = line.join('  ').trimEnd();
    const entry = result.entries[place - 1];
    if (entry === undefined) return colors.bold(text);
    if (isWrong(entry)) return colors.red(text);
    return entry.outcome === 'found' ? text : colors.yellow(text);
  });
  return [...lines, '', ...wrongLines(result), sums(result, end)];
}

function cellsOf(row: ZooRow): string[] {
  const { name, searches, median, checks, shrunk, clean, outcome } = row;
  const found = searches.filter((one) => one.found !== null).length;
  const each = searches.map((one) => `${one.found === null ? '>' : ''}${count(one.tried)}`);
  const small =
    shrunk === null
      ? '—'
      : `${count(shrunk.events)} events, ${counted(shrunk.faults, 'fault')}${shrunk.minimal ? '' : ' (not minimal)'}`;
  return [
    name,
    outcome === 'undecided' ? 'undecided' : `${found} of ${searches.length}`,
    median === null ? '—' : count(median.seeds),
    each.join(' '),
    median === null ? '—' : median.cpuSeconds.toFixed(1),
    [...new Set(checks)].join(', ') || '—',
    small,
    clean.wrong.length > 0 ? `${clean.wrong.length} WRONG` : `${count(clean.seeds)} clean`,
  ];
}

/** Without its switch, or with it in another way than it should. */
function isWrong({ clean, searches }: ZooRow): boolean {
  return clean.wrong.length > 0 || searches.some((one) => one.wrong.length > 0);
}

function wrongLines({ entries }: ZooResult): string[] {
  const lines = entries.flatMap(({ name, clean, searches, drawnWith }) => [
    ...clean.wrong.map(({ seed, words }) => `seed ${seed} ${drawnWith} without ${name}: ${words}`),
    ...searches.flatMap((one) =>
      one.wrong.map(({ seed, words }) => `seed ${seed} with ${name}: ${words}`),
    ),
  ]);
  return lines.length === 0 ? [] : [...lines.map(printable), ''];
}

/** `29 of 31 found · median 84 seeds · 0 wrong without their switches · 12 min 3 s` */
function sums({ entries, wallMs }: ZooResult, end: string): string {
  const found = entries.filter((one) => one.outcome === 'found');
  const medians = found.map((one) => one.median?.seeds ?? 0).sort((a, b) => a - b);
  const wrong = new Set(
    entries.flatMap((one) => one.clean.wrong.map(({ seed }) => `${one.drawnWith} ${seed}`)),
  );
  const median = medians[Math.floor((medians.length - 1) / 2)];
  return [
    `${found.length} of ${entries.length} found`,
    ...(median === undefined ? [] : [`median of the medians ${counted(median, 'seed')}`]),
    `${wrong.size} wrong without their switches`,
    ...(end === 'done' ? [] : [end]),
    wallTime(wallMs),
  ].join(' · ');
}
