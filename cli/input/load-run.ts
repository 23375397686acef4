/**
 * Finds what a `<failure|trace|link|scenario>` on the command line means: a run that is made
 * anew, and what is said of it. Another version may tell other events, and that is noticed by the
 * hashes.
 */

import { existsSync, readFileSync } from 'node:fs';
import { readyCodecs } from '../../codecs/for-runs.ts';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { allScenarios } from '../../scenarios/all.ts';
import { checkCatalog } from '../../sim/check/checks.ts';
import type { RunReport } from '../../sim/run/report.ts';
import type { RunOptions } from '../../sim/run/runner.ts';
import { parseJsonText } from '../../sim/scenario/json-text.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { describeProblem, type Problem, problem } from '../../sim/scenario/problems.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { type Failure, failureSchema } from '../../sim/search/failure.ts';
import { readTraceFile, TraceFileError } from '../../sim/trace/file.ts';
import type { TraceRows } from '../../sim/trace/rows.ts';
import { readLink } from '../../viz/model/link.ts';
import { withActions } from '../../viz/model/with-actions.ts';
import { inputError, problemsError, reasonOf } from '../errors.ts';
import { DEFAULT_SEED, seedOf } from './arguments.ts';
import { formProblem } from './form-problem.ts';
import { loadScenario } from './load-scenario.ts';

export interface LoadedRun {
  /** As given on the command line. */
  readonly given: string;
  /** What it is called in a sentence. */
  readonly label: string;
  readonly scenario: Scenario;
  readonly seed: number | string;
  /** The event that it points to; 0: none. */
  readonly at: number;
  /** What is said of the run; '' where nothing is said. */
  readonly digest: string;
  readonly traceHash: string;
  readonly engine: string;
  readonly failure: Failure | null;
  /** Of a trace file. */
  readonly trace: { readonly rows: TraceRows; readonly report: RunReport | null } | null;
}

/** A trace that was kept before its run was over tells of the beginning only. */
export function endOf({ trace, digest }: LoadedRun): Pick<RunOptions, 'until'> {
  if (trace === null || digest === '') return {};
  const isWhole = trace.report !== null && trace.report.story.stoppedAtMs === null;
  return isWhole ? {} : { until: { event: trace.rows.count } };
}

const LINK = /[#?](v1\.|scenario=)/;

/**
 * `my.json@7` is the run with seed 7.
 * @throws an error with exit code 65 that names file, field, value and what would be right.
 */
export async function loadRun(given: string): Promise<LoadedRun> {
  const [, what = '', seed = ''] = /^([^#?]+)@(\d{1,15})$/.exec(given) ?? [];
  if (what === '') {
    refuseSeedless(given);
    return loadGiven(given);
  }
  const nothingSaid = { digest: '', traceHash: '', failure: null, trace: null, at: 0 };
  return { ...(await loadGiven(what)), ...nothingSaid, given, seed: Number(seed) };
}

/** `x.json@seven` is no file that nobody finds. */
function refuseSeedless(given: string): void {
  const [, , seed] = /^([\w-]+|[^#?]+\.(?:json|trial|ts|mts|js|mjs))@([^/\\.]*)$/.exec(given) ?? [];
  if (seed === undefined || existsSync(given)) return;
  const allowed = 'expected an integer of up to 15 digits';
  throw inputError(`${given}: what stands behind @ is a seed: ${allowed}, not "${seed}"`);
}

async function loadGiven(label: string): Promise<LoadedRun> {
  const found = await find(label);
  await readyCodecs(found.scenario);
  return found;
}

async function find(label: string): Promise<LoadedRun> {
  const link = LINK.exec(label);
  if (link !== null) return fromLink(label, label.slice(link.index));
  if (label.endsWith('.trial')) return fromTrace(label);
  if (label.endsWith('.json')) return fromJson(label);
  const { scenario } = await loadScenario(label);
  return runOf(label, scenario);
}

function runOf(label: string, scenario: Scenario, known: Partial<LoadedRun> = {}): LoadedRun {
  const nothing = { at: 0, digest: '', traceHash: '', engine: '', failure: null, trace: null };
  return { given: label, label, scenario, seed: seedOf(scenario, undefined), ...nothing, ...known };
}

async function fromLink(label: string, text: string): Promise<LoadedRun> {
  const read = await readLink(text);
  switch (read.kind) {
    case 'none':
      throw inputError('the link asks for nothing');
    case 'problem':
      throw inputError(`the link: ${read.problem.message}: ${read.problem.offending}`);
    case 'gallery': {
      const { name, seed, at } = read.link;
      const { scenario } = await loadScenario(name);
      return runOf(label, scenario, { at, ...(seed === null ? {} : { seed }) });
    }
    case 'run': {
      const { scenario: json, actions, seed, at, digest, traceHash, engine } = read.link;
      const scenario = scenarioIn('the link', withActions({ scenario: json, actions }));
      return runOf('the link', scenario, { given: label, seed, at, digest, traceHash, engine });
    }
  }
}

function fromTrace(path: string): LoadedRun {
  const bytes = readBytes(path);
  try {
    const { scenario, seed, digest, traceHash, engine, rows, report } = readTraceFile(bytes);
    const trace = { rows, report: (report ?? null) as RunReport | null };
    return runOf(path, scenarioIn(path, scenario), { seed, digest, traceHash, engine, trace });
  } catch (error) {
    if (!(error instanceof TraceFileError)) throw error;
    throw inputError(`${path}: ${error.message}`);
  }
}

type Locate = (path: string) => string;

async function fromJson(path: string): Promise<LoadedRun> {
  const read = parseJsonText(readBytes(path).toString('utf8'));
  if (!read.ok) throw inputError(`${path}:${read.line}:${read.column}: not JSON: ${read.message}`);
  const { value, locate } = read;
  const json = typeof value === 'object' && value !== null ? value : {};
  if ('cluster' in json) return runOf(path, scenarioIn(path, value, locate));
  if ('kind' in json) return fromFailure(path, json, locate);
  if ('scenario' in json) return fromResult(path, json, locate);
  const missing = 'neither a scenario (it has no "cluster") nor a failure (it has no "scenario")';
  throw inputError(`${path}${locate('')}: ${missing}`);
}

/** @throws when it is of a format that this version does not know, with the field. */
function fromFailure(path: string, json: object, locate: Locate): LoadedRun {
  const version = 'schema' in json ? json.schema : undefined;
  if (typeof version === 'number' && version !== 1) {
    const words = `a failure of format ${version}; this version of trial reads format 1`;
    throw inputError(`${path}${locate('schema')}: schema: ${words}`);
  }
  const parsed = failureSchema.safeParse(json);
  if (!parsed.success) {
    const wrong = formProblem(json, parsed.error);
    const where = 'docs/reference/failure.schema.json has the form';
    throw inputError(`${path}${locate(wrong.path)}: ${describeProblem(wrong)}; ${where}`);
  }
  const failure = parsed.data;
  const inside = (at: string) => locate(at === '' ? 'scenario' : `scenario.${at}`);
  const scenario = scenarioIn(path, failure.scenario, inside);
  const wrong = unknownCheck(failure, scenario) ?? otherThanWorst(failure);
  if (wrong !== null) {
    throw inputError(`${path}${locate(wrong.path)}: ${describeProblem(wrong)}`);
  }
  const { seed, at, digest, traceHash, engine } = failure;
  return runOf(path, scenario, { seed, at, digest, traceHash, engine, failure });
}

/** A check that there is none of, neither among the expectations of the scenario. */
function unknownCheck({ check, findings }: Failure, { expect }: Scenario): Problem | null {
  const known = [...checkCatalog.map((one) => one.name), ...Object.keys(expect), ''];
  const said: [PropertyKey[], string][] = [
    [['check'], check],
    ...findings.map((one, place): [PropertyKey[], string] => {
      return [['findings', place, 'check'], one.check];
    }),
  ];
  const wrong = said.find(([, name]) => !known.includes(name));
  if (wrong === undefined) return null;
  const [path, name] = wrong;
  const help = { nearest: nearestName(name, known) };
  return problem(path, name, 'this version of trial has no such check', help);
}

/** The head of the file tells of its first finding. */
function otherThanWorst({ check, verdict, findings }: Failure): Problem | null {
  const [worst] = findings;
  const differs = 'not what the first of findings says';
  if (worst === undefined) return null;
  if (check !== worst.check) return problem(['check'], check, differs, { allowed: worst.check });
  if (verdict === worst.kind) return null;
  return problem(['verdict'], verdict, differs, { allowed: worst.kind });
}

/** What `trial run --json` prints names its scenario, or has it inside. */
async function fromResult(path: string, json: object, locate: Locate): Promise<LoadedRun> {
  const fields = json as Readonly<Record<string, unknown>>;
  const { scenario: named, seed = DEFAULT_SEED, at = 0, digest, traceHash, engine } = fields;
  if (typeof seed !== 'number' && typeof seed !== 'string') {
    throw inputError(`${path}${locate('seed')}: seed: expected an integer`);
  }
  const inside = (place: string) => locate(place === '' ? 'scenario' : `scenario.${place}`);
  const isBuiltIn = allScenarios.some((one) => one.name === named);
  if (typeof named === 'string' && !isBuiltIn) {
    const nearest = didYouMean(
      nearestName(
        named,
        allScenarios.map((one) => one.name),
      ),
    );
    const why = nearest || 'a result of `trial run` does not hold it';
    const words = `scenario: "${named}" is no built-in one; ${why}`;
    throw inputError(`${path}${locate('scenario')}: ${words}`);
  }
  const scenario =
    typeof named === 'string'
      ? (await loadScenario(named)).scenario
      : scenarioIn(path, named, inside);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return runOf(path, scenario, {
    seed,
    at: typeof at === 'number' ? at : 0,
    digest: text(digest),
    traceHash: text(traceHash),
    engine: text(engine),
  });
}

function scenarioIn(label: string, json: unknown, locate?: Locate): Scenario {
  const { scenario, problems } = parseScenario(json);
  if (scenario !== undefined) return scenario;
  throw problemsError(label, problems, locate);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw inputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}
