/**
 * A chunk of rows as it lies in a file: each column as varints of differences (times and
 * positions grow, parents are near), about 5 bytes an event before compression.
 */
import { Reader, WireError } from '../../kafka/base/reader.ts';
import { Writer } from '../../kafka/base/writer.ts';
import { TraceChunk } from './rows.ts';

/** @param firstEvent the event of row 0. */
export function encodeChunk(chunk: TraceChunk, firstEvent: number): Uint8Array {
  const w = new Writer();
  w.begin();
  const rows = chunk.rows;
  w.uint32(rows);
  w.uint32(chunk.payloadSize);
  let timeUs = 0;
  let step = 0;
  let payloadAt = 0;
  for (let row = 0; row < rows; row++) {
    const next = chunk.timeUs[row] as number;
    w.varlong(next - timeUs);
    timeUs = next;
  }
  for (let row = 0; row < rows; row++) {
    const next = chunk.step[row] as number;
    w.unsignedVarint(next - step);
    step = next;
  }
  for (let row = 0; row < rows; row++) w.unsignedVarint(chunk.kind[row] as number);
  for (let row = 0; row < rows; row++) w.unsignedVarint(chunk.node[row] as number);
  for (let row = 0; row < rows; row++) {
    w.unsignedVarint(distance(firstEvent + row, chunk.parentA[row] as number));
  }
  for (let row = 0; row < rows; row++) {
    w.unsignedVarint(distance(firstEvent + row, chunk.parentB[row] as number));
  }
  for (let row = 0; row < rows; row++) w.unsignedVarint((chunk.subject[row] as number) + 1);
  for (let row = 0; row < rows; row++) {
    const next = chunk.payloadAt[row] as number;
    w.unsignedVarint(next - payloadAt);
    payloadAt = next;
  }
  w.raw(chunk.payload.subarray(0, chunk.payloadSize));
  return w.finish();
}

function distance(event: number, parent: number): number {
  return parent === 0 ? 0 : event - parent;
}

/** What a chunk must agree with; anything else in it is corrupt. */
export interface ChunkLimits {
  readonly firstEvent: number;
  readonly maxRows: number;
  readonly kinds: number;
  readonly nodes: number;
  readonly texts: number;
}

/** Throws a WireError when the bytes are no chunk within these limits. */
export function decodeChunk(bytes: Uint8Array, limits: ChunkLimits): TraceChunk {
  const r = new Reader(bytes);
  const rows = r.uint32();
  const payloadSize = r.uint32();
  check(rows > 0 && rows <= limits.maxRows, 'row count');
  check(payloadSize <= bytes.length, 'payload size');
  const chunk = new TraceChunk(rows, 0);
  chunk.rows = rows;
  let timeUs = 0;
  let step = 0;
  let payloadAt = 0;
  for (let row = 0; row < rows; row++) {
    timeUs += signed(r);
    chunk.timeUs[row] = timeUs;
  }
  for (let row = 0; row < rows; row++) {
    step += unsigned(r);
    chunk.step[row] = step;
  }
  for (let row = 0; row < rows; row++) chunk.kind[row] = below(r, limits.kinds, 'kind');
  for (let row = 0; row < rows; row++) chunk.node[row] = below(r, limits.nodes + 1, 'node');
  for (let row = 0; row < rows; row++) chunk.parentA[row] = parent(r, limits.firstEvent + row);
  for (let row = 0; row < rows; row++) chunk.parentB[row] = parent(r, limits.firstEvent + row);
  for (let row = 0; row < rows; row++) {
    chunk.subject[row] = below(r, limits.texts + 1, 'text') - 1;
  }
  for (let row = 0; row < rows; row++) {
    payloadAt += unsigned(r);
    check(payloadAt <= payloadSize, 'payload position');
    chunk.payloadAt[row] = payloadAt;
  }
  const from = r.take(payloadSize);
  check(r.remaining === 0, 'bytes after the payload');
  chunk.payload = bytes.slice(from, from + payloadSize);
  chunk.payloadSize = payloadSize;
  return chunk;
}

/** Most values take one byte; the others go the long way, which also checks bounds. */
function unsigned(r: Reader): number {
  const byte = r.bytes[r.position] as number;
  if (byte > 0x7f || r.position >= r.end) return r.unsignedVarint();
  r.position += 1;
  return byte;
}

function signed(r: Reader): number {
  const byte = r.bytes[r.position] as number;
  if (byte > 0x7f || r.position >= r.end) return r.varlong();
  r.position += 1;
  return (byte >>> 1) ^ -(byte & 1);
}

function below(r: Reader, bound: number, what: string): number {
  const value = unsigned(r);
  check(value < bound, what);
  return value;
}

function parent(r: Reader, event: number): number {
  const back = below(r, event, 'parent');
  return back === 0 ? 0 : event - back;
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new WireError('invalid-value', `trace chunk: bad ${what}`);
}
