/**
 * A run that ends when the check fails, without the healing and waiting behind it: where something
 * has to come back first, the faults say themselves when they end.
 */
import { LIVENESS_CHECKS } from '../../check/checks.ts';
import { type FaultSpec, faultVerbs, verbOf } from '../../faults/verbs.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { endingAt } from './ending.ts';
import { type Failing, timeOfFinding } from './trial.ts';

/** The check may look a little later than what it finds. */
const MARGINS_MS = [0, 10, 100, 1_000, 5_000];

/** The run ends when the check fails, and nothing that comes later is needed. */
export function* earlierEnd(shrinker: Candidates): Generator<void, void> {
  const { best } = shrinker;
  const { scenario } = best;
  if (scenario.heal) yield* shrinker.keep({ ...scenario, heal: false });
  const foundMs = timeOfFinding(shrinker.best);
  if (foundMs === null || shrinker.scenario.heal) return;
  yield* endingSoonAfter(shrinker, foundMs, shrinker.scenario);
}

/** Where healing is needed first: the same without its tail. */
export function* explicitHealing(shrinker: Candidates): Generator<void, void> {
  const { best } = shrinker;
  // Whether it ever comes to rest is known only by waiting.
  if (!best.scenario.heal || LIVENESS_CHECKS.includes(best.finding.check)) return;
  const foundMs = timeOfFinding(best);
  if (foundMs === null || foundMs <= best.scenario.runFor) return;
  yield* endingSoonAfter(shrinker, foundMs, withEndsOfFaults(best));
}

function* endingSoonAfter(
  shrinker: Candidates,
  foundMs: number,
  scenario: Scenario,
): Generator<void, void> {
  for (const marginMs of MARGINS_MS) {
    const runFor = Math.max(1, roundedUp(foundMs) + marginMs);
    if (runFor >= shrinker.scenario.runFor && !shrinker.scenario.heal) return;
    if (yield* shrinker.keep(endingAt(scenario, runFor))) return;
  }
}

function roundedUp(ms: number): number {
  return Math.ceil(ms / 10) * 10;
}

/** What healing did, done by the faults that made it necessary. */
function withEndsOfFaults({ scenario, strikes, report }: Failing): Scenario {
  const healedMs = scenario.runFor;
  const faults = scenario.faults.map((spec, index) => {
    const strike = strikes.findLast((one) => one.index === index && !one.unresolved);
    if (strike === undefined) return spec;
    const struckMs = Math.round(strike.timeUs / 1_000 - report.story.warmUpMs);
    return endingBy(spec, Math.max(1, healedMs - struckMs));
  });
  // A lost disk is found empty by the next process only.
  const again = strikes.flatMap((one): FaultSpec[] =>
    one.verb === 'loseDisk' && !one.unresolved
      ? (one.sides[0] ?? []).map((node) => ({ at: healedMs, kill: node, restartAfter: 0 }))
      : [],
  );
  return { ...scenario, heal: false, faults: [...faults, ...again] };
}

function endingBy(spec: FaultSpec, afterMs: number): FaultSpec {
  const verb = verbOf(spec);
  const modifiers = faultVerbs.find((one) => one.name === verb)?.modifiers ?? [];
  const end = (['for', 'restartAfter'] as const).find(
    (one) => modifiers.includes(one) && !Object.hasOwn(spec, one),
  );
  return end === undefined ? spec : ({ ...spec, [end]: afterMs } as FaultSpec);
}
