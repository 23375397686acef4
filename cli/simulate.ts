/** Runs a scenario for the command line: wall clock, kept events, trace file. */

import { defined } from '../kafka/base/assert.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { StepLog } from '../sim/engine/step-log.ts';
import type { RunReport } from '../sim/run/report.ts';
import { type RunOptions, runScenario } from '../sim/run/runner.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import { writeTraceFile } from '../sim/trace/file.ts';
import type { TraceRows } from '../sim/trace/rows.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface Simulated {
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly rows: TraceRows;
}

export interface SimulateOptions {
  readonly seed: number;
  readonly until?: RunOptions['until'];
  readonly stepLog?: StepLog;
}

export function simulate(
  scenario: Scenario,
  { seed, until, stepLog }: SimulateOptions,
  terminal: Terminal,
): Simulated {
  const { report, world } = runScenario(scenario, {
    seed,
    store: 'rows',
    wallClockMs: () => terminal.nowMs(),
    ...(until === undefined ? {} : { until }),
    ...(stepLog === undefined ? {} : { stepLog }),
  });
  return { scenario, report, rows: defined(world.trace.rows, 'the rows of the run were kept') };
}

/** The bytes of a `.trial` file; the scenario is embedded as it was run. */
export function traceFile({ scenario, report, rows }: Simulated): Uint8Array {
  const { digest, traceHash, seed } = report;
  const engine = packageJson.version;
  const header = { scenario, seed: String(seed), digest, traceHash, engine, report };
  return Buffer.concat(writeTraceFile(header, rows));
}

/**
 * What a run makes the command end with. An unknown verdict counts when somebody asked for that
 * check, or when the run went to its end, where every check must know.
 */
export function exitCodeOf(report: RunReport): ExitCode {
  if (report.broken.length > 0) return 70;
  const asked = new Map(report.expectations.map((one) => [one.name, one]));
  const unmet = report.expectations.filter((one) => !one.met);
  const violated = report.verdicts.some(
    (one) => one.verdict === 'violated' && asked.get(one.name)?.met !== true,
  );
  if (violated || report.problems.length > 0) return 1;
  if (unmet.some((one) => one.actual !== 'unknown')) return 1;
  if (unmet.length > 0) return 2;
  const ranToItsEnd = report.story.healedAtMs !== null;
  const unknown = report.verdicts.some(
    (one) => one.verdict === 'unknown' && asked.get(one.name)?.met !== true,
  );
  return ranToItsEnd && unknown ? 2 : 0;
}
