/**
 * Reads a scenario from parsed JSON: either a complete `Scenario` with every default filled in,
 * or all of its problems at once, each with its path, value and the nearest right name.
 */

import { nearestName } from '../../kafka/config/nearest.ts';
import { faultVerbs } from '../faults/verbs.ts';
import { operationVerbs } from '../workload/operation-verbs.ts';
import { furtherProblems } from './further-problems.ts';
import { scenarioProblems } from './meaning.ts';
import { type Problem, problem } from './problems.ts';
import { type Scenario, scenarioSchema, WORKLOAD_KINDS } from './schema.ts';
import type { z } from './zod.ts';

export type ParsedScenario =
  | { readonly scenario: Scenario; readonly problems?: undefined }
  | { readonly problems: readonly Problem[]; readonly scenario?: undefined };

export function parseScenario(json: unknown): ParsedScenario {
  const { problems: wrongForm, scenario } = formOf(json);
  if (scenario === null) {
    const checks = { form: formOf, meaning: scenarioProblems };
    return { problems: [...wrongForm, ...furtherProblems(json, wrongForm, checks)] };
  }
  const problems = scenarioProblems(scenario);
  return problems.length > 0 ? { problems } : { scenario };
}

function formOf(json: unknown): { problems: Problem[]; scenario: Scenario | null } {
  const result = scenarioSchema.safeParse(json);
  if (result.success) return { problems: [], scenario: result.data };
  return { problems: schemaProblems(json, result.error.issues), scenario: null };
}

type Issue = z.core.$ZodIssue;

function schemaProblems(json: unknown, issues: readonly Issue[]): Problem[] {
  return issues.flatMap((issue) => issueProblems(json, issue, []));
}

function issueProblems(json: unknown, issue: Issue, base: readonly PropertyKey[]): Problem[] {
  const path = [...base, ...issue.path];
  const value = valueAt(json, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return strangers(issue.keys, path, value).map((key) => {
        const allowed = knownKeys(path, value);
        const help = { nearest: nearestName(key, allowed), allowed: allowed.join(', ') };
        return problem([...path, key], valueAt(json, [...path, key]), 'unknown field', help);
      });
    case 'invalid_union':
      return unionProblems(json, issue, path);
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const nearest = typeof value === 'string' ? nearestName(value, allowed) : null;
      return [
        problem(path, value, 'not one of the known values', {
          allowed: allowed.join(', '),
          nearest,
        }),
      ];
    }
    case 'invalid_type':
      if (value === undefined) return [problem(path, undefined, `missing (${issue.expected})`)];
      return [problem(path, value, 'wrong type', { allowed: issue.expected })];
    case 'too_small':
      return [
        problem(path, value, 'too small', { allowed: `at least ${issue.minimum}${unit(issue)}` }),
      ];
    case 'too_big':
      return [
        problem(path, value, 'too large', { allowed: `at most ${issue.maximum}${unit(issue)}` }),
      ];
    default:
      return [problem(path, value, issue.message.replace(/^Invalid input: /, ''))];
  }
}

/** Of a union that one branch spoke for, though another was meant: those that this does not know. */
function strangers(
  keys: readonly string[],
  path: readonly PropertyKey[],
  value: unknown,
): readonly string[] {
  const allowed = knownKeys(path, value);
  if (!isObject(value) || !keys.some((key) => allowed.includes(key))) return keys;
  return Object.keys(value).filter((key) => !allowed.includes(key));
}

function unit(issue: { origin: string }): string {
  if (issue.origin === 'array') return ' entries';
  return issue.origin === 'string' ? ' characters' : '';
}

/** Speaks for the branch that was meant: the fault's verb, the client's kind, the likeliest type. */
function unionProblems(
  json: unknown,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly PropertyKey[],
): Problem[] {
  const value = valueAt(json, path);
  const choices = choicesAt(path);
  if (choices !== null) {
    if (!isObject(value)) return [problem(path, value, 'wrong type', { allowed: 'an object' })];
    const named = choices.names.filter((name) => Object.hasOwn(value, name));
    if (named.length === 1) {
      const branch = issue.errors[branchOf(value, choices.names, named[0] as string)] ?? [];
      return branch.flatMap((one) => issueProblems(json, one, path));
    }
    return [choiceProblem(path, value, choices, named)];
  }
  const close = closestBranch(value, issue.errors);
  if (close !== null) return close.flatMap((one) => issueProblems(json, one, path));
  const what = value === undefined ? 'missing' : 'not of an allowed form';
  return [problem(path, value, what, { allowed: formsOf(issue.errors) })];
}

/** Members of groups are the one kind of client whose key is another kind's, too. */
function branchOf(value: object, names: readonly string[], named: string): number {
  const isMember = named === 'consumer' && Object.hasOwn(value, 'group');
  return isMember ? names.length : names.indexOf(named);
}

function choiceProblem(
  path: readonly PropertyKey[],
  value: object,
  choices: { what: string; names: readonly string[] },
  named: readonly string[],
): Problem {
  if (named.length > 1) {
    return problem(path, value, `has more than one ${choices.what}: ${named.join(', ')}`);
  }
  const known = new Set([
    'at',
    'when',
    'afterEvent',
    'after',
    'name',
    'for',
    'config',
    'topic',
    'restartAfter',
  ]);
  const stranger = Object.keys(value).find((key) => !known.has(key));
  const nearest = stranger === undefined ? null : nearestName(stranger, choices.names);
  const at = stranger === undefined ? path : [...path, stranger];
  const shown = stranger === undefined ? value : (value as Record<string, unknown>)[stranger];
  const help = { allowed: choices.names.join(', '), nearest };
  return problem(at, shown, `no ${choices.what} is named`, help);
}

/** The branch whose complaints lie deeper than "wrong type": it was the one meant. */
function closestBranch(
  value: unknown,
  branches: readonly (readonly Issue[])[],
): readonly Issue[] | null {
  const fitting = branches.filter(
    (branch) =>
      branch.length > 0 &&
      !branch.some((one) => one.path.length === 0 && one.code === 'invalid_type') &&
      !branch.some((one) => one.path.length === 0 && one.code === 'invalid_value'),
  );
  if (fitting.length === 1) return fitting[0] as readonly Issue[];
  if (typeof value !== 'string') return null;
  return branches.find((branch) => branch.some((one) => one.code === 'invalid_value')) ?? null;
}

function formsOf(branches: readonly (readonly Issue[])[]): string {
  const forms = new Set<string>();
  for (const branch of branches) {
    for (const one of branch) {
      if (one.code === 'invalid_type') forms.add(one.expected);
      else if (one.code === 'invalid_value')
        for (const known of one.values) forms.add(String(known));
      else if (one.code === 'invalid_union') forms.add(formsOf(one.errors));
    }
  }
  return [...forms].join(', ');
}

const verbNames: readonly string[] = faultVerbs.map((one) => one.name);
const operationVerbNames: readonly string[] = operationVerbs.map((one) => one.name);
/** The keys that tell the members of unions apart. */
const markNames = new Set([...verbNames, ...operationVerbNames, ...WORKLOAD_KINDS]);

function choicesAt(
  path: readonly PropertyKey[],
): { what: string; names: readonly string[] } | null {
  if (path.length !== 2) return null;
  if (path[0] === 'faults') return { what: 'fault', names: verbNames };
  if (path[0] === 'operations') return { what: 'operation', names: operationVerbNames };
  if (path[0] === 'workload') return { what: 'client', names: WORKLOAD_KINDS };
  return null;
}

/** The keys that the object at `path` may have. */
function knownKeys(path: readonly PropertyKey[], value: unknown): string[] {
  let schema: unknown = scenarioSchema;
  for (const part of path) schema = child(schema, part, value);
  return schema === undefined ? [] : Object.keys(shapeOf(schema, value) ?? {});
}

interface Definition {
  readonly type: string;
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly options?: readonly unknown[];
  readonly shape?: Record<string, unknown>;
}

function definitionOf(schema: unknown): Definition {
  return (schema as { def: Definition }).def;
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (definitionOf(inner).innerType !== undefined) inner = definitionOf(inner).innerType;
  return inner;
}

function child(schema: unknown, part: PropertyKey, value: unknown): unknown {
  const definition = definitionOf(unwrap(schema));
  if (definition.type === 'array') return definition.element;
  if (definition.type === 'record') return definition.valueType;
  return shapeOf(schema, value)?.[String(part)];
}

/** Of a union of objects, the shape of the member whose first own key the value has. */
function shapeOf(schema: unknown, value: unknown): Record<string, unknown> | null {
  if (schema === undefined) return null;
  const definition = definitionOf(unwrap(schema));
  if (definition.shape !== undefined) return definition.shape;
  for (const option of definition.options ?? []) {
    const shape = definitionOf(unwrap(option)).shape;
    if (shape === undefined) continue;
    const marks = Object.keys(shape).filter((key) => markNames.has(key));
    const fits = marks.some((key) => isObject(value) && Object.hasOwn(value, key));
    const isOther = isObject(value) && Object.hasOwn(value, 'group') && !('group' in shape);
    if (marks.includes('consumer') && isOther) continue;
    if (fits || marks.length === 0) return shape;
  }
  return null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const part of path) {
    if (!isObject(value)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
