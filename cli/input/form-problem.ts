/** What a file that has not the form of its schema is complained of with: the first problem. */
import { type Problem, problem } from '../../sim/scenario/problems.ts';
import type { z } from '../../sim/scenario/zod.ts';

export function formProblem(json: unknown, error: z.ZodError): Problem {
  const [issue] = error.issues;
  if (issue === undefined) return problem([], json, 'not of the right form');
  const value = valueAt(json, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const path = [...issue.path, issue.keys[0] ?? ''];
      return problem(path, valueAt(json, path), 'unknown field');
    }
    case 'invalid_type':
      if (value === undefined) return problem(issue.path, value, `missing (${issue.expected})`);
      return problem(issue.path, value, 'wrong type', { allowed: issue.expected });
    case 'invalid_value':
      return problem(issue.path, value, 'not a known value', {
        allowed: issue.values.map(String).join(', '),
      });
    case 'too_small':
      return problem(issue.path, value, 'too small', { allowed: `at least ${issue.minimum}` });
    case 'too_big':
      return problem(issue.path, value, 'too large', { allowed: `at most ${issue.maximum}` });
    default:
      return problem(issue.path, value, value === undefined ? 'missing' : 'not of an allowed form');
  }
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
