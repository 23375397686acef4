/** Runs a scenario against real processes for the command line: refusals, progress, Ctrl-C. */
import { refusals } from '../real/refusals.ts';
import { NotStarted, type RealRun, type RealRunOptions, runForReal } from '../real/run.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import { CliError, refusedError, usageError } from './errors.ts';
import type { LoadedScenario } from './input/load-scenario.ts';
import type { Simulated } from './simulate.ts';
import type { Terminal } from './terminal.ts';

const PROGRESS_EVERY_MS = 500;

/** @throws CliError when it asks for what processes cannot do. */
export function checkForReal({ label, scenario }: LoadedScenario): void {
  const problems = refusals(scenario);
  if (problems.length > 0) throw refusedError(label, problems);
}

export async function playForReal(
  { scenario }: LoadedScenario,
  { seed, keepFailed }: { readonly seed: number; readonly keepFailed: boolean },
  terminal: Terminal,
): Promise<Simulated> {
  const { trial } = terminal;
  if (trial === undefined) throw usageError('--world real: there is no command to start brokers');
  let interrupted = false;
  const deaf = terminal.onInterrupt(() => {
    interrupted = true;
  });
  let nextMs = terminal.nowMs() + PROGRESS_EVERY_MS;
  const progress = (scenarioMs: number | null): void => {
    const nowMs = terminal.nowMs();
    if (terminal.errIsTty !== true || nowMs < nextMs) return;
    nextMs = nowMs + PROGRESS_EVERY_MS;
    const where = scenarioMs === null ? 'warming up' : `${(scenarioMs / 1_000).toFixed(1)} s`;
    const whole = `of ${(scenario.runFor / 1_000).toFixed(1)} s`;
    terminal.err(`\r\x1b[K${scenario.name}  ${where} ${whole}, for real`);
  };
  const options = { seed, command: trial, stopped: () => interrupted, progress, keepFailed };
  const run = await running(scenario, options);
  deaf();
  if (terminal.errIsTty === true) terminal.err('\r\x1b[K');
  if (run.folder !== null) terminal.err(`the files of its nodes are in ${run.folder}\n`);
  const { report, rows } = run;
  return { scenario, report, rows, interrupted: run.interrupted };
}

async function running(scenario: Scenario, options: RealRunOptions): Promise<RealRun> {
  try {
    return await runForReal(scenario, options);
  } catch (error) {
    if (error instanceof NotStarted) throw new CliError(74, error.message);
    throw error;
  }
}
