/**
 * Two runs as one list: partners in one row, what only one run has in a row of its own, in the
 * order of scenario time. Rows where nothing differs are left out unless they are asked for.
 */
import {
  type Alignment,
  type Likeness,
  likeness,
  type Progress,
  TOLD_EVERY,
} from '../model/align.ts';
import type { TraceStore } from '../model/trace-store.ts';

export type RowLikeness = Exclude<Likeness, 'only'> | 'only-left' | 'only-right';

export interface AlignedRow {
  /** 0: the run has no such event. */
  readonly left: number;
  readonly right: number;
  readonly likeness: RowLikeness;
}

/** More differing rows than these nobody reads; the first are kept. */
export const MOST_ROWS = 50_000;

export interface AlignedRows {
  /** The first of those that are wanted. */
  readonly rows: readonly AlignedRow[];
  /** There are more that are wanted. */
  readonly isCut: boolean;
  /** Of all events behind the common beginning, whether wanted, kept or not. */
  readonly tally: Readonly<Record<RowLikeness, number>>;
}

/** What is to be told of two runs. */
export interface Comparison {
  readonly alignment: Alignment;
  /** Of those in which they differ. */
  readonly aligned: AlignedRows;
}

/** Two runs with all their events. */
export interface TwoRuns {
  readonly left: TraceStore;
  readonly right: TraceStore;
}

/** @param told how many rows there are so far, those that nobody wants among them. */
export function alignedRows(
  { left, right }: TwoRuns,
  alignment: Alignment,
  isWanted: (row: AlignedRow) => boolean,
  told: Progress = () => undefined,
): AlignedRows {
  const rows: AlignedRow[] = [];
  const tally = { same: 0, moved: 0, different: 0, 'only-left': 0, 'only-right': 0 };
  let isCut = false;
  const { prefix, toRight, toLeft } = alignment;
  const originLeft = left.identity?.originUs ?? 0;
  const originRight = right.identity?.originUs ?? 0;
  let a = prefix + 1;
  let b = prefix + 1;
  let taken = 0;
  const take = (row: AlignedRow): void => {
    tally[row.likeness] += 1;
    taken += 1;
    if (taken % TOLD_EVERY === 0) told(taken);
    if (!isWanted(row)) return;
    if (rows.length < MOST_ROWS) rows.push(row);
    else isCut = true;
  };
  while (a <= left.count || b <= right.count) {
    // It stands in the row of its partner.
    if (b <= right.count && toLeft[b] !== 0) b += 1;
    else if (b <= right.count && isBefore(b, a)) {
      take({ left: 0, right: b, likeness: 'only-right' });
      b += 1;
    } else {
      const partner = toRight[a] ?? 0;
      const found = likeness({ left, right }, alignment, a);
      take({ left: a, right: partner, likeness: found === 'only' ? 'only-left' : found });
      a += 1;
    }
  }
  return { rows, isCut, tally };

  function isBefore(rightEvent: number, leftEvent: number): boolean {
    if (leftEvent > left.count) return true;
    return right.timeUs(rightEvent) - originRight < left.timeUs(leftEvent) - originLeft;
  }
}
