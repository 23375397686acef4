/**
 * What else is wrong with a scenario whose form is wrong already: each field that the schema
 * refuses is replaced by some value that it takes, and the rest is checked for its meaning as
 * ever. Nothing is said then of a replaced field, nor of anything that speaks of it. An author
 * sees all problems at once so, and not one layer after the other.
 */
import { MAX_DURATION_MS } from './duration.ts';
import { formatPath, type Problem, pathParts } from './problems.ts';

/** A field that is taken away gets its default. */
const TAKEN_AWAY = Symbol('taken away');
/** One of these suits almost every field, the last one an entry of `faults`. */
const CANDIDATES: readonly unknown[] = [
  0,
  1,
  2,
  true,
  'x9',
  'all',
  '/x9',
  ['all', 'all'],
  [0],
  {},
  TAKEN_AWAY,
  { at: 0, heal: 'all' },
];
const UNKNOWN_FIELD = 'unknown field';
/** A file with more problems than these is told of its form first. */
const MOST = 24;

export interface Checks<T> {
  /** Problems of form; the scenario when there are none. */
  readonly form: (json: unknown) => {
    readonly problems: readonly Problem[];
    readonly scenario: T | null;
  };
  readonly meaning: (scenario: T) => readonly Problem[];
}

/** @param problems of the form of `json`, all of them. */
export function furtherProblems<T>(
  json: unknown,
  problems: readonly Problem[],
  checks: Checks<T>,
): readonly Problem[] {
  if (problems.length > MOST) return [];
  const repaired: { root: unknown } = { root: copyOf(json) };
  const repairedPaths: string[] = [];
  const wrongWords: string[] = [];
  let left = problems;
  for (const one of problems) {
    // An earlier repair may have mended it, too.
    if (!left.some((other) => isSame(one, other))) continue;
    const parts = pathParts(one.path);
    const repair =
      repairAt(repaired, { one, parts }, left, checks) ??
      repairAt(repaired, { one, parts: parts.slice(0, -1) }, left, checks);
    if (repair === null) return [];
    left = repair.left;
    if (one.message !== UNKNOWN_FIELD) repairedPaths.push(formatPath(repair.at));
    wrongWords.push(...wordsIn(one.value));
  }
  const { scenario } = checks.form(repaired.root);
  if (scenario === null) return [];
  const isSizeUnknown = problems.some(isAboutSize);
  return checks.meaning(scenario).filter((one) => {
    if (isSizeUnknown && !pathParts(one.path).includes('config')) return false;
    const isOfRepaired = (path: string) => isInside(one.path, path) || isInside(path, one.path);
    if (repairedPaths.some(isOfRepaired)) return false;
    const said = one.path + (JSON.stringify(one.value) ?? '');
    return !wrongWords.some((word) => said.includes(word));
  });
}

interface Repair {
  readonly at: readonly (string | number)[];
  /** Problems of form that are still there. */
  readonly left: readonly Problem[];
}

/** Mends one problem by what stands at a place, without making another; null: that cannot be. */
function repairAt<T>(
  document: { root: unknown },
  { one, parts }: { readonly one: Problem; readonly parts: readonly (string | number)[] },
  left: readonly Problem[],
  { form }: Checks<T>,
): Repair | null {
  if (parts.length === 0) return null;
  const [firstAllowed] = (one.allowed ?? '').split(', ');
  const first =
    one.message === UNKNOWN_FIELD
      ? [TAKEN_AWAY]
      : one.path === 'runFor'
        ? [MAX_DURATION_MS]
        : [firstAllowed];
  for (const candidate of [...first, ...CANDIDATES]) {
    const tried = copyOf(document.root);
    if (!put(tried, parts, candidate)) continue;
    const { problems } = form(tried);
    const isMended = problems.every((other) => left.some((known) => isSame(known, other)));
    if (!isMended || problems.some((other) => isSame(other, one))) continue;
    document.root = tried;
    return { at: parts, left: problems };
  }
  return null;
}

/** @returns false when there is no such place. */
function put(root: unknown, path: readonly (string | number)[], value: unknown): boolean {
  let inner = root as Record<string | number, unknown> | null;
  for (const part of path.slice(0, -1)) {
    if (typeof inner !== 'object' || inner === null) return false;
    inner = inner[part] as Record<string | number, unknown> | null;
  }
  if (typeof inner !== 'object' || inner === null) return false;
  const last = path.at(-1) as string | number;
  if (value !== TAKEN_AWAY) inner[last] = copyOf(value);
  else if (Array.isArray(inner)) return false;
  else delete inner[last];
  return true;
}

function copyOf(json: unknown): unknown {
  const text = JSON.stringify(json);
  return text === undefined ? undefined : JSON.parse(text);
}

function isSame(one: Problem, other: Problem): boolean {
  return one.path === other.path && one.message === other.message;
}

function isInside(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** How many nodes and partitions there are decides what may be named elsewhere. */
function isAboutSize({ path }: Problem): boolean {
  const parts = pathParts(path);
  return parts[0] === 'cluster' && !parts.includes('config') && parts.at(-1) !== 'name';
}

/** The texts that a wrong value is made of. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(wordsIn);
}
