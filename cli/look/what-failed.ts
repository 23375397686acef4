/**
 * What is wrong with a run, for who explains it: what a failure file tells of, as this run has it
 * now (its event may be another one), else the worst of what the run itself tells.
 */
import { Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { Verdict, VerdictKind } from '../../sim/check/verdict.ts';
import type { RunReport } from '../../sim/run/report.ts';
import type { RunResult } from '../../sim/run/runner.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { Failure } from '../../sim/search/failure.ts';
import { type Finding, findingsOf, findingWords, signatureOf } from '../../sim/search/finding.ts';
import { swarmFindings } from '../../sim/swarm/judge.ts';
import { type CliError, inputError } from '../errors.ts';
import type { LoadedRun } from '../input/load-run.ts';
import type { Terminal } from '../terminal.ts';

/** What a failure file tells of, in a run of its scenario; null when the run does not have it. */
export function findingAgain(
  { findings }: Failure,
  scenario: Scenario,
  result: RunResult,
): Finding | null {
  const [worst] = findings;
  if (worst === undefined) return null;
  // The swarm knows gaps of Kafka's own that it does not count; who wrote a scenario may.
  const all = [...swarmFindings(scenario, result), ...findingsOf(result.report)];
  const alike = all.filter((one) => one.kind === worst.kind && one.check === worst.check);
  const signature = signatureOf(worst);
  const same = alike.find((one) => signatureOf(one) === signature);
  return same ?? (worst.check === '' ? null : (alike[0] ?? null));
}

/** The worst that is wrong; else a violation that the scenario expects; else what was allowed. */
export function worstOf(report: RunReport): Finding | null {
  const [worst] = findingsOf(report);
  return worst ?? expected(report, 'violated') ?? expected(report, 'allowed');
}

/**
 * Of such verdicts first what the scenario asks for, in its order; then the earliest violation, or
 * of what was allowed what clients saw, which checks of histories tell first.
 */
function expected(report: RunReport, kind: VerdictKind): Finding | null {
  const asked = report.expectations.map((one) => one.name);
  const rank = ({ name }: Verdict) => {
    const place = asked.indexOf(name);
    return place < 0 ? asked.length : place;
  };
  const [first] = report.verdicts
    .filter((one) => one.verdict === kind)
    .toSorted((a, b) => rank(a) - rank(b) || (kind === 'allowed' ? 0 : eventOf(a) - eventOf(b)));
  if (first === undefined) return null;
  const { name, at, explanation } = first;
  return { kind: 'violated', check: name, at, explanation };
}

function eventOf({ at }: Verdict): number {
  return at ?? Number.POSITIVE_INFINITY;
}

/** What is said of the run was said by another version of trial. */
export function isOfOtherVersion({ engine }: Pick<LoadedRun, 'engine'>): boolean {
  return engine !== '' && engine !== packageJson.version;
}

/** Of a command that runs failure files. */
export interface VersionOptions {
  readonly anyVersion?: true;
}

export function anyVersionOption(): Option {
  return new Option('--any-version', 'run a failure that another version found, as this one does');
}

/**
 * To be called before a run is made that another version may have made in another way.
 * @throws an error with exit code 65 for a failure file, unless asked to run those of any version.
 */
export function mindVersion(loaded: LoadedRun, options: VersionOptions, terminal: Terminal): void {
  if (!isOfOtherVersion(loaded)) return;
  const { label, engine, failure } = loaded;
  const here = packageJson.version;
  if (failure !== null && options.anyVersion !== true) {
    throw inputError(
      `${label}: engine: "${engine}" — found by another version, this is trial ${here}: ` +
        'the same seed may be another run here; ' +
        `take trial ${engine}, or add --any-version to run it as this version does`,
    );
  }
  const versions = `by trial ${engine}, this is ${here}`;
  terminal.err(`warning: ${label} was made ${versions}: the run may be another one\n`);
}

/** @throws an error with exit code 65 when another version found what this one does not find. */
export function checkComesAgain(loaded: LoadedRun, result: RunResult): void {
  const { failure, scenario } = loaded;
  const [told] = failure?.findings ?? [];
  if (failure === null || told === undefined || !isOfOtherVersion(loaded)) return;
  // One run alone cannot tell.
  if (told.kind === 'not-deterministic') return;
  if (findingAgain(failure, scenario, result) === null) throw notFailing(loaded, told);
}

/** The run does not do any more what its file tells of: exit code 65. */
export function notFailing(loaded: LoadedRun, finding: Finding): CliError {
  const here = packageJson.version;
  const other = isOfOtherVersion(loaded) ? ` (found by ${loaded.engine})` : '';
  return inputError(
    `${loaded.label}: it does not fail in this way with trial ${here}${other}: ${findingWords(finding)}`,
  );
}
