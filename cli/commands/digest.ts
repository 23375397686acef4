/** `trial digest`: runs a scenario twice; one seed must mean one run. */
import type { Command } from 'commander';
import { firstDifference, StepLog } from '../../sim/engine/step-log.ts';
import { count } from '../../sim/run/words.ts';
import type { Context } from '../context.ts';
import { parseSeed, seedOf } from '../input/arguments.ts';
import { loadScenario } from '../input/load-scenario.ts';
import { eventWordsFrom } from '../report/event-words.ts';
import { type Simulated, simulate } from '../simulate.ts';
import { printJson } from '../write-json.ts';

interface DigestOptions {
  readonly seed?: number;
  readonly json?: true;
  readonly jsonFile?: string;
}

export function addDigest(command: Command, context: Context): Command {
  return command
    .name('digest')
    .description('run a scenario twice and compare everything that happened')
    .argument('<scenario>', 'name of a built-in scenario, .json or .ts file')
    .option('--seed <n>', 'the course of chance (the scenario’s own, or 1)', parseSeed)
    .option('--json', 'as JSON on stdout')
    .option('--json-file <file>', 'as JSON into a file')
    .option('--no-color', 'no colours')
    .action(async (label: string, options: DigestOptions) => {
      const { scenario } = await loadScenario(label);
      const once = async (): Promise<Observed> => {
        const stepLog = new StepLog();
        const settings = { seed: seedOf(scenario, options.seed), stepLog };
        return { ...(await simulate(scenario, settings, context.terminal)), stepLog };
      };
      const first = await once();
      if (first.interrupted) return context.exitWith(130);
      const second = await once();
      if (second.interrupted) return context.exitWith(130);
      tellDigest(compareRuns(first, second), options, context);
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

function tellDigest(comparison: Comparison, options: DigestOptions, context: Context): void {
  const { first, second, same, differsAt } = comparison;
  const { terminal } = context;
  if (!same) context.exitWith(3);
  if (options.json === true || options.jsonFile !== undefined) {
    const { scenario, seed, digest, traceHash, events } = first.report;
    const result = { schema: 1, scenario, seed, digest, traceHash, events, same, differsAt };
    printJson(result, options.jsonFile, terminal);
    return;
  }
  if (same) {
    const { digest, traceHash, events } = first.report;
    terminal.out(`${digest}  trace ${traceHash}  ${count(events)} events, the same twice\n`);
    return;
  }
  terminal.out(`NOT deterministic: ${first.report.digest} and ${second.report.digest}\n`);
  if (differsAt === null) return;
  terminal.out(`first difference at event ${count(differsAt)}:\n`);
  const once = wordsAt(first, differsAt);
  const again = wordsAt(second, differsAt);
  terminal.out(`  once   ${once}\n  again  ${again}\n`);
  if (once === again) terminal.out('the bytes sent or written in that step are not the same\n');
}

function wordsAt({ rows, report }: Simulated, event: number): string {
  if (event > rows.count) return 'the run had ended';
  return eventWordsFrom(rows, report.story.warmUpMs)(event);
}
