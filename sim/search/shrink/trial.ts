/**
 * One try of a shrinker: is this scenario valid, and does it still fail in the same way? A run
 * that becomes longer than the best so far is cut off, because it is no simpler.
 */
import type { Strike } from '../../faults/strike.ts';
import type { RunReport } from '../../run/report.ts';
import type { RunResult } from '../../run/runner.ts';
import { RunSession } from '../../run/session.ts';
import { parseScenario } from '../../scenario/parse.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { swarmFindings } from '../../swarm/judge.ts';
import { type Finding, type FindingKind, findingsOf, signatureOf } from '../finding.ts';

/** What has to be found again. */
export interface Wanted {
  readonly kind: FindingKind;
  readonly check: string;
  /** Only of findings that no check speaks of; '' else. */
  readonly signature: string;
  /** What permits it, without numbers and names; null: it is not about something permitted. */
  readonly allowedBy: string | null;
}

/** Without a report nothing is asked of what permits it. */
export function wantedOf(finding: Finding, report: RunReport | null): Wanted {
  const { kind, check } = finding;
  const signature = check === '' ? signatureOf(finding) : '';
  return { kind, check, signature, allowedBy: report === null ? null : allowedBy(report, check) };
}

function allowedBy(report: RunReport, check: string): string | null {
  const said = report.verdicts.find((one) => one.name === check)?.allowedBy ?? null;
  return said === null ? null : said.replace(/ on \S+-\d+$/, '').replace(/\d+ (?=in-sync)/, '');
}

/** A run that failed as wanted. */
export interface Failing {
  readonly scenario: Scenario;
  readonly seed: number | string;
  readonly finding: Finding;
  readonly report: RunReport;
  readonly strikes: readonly Strike[];
}

/** A candidate may be this much longer than the best: some simplifications cost events. */
const MORE_EVENTS = 1.05;
const MORE_EVENTS_AT_LEAST = 200;

/** @param mostEvents null: no bound. @returns null when it does not fail, or not so. */
export function failingRun(
  candidate: Scenario,
  seed: number | string,
  { wanted, mostEvents }: { readonly wanted: Wanted; readonly mostEvents: number | null },
): Failing | null {
  const { scenario } = parseScenario(candidate);
  if (scenario === undefined) return null;
  const session = new RunSession(scenario, { seed });
  const most =
    mostEvents === null
      ? Number.POSITIVE_INFINITY
      : Math.max(mostEvents * MORE_EVENTS, mostEvents + MORE_EVENTS_AT_LEAST);
  if (!session.advanceTo(most)) return null;
  const result = session.finish();
  const finding = foundIn(scenario, result, wanted);
  if (finding === null) return null;
  return { scenario, seed, finding, report: result.report, strikes: result.strikes };
}

/** When the event of the finding came, in scenario time; null when it is of no event. */
export function timeOfFinding({ scenario, seed, finding }: Failing): number | null {
  if (finding.at === null || finding.at === 0) return null;
  const session = new RunSession(scenario, { seed });
  session.advanceTo(finding.at);
  return (session.world.nowUs - session.originUs) / 1_000;
}

function foundIn(scenario: Scenario, result: RunResult, wanted: Wanted): Finding | null {
  const isWanted = (one: Finding) =>
    one.kind === wanted.kind &&
    one.check === wanted.check &&
    (wanted.signature === '' || signatureOf(one) === wanted.signature) &&
    (wanted.allowedBy === null || allowedBy(result.report, one.check) === wanted.allowedBy);
  // The swarm knows gaps of Kafka's own that it does not count; who wrote a scenario may.
  return (
    swarmFindings(scenario, result).find(isWanted) ??
    findingsOf(result.report).find(isWanted) ??
    null
  );
}
