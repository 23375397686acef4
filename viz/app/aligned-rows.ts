/**
 * Two runs as one list: partners in one row, what only one run has in a row of its own, in the
 * order of scenario time. Rows where nothing differs are left out unless they are asked for.
 */
import { type Alignment, type Likeness, likeness } from '../model/align.ts';
import type { RunSlot } from './services.ts';

export type RowLikeness = Exclude<Likeness, 'only'> | 'only-left' | 'only-right';

export interface AlignedRow {
  /** 0: the run has no such event. */
  readonly left: number;
  readonly right: number;
  readonly likeness: RowLikeness;
}

/** More differing rows than these nobody reads; the first are kept. */
const MOST_ROWS = 50_000;

export function alignedRows(
  runs: { readonly left: RunSlot; readonly right: RunSlot },
  alignment: Alignment,
  isWanted: (row: AlignedRow) => boolean,
): AlignedRow[] {
  const left = runs.left.store;
  const right = runs.right.store;
  const rows: AlignedRow[] = [];
  const { prefix, toRight, toLeft } = alignment;
  const originLeft = left.identity?.originUs ?? 0;
  const originRight = right.identity?.originUs ?? 0;
  let a = prefix + 1;
  let b = prefix + 1;
  const take = (row: AlignedRow): void => {
    if (isWanted(row)) rows.push(row);
  };
  while ((a <= left.count || b <= right.count) && rows.length < MOST_ROWS) {
    if (b <= right.count && toLeft[b] === 0 && isBefore(b, a)) {
      take({ left: 0, right: b, likeness: 'only-right' });
      b += 1;
    } else if (a <= left.count) {
      const partner = toRight[a] ?? 0;
      const found = likeness({ left, right }, alignment, a);
      take({ left: a, right: partner, likeness: found === 'only' ? 'only-left' : found });
      a += 1;
    } else b += 1;
  }
  return rows;

  function isBefore(rightEvent: number, leftEvent: number): boolean {
    if (leftEvent > left.count) return true;
    return right.timeUs(rightEvent) - originRight < left.timeUs(leftEvent) - originLeft;
  }
}
