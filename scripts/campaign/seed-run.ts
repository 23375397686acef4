/** One seed of a campaign: drawn, run, judged, and now and then run again to be the same. */
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { whatIsWrong } from '../../sim/swarm/judge.ts';
import { swarmScenario } from '../../sim/swarm/swarm.ts';

export interface SeedResult {
  readonly seed: number;
  readonly digest: string;
  /** Empty for a good run. */
  readonly wrong: readonly string[];
  /** Faults that struck somebody, by verb. */
  readonly faults: Readonly<Record<string, number>>;
  /** By check and verdict: `acked-durable allowed by acks=1`, `log-match holds`. */
  readonly verdicts: readonly string[];
  readonly simulatedMs: number;
  readonly frames: number;
  readonly acknowledged: number;
  readonly cpuMs: number;
}

/** @param again run it a second time; it must come out the same. */
export function runSeed(seed: number, again: boolean): SeedResult {
  const startedAt = process.cpuUsage();
  const parsed = parseScenario(swarmScenario(seed));
  if (parsed.problems !== undefined) {
    throw new Error(parsed.problems.map((one) => JSON.stringify(one)).join('\n'));
  }
  const result = runScenario(parsed.scenario, { seed });
  const { report, strikes } = result;
  const wrong = whatIsWrong(parsed.scenario, result);
  if (again) {
    const other = runScenario(parsed.scenario, { seed }).report;
    if (other.digest !== report.digest || other.traceHash !== report.traceHash) {
      wrong.push(`not deterministic: ${report.digest}, run again ${other.digest}`);
    }
  }
  const faults: Record<string, number> = {};
  for (const strike of strikes) {
    if (!strike.unresolved) faults[strike.verb] = (faults[strike.verb] ?? 0) + 1;
  }
  const used = process.cpuUsage(startedAt);
  return {
    seed,
    digest: report.digest,
    wrong,
    faults,
    verdicts: report.verdicts.map(
      (one) => `${one.name} ${one.verdict}${one.allowedBy === null ? '' : ` by ${one.allowedBy}`}`,
    ),
    simulatedMs: report.simulatedMs,
    frames: report.frames,
    acknowledged: report.counts.acknowledged,
    cpuMs: (used.user + used.system) / 1_000,
  };
}
