/**
 * Failures that a search found and a shrinker made small, in `test/shrunk/`: run again, explained,
 * and run without the faults that the explanation names.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explanationOf } from '../../cli/look/why-lines.ts';
import { defined } from '../../kafka/base/assert.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { type Failure, failureSchema } from '../../sim/search/failure.ts';
import type { Finding } from '../../sim/search/finding.ts';
import { failingRun, wantedOf } from '../../sim/search/shrink/trial.ts';
import { faultIndexOf } from '../../viz/model/fault-origin.ts';
import type { Sentence } from '../../viz/model/why.ts';
import { vizRun } from './viz-runs.ts';

export interface ShrunkFailure {
  readonly name: string;
  readonly scenario: Scenario;
  readonly seed: number | string;
  readonly finding: Finding;
}

export function shrunkFailures(folder: string): ShrunkFailure[] {
  const files = readdirSync(folder).filter((one) => one.endsWith('.json'));
  return files.sort().map((file) => {
    const json: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const failure: Failure = failureSchema.parse(json);
    const { scenario } = parseScenario(failure.scenario);
    const [finding] = failure.findings;
    if (scenario === undefined || finding === undefined) throw new Error(`${file} is no failure`);
    return { name: file.replace(/\.json$/, ''), scenario, seed: failure.seed, finding };
  });
}

/** As many are tried when the run with the failure's own seed has become another. */
const OTHER_SEEDS = 40;

/** A run that fails as the file says; null when none of some seeds does. */
export function failingAgain(
  one: ShrunkFailure,
): { readonly seed: number | string; readonly finding: Finding } | null {
  const seeds = [one.seed, ...Array.from({ length: OTHER_SEEDS }, (_, place) => place + 1)];
  for (const seed of seeds) {
    const finding = findingOf(one, one.scenario, seed);
    if (finding !== null) return { seed, finding };
  }
  return null;
}

/** What the same check says of another scenario; null when it has nothing to say. */
export function findingOf(
  { finding }: ShrunkFailure,
  scenario: Scenario,
  seed: number | string,
): Finding | null {
  const wanted = wantedOf(finding, null);
  return failingRun(scenario, seed, { wanted, mostEvents: null })?.finding ?? null;
}

export interface Explained {
  readonly sentences: readonly Sentence[];
  /** Places of the faults that they name. */
  readonly faults: readonly number[];
  /** What is explained: check and event. */
  readonly check: string;
  readonly event: number;
  /** The end of its step: a decision is committed with one event, and told with the next. */
  readonly until: number;
  /** Whether the event belongs to the decision of a historic rule. */
  isDecision(event: number): boolean;
}

/** What `trial explain` says of it. */
export function explained(scenario: Scenario, seed: number | string, finding: Finding): Explained {
  const { store, timeline } = vizRun(scenario, seed);
  const { report } = defined(store.identity, 'the run has an identity');
  const run = { scenario, report: defined(report, 'its report was kept'), store, timeline };
  const { sentences, faults, verdict, event } = explanationOf(run, finding);
  const places = new Set(faults.map((one) => faultIndexOf(store, one)));
  return {
    sentences,
    faults: [...places].filter((one) => one !== null),
    check: verdict?.name ?? '',
    event,
    until: store.stepEnd(event),
    isDecision: (one) => store.kindName(one) === 'decision.changed',
  };
}

export function without(scenario: Scenario, faults: readonly number[]): Scenario {
  return { ...scenario, faults: scenario.faults.filter((_, index) => !faults.includes(index)) };
}
