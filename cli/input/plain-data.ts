/** Tells whether a value that code made is what JSON could say; scenarios are nothing else. */
import { formatPath } from '../../sim/scenario/problems.ts';

const MAX_DEPTH = 100;

/** Why the value is not plain data, naming the place; null when it is. */
export function plainDataProblem(value: unknown, path: readonly PropertyKey[] = []): string | null {
  const where = path.length === 0 ? 'it' : formatPath(path);
  if (path.length > MAX_DEPTH) {
    return `${formatPath(path.slice(0, 3))} is nested too deeply or contains itself`;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? null : `${where} is ${value}, which JSON does not have`;
  }
  if (typeof value !== 'object')
    return value === undefined ? `${where} is undefined` : `${where} is a ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    return `${where} is an object of class ${value.constructor?.name ?? 'unknown'}`;
  }
  for (const [key, inner] of Object.entries(value)) {
    const problem = plainDataProblem(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    if (problem !== null) return problem;
  }
  return null;
}
