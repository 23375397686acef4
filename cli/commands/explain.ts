/** `trial explain`: why a run failed, from the finding back to the faults that made it. */
import type { Command } from 'commander';
import type { RunReport } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import { type Finding, findingsOf, findingWords } from '../../sim/search/finding.ts';
import { faultIndexOf } from '../../viz/model/fault-origin.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { parseEvent } from '../input/arguments.ts';
import { type LoadedRun, loadRun } from '../input/load-run.ts';
import { parseCount } from '../input/search-options.ts';
import { type RunModel, runModel, timeAt, wordsAt } from '../look/run-model.ts';
import { type Explanation, explanationAt, explanationOf, whyLines } from '../look/why-lines.ts';
import type { ExplainJson } from '../report/look-schemas.ts';
import { Page } from '../report/page.ts';
import { shortened } from '../report/shortened.ts';
import { simulate } from '../simulate.ts';
import { colorsFor, type Terminal } from '../terminal.ts';
import { printJson } from '../write-json.ts';

interface ExplainOptions {
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
    .option('--json', 'as JSON on stdout (docs/reference/explain.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((what: string, options: ExplainOptions) => run(what, options, context));
}

async function run(what: string, options: ExplainOptions, context: Context): Promise<void> {
  const { terminal, exitWith } = context;
  const loaded = await loadRun(what);
  const model = await modelOf(loaded, terminal);
  if (model === null) return exitWith(130);
  const { store } = model;
  const event = options.at ?? eventOf(loaded, model);
  if (event > store.count)
    throw usageError(`--at ${event}: the run has ${count(store.count)} events`);
  const check = loaded.failure?.check ?? worstOf(model.report)?.check ?? '';
  const why =
    options.at === undefined
      ? explanationOf(model, { check, at: event })
      : explanationAt(model, event);
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

/** A trace with its report is taken as it is; everything else is run. Null: interrupted. */
async function modelOf(loaded: LoadedRun, terminal: Terminal): Promise<RunModel | null> {
  const { scenario, seed, trace } = loaded;
  if (trace?.report != null) return runModel({ scenario, report: trace.report, rows: trace.rows });
  const simulated = await simulate(scenario, { seed }, terminal);
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
  return runModel(simulated);
}

function eventOf(loaded: LoadedRun, { report, store }: RunModel): number {
  if (loaded.at > 0 && loaded.at <= store.count) return loaded.at;
  return worstOf(report)?.at ?? store.count;
}

/** The worst that is wrong, else what was only allowed. */
function worstOf(report: RunReport): Pick<Finding, 'check' | 'at'> | null {
  const [worst] = findingsOf(report);
  if (worst !== undefined) return worst;
  const allowed = report.verdicts.find((one) => one.verdict === 'allowed');
  return allowed === undefined ? null : { check: allowed.name, at: allowed.at };
}

function headOn(page: Page, run: RunModel, { verdict, event }: Explanation): void {
  const { scenario, report, store } = run;
  const { bold, red, yellow } = page.colors;
  const place = `event ${count(event)} of ${count(store.count)}  ${timeAt(run, event)}`;
  page.lines.push(`${bold(scenario.name)}  seed ${report.seed}  ${place}`);
  if (verdict === null) return page.text(2, wordsAt(run, event));
  const { name, verdict: kind, at, explanation } = verdict;
  const said =
    kind === 'allowed' ? null : findingWords({ kind: 'violated', check: name, at, explanation });
  const allowed = `${name} is allowed by ${verdict.allowedBy}: ${explanation}`;
  page.text(
    2,
    kind === 'unknown' ? `${name} is unknown: ${explanation}` : (said ?? allowed),
    kind === 'violated' ? red : yellow,
  );
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
  const { event, verdict, sentences, faults } = why;
  return {
    schema: 1,
    scenario: scenario.name,
    seed: report.seed,
    at: event,
    check: verdict?.name ?? null,
    verdict: verdict?.verdict ?? null,
    explanation: verdict?.explanation ?? wordsAt(run, event),
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
