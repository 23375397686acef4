/**
 * Judges the run of a scenario that nobody wrote: what broke, and whether every loss that a check
 * calls allowed is explained by a setting of this scenario or by a fault that did strike. The
 * second is asked of the scenario and the strikes alone, not of the checks that gave the answer
 * (`reasons.ts`).
 */
import type { Verdict } from '../check/verdict.ts';
import { struckNodes } from '../faults/strike.ts';
import type { FaultVerb } from '../faults/verbs.ts';
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

/** They end a process at once. */
const ENDING: readonly FaultVerb[] = ['kill', 'powerCut', 'stop', 'restart'];

/** Everything wrong with a run, the worst first; empty for a good one. */
export function swarmFindings(scenario: Scenario, result: RunResult): Finding[] {
  const { report } = result;
  const broken = breaches(result);
  const told = new Set(broken.map((one) => one.check));
  const unmet = unmetFindings(report).filter((one) => !told.has(one.check));
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
  const gaps = report.verdicts.filter((one) => isKnownGap(one, result)).map((one) => one.name);
  return [
    ...brokenFindings(report),
    ...verdictFindings(report).filter((one) => !gaps.includes(one.check)),
    ...report.problems.filter((one) => !isRandomMiss(one)).map(problemFinding),
  ];
}

/**
 * Kafka's own: a producer snapshot keeps one batch per producer, so a leader that has loaded one
 * while several wait for their answers, since it restarted or cut its log, takes a repeated one for
 * a gap; the producer then writes it again under a new epoch. It takes a fault on one of its replicas
 * before the second copy; one that ends its process strikes after the first.
 */
function isKnownGap(
  { name, verdict, explanation, evidence, at }: Verdict,
  { strikes, placements }: RunResult,
): boolean {
  if (name !== 'no-dup' || verdict !== 'violated') return false;
  if (!/\(producer epoch \d+, then \d+\)/.test(explanation)) return false;
  const partition = / (?:stands|was read) in (\S+) at /.exec(explanation)?.[1] ?? '';
  const first = evidence[0] ?? 0;
  const copied = at ?? 0;
  const replicas = placements.upTo(partition, copied);
  return strikes.some(
    (one) =>
      !one.unresolved &&
      struckNodes(one).some((node) => replicas.includes(node)) &&
      one.event < copied &&
      (one.event > first || !ENDING.includes(one.verb)),
  );
}

/** A drawn fault may find nobody to strike. */
export function isRandomMiss(problem: string): boolean {
  return /matched nothing|never struck/.test(problem);
}

function unexplained(scenario: Scenario, result: RunResult): Finding[] {
  const struck = result.strikes.filter((one) => !one.unresolved);
  const course = { scenario, struck, placements: result.placements };
  return result.report.verdicts
    .filter((one) => one.verdict === 'allowed' && !isExplained(one, course))
    .map(({ name, at, allowedBy, explanation }) => ({
      kind: 'unexplained',
      check: name,
      at,
      explanation: `is allowed by ${allowedBy}, which nothing explains: ${explanation}`,
    }));
}
