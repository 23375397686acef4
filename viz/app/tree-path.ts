/** Reading and changing plain data by a path of keys. */

export type Path = readonly (string | number)[];

export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** A copy with another value there; `undefined` takes the key or the list's entry away. */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const child = typeof tree === 'object' && tree !== null ? tree : {};
  if (Array.isArray(child)) {
    const copy: unknown[] = [...child];
    const place = Number(key);
    if (rest.length === 0 && value === undefined) copy.splice(place, 1);
    else copy[place] = withValue(copy[place], rest, value);
    return copy;
  }
  const copy: Record<string, unknown> = { ...child };
  const next = withValue(copy[key], rest, value);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}
