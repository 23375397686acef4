/**
 * Judges the run of a scenario that nobody wrote: what broke, and whether everything that a check
 * calls allowed is explained by a setting of this scenario or by a fault that did strike. The
 * second is asked of the scenario and the strikes alone, not of the checks that gave the answer
 * (`reasons.ts`).
 */
import { LAST_KNOWN_LEADER } from '../check/elections.ts';
import type { Verdict } from '../check/verdict.ts';
import type { RunResult } from '../run/runner.ts';
import type { Scenario } from '../scenario/schema.ts';
import {
  brokenFindings,
  type Finding,
  findingWords,
  inOrder,
  problemFinding,
  unmetFindings,
  verdictFindings,
} from '../search/finding.ts';
import { isExplained } from './reasons.ts';

/** Everything wrong with a run, the worst first; empty for a good one. */
export function swarmFindings(scenario: Scenario, result: RunResult): Finding[] {
  const { report } = result;
  const broken = breaches(result);
  const told = new Set(broken.map((one) => one.check));
  const unmet = unmetFindings(report).filter(
    ({ check }) => !told.has(check) && !isByStopInVain(check, result),
  );
  return inOrder([...broken, ...unmet, ...unexplained(scenario, result)]);
}

/** The same in lines to read. */
export function whatIsWrong(scenario: Scenario, result: RunResult): string[] {
  return swarmFindings(scenario, result).map(findingWords);
}

/** Every way in which a run broke the system's promises, in lines to read; empty for a good run. */
export function whatIsBroken(result: RunResult): string[] {
  return breaches(result).map(findingWords);
}

function breaches(result: RunResult): Finding[] {
  const { report } = result;
  return [
    ...brokenFindings(report),
    ...verdictFindings(report),
    ...report.problems.filter((one) => !isRandomMiss(one)).map(problemFinding),
  ];
}

/** A drawn fault may find nobody to strike. */
export function isRandomMiss(problem: string): boolean {
  return /matched nothing|never struck/.test(problem);
}

/**
 * Where some may lose data, nobody else is stopped uncleanly (`Stage.killed`). A stop in order is
 * no such thing as it is drawn, but one that meets a broker while it starts counts as unclean.
 */
function isByStopInVain(check: string, { report, stoppedInVain }: RunResult): boolean {
  const verdict = report.verdicts.find(({ name }) => name === check);
  return stoppedInVain.size > 0 && verdict?.allowedBy === LAST_KNOWN_LEADER;
}

/** Of each check the first that nothing explains, whether or not its verdict names it. */
function unexplained(scenario: Scenario, result: RunResult): Finding[] {
  const struck = result.strikes.filter((one) => !one.unresolved);
  const course = { scenario, struck, placements: result.placements };
  const first = new Map<string, Verdict>();
  for (const one of result.allowances) {
    const { name, at } = one;
    const known = first.get(name);
    if (known !== undefined && (known.at ?? Infinity) <= (at ?? Infinity)) continue;
    if (!isExplained(one, course)) first.set(name, one);
  }
  return [...first.values()].map(({ name, at, allowedBy, explanation }) => ({
    kind: 'unexplained',
    check: name,
    at,
    explanation: `is allowed by ${allowedBy}, which nothing explains: ${explanation}`,
  }));
}
