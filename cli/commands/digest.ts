/** `trial digest`: runs a scenario twice; one seed must mean one run. */
import type { Command } from 'commander';
import { firstDifference, StepLog } from '../../sim/engine/step-log.ts';
import { count } from '../../sim/run/words.ts';
import type { Context } from '../context.ts';
import { parseSeed, seedOf } from '../input/arguments.ts';
import { loadScenario } from '../input/load-scenario.ts';
import { eventWordsFrom } from '../report/event-words.ts';
import {
  Dots,
  type Failed,
  isOfCases,
  type Reporter,
  reporterOf,
  reporterOption,
  toldCases,
} from '../report/reporters.ts';
import { quoted } from '../report/words.ts';
import { type Simulated, simulate } from '../simulate.ts';
import { colorsFor } from '../terminal.ts';
import { printJson } from '../write-json.ts';

interface DigestOptions {
  readonly seed?: number;
  readonly reporter?: Reporter;
  readonly json?: true;
  readonly jsonFile?: string;
  readonly color: boolean;
}

export function addDigest(command: Command, context: Context): Command {
  return command
    .name('digest')
    .description('run a scenario twice and compare everything that happened')
    .argument('<scenario>', 'name of a built-in scenario, .json or .ts file')
    .option('--seed <n>', 'the course of chance (the scenario’s own, or 1)', parseSeed)
    .addOption(reporterOption())
    .option('--json', 'as JSON on stdout')
    .option('--json-file <file>', 'as JSON into a file')
    .option('--no-color', 'no colours')
    .action(async (label: string, options: DigestOptions) => {
      const reporter = reporterOf(options);
      const { scenario } = await loadScenario(label);
      const startedMs = context.terminal.nowMs();
      const once = async (): Promise<Observed> => {
        const stepLog = new StepLog();
        const settings = { seed: seedOf(scenario, options.seed), stepLog };
        return { ...(await simulate(scenario, settings, context.terminal)), stepLog };
      };
      const first = await once();
      if (first.interrupted) return context.exitWith(130);
      const second = await once();
      if (second.interrupted) return context.exitWith(130);
      const comparison = compareRuns(first, second);
      const wallMs = context.terminal.nowMs() - startedMs;
      tellDigest(comparison, { label, reporter, wallMs, options }, context);
    });
}

/** A run with what is needed to find where it parted from another. */
export interface Observed extends Simulated {
  readonly stepLog: StepLog;
}

interface Comparison {
  readonly first: Observed;
  readonly second: Observed;
  readonly same: boolean;
  /** The first event of the first step that is not the same. */
  readonly differsAt: number | null;
}

export function compareRuns(first: Observed, second: Observed): Comparison {
  const same =
    first.report.digest === second.report.digest &&
    first.report.traceHash === second.report.traceHash;
  return { first, second, same, differsAt: same ? null : firstDifferentEvent(first, second) };
}

/** What happened is compared by step; what was told about it (the trace) by event. */
function firstDifferentEvent(first: Observed, second: Observed): number {
  const step = firstDifference(first.stepLog, second.stepLog) ?? Number.POSITIVE_INFINITY;
  const { rows: left } = first;
  const { rows: right } = second;
  const both = Math.min(left.count, right.count);
  for (let event = 1; event <= both; event += 1) {
    const one = left.at(event);
    if (one.step >= step) return event;
    if (JSON.stringify(one) !== JSON.stringify(right.at(event))) return event;
  }
  return both + 1;
}

interface Telling {
  readonly label: string;
  readonly reporter: Reporter;
  readonly wallMs: number;
  readonly options: DigestOptions;
}

function tellDigest(comparison: Comparison, telling: Telling, context: Context): void {
  const { first, same, differsAt } = comparison;
  const { label, reporter, wallMs, options } = telling;
  const { terminal } = context;
  if (!same) context.exitWith(3);
  const { scenario, seed, digest, traceHash, events } = first.report;
  const json = { schema: 1, scenario, seed, digest, traceHash, events, same, differsAt };
  if (options.jsonFile !== undefined) printJson(json, options.jsonFile, terminal);
  if (reporter === 'json') return printJson(json, undefined, terminal);
  const [message = '', ...rest] = digestLines(comparison);
  const replay = `trial digest ${quoted(label)} --seed ${seed}`;
  const kind = 'not-deterministic';
  const failed: Failed | null = same ? null : { kind, type: kind, message, replay };
  const colors = colorsFor(terminal, options.color);
  if (isOfCases(reporter)) {
    const told = { suite: 'trial digest', sums: message, colors };
    return terminal.out(toldCases(reporter, [{ name: label, wallMs, failed }], told));
  }
  if (reporter === 'dot') {
    const dots = new Dots(terminal.out, { colors, width: terminal.columns });
    dots.ended(failed);
    dots.end();
  }
  terminal.out(`${[message, ...rest].join('\n')}\n`);
}

function digestLines({ first, second, same, differsAt }: Comparison): string[] {
  const { digest, traceHash, events } = first.report;
  if (same) return [`${digest}  trace ${traceHash}  ${count(events)} events, the same twice`];
  const lines = [`NOT deterministic: ${digest} and ${second.report.digest}`];
  if (differsAt === null) return lines;
  const once = wordsAt(first, differsAt);
  const again = wordsAt(second, differsAt);
  lines.push(`first difference at event ${count(differsAt)}:`);
  lines.push(`  once   ${once}`, `  again  ${again}`);
  if (once === again) lines.push('the bytes sent or written in that step are not the same');
  return lines;
}

function wordsAt({ rows, report }: Simulated, event: number): string {
  if (event > rows.count) return 'the run had ended';
  return eventWordsFrom(rows, report.story.warmUpMs)(event);
}
