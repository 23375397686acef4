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
import { nameSeed } from './fnv.ts';
import { openScenario } from './index.ts';
import { checkKnown, checkWhole, shownValue } from './known-options.ts';
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

/**
 * `false`, or anything thrown, is a counter-example. It answers at once: nobody would wait for a
 * promise. The cluster may be given back, so that `cluster.check()` alone is a claim.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a claim may end in expect(…), which is void.
export type Claim = (run: JudgedRun) => boolean | void | Cluster;

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
const OPTIONS = ['scenarios', 'numRuns', 'maxShrinks', 'seed', 'path'] as const;

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
  checkAsked(name, claim, options);
  const { scenarios = arbitraries.scenario(), maxShrinks = DEFAULT_SHRINKS } = options;
  const drawn = fc.limitShrink(fc.tuple(scenarios, fc.nat({ max: MAX_SEED })), maxShrinks);
  let misused: TrialError | null = null;
  const property = fc.property(drawn, ([scenario, seed]) => {
    // A claim that says nothing about this run says nothing about the next one.
    if (misused !== null) return true;
    assertGood(scenario);
    const cluster = openScenario(scenario, { seed, trace: false });
    const said = claim({ scenario, seed, report: cluster.finish(), cluster });
    misused = misuseOf(said);
    return said !== false;
  });
  const details = search(property, options, name);
  if (misused !== null) throw misused;
  const found = details.counterexample?.[0];
  if (!details.failed) return;
  if (found === undefined) {
    const { numRuns, numSkips } = details;
    throw new TrialError(
      `"${name}": too few runs counted: ${numRuns}, and ${numSkips} were left out by fc.pre; ` +
        'draw scenarios of which it holds (scenarios)',
    );
  }
  throw new TrialError(told(name, found, details));
}

function search<T>(property: fc.IProperty<T>, options: PropertyOptions, name: string) {
  const { numRuns = DEFAULT_RUNS, seed = nameSeed(name), path } = options;
  if (path === undefined) return fc.check(property, { numRuns, seed });
  const words = 'there is no such place in the search';
  const nowhere = new TrialError(`trialProperty: path: "${path}" — ${words} with seed ${seed}`);
  try {
    const details = fc.check(property, { numRuns, seed, path });
    // Where only the last number leads nowhere, fast-check has nothing to run and is content.
    if (details.numRuns === 0) throw nowhere;
    return details;
  } catch (error) {
    // What a run throws is an outcome: this is fast-check, which does not find the place.
    throw /^Error: Unable to replay/.test(String(error)) ? nowhere : error;
  }
}

/** @throws TrialError for what could not be a property: it would hold whatever happens. */
function checkAsked(name: unknown, claim: unknown, options: PropertyOptions): void {
  if (typeof name !== 'string' || name === '') {
    throw new TrialError(`trialProperty: name: expected a text, not ${shownValue(name)}`);
  }
  if (typeof claim !== 'function') {
    throw new TrialError(`trialProperty: claim: expected a function, not ${shownValue(claim)}`);
  }
  checkKnown('trialProperty', options, OPTIONS);
  const { scenarios, numRuns, maxShrinks, seed, path } = options;
  if (numRuns !== undefined) checkWhole('trialProperty: numRuns', numRuns, { least: 1 });
  if (maxShrinks !== undefined) checkWhole('trialProperty: maxShrinks', maxShrinks, { least: 0 });
  if (seed !== undefined) checkWhole('trialProperty: seed', seed, { least: 0 });
  if (scenarios !== undefined && typeof scenarios?.generate !== 'function') {
    const words = 'expected an arbitrary of fast-check, such as arbitraries.scenario()';
    throw new TrialError(`trialProperty: scenarios: ${words}, not ${shownValue(scenarios)}`);
  }
  if (path !== undefined && !(typeof path === 'string' && /^\d+(:\d+)*$/.test(path))) {
    const words = 'expected numbers joined by colons, as the message of a counter-example has them';
    throw new TrialError(`trialProperty: path: ${words}, not ${shownValue(path)}`);
  }
}

/** null: it is an answer. An object may be what `expect(…)` gives back; it says nothing. */
function misuseOf(said: unknown): TrialError | null {
  if (said === undefined || typeof said === 'boolean') return null;
  if (said === null || (typeof said !== 'object' && typeof said !== 'function')) {
    const words = `expected true, false or nothing, not ${shownValue(said)}`;
    return new TrialError(`trialProperty: the claim gave back what is no answer: ${words}`);
  }
  if (!('then' in said) || typeof said.then !== 'function') return null;
  // Whatever becomes of it, the error is that nobody waits for it: a rejection is no second one.
  void Promise.resolve(said).then(undefined, () => undefined);
  return new TrialError(
    'trialProperty: the claim is asynchronous, and nobody waits for it: expected true, false or ' +
      'nothing, not a promise (the cluster of the claim has run to its end: no await is needed)',
  );
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
  const why = whyOf(errorInstance);
  return [
    `"${name}" is not so: found in run ${numRuns}, shrunk ${numShrinks} times`,
    why,
    ...lines,
    `search  { seed: ${details.seed}, path: "${details.counterexamplePath}" }`,
  ].join('\n');
}

/** Whatever the claim threw; fast-check has an error of its own for one that is false. */
function whyOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return thrown === null || thrown === undefined ? 'the claim is false' : shownValue(thrown);
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
