/** `trial sweep`: a grid of settings × seeds in one table. */
import { type Command, Option } from 'commander';
import { PROFILES } from '../../kafka/protocol/choice.ts';
import { count } from '../../sim/run/words.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import {
  cellOf,
  type Dimension,
  gridOf,
  impossibleCell,
  type SweepResult,
  type SweepRun,
} from '../../sim/search/sweep.ts';
import type { Context } from '../context.ts';
import { CliError, usageError } from '../errors.ts';
import { worstExitCode } from '../exit-codes.ts';
import { parseSeed } from '../input/arguments.ts';
import { type LoadedScenario, loadScenario } from '../input/load-scenario.ts';
import {
  applyOverrides,
  type Override,
  parseOverride,
  type SettingOption,
} from '../input/overrides.ts';
import { parseCount, workersOption } from '../input/search-options.ts';
import {
  AS_LISTS,
  addTo,
  applyVariants,
  type ChosenVariants,
  chosenVariants,
} from '../input/variants.ts';
import {
  Dots,
  type Failed,
  isOfCases,
  type Reporter,
  reporterOf,
  reporterOption,
  toldCases,
} from '../report/reporters.ts';
import {
  flagOf,
  replayed,
  replayOf,
  sweepCases,
  sweepLines,
  sweepMarkdown,
} from '../report/sweep.ts';
import { wallTime } from '../report/words.ts';
import { PROGRESS_STYLES, ProgressLine, type ProgressStyle } from '../search/progress.ts';
import { runJobs } from '../search/run-jobs.ts';
import { type SweepHeard, type SweepJob, type SweepSetup, sweepWork } from '../search/sweep-job.ts';
import { colorsFor } from '../terminal.ts';
import { printJson, writeResult } from '../write-json.ts';

interface SweepOptions {
  readonly list: readonly string[];
  readonly set?: readonly string[];
  readonly variant?: readonly string[];
  readonly kafka?: string;
  readonly seeds: number;
  readonly from: number;
  readonly workers: number;
  readonly exportMarkdown?: string;
  readonly reporter?: Reporter;
  readonly progress: ProgressStyle;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly quiet?: true;
  readonly color: boolean;
}

const DEFAULT_SEEDS = 20;
const MOST_CELLS = 1_000;

const EXAMPLES = `
Examples:
  trial sweep acks-1-loses-an-acknowledged-record --list acks=0,1,all --set enable.idempotence=false
  trial sweep my.json --list acks=1,all --list min.insync.replicas=1,2 --seeds 500
  trial sweep my.json --list linger.ms=0,5,100 --export-markdown linger.md
  trial sweep my.json --list truncation=to-high-watermark,by-epoch --list acks=1,all
  trial sweep my.json --list kafka=0.8,0.11,4.1 --set unclean.leader.election.enable=false

Keys are those of trial run --set, the variants of trial list variants, or kafka. A cell whose
settings contradict each other says so.
`;

export function addSweep(command: Command, context: Context): Command {
  const progress = new Option('--progress <style>', 'on stderr').choices(PROGRESS_STYLES);
  return command
    .name('sweep')
    .description('run a scenario under every combination of settings, with many seeds each')
    .argument('<scenario>', 'name of a built-in scenario, .json or .ts file')
    .requiredOption('--list <key=a,b,c>', 'values of a setting; again for another setting', addTo)
    .option('--set <key=value>', 'a setting that all cells have', addTo)
    .option('--variant <name=option>', 'a historic rule that all cells have', addTo)
    .option('--kafka <release>', `the rules of a release in all cells: ${PROFILES.join(', ')}`)
    .option('--seeds <n>', 'seeds for each cell', parseCount, DEFAULT_SEEDS)
    .option('--from <seed>', 'the first seed', parseSeed, 1)
    .addOption(workersOption())
    .option('--export-markdown <file>', 'the table as Markdown into a file')
    .addOption(reporterOption())
    .option('--json', 'as JSON on stdout (docs/reference/sweep.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .addOption(progress.default('auto'))
    .option('-q, --quiet', 'no progress')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((label: string, options: SweepOptions) => run(label, options, context));
}

async function run(label: string, options: SweepOptions, context: Context): Promise<void> {
  const { terminal, exitWith } = context;
  const reporter = reporterOf(options);
  const colors = colorsFor(terminal, options.color);
  const dots =
    reporter === 'dot' ? new Dots(terminal.out, { colors, width: terminal.columns }) : null;
  const dimensions = options.list.map(parseDimension);
  const grid = gridOf(dimensions);
  if (grid.length > MOST_CELLS) {
    throw usageError(`--list: ${count(grid.length)} cells; ${count(MOST_CELLS)} at most`);
  }
  const common = commonSettings(options);
  refuseTwice(dimensions, common);
  for (const cell of grid) chosenIn([], cell);
  const loaded = await loadScenario(label);
  const cells = grid.map((settings) => cellScenario(loaded, chosenIn(common, settings)));
  const [first] = cells;
  if (cells.every((one) => 'problem' in one)) {
    throw usageError(first !== undefined && 'problem' in first ? first.problem : 'no cell');
  }
  const sweep = new Sweep(cells, options);
  const progress = new ProgressLine(
    terminal,
    options.quiet === true || dots !== null ? 'none' : options.progress,
  );
  const startedMs = terminal.nowMs();
  const interrupted = await runJobs<SweepSetup, SweepJob, SweepHeard>(
    {
      setup: { task: 'sweep', cells: cells.map((one) => ('problem' in one ? null : one.scenario)) },
      work: sweepWork,
      workers: options.workers,
      take: () => sweep.take(),
      done: (job, heard) => {
        sweep.heard(job, heard);
        dots?.ended(failedIn(heard));
      },
      died: (job, why) => {
        sweep.heard(job, { seed: job.seed, failure: why });
        dots?.ended({ kind: 'broken' });
      },
      enough: () => false,
      tick: () => progress.show(() => sweep.words(terminal.nowMs() - startedMs)),
    },
    terminal,
  );
  progress.clear();
  dots?.end();
  for (const said of sweep.failures) terminal.err(`${said}\n`);
  const result: SweepResult = {
    schema: 1,
    scenario: loaded.scenario.name,
    from: options.from,
    seeds: options.seeds,
    wallMs: Math.round(terminal.nowMs() - startedMs),
    cells: cells.map((one, place) =>
      'problem' in one
        ? impossibleCell(grid[place] ?? [], one.problem)
        : cellOf(grid[place] ?? [], sweep.runs[place] ?? [], {
            broken: sweep.broken[place] ?? 0,
            replay: (seed) => replayOf(label, [...common, ...(grid[place] ?? [])], seed),
          }),
    ),
  };
  const keys = dimensions.map((one) => one.key);
  if (options.exportMarkdown !== undefined) {
    writeResult(options.exportMarkdown, sweepMarkdown(result, keys));
  }
  if (options.jsonFile !== undefined) printJson(result, options.jsonFile, terminal);
  const cut = interrupted ? ', interrupted' : '';
  const sums = `${count(sweep.done)} runs${cut} · ${wallTime(result.wallMs)}`;
  if (reporter === 'json') printJson(result, undefined, terminal);
  else if (isOfCases(reporter)) {
    const told = { suite: 'trial sweep', sums, colors };
    terminal.out(toldCases(reporter, sweepCases(result), told));
  } else {
    const lines = sweepLines(result, keys, colors);
    terminal.out(`${[...lines, '', sums].join('\n')}\n`);
  }
  const codes = result.cells.map((one) => {
    if (one.broken > 0) return 70;
    return Object.keys(one.violated).length > 0 ? 1 : 0;
  });
  exitWith(interrupted ? 130 : worstExitCode(codes));
}

function failedIn(heard: SweepHeard): Pick<Failed, 'kind'> | null {
  if ('failure' in heard || heard.broken > 0) return { kind: 'broken' };
  return heard.violated.length > 0 ? { kind: 'violated' } : null;
}

function parseDimension(text: string): Dimension {
  const equals = text.indexOf('=');
  const values = text.slice(equals + 1).split(',');
  if (equals <= 0 || values.some((one) => one === '')) {
    throw usageError(`--list ${text}: expected key=value,value,…`);
  }
  const twice = values.find((one, place) => values.indexOf(one) !== place);
  if (twice !== undefined) throw usageError(`--list ${text}: ${twice} is in it twice`);
  return { key: text.slice(0, equals).trim(), values };
}

type Cell = { readonly scenario: Scenario } | { readonly problem: string };

interface Chosen {
  readonly overrides: readonly Override[];
  readonly variants: ChosenVariants;
}

/** What all cells have, in the form that `--list` has. @throws a usage error of the option. */
function commonSettings({ set = [], variant = [], kafka }: SweepOptions): string[] {
  for (const one of set) parseOverride(one);
  chosenVariants(variant, kafka);
  return [...(kafka === undefined ? [] : [`kafka=${kafka}`]), ...variant, ...set];
}

/** A setting that had two values would have one of them only, whatever the table says. */
function refuseTwice(dimensions: readonly Dimension[], common: readonly string[]): void {
  const known = new Map(common.map((one) => [settingName(one, '--set'), one]));
  for (const { key, values } of dimensions) {
    const list = `--list ${key}=${values.join(',')}`;
    const name = settingName(`${key}=${values[0]}`, '--list');
    const other = known.get(name);
    if (other !== undefined) {
      const given = other.startsWith('--list ') ? other : `${flagOf(other)} ${replayed(other)}`;
      throw usageError(`${list}: ${given} is given, too; name all its values in one --list`);
    }
    known.set(name, list);
  }
}

/** The same for one setting in all its spellings: `acks` and `producer.acks`. */
function settingName(setting: string, option: SettingOption): string {
  if (flagOf(setting) !== '--set') return setting.split('=')[0] as string;
  const { level, key } = parseOverride(setting, option);
  return `${level}.${key}`;
}

/** A setting is a config key, a historic rule or a release: no name is two of them. */
function chosenIn(common: readonly string[], listed: readonly string[]): Chosen {
  const of = (flag: string, among: readonly string[]) =>
    among.filter((one) => flagOf(one) === flag);
  const both = [...common, ...listed];
  const release = of('--kafka', both).at(-1)?.slice('kafka='.length);
  return {
    overrides: [
      ...of('--set', common).map((one) => parseOverride(one)),
      ...of('--set', listed).map((one) => parseOverride(one, '--list')),
    ],
    variants: chosenVariants(of('--variant', both), release, AS_LISTS),
  };
}

function cellScenario(loaded: LoadedScenario, { overrides, variants }: Chosen): Cell {
  try {
    return { scenario: applyOverrides(applyVariants(loaded, variants), overrides).scenario };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const [head = '', ...problems] = error.message.split('\n').map((line) => line.trim());
    return { problem: problems.length === 0 ? head : problems.join('; ') };
  }
}

/** The jobs, seed by seed through all cells, and what was heard of them. */
class Sweep {
  readonly runs: SweepRun[][];
  /** By cell: runs that came to no end. */
  readonly broken: number[];
  readonly failures: string[] = [];
  done = 0;
  private readonly possible: readonly number[];
  private readonly from: number;
  private readonly size: number;
  private next = 0;

  constructor(cells: readonly Cell[], { seeds, from }: SweepOptions) {
    this.runs = cells.map(() => []);
    this.broken = cells.map(() => 0);
    this.possible = cells.flatMap((one, place) => ('problem' in one ? [] : [place]));
    this.from = from;
    this.size = seeds * this.possible.length;
  }

  take(): SweepJob | null {
    if (this.next >= this.size) return null;
    const { possible } = this;
    const cell = possible[this.next % possible.length] ?? 0;
    const seed = this.from + Math.floor(this.next / possible.length);
    this.next += 1;
    return { cell, seed };
  }

  heard({ cell }: SweepJob, heard: SweepHeard): void {
    this.done += 1;
    if ('failure' in heard) {
      this.broken[cell] = (this.broken[cell] ?? 0) + 1;
      this.failures.push(`seed ${heard.seed} came to no end: ${heard.failure}`);
    } else this.runs[cell]?.push(heard);
  }

  words(wallMs: number): string {
    const perSecond = this.done / Math.max(0.001, wallMs / 1_000);
    const left =
      perSecond === 0 ? '' : ` · ETA ${Math.round((this.size - this.done) / perSecond)} s`;
    return `runs ${count(this.done)}/${count(this.size)} · ${perSecond.toFixed(1)}/s${left}`;
  }
}
