/** `trial shrink`: makes a failure small enough to read. */
import { type Command, Option } from 'commander';
import { runScenario } from '../../sim/run/runner.ts';
import { count } from '../../sim/run/words.ts';
import { type Finding, findingsOf } from '../../sim/search/finding.ts';
import { Shrinking, type Shrunk, shrinkJson } from '../../sim/search/shrink/shrink.ts';
import type { Context } from '../context.ts';
import { inputError, usageError } from '../errors.ts';
import { type LoadedRun, loadRun } from '../input/load-run.ts';
import { parseWallTime } from '../input/search-options.ts';
import {
  anyVersionOption,
  mindVersion,
  notFailing,
  type VersionOptions,
} from '../look/what-failed.ts';
import { emitted, FORMS, type Form } from '../report/emit.ts';
import { Page } from '../report/page.ts';
import { shrunkWords } from '../report/shrunk.ts';
import { quoted } from '../report/words.ts';
import { PROGRESS_STYLES, type ProgressStyle } from '../search/progress.ts';
import { type ShrinkEnd, shrink } from '../search/shrink.ts';
import { shrunkRun, smallFile, writeInFolder, writeSmallFailure } from '../search/small-failure.ts';
import { type Colors, colorsFor } from '../terminal.ts';
import { printJson } from '../write-json.ts';

interface ShrinkOptions extends VersionOptions {
  readonly for: number;
  readonly emit?: Form;
  readonly out?: string;
  readonly progress: ProgressStyle;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly quiet?: true;
  readonly color: boolean;
}

const MAX_WIDTH = 110;
const DEFAULT_FOR_MS = 60_000;

const EXAMPLES = `
Examples:
  trial shrink failures/7.json                        writes failures/7.min.json
  trial shrink failures/7.json --emit scenario        to stdout: for trial run
  trial shrink failures/7.json --emit vitest --out lost.test.ts
  trial shrink run.trial --for 5m                     any run that fails

What it writes is a failure file again, for trial replay, explain and view. The scenario in it, which
--emit scenario prints, fails by itself, in the same check. Chance still decides latencies: the
scenario names its seed, unless it fails with the seed of runs that name none. The same failure
shrinks to the same scenario, if --for leaves enough time.
`;

export function addShrink(command: Command, context: Context): Command {
  const time = new Option('--for <time>', 'end after this much real time');
  const emit = new Option('--emit <form>', 'print it as this instead of writing a failure file');
  const progress = new Option('--progress <style>', 'on stderr').choices(PROGRESS_STYLES);
  return command
    .name('shrink')
    .description('make a failure small enough to read: fewer faults, clients, nodes, settings')
    .argument('<failure>', 'a failure file; or a .trial file, a link, a scenario that fails')
    .addOption(time.argParser(parseWallTime).default(DEFAULT_FOR_MS, '60s'))
    .addOption(emit.choices(FORMS))
    .option('--out <file>', 'where it is written')
    .addOption(progress.default('auto'))
    .addOption(anyVersionOption())
    .option('--json', 'results as JSON on stdout (docs/reference/shrink.schema.json)')
    .option('--json-file <file>', 'results as JSON into a file')
    .option('-q, --quiet', 'no progress')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((what: string, options: ShrinkOptions) => run(what, options, context));
}

async function run(what: string, options: ShrinkOptions, context: Context): Promise<void> {
  const { terminal, exitWith } = context;
  if (options.json === true && options.emit !== undefined && options.out === undefined) {
    throw usageError('--json and --emit both want stdout; give one of them a file');
  }
  const loaded = await loadRun(what);
  mindVersion(loaded, options, terminal);
  const finding = findingIn(loaded);
  const shrinking = Shrinking.of(loaded.scenario, loaded.seed, finding);
  if (shrinking === null) throw notFailing(loaded, finding);
  const progress = options.quiet === true ? 'none' : options.progress;
  const label = finding.check === '' ? finding.kind : finding.check;
  const ended = await shrink(shrinking, { forMs: options.for, progress, label }, terminal);
  const shrunk = shrinking.result(`${loaded.scenario.name}, seed ${loaded.seed}`);
  const file = await write(shrunk, { loaded, options }, terminal);
  const result = shrinkJson(shrunk, { wallMs: ended.wallMs, file });
  if (options.json === true) printJson(result, undefined, terminal);
  if (options.jsonFile !== undefined) printJson(result, options.jsonFile, terminal);
  const toStdout = options.json === true || (options.emit !== undefined && file === null);
  const lines = shrinkLines(shrunk, {
    ended,
    file,
    width: Math.min(terminal.columns, MAX_WIDTH),
    colors: colorsFor(terminal, options.color, toStdout ? terminal.errIsTty === true : undefined),
  });
  const text = `${lines.join('\n')}\n`;
  if (!toStdout) terminal.out(text);
  else if (options.quiet !== true) terminal.err(text);
  exitWith(ended.interrupted ? 130 : 0);
}

/** Of a failure file what it says; of another run what is wrong with it. */
function findingIn({ failure, label, scenario, seed }: LoadedRun): Finding {
  const [worst] =
    failure?.findings ?? findingsOf(runScenario(scenario, { seed, store: 'none' }).report);
  if (worst !== undefined) return worst;
  throw inputError(`${label}: this run does not fail; there is nothing to shrink`);
}

/** @returns the file; null when it went to stdout or nowhere. */
async function write(
  shrunk: Shrunk,
  { loaded, options }: { readonly loaded: LoadedRun; readonly options: ShrinkOptions },
  terminal: Context['terminal'],
): Promise<string | null> {
  if (options.emit !== undefined) {
    const { scenario, report } = shrunkRun(shrunk);
    const { seed, finding } = shrunk;
    const at = finding.at ?? 0;
    const text = await emitted(options.emit, {
      input: shrunk.scenario,
      scenario,
      seed,
      report,
      at,
    });
    if (options.out !== undefined) writeInFolder(options.out, text);
    else terminal.out(text);
    return options.out ?? null;
  }
  const file = options.out ?? smallFile(loaded.given);
  writeSmallFailure(shrunk, file);
  return file;
}

interface ShrinkLook {
  readonly ended: ShrinkEnd;
  readonly file: string | null;
  readonly width: number;
  readonly colors: Colors;
}

function shrinkLines(shrunk: Shrunk, { ended, file, width, colors }: ShrinkLook): string[] {
  const { after, finding, isMinimal, steadiness, seed } = shrunk;
  const page = new Page(width, colors);
  const check = finding.check === '' ? finding.kind : finding.check;
  const where = finding.at === null ? '' : `  event ${count(finding.at)} of ${count(after.events)}`;
  const at = { indent: 0, label: 'FAIL', labelWidth: 6, paint: colors.red };
  page.item(at, `${check}  seed ${seed}${where}`);
  page.text(8, finding.explanation);
  const item = (label: string, text: string) =>
    page.item({ indent: 0, label, labelWidth: 6, paint: colors.dim }, text);
  item('shrunk', shrunkWords(shrunk, ended.wallMs));
  if (!isMinimal) {
    item('', 'more could be taken away: the time was over; --for gives it more');
  }
  if (steadiness !== null) {
    const { failed, of } = steadiness;
    const words = failed === of ? 'chance has no part in it' : 'chance has a part in it';
    item('seeds', `${failed} of ${of} other seeds fail in the same way: ${words}`);
  }
  if (file?.endsWith('.json') === true) {
    const event = finding.at === null ? '' : ` --at ${finding.at}`;
    item('replay', `trial replay ${quoted(file)}${event}`);
    item('watch', `trial view ${quoted(file)}`);
  } else if (file !== null) item('file', file);
  return page.lines;
}
