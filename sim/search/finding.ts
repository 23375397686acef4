/**
 * What is wrong with a run, one thing each, in a form that a search can count, group and look for
 * again. Two findings with one signature are taken for the same mistake: the check and its words,
 * without the names, numbers and records that differ from seed to seed.
 */
import type { Verdict } from '../check/verdict.ts';
import type { RunReport } from '../run/report.ts';
import { verdictCounting } from './counted.ts';

export type FindingKind =
  /** The code of a node broke. */
  | 'broken'
  /** Two runs of one seed differ. */
  | 'not-deterministic'
  | 'violated'
  /** An expectation of the scenario is not met. */
  | 'unmet'
  /** A loss is called allowed, and neither settings nor faults explain it. */
  | 'unexplained'
  /** The run does not count: a fault matched nothing, the cluster did not come up. */
  | 'problem'
  | 'unknown';

export interface Finding {
  readonly kind: FindingKind;
  /** The check, the name of the expectation, or '' where no check speaks. */
  readonly check: string;
  /** Of a number that a check counts: where the check found the first of what was counted. */
  readonly at: number | null;
  /** In words, without the check's name. */
  readonly explanation: string;
}

const WORST_FIRST: readonly FindingKind[] = [
  'broken',
  'not-deterministic',
  'violated',
  'unmet',
  'unexplained',
  'problem',
  'unknown',
];

/** What is wrong with the run of a scenario that somebody wrote: its expectations are heard. */
export function findingsOf(report: RunReport): Finding[] {
  const wanted = new Set(report.expectations.filter((one) => one.met).map((one) => one.name));
  const ranToItsEnd = report.story.healedAtMs !== null;
  const verdicts = verdictFindings(report).filter(
    (one) => !wanted.has(one.check) && (one.kind === 'violated' || ranToItsEnd),
  );
  const told = new Set(verdicts.map((one) => one.check));
  const unmet = unmetFindings(report).filter((one) => !told.has(one.check));
  return inOrder([
    ...brokenFindings(report),
    ...verdicts,
    ...unmet,
    ...report.problems.map(problemFinding),
  ]);
}

export function brokenFindings(report: RunReport): Finding[] {
  return report.broken.map(({ node, message, event }) => ({
    kind: 'broken',
    check: '',
    at: event,
    explanation: `${node} broke: ${message}`,
  }));
}

export function verdictFindings(report: RunReport): Finding[] {
  return report.verdicts.flatMap(({ name, verdict, at, explanation }): Finding[] =>
    verdict === 'violated' || verdict === 'unknown'
      ? [{ kind: verdict, check: name, at, explanation }]
      : [],
  );
}

export function unmetFindings(report: RunReport): Finding[] {
  return report.expectations
    .filter((one) => !one.met)
    .map((one) => {
      const { name, actual, expected } = one;
      const verdict = report.verdicts.find((judged) => judged.name === name);
      const why = verdict === undefined ? '' : `: ${verdict.explanation}`;
      const said = `came out as ${shown(actual)}, not ${shown(expected)}${why}`;
      const { at = null } = verdict ?? verdictCounting(report, one) ?? {};
      return { kind: 'unmet', check: name, at, explanation: said };
    });
}

/** What is judged of the finding; null: no check speaks of it. */
export function verdictOn(
  report: Pick<RunReport, 'verdicts' | 'expectations'>,
  { kind, check }: Finding,
): Verdict | null {
  const own = report.verdicts.find((one) => one.name === check && one.verdict !== 'holds');
  if (own !== undefined || kind !== 'unmet') return own ?? null;
  const expectation = report.expectations.find((one) => one.name === check);
  return expectation === undefined ? null : verdictCounting(report, expectation);
}

export function problemFinding(problem: string): Finding {
  return { kind: 'problem', check: '', at: null, explanation: problem };
}

/** The worst first, of equal ones the earliest. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      WORST_FIRST.indexOf(a.kind) - WORST_FIRST.indexOf(b.kind) ||
      (a.at ?? Number.MAX_SAFE_INTEGER) - (b.at ?? Number.MAX_SAFE_INTEGER),
  );
}

/** One line to read. */
export function findingWords({ kind, check, at, explanation }: Finding): string {
  if (check === '') return at === null ? explanation : `${explanation} (event ${at})`;
  if (kind === 'unmet' || kind === 'unexplained') return `${check} ${explanation}`;
  return `${check} is ${kind}${at === null ? '' : ` at ${at}`}: ${explanation}`;
}

/** A digest or the hash of a trace, as runs of one seed that differ tell theirs. */
const HASH = /\b[0-9a-f]{32}\b/g;
/** What a coordinator makes the id of a group's member unique with: random in every run. */
const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g;
/** Ids of topics, directories and incarnations, see `kafka/base/uuid.ts`; no word is like that. */
const ID_IN_BASE64 = /(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{21}[AQgw](?![\w-])/g;

/** `acked-durable violated: record <record> was acknowledged to <client> …` */
export function signatureOf({ kind, check, explanation }: Finding): string {
  const words = explanation
    .replace(/ \(and \d+ more\)$/, '')
    .replace(HASH, '<hash>')
    .replace(UUID, '<uuid>')
    .replace(ID_IN_BASE64, '<uuid>')
    .replace(/\b(?:broker|controller)-\d+\b/g, '<node>')
    .replace(/\b[pc]\d+(?:-\d+)?\b/g, '<client>')
    .replace(/\b[\w.]+-\d+\b/g, '<name>')
    .replace(/(?:<(?:node|client|name)>, )+(?:and )?<(?:node|client|name)>/g, '<names>')
    .replace(/\d+(?:\.\d+)?/g, '<n>');
  return `${check === '' ? kind : `${check} ${kind}`}: ${words}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
