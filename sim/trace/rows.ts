/**
 * Kept trace events: 32-byte rows in typed columns, with the fields as varints in a blob beside
 * each chunk. The same shape serves a run under way and a file that was read.
 */
import type { KindInfo } from './table.ts';

export const ROWS_PER_CHUNK = 16_384;

/** One event, unpacked for people and tools. */
export interface TraceEvent {
  /** Its position: 1 is the first. */
  readonly event: number;
  readonly timeUs: number;
  /** The step it belongs to; equal for all rows of a step. */
  readonly step: number;
  /** 0 is the laboratory, n the n-th node. */
  readonly node: number;
  readonly kind: string;
  /** Events that caused it, besides what its node did before. */
  readonly parents: readonly number[];
  readonly fields: readonly (number | string)[];
}

export class TraceChunk {
  readonly timeUs: Float64Array;
  readonly step: Uint32Array;
  /** Event indices, 0 = none. */
  readonly parentA: Uint32Array;
  readonly parentB: Uint32Array;
  /** Where the row's fields begin in `payload`. */
  readonly payloadAt: Uint32Array;
  /** Text id of the first field when that is a text (it is not in the payload then), else -1. */
  readonly subject: Int32Array;
  readonly kind: Uint16Array;
  readonly node: Uint16Array;
  payload: Uint8Array;
  payloadSize = 0;
  rows = 0;

  constructor(capacity: number, payloadBytes: number) {
    this.timeUs = new Float64Array(capacity);
    this.step = new Uint32Array(capacity);
    this.parentA = new Uint32Array(capacity);
    this.parentB = new Uint32Array(capacity);
    this.payloadAt = new Uint32Array(capacity);
    this.subject = new Int32Array(capacity);
    this.kind = new Uint16Array(capacity);
    this.node = new Uint16Array(capacity);
    this.payload = new Uint8Array(payloadBytes);
  }
}

export class TraceRows {
  readonly kinds: readonly KindInfo[];
  /** Interned texts by id; shared with the recorder that fills them. */
  readonly texts: string[];
  /** Names of nodes; row column `node` is the index here + 1. */
  readonly nodeNames: string[];
  readonly chunks: TraceChunk[] = [];
  private last: TraceChunk | null = null;

  constructor(kinds: readonly KindInfo[], texts: string[], nodeNames: string[]) {
    this.kinds = kinds;
    this.texts = texts;
    this.nodeNames = nodeNames;
  }

  get count(): number {
    const last = this.chunks.length - 1;
    return last < 0 ? 0 : last * ROWS_PER_CHUNK + (this.chunks[last] as TraceChunk).rows;
  }

  /** A chunk with room for one more row. */
  chunkToFill(): TraceChunk {
    let chunk = this.last;
    if (chunk === null || chunk.rows === ROWS_PER_CHUNK) {
      chunk = new TraceChunk(ROWS_PER_CHUNK, ROWS_PER_CHUNK * 8);
      this.chunks.push(chunk);
      this.last = chunk;
    }
    return chunk;
  }

  /** Throws a RangeError outside 1 … count. */
  at(event: number): TraceEvent {
    const chunk = this.chunks[Math.floor((event - 1) / ROWS_PER_CHUNK)];
    const row = (event - 1) % ROWS_PER_CHUNK;
    if (chunk === undefined || !(row < chunk.rows)) {
      throw new RangeError(`event ${event} is outside 1 … ${this.count}`);
    }
    const kind = this.kinds[chunk.kind[row] as number] as KindInfo;
    const parentA = chunk.parentA[row] as number;
    const parentB = chunk.parentB[row] as number;
    return {
      event,
      timeUs: chunk.timeUs[row] as number,
      step: chunk.step[row] as number,
      node: chunk.node[row] as number,
      kind: kind.name,
      parents: parentA === 0 ? [] : parentB === 0 ? [parentA] : [parentA, parentB],
      fields: this.fields(chunk, row, kind),
    };
  }

  /**
   * One field without the others: a number as it is, a text as its id; -1 when events of this kind
   * have no such field. For those who look at a million events.
   */
  rawField(event: number, field: number): number {
    const chunk = this.chunks[Math.floor((event - 1) / ROWS_PER_CHUNK)] as TraceChunk;
    const row = (event - 1) % ROWS_PER_CHUNK;
    const types = (this.kinds[chunk.kind[row] as number] as KindInfo).fieldTypes;
    if (field >= types.length) return -1;
    const inColumn = types[0] === 'text';
    if (inColumn && field === 0) return chunk.subject[row] as number;
    payloadCursor = chunk.payloadAt[row] as number;
    for (let skipped = inColumn ? 1 : 0; skipped < field; skipped++) skipInteger(chunk.payload);
    return readInteger(chunk.payload);
  }

  /** All fields as `rawField` gives them, into the beginning of `into`. */
  rawFields(event: number, into: Float64Array): void {
    const chunk = this.chunks[Math.floor((event - 1) / ROWS_PER_CHUNK)] as TraceChunk;
    const row = (event - 1) % ROWS_PER_CHUNK;
    const types = (this.kinds[chunk.kind[row] as number] as KindInfo).fieldTypes;
    payloadCursor = chunk.payloadAt[row] as number;
    for (let field = 0; field < types.length; field++) {
      const inColumn = field === 0 && types[0] === 'text';
      into[field] = inColumn ? (chunk.subject[row] as number) : readInteger(chunk.payload);
    }
  }

  private fields(chunk: TraceChunk, row: number, kind: KindInfo): (number | string)[] {
    const fields: (number | string)[] = [];
    const types = kind.fieldTypes;
    payloadCursor = chunk.payloadAt[row] as number;
    for (let i = 0; i < types.length; i++) {
      const inColumn = i === 0 && types[0] === 'text';
      const value = inColumn ? (chunk.subject[row] as number) : readInteger(chunk.payload);
      fields.push(types[i] === 'text' ? (this.texts[value] ?? '') : value);
    }
    return fields;
  }
}

let payloadCursor = 0;

function readInteger(bytes: Uint8Array): number {
  const first = bytes[payloadCursor++] ?? 0;
  let positive = (first & 0x7f) >> 1;
  let scale = 64;
  let byte = first;
  while (byte >= 0x80) {
    byte = bytes[payloadCursor++] ?? 0;
    positive += (byte & 0x7f) * scale;
    scale *= 128;
  }
  return (first & 1) === 1 ? -positive - 1 : positive;
}

function skipInteger(bytes: Uint8Array): void {
  while ((bytes[payloadCursor++] ?? 0) >= 0x80);
}

/** Appends a safe integer to the chunk's payload: zig-zag, 7 bits a byte. */
export function writeInteger(chunk: TraceChunk, value: number): void {
  if (chunk.payloadSize + 8 > chunk.payload.length) growPayload(chunk);
  const payload = chunk.payload;
  let at = chunk.payloadSize;
  if (value >= -0x2000_0000 && value < 0x2000_0000) {
    let rest = (value << 1) ^ (value >> 31);
    while (rest > 0x7f) {
      payload[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    payload[at++] = rest;
  } else {
    // 2 × value may pass 2^53, so the lowest digit (its sign bit included) is taken off first.
    const positive = value < 0 ? -value - 1 : value;
    payload[at++] = (positive % 64) * 2 + (value < 0 ? 1 : 0) + 0x80;
    let rest = Math.floor(positive / 64);
    while (rest > 0x7f) {
      payload[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    payload[at++] = rest;
  }
  chunk.payloadSize = at;
}

function growPayload(chunk: TraceChunk): void {
  const wide = new Uint8Array(chunk.payload.length * 2 + 64);
  wide.set(chunk.payload);
  chunk.payload = wide;
}
