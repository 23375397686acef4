/** Copies of plain trees (objects, arrays, primitives). */

/** A deep copy that shares nothing. */
export function copyTree<T>(tree: T): T {
  return copy(tree) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const source = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const key in source) result[key] = copy(source[key]);
  return result;
}

/** A deep copy of `next` in which every part that equals its part of `known` is that part. */
export function shareTree<T>(known: T, next: T): T {
  return share(known, next) as T;
}

function share(known: unknown, next: unknown): unknown {
  if (typeof next !== 'object' || next === null) return next;
  if (typeof known !== 'object' || known === null) return copy(next);
  if (Array.isArray(next)) return Array.isArray(known) ? shareArray(known, next) : copy(next);
  const before = known as Record<string, unknown>;
  const after = next as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  let same = true;
  let count = 0;
  for (const key in after) {
    const value = share(before[key], after[key]);
    if (value !== before[key]) same = false;
    result[key] = value;
    count += 1;
  }
  if (same) for (const _ in before) count -= 1;
  return same && count === 0 ? known : result;
}

function shareArray(before: readonly unknown[], after: readonly unknown[]): unknown {
  let same = before.length === after.length;
  const result = after.map((value, place) => {
    const shared = share(before[place], value);
    if (shared !== before[place]) same = false;
    return shared;
  });
  return same ? before : result;
}
