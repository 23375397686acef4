/**
 * Cuts the rows of a run under way into pieces for the page: a full chunk as it is (its columns
 * are given away), anything less as a copy. Used in the worker only.
 */
import { ROWS_PER_CHUNK, type TraceChunk, type TraceRows } from '../../sim/trace/rows.ts';
import type { AddedNames, ChunkColumns } from '../model/trace-store.ts';

export interface RowPiece {
  readonly chunk: ChunkColumns;
  readonly added: AddedNames;
  readonly buffers: ArrayBuffer[];
}

export class RowFeed {
  private readonly rows: TraceRows;
  private sentRows = 0;
  private sentTexts = 0;
  private sentNodes = 0;

  constructor(rows: TraceRows) {
    this.rows = rows;
  }

  /** Rows that are there and not yet sent. */
  get waiting(): number {
    return this.rows.count - this.sentRows;
  }

  /** A piece up to the end of the chunk it begins in; without `all`, only if that chunk is full. */
  next(all: boolean): RowPiece | null {
    if (this.waiting === 0) return null;
    const chunk = this.rows.chunks[Math.floor(this.sentRows / ROWS_PER_CHUNK)] as TraceChunk;
    const from = this.sentRows % ROWS_PER_CHUNK;
    const isFull = chunk.rows === ROWS_PER_CHUNK;
    if (!isFull && !all) return null;
    const piece = isFull && from === 0 ? chunk : copyOf(chunk, from);
    this.sentRows += piece.rows;
    return { chunk: columnsOf(piece), added: this.addedNames(), buffers: buffersOf(piece) };
  }

  private addedNames(): AddedNames {
    const texts = this.rows.texts.slice(this.sentTexts);
    const nodeNames = this.rows.nodeNames.slice(this.sentNodes);
    this.sentTexts += texts.length;
    this.sentNodes += nodeNames.length;
    return { texts, nodeNames };
  }
}

/** Rows `from` … end, with a payload of their own. */
function copyOf(chunk: TraceChunk, from: number): ChunkColumns {
  const { rows } = chunk;
  const payloadFrom = chunk.payloadAt[from] as number;
  const payloadAt = chunk.payloadAt.slice(from, rows);
  for (let i = 0; i < payloadAt.length; i++) {
    payloadAt[i] = (payloadAt[i] as number) - payloadFrom;
  }
  return {
    timeUs: chunk.timeUs.slice(from, rows),
    step: chunk.step.slice(from, rows),
    parentA: chunk.parentA.slice(from, rows),
    parentB: chunk.parentB.slice(from, rows),
    payloadAt,
    subject: chunk.subject.slice(from, rows),
    kind: chunk.kind.slice(from, rows),
    node: chunk.node.slice(from, rows),
    payload: chunk.payload.slice(payloadFrom, chunk.payloadSize),
    payloadSize: chunk.payloadSize - payloadFrom,
    rows: rows - from,
  };
}

/** As a plain object: what a structured clone keeps. */
export function columnsOf(chunk: ChunkColumns): ChunkColumns {
  const { timeUs, step, parentA, parentB, payloadAt, subject, kind, node } = chunk;
  const { payload, payloadSize, rows } = chunk;
  const columns = { timeUs, step, parentA, parentB, payloadAt, subject, kind, node };
  return { ...columns, payload, payloadSize, rows };
}

function buffersOf(chunk: ChunkColumns): ArrayBuffer[] {
  const { timeUs, step, parentA, parentB, payloadAt, subject, kind, node, payload } = chunk;
  const columns = [timeUs, step, parentA, parentB, payloadAt, subject, kind, node, payload];
  return columns.map((column) => column.buffer as ArrayBuffer);
}
