/** `trial zoo`: does the search find every historic rule and every weak setting by itself? */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { zooEntries } from '../../sim/search/zoo/entries.ts';
import { type ZooPlan, type ZooState, zooStateSchema } from '../../sim/search/zoo/state.ts';
import { Zoo } from '../../sim/search/zoo/zoo.ts';
import type { Context } from '../context.ts';
import { type CliError, inputError, usageError } from '../errors.ts';
import { type ExitCode, worstExitCode } from '../exit-codes.ts';
import { parseSeed } from '../input/arguments.ts';
import { parseCount, parseWallTime, workersOption } from '../input/search-options.ts';
import { zooLines } from '../report/zoo.ts';
import { recordedZoo, withResult, ZOO_RECORD, zooPage } from '../report/zoo-page.ts';
import { readStateFile, refuseState, writeStateFile } from '../search/campaign-files.ts';
import { commitOf } from '../search/commit.ts';
import { PROGRESS_STYLES, type ProgressStyle } from '../search/progress.ts';
import { runZoo, ZOO_FILE, type ZooEnd } from '../search/zoo.ts';
import { colorsFor } from '../terminal.ts';
import { printJson, writeResult } from '../write-json.ts';

interface ZooCommandOptions {
  readonly seeds?: number;
  readonly starts?: number;
  readonly from?: number;
  readonly workers: number;
  readonly for?: number;
  readonly shrink: boolean;
  readonly out?: string;
  readonly resume?: string;
  readonly record?: true;
  readonly progress: ProgressStyle;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly quiet?: true;
  readonly color: boolean;
}

const DEFAULT_SEEDS = 2_000;
const DEFAULT_STARTS = 3;
/** Between the first seeds of two starts, if searches are not longer. */
const START_GAP = 100_000;
const DEFAULT_FOLDER = 'failures/zoo';
const PAGE = 'docs/reference/zoo.md';

const EXAMPLES = `
Examples:
  trial zoo                                      everything; takes a while
  trial zoo truncation isr-join --seeds 500      all historic options of two rules
  trial zoo isr-lag=by-count acks-1 --starts 5   one option, one preset of weak settings
  trial zoo --for 30m --out zoo                  what is left goes on with --resume zoo
  trial zoo --record                             also writes ${PAGE}

Each entry is searched for as trial fuzz would, from several first seeds, with no schedule made by
hand; the same seeds must be clean without the switch. A found one leaves a small failure,
${DEFAULT_FOLDER}/<entry>.json or --out DIR, for trial replay, trial explain and trial view.
Names: trial list variants, trial list presets.
`;

export function addZoo(command: Command, context: Context): Command {
  const progress = new Option('--progress <style>', 'on stderr').choices(PROGRESS_STYLES);
  return command
    .name('zoo')
    .description('let the search find every historic rule and every weak setting')
    .argument('[names...]', 'variants, variant=option or presets (all)')
    .option('--seeds <n>', `give a search up after so many (${DEFAULT_SEEDS})`, parseCount)
    .option(
      '--starts <n>',
      `searches of each entry, for the median (${DEFAULT_STARTS})`,
      parseCount,
    )
    .option('--from <seed>', 'the first seed of the first search (1)', parseSeed)
    .addOption(workersOption())
    .option('--for <time>', 'begin nothing more after this much real time', parseWallTime)
    .option('--no-shrink', 'do not make a failure of each entry small')
    .option('--out <dir>', `failures go there, and what --resume needs (${DEFAULT_FOLDER})`)
    .option('--resume <dir>', 'go on with the zoo of an earlier --out')
    .option('--record', `write the results to ${ZOO_RECORD} and ${PAGE}`)
    .addOption(progress.default('auto'))
    .option('--json', 'results as JSON on stdout (docs/reference/zoo.schema.json)')
    .option('--json-file <file>', 'results as JSON into a file')
    .option('-q, --quiet', 'no progress')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: ZooCommandOptions) => run(names, options, context));
}

async function run(
  names: readonly string[],
  options: ZooCommandOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  const before = options.resume === undefined ? null : resumed(names, options, options.resume);
  if (options.out !== undefined) refuseState(options.out, ZOO_FILE, 'zoo');
  const plan = before?.plan ?? planOf(names, options);
  const commit = commitOf(options.record === true, before);
  const zoo = new Zoo(plan, before);
  const folder = options.resume ?? options.out ?? DEFAULT_FOLDER;
  const ended = await runZoo(
    zoo,
    {
      workers: options.workers,
      forMs: options.for ?? null,
      folder,
      commit,
      wallMsBefore: before?.wallMs ?? 0,
      progress: options.quiet === true ? 'none' : options.progress,
    },
    terminal,
  );
  const result = zoo.resultJson(Math.round(ended.wallMs));
  if (options.json === true) printJson(result, undefined, terminal);
  if (options.jsonFile !== undefined) printJson(result, options.jsonFile, terminal);
  if (options.json !== true) {
    const lines = zooLines(result, {
      colors: colorsFor(terminal, options.color),
      end: ended.end,
    });
    terminal.out(`${lines.join('\n')}\n`);
  }
  if (ended.end !== 'done') terminal.err(`go on with: trial zoo --resume ${folder}\n`);
  if (options.record === true && commit !== null) {
    const record = withResult(recordedZoo(), result, commit);
    writeStateFile(ZOO_RECORD, record);
    writeResult(PAGE, zooPage(record));
    terminal.err(`written to ${PAGE}\n`);
  }
  exitWith(exitCodeOf(zoo, ended));
}

function planOf(names: readonly string[], options: ZooCommandOptions): ZooPlan {
  const { seeds = DEFAULT_SEEDS, starts = DEFAULT_STARTS, from = 1, shrink } = options;
  const gap = Math.max(START_GAP, seeds);
  if (from + gap * starts > Number.MAX_SAFE_INTEGER) {
    throw usageError(`--from ${from}: seeds end at ${Number.MAX_SAFE_INTEGER}`);
  }
  return {
    entries: names.length === 0 ? zooEntries.map((one) => one.name) : entriesOf(names),
    starts: Array.from({ length: starts }, (_, i) => from + i * gap),
    seeds,
    shrink,
  };
}

/** In the order of the tables, whatever order they were asked for in. */
function entriesOf(names: readonly string[]): string[] {
  const wanted = new Set<string>();
  for (const name of names) {
    const found = zooEntries.filter((one) => one.name === name || one.name.startsWith(`${name}=`));
    if (found.length === 0) throw unknownEntry(name);
    for (const one of found) wanted.add(one.name);
  }
  return zooEntries.map((one) => one.name).filter((one) => wanted.has(one));
}

function unknownEntry(name: string): CliError {
  const known = zooEntries.flatMap((one) => [one.name, one.name.split('=')[0] as string]);
  const near = didYouMean(nearestName(name, known));
  const help = near || '`trial list variants` and `trial list presets` show them';
  return usageError(`there is no entry "${name}"; ${help}`);
}

function resumed(names: readonly string[], options: ZooCommandOptions, folder: string): ZooState {
  const why = 'a resumed zoo goes on as it was begun';
  if (names[0] !== undefined) throw usageError(`${names[0]}: ${why}`);
  for (const name of ['seeds', 'starts', 'from', 'out'] as const) {
    if (options[name] !== undefined) throw usageError(`--${name}: ${why}`);
  }
  const path = join(folder, ZOO_FILE);
  const state = readStateFile(path, { schema: zooStateSchema, engine: packageJson.version });
  const gone = state.plan.entries.find((name) => zooEntries.every((one) => one.name !== name));
  if (gone !== undefined) throw inputError(`${path}: plan.entries: there is no entry "${gone}"`);
  return state;
}

/** Not found is 1, as what went wrong is; what nobody looked for to the end is unknown. */
function exitCodeOf(zoo: Zoo, { end, wallMs }: ZooEnd): ExitCode {
  if (end === 'interrupted') return 130;
  const codes = zoo.resultJson(wallMs).entries.map(({ outcome, clean, searches }): ExitCode => {
    const isWrong = clean.wrong.length > 0 || searches.some((one) => one.wrong.length > 0);
    if (isWrong || outcome === 'not-found') return 1;
    return outcome === 'undecided' ? 2 : 0;
  });
  return worstExitCode(codes);
}
