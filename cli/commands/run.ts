/** `trial run`: runs scenarios one after the other and tells what came out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { PROFILES } from '../../kafka/protocol/choice.ts';
import { reportJson } from '../../sim/run/report.ts';
import type { RunOptions } from '../../sim/run/runner.ts';
import { count } from '../../sim/run/words.ts';
import { findingsOf, findingWords } from '../../sim/search/finding.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { type ExitCode, exitCodes, worstExitCode } from '../exit-codes.ts';
import { parseSeed, parseUntil, seedOf, untilText } from '../input/arguments.ts';
import { type LoadedScenario, loadScenario } from '../input/load-scenario.ts';
import { applyOverrides, type Override, parseOverrides } from '../input/overrides.ts';
import { addTo, applyVariants, chosenVariants } from '../input/variants.ts';
import { checkForReal, playForReal } from '../play-for-real.ts';
import { eventWordsFrom } from '../report/event-words.ts';
import {
  type Case,
  Dots,
  type Failed,
  isOfCases,
  type Reporter,
  reporterOf,
  reporterOption,
  toldCases,
} from '../report/reporters.ts';
import { storyLines } from '../report/story.ts';
import { counted, quoted, wallTime } from '../report/words.ts';
import { makeFolder } from '../search/campaign-files.ts';
import { showPage } from '../serve/page.ts';
import { exitCodeOf, type Simulated, simulate, traceFile } from '../simulate.ts';
import { colorsFor } from '../terminal.ts';
import { printJson, writeResult } from '../write-json.ts';

interface RunCommandOptions {
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly variant?: readonly string[];
  readonly kafka?: string;
  readonly until?: NonNullable<RunOptions['until']>;
  readonly trace?: string;
  readonly reporter?: Reporter;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly color: boolean;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly open?: true;
  readonly world: 'sim' | 'real';
  readonly keepFailed?: true;
}

/** What needs a run that can be repeated, or the laboratory’s eyes. */
const NOT_FOR_REAL = ['variant', 'kafka', 'until', 'trace', 'open'] as const;
const ON_FAILURE = 'retain-on-failure';
/** Narrower than a wide window: lines of prose stay readable. */
const MAX_WIDTH = 110;

export function addRun(command: Command, context: Context): Command {
  return command
    .name('run')
    .description('run scenarios and tell what happened')
    .argument('<scenario...>', 'names of built-in scenarios, .json or .ts files')
    .option('--seed <n>', 'the course of chance (the scenario’s own, or 1)', parseSeed)
    .option('--set <key=value>', 'change a config: [topic.|broker.|producer.|consumer.]key', addTo)
    .option('--variant <name=option>', 'a historic rule; `trial list variants` shows them', addTo)
    .option('--kafka <release>', `the rules of a release: ${PROFILES.join(', ')}`)
    .option('--until <time|event>', 'stop early, at a time (30s) or an event (2310)', parseUntil)
    .option('--trace <file>', `keep every event in a file; ${ON_FAILURE}: only of failures`)
    .addOption(
      new Option('--world <world>', 'in the laboratory, or against processes on this machine')
        .choices(['sim', 'real'])
        .default('sim'),
    )
    .option('--keep-failed', 'with --world real: keep files and journals of nodes when a run fails')
    .addOption(reporterOption())
    .option('--open', 'afterwards, show the run on the page in the browser, until Ctrl-C')
    .option('--json', 'results as JSON on stdout')
    .option('--json-file <file>', 'results as JSON into a file')
    .option('-q, --quiet', 'one line for each scenario')
    .option('-v, --verbose', 'leave nothing out')
    .option('--no-color', 'no colours')
    .action((labels: string[], options: RunCommandOptions) => run(labels, options, context));
}

async function run(
  labels: readonly string[],
  options: RunCommandOptions,
  { terminal, exitWith }: Context,
): Promise<void> {
  checkWorld(options);
  if (labels.length > 1 && options.trace !== undefined && options.trace !== ON_FAILURE) {
    throw usageError(`--trace FILE takes one scenario; --trace ${ON_FAILURE} takes several`);
  }
  if (labels.length > 1 && options.open === true) throw usageError('--open takes one scenario');
  const reporter = reporterOf(options);
  const colors = colorsFor(terminal, options.color);
  const dots = reporter === 'dot' ? new Dots(terminal.out, { colors, width: MAX_WIDTH }) : null;
  const overrides = parseOverrides(options.set ?? []);
  const variants = chosenVariants(options.variant ?? [], options.kafka);
  const loaded = (await loadAll(labels, overrides)).map((one) => applyVariants(one, variants));
  if (options.world === 'real') for (const one of loaded) checkForReal(one);
  const codes: ExitCode[] = [];
  const results: Record<string, unknown>[] = [];
  const cases: Case[] = [];
  const stories: string[] = [];
  let last: Simulated | null = null;
  const startedMs = terminal.nowMs();
  for (const one of loaded) {
    if (labels.length > 1 && dots === null) terminal.err(`${one.label} …\n`);
    const simulated = await played(one, options, terminal);
    const code = simulated.interrupted ? 130 : exitCodeOf(simulated.report);
    last = simulated;
    codes.push(code);
    results.push(reportJson(simulated.report));
    const outcome = { simulated, code, options };
    const failed = failedRun(one, outcome);
    cases.push({ name: one.label, wallMs: simulated.report.wallMs, failed });
    dots?.ended(failed);
    if (reporter === 'pretty') terminal.out(storyOf(one, outcome, terminal));
    else if (failed !== null) stories.push(storyOf(one, outcome, terminal));
    keepTrace(simulated, { code, options }, terminal);
    if (simulated.interrupted) break;
  }
  writeResults(results, { reporter, file: options.jsonFile }, terminal);
  const sums = `${summary(codes)} · ${wallTime(terminal.nowMs() - startedMs)}`;
  dots?.end();
  if (dots !== null) terminal.out(`${stories.join('')}${sums}\n`);
  if (reporter === 'pretty' && labels.length > 1) terminal.out(`${sums}\n`);
  if (isOfCases(reporter)) {
    terminal.out(toldCases(reporter, cases, { suite: 'trial run', sums, colors }));
  }
  const interrupted = last?.interrupted === true;
  exitWith(interrupted ? 130 : worstExitCode(codes));
  if (options.open === true && last !== null && !interrupted) await openRun(last, terminal);
}

function checkWorld(options: RunCommandOptions): void {
  if (options.world === 'sim') {
    if (options.keepFailed === true) throw usageError('--keep-failed: only with --world real');
    return;
  }
  const wrong = NOT_FOR_REAL.find((name) => options[name] !== undefined);
  if (wrong !== undefined) throw usageError(`--${wrong}: not with --world real`);
}

function played(
  one: LoadedScenario,
  options: RunCommandOptions,
  terminal: Context['terminal'],
): Promise<Simulated> {
  const seed = seedOf(one.scenario, options.seed);
  if (options.world === 'sim') return simulate(one.scenario, { ...options, seed }, terminal);
  return playForReal(one, { seed, keepFailed: options.keepFailed === true }, terminal);
}

/** The trace lies in a folder of its own for as long as the page is served. */
async function openRun(simulated: Simulated, terminal: Context['terminal']): Promise<void> {
  const { scenario, seed } = simulated.report;
  const folder = mkdtempSync(join(tmpdir(), 'trial-'));
  const file = join(folder, `${scenario}-${seed}.trial`);
  try {
    writeResult(file, traceFile(simulated));
    await showPage(terminal, { open: true, files: [file] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything is read before anything runs, so that a mistake costs no waiting. */
async function loadAll(
  labels: readonly string[],
  overrides: readonly Override[],
): Promise<LoadedScenario[]> {
  const loaded: LoadedScenario[] = [];
  for (const label of labels) loaded.push(applyOverrides(await loadScenario(label), overrides));
  return loaded;
}

interface Outcome {
  readonly simulated: Simulated;
  readonly code: ExitCode;
  readonly options: RunCommandOptions;
}

/** The worst that is wrong with it; null: it came out as expected. */
function failedRun(
  { label }: LoadedScenario,
  { simulated: { report, interrupted }, code, options }: Outcome,
): Failed | null {
  const replay = replayLine(label, report.seed, options);
  if (interrupted) {
    return { kind: 'problem', type: 'interrupted', message: 'it was interrupted', replay };
  }
  if (code === 0) return null;
  const [worst] = findingsOf(report);
  if (worst === undefined) {
    const message = exitCodes[code];
    return { kind: code === 2 ? 'unknown' : 'problem', type: 'problem', message, replay };
  }
  const { kind, check } = worst;
  return { kind, type: check === '' ? kind : check, message: findingWords(worst), replay };
}

function storyOf(one: LoadedScenario, outcome: Outcome, terminal: Context['terminal']): string {
  const { simulated, options } = outcome;
  const colors = colorsFor(terminal, options.color);
  if (options.quiet === true) return `${oneLine(outcome)}\n`;
  const { report, rows, interrupted } = simulated;
  const cutAt = interrupted && report.world !== 'real' ? { event: report.events } : null;
  const until = cutAt ?? options.until;
  const lines = storyLines(report, {
    width: Math.min(terminal.columns, MAX_WIDTH),
    colors,
    verbose: options.verbose === true,
    replay: replayLine(one.label, report.seed, {
      ...options,
      ...(until === undefined ? {} : { until }),
    }),
    eventWords: eventWordsFrom(rows, report.story.warmUpMs),
  });
  return `${lines.join('\n')}\n\n`;
}

function oneLine({ simulated: { report }, code }: Outcome): string {
  const { counts } = report;
  const said = code === 0 ? 'ok  ' : code === 130 ? 'CUT ' : 'FAIL';
  const numbers = `${count(counts.acknowledged)} acknowledged, ${count(counts.acknowledgedLost)} lost`;
  return `${said} ${report.scenario}  seed ${report.seed}  ${numbers}  ${report.digest || 'for real'}`;
}

/** The command that does exactly this again. */
function replayLine(label: string, seed: number | string, options: RunCommandOptions): string {
  const set = (options.set ?? []).map((one) => ` --set ${quoted(one)}`).join('');
  const variants = (options.variant ?? []).map((one) => ` --variant ${quoted(one)}`).join('');
  const kafka = options.kafka === undefined ? '' : ` --kafka ${options.kafka}`;
  const until = options.until === undefined ? '' : ` --until ${untilText(options.until)}`;
  const world = options.world === 'real' ? ' --world real' : '';
  return `trial run ${quoted(label)}${world} --seed ${seed}${set}${kafka}${variants}${until}`;
}

function keepTrace(
  simulated: Simulated,
  { code, options }: { code: ExitCode; options: RunCommandOptions },
  terminal: Context['terminal'],
): void {
  const { report } = simulated;
  if (options.trace === undefined || (options.trace === ON_FAILURE && code === 0)) return;
  const file =
    options.trace === ON_FAILURE
      ? `failures/${report.scenario}-${report.seed}.trial`
      : options.trace;
  makeFolder(dirname(file));
  writeResult(file, traceFile(simulated));
  terminal.err(`trace written to ${file}\n`);
}

function writeResults(
  results: readonly Record<string, unknown>[],
  { reporter, file }: { readonly reporter: Reporter; readonly file: string | undefined },
  terminal: Context['terminal'],
): void {
  const [first] = results;
  const value = results.length === 1 ? first : { schema: 1, runs: results };
  if (reporter === 'json') printJson(value, undefined, terminal);
  if (file !== undefined) printJson(value, file, terminal);
}

function summary(codes: readonly ExitCode[]): string {
  const good = codes.filter((code) => code === 0).length;
  const bad = codes.length - good;
  return `${counted(codes.length, 'scenario')}: ${good} as expected, ${bad} not`;
}
