/**
 * `kafka-trial/property`: properties over whole runs, with fast-check. A counter-example is shrunk,
 * kept as a scenario file, and told with the line that runs it again.
 */
import fc from 'fast-check';
import type { RunReport } from '../sim/run/report.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import type { ScenarioInput } from '../sim/scenario/schema.ts';
import { arbitraries } from './arbitraries.ts';
import type { Cluster } from './cluster.ts';
import { TrialError } from './errors.ts';
import { keepFailure, slug } from './failure-files.ts';
import { openScenario } from './index.ts';
import { Recording } from './recording.ts';

export type { Ranges, ScenarioFault, Shape } from './arbitraries.ts';
export { arbitraries };

/** A run to be looked at: its report, and the cluster that it was. */
export interface JudgedRun {
  readonly scenario: ScenarioInput;
  readonly seed: number;
  readonly report: RunReport;
  readonly cluster: Cluster;
}

/** `false`, or anything thrown, is a counter-example. */
export type Claim = (run: JudgedRun) => unknown;

export interface PropertyOptions {
  /** What is drawn. Default: `arbitraries.scenario()`. */
  readonly scenarios?: fc.Arbitrary<ScenarioInput>;
  /** Runs of the property. Default: 100. */
  readonly numRuns?: number;
  /** Tries that shrinking may take. Default: 300. */
  readonly maxShrinks?: number;
  /** Of the search. Default: from the name, so that it is the same every time. */
  readonly seed?: number;
  /** Where to begin in that search: fast-check's path of a counter-example. */
  readonly path?: string;
}

const MAX_SEED = 2 ** 31 - 1;
const DEFAULT_RUNS = 100;
const DEFAULT_SHRINKS = 300;

/** That no check is violated and no node breaks. */
export const nothingIsViolated: Claim = ({ cluster }) => {
  cluster.check();
};

/**
 * Claims something of every run that the scenarios and all seeds give. Throws a TrialError with the
 * smallest counter-example found, which lies as a file below `failures/`.
 * @param name what is claimed; it names the file.
 */
export function trialProperty(
  name: string,
  claim: Claim = nothingIsViolated,
  options: PropertyOptions = {},
): void {
  const { scenarios = arbitraries.scenario(), maxShrinks = DEFAULT_SHRINKS } = options;
  const drawn = fc.limitShrink(fc.tuple(scenarios, fc.nat({ max: MAX_SEED })), maxShrinks);
  const property = fc.property(drawn, ([scenario, seed]) => {
    assertGood(scenario);
    const cluster = openScenario(scenario, { seed, trace: false });
    return claim({ scenario, seed, report: cluster.finish(), cluster }) !== false;
  });
  const details = fc.check(property, {
    numRuns: options.numRuns ?? DEFAULT_RUNS,
    seed: options.seed ?? seedOf(name),
    ...(options.path === undefined ? {} : { path: options.path }),
  });
  const found = details.counterexample?.[0];
  if (!details.failed || found === undefined) return;
  throw new TrialError(told(name, found, details));
}

interface Details {
  readonly numRuns: number;
  readonly numShrinks: number;
  readonly seed: number;
  readonly counterexamplePath: string | null;
  readonly errorInstance: unknown;
}

function told(name: string, [scenario, seed]: [ScenarioInput, number], details: Details): string {
  const named = { ...scenario, name: slug(name) };
  const lines = keepFailure({ name, seed, scenario: named, trace: traceOf(named, seed) });
  const { numRuns, numShrinks, errorInstance } = details;
  const why = errorInstance instanceof Error ? errorInstance.message : 'the claim is false';
  return [
    `"${name}" is not so: found in run ${numRuns}, shrunk ${numShrinks} times`,
    why,
    ...lines,
    `search  { seed: ${details.seed}, path: "${details.counterexamplePath}" }`,
  ].join('\n');
}

/** null when the run breaks the laboratory itself. */
function traceOf(scenario: ScenarioInput, seed: number): Uint8Array | null {
  const cluster = openScenario(scenario, { seed });
  try {
    cluster.finish();
  } catch (error) {
    if (!(error instanceof TrialError)) throw error;
  }
  return cluster.events === 0 ? null : cluster.trace.bytes();
}

function assertGood(scenario: ScenarioInput): void {
  if (parseScenario(scenario).problems !== undefined) Recording.of(scenario).parse(scenario.name);
}

/** FNV-1a, kept positive. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return hash >>> 1;
}
