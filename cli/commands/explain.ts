/** `trial explain`: why a run failed, from the finding back to the faults that made it. */
import type { Command } from 'commander';
import type { RunResult } from '../../sim/run/runner.ts';
import { count } from '../../sim/run/words.ts';
import { findingWords } from '../../sim/search/finding.ts';
import { faultIndexOf } from '../../viz/model/fault-origin.ts';
import type { Context } from '../context.ts';
import { type CliError, inputError, usageError } from '../errors.ts';
import { parseEvent } from '../input/arguments.ts';
import { endOf, type LoadedRun, loadRun } from '../input/load-run.ts';
import { parseCount } from '../input/search-options.ts';
import { type RunModel, runModel, timeAt, wordsAt } from '../look/run-model.ts';
import {
  anyVersionOption,
  findingAgain,
  mindVersion,
  notFailing,
  type VersionOptions,
  worstOf,
} from '../look/what-failed.ts';
import { type Explanation, explanationAt, explanationOf, whyLines } from '../look/why-lines.ts';
import type { ExplainJson } from '../report/look-schemas.ts';
import { Page } from '../report/page.ts';
import { shortened } from '../report/shortened.ts';
import { simulate } from '../simulate.ts';
import { colorsFor, type Terminal } from '../terminal.ts';
import { printJson } from '../write-json.ts';

interface ExplainOptions extends VersionOptions {
  readonly at?: number;
  readonly maxSteps: number;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly color: boolean;
}

const MAX_WIDTH = 110;
const MAX_STEPS = 8;

const EXAMPLES = `
Examples:
  trial explain failures/7.json             why its worst finding came about
  trial explain failures/7.json --at 2310   why that event happened
  trial explain run.trial --max-steps 4     the finding of a kept trace, in four sentences
`;

export function addExplain(command: Command, context: Context): Command {
  return command
    .name('explain')
    .description('tell why a run failed, from the finding back to the faults, in Kafka’s terms')
    .argument('<failure>', 'a failure file, a .trial file, a link or a scenario')
    .option('--at <event>', 'why this event happened, instead of the finding', parseEvent)
    .option('--max-steps <n>', 'at most so many sentences', parseCount, MAX_STEPS)
    .addOption(anyVersionOption())
    .option('--json', 'as JSON on stdout (docs/reference/explain.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((what: string, options: ExplainOptions) => run(what, options, context));
}

async function run(what: string, options: ExplainOptions, context: Context): Promise<void> {
  const { terminal, exitWith } = context;
  const loaded = await loadRun(what);
  const known = await modelOf(loaded, options, terminal);
  if (known === null) return exitWith(130);
  const why = explained(loaded, known, options.at);
  const { model } = known;
  if (options.json === true || options.jsonFile !== undefined) {
    printJson(explainJson(model, why, options.maxSteps), options.jsonFile, terminal);
  }
  if (options.json === true) return;
  const look = {
    width: Math.min(terminal.columns, MAX_WIDTH),
    colors: colorsFor(terminal, options.color),
    maxSteps: options.maxSteps,
  };
  const page = new Page(look.width, look.colors);
  headOn(page, model, why);
  page.lines.push(...whyLines(model, why, look));
  faultsOn(page, model, why);
  terminal.out(`${page.lines.join('\n')}\n`);
}

interface Known {
  readonly model: RunModel;
  /** null: the trace says what came out. */
  readonly result: RunResult | null;
}

/** A trace with its report is taken as it is; everything else is run. Null: interrupted. */
async function modelOf(
  loaded: LoadedRun,
  options: VersionOptions,
  terminal: Terminal,
): Promise<Known | null> {
  const { scenario, seed, trace } = loaded;
  if (trace?.report != null) {
    return { model: runModel({ scenario, report: trace.report, rows: trace.rows }), result: null };
  }
  mindVersion(loaded, options, terminal);
  const simulated = await simulate(scenario, { seed, ...endOf(loaded) }, terminal);
  if (simulated.interrupted) return null;
  const { digest, traceHash } = simulated.report;
  const isOther =
    (loaded.digest !== '' && loaded.digest !== digest) ||
    (loaded.traceHash !== '' && loaded.traceHash !== traceHash);
  if (isOther) {
    terminal.err(
      `warning: this is not the run that ${loaded.label} tells of; events may have moved\n`,
    );
  }
  return { model: runModel(simulated), result: simulated.result };
}

/** @throws when the run has no such event, or nothing that failed. */
function explained(loaded: LoadedRun, { model, result }: Known, at: number | undefined) {
  const last = model.store.count;
  if (at !== undefined) {
    if (at > last) throw usageError(`--at ${at}: the run has ${count(last)} events`);
    return explanationAt(model, at);
  }
  const { failure } = loaded;
  if (failure !== null && result !== null) {
    const finding = findingAgain(failure, model.scenario, result);
    const [told] = failure.findings;
    if (finding === null && told !== undefined) throw notFailing(loaded, told);
    if (finding !== null) return explanationOf(model, finding);
  }
  if (loaded.at > 0 && loaded.at <= last) return explanationAt(model, loaded.at);
  const worst = worstOf(model.report);
  if (worst === null) throw nothingFailed(loaded, model);
  return explanationOf(model, worst);
}

function nothingFailed({ label }: LoadedRun, { report, store }: RunModel): CliError {
  const instead = '--at <event> tells why an event happened';
  if (report.story.healedAtMs !== null) {
    return inputError(`${label}: this run does not fail; there is nothing to explain; ${instead}`);
  }
  const where = `up to event ${count(store.count)}, where this run was stopped,`;
  const unknown = 'what a test expected of it is not in the file';
  return inputError(`${label}: ${where} no check found anything wrong; ${unknown}; ${instead}`);
}

function headOn(page: Page, run: RunModel, why: Explanation): void {
  const { scenario, report, store } = run;
  const { bold, red, yellow } = page.colors;
  const { event } = why;
  const place = `event ${count(event)} of ${count(store.count)}  ${timeAt(run, event)}`;
  page.lines.push(`${bold(scenario.name)}  seed ${report.seed}  ${place}`);
  const told = why.finding?.check === why.verdict?.name ? why.verdict?.verdict : undefined;
  const isWrong = why.finding !== null && told !== 'allowed';
  const paint = isWrong && told !== 'unknown' ? red : yellow;
  if (why.finding === null && why.verdict === null) page.text(2, wordsAt(run, event));
  else page.text(2, headWords(why), paint);
}

function headWords({ verdict, finding }: Pick<Explanation, 'verdict' | 'finding'>): string {
  // A number that is not as expected, and what the check says of what it counted.
  if (verdict !== null && finding?.kind === 'unmet' && finding.check !== verdict.name) {
    return `${findingWords(finding)}: ${headWords({ verdict, finding: null })}`;
  }
  const { name = '', verdict: kind, allowedBy = '', explanation = '' } = verdict ?? {};
  if (kind === 'allowed') return `${name} is allowed by ${allowedBy}: ${explanation}`;
  if (kind === 'unknown') return `${name} is unknown: ${explanation}`;
  if (finding !== null) return findingWords(finding);
  return findingWords({ kind: 'violated', check: name, at: verdict?.at ?? null, explanation });
}

function faultsOn(page: Page, run: RunModel, { faults }: Explanation): void {
  if (faults.length === 0) return;
  page.heading('Faults behind it');
  for (const event of faults) {
    const label = count(event);
    const words = `${timeAt(run, event)}  ${wordsAt(run, event)}${entryWords(run, event)}`;
    page.item({ indent: 2, label, labelWidth: 8 }, words);
  }
}

/** Where the fault stands in the scenario; another run of it without that entry tells. */
function entryWords({ scenario, store }: RunModel, event: number): string {
  const index = faultIndexOf(store, event);
  if (index === null) return '';
  const name = scenario.faults[index]?.name;
  return `  (faults[${index}]${name === undefined ? '' : `, ${name}`})`;
}

function explainJson(run: RunModel, why: Explanation, maxSteps: number): ExplainJson {
  const { scenario, report } = run;
  const { event, verdict, finding, sentences, faults } = why;
  return {
    schema: 1,
    scenario: scenario.name,
    seed: report.seed,
    at: event,
    check: verdict?.name ?? (finding === null || finding.check === '' ? null : finding.check),
    verdict: verdict?.verdict ?? null,
    explanation: verdict?.explanation ?? finding?.explanation ?? wordsAt(run, event),
    sentences: shortened(sentences, maxSteps).map(({ text, events, rule }) => ({
      text,
      events: [...events],
      rule: rule === null ? null : { name: rule.name, href: rule.href },
    })),
    faults: faults.map((fault) => ({
      event: fault,
      words: wordsAt(run, fault),
      fault: faultIndexOf(run.store, fault),
    })),
  };
}
