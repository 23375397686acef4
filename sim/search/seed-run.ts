/**
 * One seed of a search: its scenario run and judged, and what is to be told of it as plain data,
 * so that it can come from another process.
 */
import { MarkWatch } from '../marks/marks.ts';
import { runScenario } from '../run/runner.ts';
import { parseScenario } from '../scenario/parse.ts';
import { presets, withPreset } from '../scenario/presets.ts';
import { describeProblem } from '../scenario/problems.ts';
import type { Scenario } from '../scenario/schema.ts';
import { swarmFindings } from '../swarm/judge.ts';
import { type SwarmOptions, swarmScenario } from '../swarm/swarm.ts';
import type { World } from '../world.ts';
import { type Finding, findingsOf, inOrder } from './finding.ts';

export interface SeedOutcome {
  readonly seed: number;
  readonly digest: string;
  readonly traceHash: string;
  readonly events: number;
  readonly frames: number;
  readonly simulatedMs: number;
  readonly acknowledged: number;
  /** Faults that struck somebody, by verb. */
  readonly faults: Readonly<Record<string, number>>;
  /** By check and verdict: `acked-durable allowed by acks=1`, `log-match holds`. */
  readonly verdicts: readonly string[];
  /** Names of the coverage marks that it reached. */
  readonly marks: readonly string[];
  /** The worst first; empty for a good run. */
  readonly findings: readonly Finding[];
}

export interface SeedRunOptions {
  readonly seed: number;
  /** What the swarm draws when no scenario is given. */
  readonly swarm?: SwarmOptions;
  /** Run it a second time; it must come out the same. */
  readonly again?: boolean;
  /** Look which coverage marks it reaches (so, unless false). */
  readonly marks?: boolean;
}

/** The scenario that the swarm draws for a seed, as it can be run. */
export function drawnScenario(seed: number, options: SwarmOptions = {}): Scenario {
  const { scenario, problems } = parseScenario(swarmScenario(seed, options));
  if (scenario !== undefined) return withPresetOf(scenario, options);
  throw new Error(`seed ${seed} draws no scenario: ${problems.map(describeProblem).join('; ')}`);
}

function withPresetOf(scenario: Scenario, { preset }: SwarmOptions): Scenario {
  const found = presets.find((one) => one.name === preset);
  return found === undefined ? scenario : { ...withPreset(scenario, found), expect: {} };
}

/** @param given null: the swarm draws one. */
export function runSeed(
  given: Scenario | null,
  { seed, swarm = {}, again = false, marks = true }: SeedRunOptions,
): SeedOutcome {
  const scenario = given ?? drawnScenario(seed, swarm);
  const watches: MarkWatch[] = [];
  const prepare = (world: World) => watches.push(new MarkWatch(world));
  const result = runScenario(scenario, { seed, ...(marks ? { prepare } : {}) });
  const { report, strikes } = result;
  const findings = given === null ? swarmFindings(scenario, result) : findingsOf(report);
  if (again) findings.push(...differences(scenario, seed, report));
  const faults: Record<string, number> = {};
  for (const strike of strikes) {
    if (!strike.unresolved) faults[strike.verb] = (faults[strike.verb] ?? 0) + 1;
  }
  return {
    seed,
    digest: report.digest,
    traceHash: report.traceHash,
    events: report.events,
    frames: report.frames,
    simulatedMs: report.simulatedMs,
    acknowledged: report.counts.acknowledged,
    faults,
    verdicts: report.verdicts.map(
      (one) => `${one.name} ${one.verdict}${one.allowedBy === null ? '' : ` by ${one.allowedBy}`}`,
    ),
    marks: watches.flatMap((one) => one.names(report)),
    findings: inOrder(findings),
  };
}

interface Hashes {
  readonly digest: string;
  readonly traceHash: string;
}

function differences(scenario: Scenario, seed: number, first: Hashes): Finding[] {
  const { digest, traceHash } = runScenario(scenario, { seed }).report;
  if (digest === first.digest && traceHash === first.traceHash) return [];
  const explanation = `not deterministic: ${first.digest}, run again ${digest}`;
  return [{ kind: 'not-deterministic', check: '', at: null, explanation }];
}
