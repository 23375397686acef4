/** `trial digest`: runs a scenario twice; one seed must mean one run. */
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { DEFAULT_SEED, parseSeed } from '../input/arguments.ts';
import { loadScenario } from '../input/load-scenario.ts';
import { eventWordsFrom } from '../report/event-words.ts';
import { count } from '../report/words.ts';
import { type Simulated, simulate } from '../simulate.ts';
import { printJson } from '../write-json.ts';

interface DigestOptions {
  readonly seed: number;
  readonly json?: true;
  readonly jsonFile?: string;
}

export function addDigest(command: Command, context: Context): Command {
  return command
    .name('digest')
    .description('run a scenario twice and compare everything that happened')
    .argument('<scenario>', 'name of a built-in scenario, .json or .ts file')
    .option('--seed <n>', 'the course of chance', parseSeed, DEFAULT_SEED)
    .option('--json', 'as JSON on stdout')
    .option('--json-file <file>', 'as JSON into a file')
    .action(async (label: string, options: DigestOptions) => {
      const { scenario } = await loadScenario(label);
      const once = () => simulate(scenario, { seed: options.seed, until: null }, context.terminal);
      tellDigest(compareRuns(once(), once()), options, context);
    });
}

export interface Comparison {
  readonly first: Simulated;
  readonly second: Simulated;
  readonly same: boolean;
  /** The first event that is not the same; null if the events are, although the bytes are not. */
  readonly differsAt: number | null;
}

export function compareRuns(first: Simulated, second: Simulated): Comparison {
  const same =
    first.report.digest === second.report.digest &&
    first.report.traceHash === second.report.traceHash;
  return { first, second, same, differsAt: same ? null : firstDifference(first, second) };
}

function firstDifference({ rows: left }: Simulated, { rows: right }: Simulated): number | null {
  if (left === null || right === null) return null;
  const both = Math.min(left.count, right.count);
  for (let event = 1; event <= both; event += 1) {
    if (JSON.stringify(left.at(event)) !== JSON.stringify(right.at(event))) return event;
  }
  return left.count === right.count ? null : both + 1;
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
  if (differsAt === null) {
    terminal.out('the events are the same, but not the bytes that were sent or written\n');
    return;
  }
  terminal.out(`first difference at event ${count(differsAt)}:\n`);
  terminal.out(`  once   ${wordsAt(first, differsAt)}\n  again  ${wordsAt(second, differsAt)}\n`);
}

function wordsAt({ rows, report }: Simulated, event: number): string {
  if (rows === null || event > rows.count) return 'the run had ended';
  return eventWordsFrom(rows, report.story.warmUpMs)(event);
}
