/** Where two trees of plain data differ, leaf by leaf. */
export interface Change {
  /** `partitions.orders-0.leaderEpoch` */
  readonly path: string;
  /** undefined: only in the other. */
  readonly left: unknown;
  readonly right: unknown;
}

/** @param leftOut fields that are not compared, wherever they stand. */
export function treeChanges(
  left: unknown,
  right: unknown,
  leftOut: ReadonlySet<string> = new Set(),
): Change[] {
  const changes: Change[] = [];
  compare(left, right, { path: '', leftOut, changes });
  return changes;
}

interface Walk {
  readonly path: string;
  readonly leftOut: ReadonlySet<string>;
  readonly changes: Change[];
}

function compare(left: unknown, right: unknown, { path, leftOut, changes }: Walk): void {
  if (left === right) return;
  if (!isTree(left) || !isTree(right) || Array.isArray(left) !== Array.isArray(right)) {
    changes.push({ path, left, right });
    return;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (leftOut.has(key)) continue;
    const inner = path === '' ? key : `${path}.${key}`;
    compare(left[key], right[key], { path: inner, leftOut, changes });
  }
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
