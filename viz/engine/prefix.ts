/** Whether two runs are the same up to an event: what a branch promises, checked on every branch. */
import { ROWS_PER_CHUNK, type TraceChunk } from '../../sim/trace/rows.ts';
import type { TraceStore } from '../model/trace-store.ts';

/**
 * The first event of 1 … upTo that the two do not share, row by row; 0: they share all of them.
 * Both must have that many, and texts must have come up in the same order (as in two runs of one
 * engine).
 */
export function firstDifference(left: TraceStore, right: TraceStore, upTo: number): number {
  for (let first = 1; first <= upTo; first += ROWS_PER_CHUNK) {
    const place = Math.floor((first - 1) / ROWS_PER_CHUNK);
    const one = left.rows.chunks[place];
    const other = right.rows.chunks[place];
    const rows = Math.min(ROWS_PER_CHUNK, upTo - first + 1);
    if (one === undefined || other === undefined) return first;
    const row = differentRow(one, other, rows);
    if (row >= 0) return first + row;
  }
  return 0;
}

const COLUMNS = ['timeUs', 'step', 'parentA', 'parentB', 'subject', 'kind', 'node'] as const;

function differentRow(one: TraceChunk, other: TraceChunk, rows: number): number {
  for (let row = 0; row < rows; row++) {
    for (const column of COLUMNS) if (one[column][row] !== other[column][row]) return row;
    if (!samePayload(one, other, row)) return row;
  }
  return -1;
}

function samePayload(one: TraceChunk, other: TraceChunk, row: number): boolean {
  const from = one.payloadAt[row] as number;
  const otherFrom = other.payloadAt[row] as number;
  const size = endOf(one, row) - from;
  if (endOf(other, row) - otherFrom !== size) return false;
  for (let i = 0; i < size; i++) {
    if (one.payload[from + i] !== other.payload[otherFrom + i]) return false;
  }
  return true;
}

function endOf(chunk: TraceChunk, row: number): number {
  return row + 1 < chunk.rows ? (chunk.payloadAt[row + 1] as number) : chunk.payloadSize;
}
