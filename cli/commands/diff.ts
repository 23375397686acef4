/** `trial diff`: where two runs part, and what came of it. */
import { type Command, Option } from 'commander';
import { count } from '../../sim/run/words.ts';
import type { Context } from '../context.ts';
import { loadRun } from '../input/load-run.ts';
import { diffOf } from '../look/diff.ts';
import { type RunModel, runModel, timeAt, wordsAt } from '../look/run-model.ts';
import { anyVersionOption, mindVersion, type VersionOptions } from '../look/what-failed.ts';
import { columns } from '../report/columns.ts';
import type { DiffJson } from '../report/look-schemas.ts';
import { Page } from '../report/page.ts';
import { latency } from '../report/words.ts';
import { simulate } from '../simulate.ts';
import { type Colors, colorsFor, type Terminal } from '../terminal.ts';
import { printJson } from '../write-json.ts';

const BY = ['event', 'state', 'outcome'] as const;

interface DiffOptions extends VersionOptions {
  readonly by: (typeof BY)[number];
  readonly json?: true;
  readonly jsonFile?: string;
  readonly verbose?: true;
  readonly color: boolean;
}

const MAX_WIDTH = 110;
const CHANGES_SHOWN = 40;
/** Of what both runs have in common, before they part. */
const EVENTS_BEFORE = 3;

const EXAMPLES = `
Examples:
  trial diff failures/7.json failures/7.min.json
  trial diff acks-1-loses-an-acknowledged-record acks-all-survives-leader-crash --by outcome
  trial diff my.json@1 my.json@2          the same scenario with two seeds
`;

export function addDiff(command: Command, context: Context): Command {
  const by = new Option(
    '--by <what>',
    'the first event that differs, the clusters at the end, or what came out',
  );
  return command
    .name('diff')
    .description('find the first difference of two runs, and what came of it')
    .argument('<a>', 'a failure, a .trial file, a link or a scenario; @N behind it: with seed N')
    .argument('<b>', 'the other')
    .addOption(by.choices(BY).default('event'))
    .addOption(anyVersionOption())
    .option('--json', 'as JSON on stdout (docs/reference/diff.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .option('-v, --verbose', 'leave nothing out')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((a: string, b: string, options: DiffOptions) => run([a, b], options, context));
}

async function run(
  labels: readonly [string, string],
  options: DiffOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const left = await modelOf(labels[0], options, terminal);
  const right = left === null ? null : await modelOf(labels[1], options, terminal);
  if (left === null || right === null) return exitWith(130);
  const diff = diffOf(left, right);
  if (!diff.same && isOneRun(left, right)) exitWith(3);
  if (options.json === true || options.jsonFile !== undefined) {
    printJson(diff, options.jsonFile, terminal);
  }
  if (options.json === true) return;
  const page = new Page(Math.min(terminal.columns, MAX_WIDTH), colorsFor(terminal, options.color));
  headOn(page, diff);
  if (options.by === 'event') eventsOn(page, diff, { left, right });
  else changesOn(page, diff[options.by], options);
  terminal.out(`${page.lines.join('\n')}\n`);
}

/** One scenario with one seed: then they may not differ. */
function isOneRun(left: RunModel, right: RunModel): boolean {
  const [a, b] = [left, right].map(({ scenario, report }) =>
    JSON.stringify([scenario, String(report.seed)]),
  );
  return a === b;
}

/** A trace with its report is taken as it is; everything else is run. Null: interrupted. */
async function modelOf(
  what: string,
  options: VersionOptions,
  terminal: Terminal,
): Promise<RunModel | null> {
  const loaded = await loadRun(what);
  const { scenario, seed, trace } = loaded;
  if (trace?.report != null) return runModel({ scenario, report: trace.report, rows: trace.rows });
  mindVersion(loaded, options, terminal);
  const simulated = await simulate(scenario, { seed }, terminal);
  return simulated.interrupted ? null : runModel(simulated);
}

function headOn(page: Page, { left, right, same }: DiffJson): void {
  const rows = [left, right].map((one) => `${one.scenario}  seed ${one.seed}  ${one.digest}`);
  page.item({ indent: 0, label: 'a', labelWidth: 1, paint: page.colors.bold }, rows[0] as string);
  page.item({ indent: 0, label: 'b', labelWidth: 1, paint: page.colors.bold }, rows[1] as string);
  if (same) page.text(0, 'the same run, to the last bit', page.colors.green);
}

function eventsOn(
  page: Page,
  { first, commonEvents, onlyLeft, onlyRight, same }: DiffJson,
  { left, right }: { readonly left: RunModel; readonly right: RunModel },
): void {
  const { bold, dim } = page.colors;
  if (first === null) {
    if (!same) page.text(0, 'every event is told alike; bytes or the times of steps differ');
    return;
  }
  page.lines.push('');
  page.text(0, `the same up to event ${count(commonEvents)}, then:`);
  const from = Math.max(1, commonEvents - EVENTS_BEFORE + 1);
  const rows: string[][] = [];
  for (let event = from; event <= commonEvents; event++) {
    rows.push([' ', count(event), timeAt(left, event), wordsAt(left, event)]);
  }
  rows.push(['a', ...rowOf(left, first.left)], ['b', ...rowOf(right, first.right)]);
  page.lines.push(...columns(rows, MAX_WIDTH).split('\n').map(painted({ bold, dim })));
  const words = `${count(onlyLeft)} events only in a, ${count(onlyRight)} only in b`;
  page.lines.push('', dim(words));
}

function painted({ bold, dim }: Pick<Colors, 'bold' | 'dim'>): (line: string) => string {
  return (line) => (/^[ab] /.test(line) ? bold(line) : dim(line));
}

function rowOf(run: RunModel, place: { readonly event: number } | null): string[] {
  if (place === null) return ['', '', 'the run has ended'];
  return [count(place.event), timeAt(run, place.event), wordsAt(run, place.event)];
}

function changesOn(page: Page, changes: DiffJson['state'], options: DiffOptions): void {
  page.lines.push('');
  if (changes.length === 0) return page.text(0, 'no difference');
  const shown = options.verbose === true ? changes : changes.slice(0, CHANGES_SHOWN);
  const rows = shown.map(({ path, left, right }) => [
    path,
    shownValue(path, left),
    '→',
    shownValue(path, right),
  ]);
  page.lines.push(...columns(rows, MAX_WIDTH).split('\n'));
  const more = changes.length - shown.length;
  if (more > 0) page.text(0, `${count(more)} more (-v)`, page.colors.dim);
}

const VALUE_SHOWN = 60;

function shownValue(path: string, value: unknown): string {
  if (value === null) return '—';
  if (typeof value === 'number' && /Ms(\.\w+)?$/.test(path)) return latency(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= VALUE_SHOWN ? text : `${text.slice(0, VALUE_SHOWN - 1)}…`;
}
