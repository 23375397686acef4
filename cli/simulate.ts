/**
 * Runs a scenario for the command line: wall clock, kept events, trace file. The run goes in
 * slices, so that Ctrl-C is heard (the rest is judged and told) and long ones show where they are.
 */

import { readyCodecs } from '../codecs/for-runs.ts';
import { defined } from '../kafka/base/assert.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { StepLog } from '../sim/engine/step-log.ts';
import type { RunReport } from '../sim/run/report.ts';
import type { RunOptions, RunResult } from '../sim/run/runner.ts';
import { RunSession } from '../sim/run/session.ts';
import { count } from '../sim/run/words.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import { writeTraceFile } from '../sim/trace/file.ts';
import type { TraceRows } from '../sim/trace/rows.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface Simulated {
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly rows: TraceRows;
  /** The user ended it before its end. */
  readonly interrupted: boolean;
}

/** With all that the laboratory knows of it. */
export interface Played extends Simulated {
  readonly result: RunResult;
}

export interface SimulateOptions {
  readonly seed: number | string;
  readonly until?: RunOptions['until'];
  readonly stepLog?: StepLog;
}

/** Events between two looks around: some 50 ms. */
const SLICE_EVENTS = 10_000;
/** What takes longer shows its progress, this often. */
const PROGRESS_EVERY_MS = 500;

export async function simulate(
  scenario: Scenario,
  { seed, until, stepLog }: SimulateOptions,
  terminal: Terminal,
): Promise<Played> {
  await readyCodecs(scenario);
  const session = new RunSession(scenario, {
    seed,
    store: 'rows',
    wallClockMs: () => terminal.nowMs(),
    ...(until === undefined ? {} : { until }),
    ...(stepLog === undefined ? {} : { stepLog }),
  });
  let interrupted = false;
  const unsubscribe = terminal.onInterrupt(() => {
    interrupted = true;
  });
  const progress = new Progress(scenario, session, terminal);
  while (!interrupted && !session.advanceTo(session.events + SLICE_EVENTS)) {
    progress.show();
    await new Promise((resolve) => setImmediate(resolve));
  }
  progress.clear();
  unsubscribe();
  const result = session.stop();
  const rows = defined(result.world.trace.rows, 'the rows of the run were kept');
  const { report } = result;
  return { scenario, report, rows, result, interrupted: interrupted && session.wasStopped };
}

/** One line on stderr of a terminal, written over and over. */
class Progress {
  private readonly scenario: Scenario;
  private readonly session: RunSession;
  private readonly terminal: Terminal;
  private readonly startedMs: number;
  private nextMs: number;
  private shown = false;

  constructor(scenario: Scenario, session: RunSession, terminal: Terminal) {
    this.scenario = scenario;
    this.session = session;
    this.terminal = terminal;
    this.startedMs = terminal.nowMs();
    this.nextMs = this.startedMs + PROGRESS_EVERY_MS;
  }

  show(): void {
    const { terminal, session, scenario } = this;
    const nowMs = terminal.nowMs();
    if (terminal.errIsTty !== true || nowMs < this.nextMs) return;
    this.nextMs = nowMs + PROGRESS_EVERY_MS;
    this.shown = true;
    const { events, originUs, world } = session;
    const atMs = originUs === 0 ? null : (world.nowUs - originUs) / 1_000;
    const where = atMs === null ? 'warming up' : `${(atMs / 1_000).toFixed(1)} s`;
    const rate = count(Math.round((events / (nowMs - this.startedMs)) * 1_000));
    const whole = `of ${(scenario.runFor / 1_000).toFixed(1)} s`;
    terminal.err(
      `\r\x1b[K${scenario.name}  ${where} ${whole} · ${count(events)} events · ${rate} events/s`,
    );
  }

  clear(): void {
    if (this.shown) this.terminal.err('\r\x1b[K');
  }
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
