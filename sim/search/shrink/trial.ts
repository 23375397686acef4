/**
 * One try of a shrinker: is this scenario valid, and does it still fail in the same way? A run
 * that becomes longer than the shortest so far is cut off, because it is no simpler.
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
  /** What it says, without numbers and names; '': whatever it says. */
  readonly signature: string;
  /** What permits it, without numbers and names; null: it is not about something permitted. */
  readonly allowedBy: string | null;
}

/**
 * @param report of the run that is to be made small: it is the same mistake that is looked for.
 * Null: whatever the check says, and whatever permits it.
 */
export function wantedOf(finding: Finding, report: RunReport | null): Wanted {
  const { kind, check } = finding;
  if (report !== null) {
    const signature = sameForOneAndMany(signatureOf(finding));
    return { kind, check, signature, allowedBy: allowedBy(report, check) };
  }
  const signature = check === '' ? sameForOneAndMany(signatureOf(finding)) : '';
  return { kind, check, signature, allowedBy: null };
}

/** Of what many did, or did many times, one is left. */
function sameForOneAndMany(signature: string): string {
  return signature.replaceAll('<names>', '<name>').replace(/\b(record|write|time)s\b/g, '$1');
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

/** A candidate may be this much longer than the shortest: some simplifications cost events. */
const MORE_EVENTS = 1.05;
const MORE_EVENTS_AT_LEAST = 100;

/** @param mostEvents null: no bound. @returns null when it does not fail, or not so. */
export function failingRun(
  candidate: Scenario,
  seed: number | string,
  bounds: Bounds,
): Failing | null {
  const { scenario } = parseScenario(candidate);
  return scenario === undefined ? null : failingAsParsed(scenario, seed, bounds);
}

interface Bounds {
  readonly wanted: Wanted;
  readonly mostEvents: number | null;
}

/** The same of a scenario that is known to be valid. */
export function failingAsParsed(
  scenario: Scenario,
  seed: number | string,
  { wanted, mostEvents }: Bounds,
): Failing | null {
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
    (wanted.signature === '' || sameForOneAndMany(signatureOf(one)) === wanted.signature) &&
    (wanted.allowedBy === null || allowedBy(result.report, one.check) === wanted.allowedBy);
  // The swarm knows gaps of Kafka's own that it does not count; who wrote a scenario may.
  return (
    swarmFindings(scenario, result).find(isWanted) ??
    findingsOf(result.report).find(isWanted) ??
    null
  );
}
