/**
 * Two runs held against each other in a worker: both come as copies of their columns, what comes
 * back is transferred.
 */
import {
  type AlignedRow,
  type AlignedRows,
  alignedRows,
  type Comparison,
  type TwoRuns,
} from '../app/aligned-rows.ts';
import { type Alignment, align } from '../model/align.ts';
import { type ChunkColumns, type RunIdentity, TraceStore } from '../model/trace-store.ts';
import { columnsOf } from './row-feed.ts';

/** A run as it goes to the worker, before its chunks. */
export interface ComparedHead {
  readonly kinds: TraceStore['kinds'];
  readonly texts: readonly string[];
  readonly nodeNames: readonly string[];
  readonly identity: RunIdentity | null;
}

/** The same with its rows as columns, which are quick to send. */
export interface PackedComparison {
  readonly alignment: Alignment;
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** Places in `LIKENESSES`. */
  readonly likeness: Uint8Array;
  readonly isCut: boolean;
  readonly tally: AlignedRows['tally'];
}

const LIKENESSES: readonly AlignedRow['likeness'][] = [
  'same',
  'moved',
  'different',
  'only-left',
  'only-right',
];

export function headOf({ kinds, texts, nodeNames, identity }: TraceStore): ComparedHead {
  const known = identity === null ? null : { ...identity, report: null };
  return { kinds, texts, nodeNames, identity: known };
}

/** The columns themselves, not copies: sending them copies them. */
export function chunksOf({ rows }: TraceStore): ChunkColumns[] {
  return rows.chunks.map(columnsOf);
}

/** The run without its rows; they are appended as they come. */
export function storeOf({ kinds, texts, nodeNames, identity }: ComparedHead): TraceStore {
  const store = new TraceStore(kinds);
  store.identity = identity;
  store.append(null, { texts, nodeNames });
  return store;
}

/** @param told the share of the work that is done, 0 to 1. */
export function compareStores(
  { left, right }: TwoRuns,
  told: (share: number) => void,
): PackedComparison {
  const all = left.count + right.count;
  // Aligning looks at most events once, telling how they differ at most pairs twice.
  const alignment = align(left, right, (events) => told(events / all / 2));
  const isWanted = (row: AlignedRow) => row.likeness !== 'same';
  const { rows, isCut, tally } = alignedRows({ left, right }, alignment, isWanted, (taken) =>
    told(Math.min(1, 0.5 + taken / all)),
  );
  return {
    alignment,
    left: Uint32Array.from(rows, (row) => row.left),
    right: Uint32Array.from(rows, (row) => row.right),
    likeness: Uint8Array.from(rows, (row) => LIKENESSES.indexOf(row.likeness)),
    isCut,
    tally,
  };
}

export function buffersOfComparison(packed: PackedComparison): ArrayBuffer[] {
  const { alignment, left, right, likeness } = packed;
  const columns = [alignment.toRight, alignment.toLeft, left, right, likeness];
  return columns.map((column) => column.buffer as ArrayBuffer);
}

export function unpacked(packed: PackedComparison): Comparison {
  const { alignment, isCut, tally } = packed;
  const rows = Array.from(packed.left, (left, place): AlignedRow => {
    const likeness = LIKENESSES[packed.likeness[place] as number] ?? 'different';
    return { left, right: packed.right[place] as number, likeness };
  });
  return { alignment, aligned: { rows, isCut, tally } };
}
