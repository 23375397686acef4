/** The table of a sweep, for a terminal and as Markdown. */
import { variantNamed } from '../../kafka/protocol/variants.ts';
import { count } from '../../sim/run/words.ts';
import type { SweepCell, SweepResult } from '../../sim/search/sweep.ts';
import type { Colors } from '../terminal.ts';
import type { Case, Failed } from './reporters.ts';
import { latency, quoted } from './words.ts';

const HEADS = ['lost', 'refused', 'duplicates', 'p50', 'p99', 'violated', 'worst seed'];

export function sweepLines(result: SweepResult, keys: readonly string[], colors: Colors): string[] {
  const refused = [...new Set(result.cells.flatMap(({ problem }) => problem ?? []))];
  const noted = result.cells.map((cell) => {
    const { problem } = cell;
    return cellWords(cell, problem === null ? '' : `refused [${refused.indexOf(problem) + 1}]`);
  });
  const table = [[...keys, ...HEADS], ...noted];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  const lines = table.map((row, place) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    const cell = result.cells[place - 1];
    if (cell === undefined) return colors.bold(line);
    if (isBad(cell)) return colors.red(line);
    return cell.acknowledgedLost > 0 ? colors.yellow(line) : line;
  });
  const replays = result.cells.flatMap((one) =>
    one.replay !== null && (isBad(one) || one.acknowledgedLost > 0) ? [one.replay] : [],
  );
  if (refused.length > 0) lines.push('', ...refused.map((why, place) => `[${place + 1}] ${why}`));
  if (replays.length === 0) return lines;
  return [...lines, '', colors.bold('The worst seed of each cell that lost something'), ...replays];
}

/** One case for each cell that has a run. */
export function sweepCases({ cells }: SweepResult): Case[] {
  return cells.flatMap((cell) => {
    if (cell.problem !== null) return [];
    const { broken, violated, replay } = cell;
    const said = Object.entries(violated).map(([name, times]) => `${name} violated × ${times}`);
    if (broken > 0) said.push(`broken × ${broken}`);
    const [type = ''] = Object.keys(violated);
    const failed: Failed | null = isBad(cell)
      ? {
          kind: broken > 0 ? 'broken' : 'violated',
          type: broken > 0 ? 'broken' : type,
          message: `${said.join(', ')} in ${count(cell.runs)} runs`,
          replay: replay ?? '',
        }
      : null;
    return [{ name: cell.settings.join(' '), wallMs: 0, failed }];
  });
}

function isBad({ violated, broken }: SweepCell): boolean {
  return broken > 0 || Object.keys(violated).length > 0;
}

/** @param instead what stands for a cell that could not be run. */
function cellWords(cell: SweepCell, instead: string): string[] {
  const settings = cell.settings.map((one) => one.slice(one.indexOf('=') + 1));
  if (cell.problem !== null) return [...settings, instead];
  const { acknowledgedLost, runsThatLost, runs, refusedMs, latencyMs, broken } = cell;
  const lost =
    acknowledgedLost === 0
      ? '0'
      : `${count(acknowledgedLost)} in ${count(runsThatLost)} of ${count(runs)}`;
  const refused = `${latency(refusedMs.median)} (≤ ${latency(refusedMs.most)})`;
  const violated = Object.entries(cell.violated).map(([name, times]) => `${name} × ${times}`);
  if (broken > 0) violated.push(`broken × ${broken}`);
  return [
    ...settings,
    lost,
    refusedMs.most === 0 ? '0' : refused,
    count(cell.duplicated),
    latencyMs === null ? '—' : latency(latencyMs.p50),
    latencyMs === null ? '—' : latency(latencyMs.p99),
    violated.join(', ') || '—',
    cell.worstSeed === null ? '—' : String(cell.worstSeed),
  ];
}

export function sweepMarkdown(result: SweepResult, keys: readonly string[]): string {
  const { scenario, seeds, from, cells } = result;
  const row = (words: readonly string[]) =>
    `| ${words.map((one) => one.replaceAll('|', '\\|')).join(' | ')} |`;
  const heads = [...keys, ...HEADS];
  const rows = cells.map((cell) => {
    const words = cellWords(cell, cell.problem ?? '');
    while (words.length < heads.length) words.push('');
    if (cell.replay !== null) words[words.length - 1] = `\`${cell.replay}\``;
    return row(words);
  });
  return [
    `# ${scenario}: ${keys.join(' × ')}`,
    '',
    `${count(seeds)} seeds from ${from} on in each cell. *lost*: acknowledged records that are in no`,
    'log at the end, and in how many runs. *refused*: how long producers got nothing through, the',
    'median run and the worst. Latencies are medians over the runs.',
    '',
    row(heads),
    row(heads.map(() => '---')),
    ...rows,
    '',
  ].join('\n');
}

/** The command that repeats one seed of a cell. */
export function replayOf(label: string, settings: readonly string[], seed: number): string {
  const set = settings.map((one) => ` ${flagOf(one)} ${quoted(replayed(one))}`).join('');
  return `trial run ${quoted(label)} --seed ${seed}${set}`;
}

/** How `trial run` takes a setting of a cell: `acks=1`, `truncation=by-epoch`, `kafka=0.8`. */
export function flagOf(setting: string): '--set' | '--variant' | '--kafka' {
  const name = nameOf(setting);
  if (name === 'kafka') return '--kafka';
  return variantNamed(name) === null ? '--set' : '--variant';
}

/** What stands behind that option. */
export function replayed(setting: string): string {
  return nameOf(setting) === 'kafka' ? setting.slice('kafka='.length) : setting;
}

function nameOf(setting: string): string {
  return setting.split('=')[0] as string;
}
