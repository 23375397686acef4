/**
 * Counts, hashes and (on request) keeps every trace event, and tells subscribers. Event i is the
 * i-th, from 1. Counting and the hash do not depend on what is kept or who listens.
 */
import { assert } from '../../kafka/base/assert.ts';
import type { FieldsOf, SystemEventKind, SystemEvents, Trace } from '../../kafka/trace.ts';
import { Hash128 } from '../engine/hash.ts';
import { TraceRows, writeInteger } from './rows.ts';
import {
  type FieldValue,
  type KindInfo,
  kindOf,
  TRACE_TABLE_VERSION,
  type TraceKind,
  type TraceTable,
  traceKinds,
} from './table.ts';

/** `node` is the node's index + 1, 0 for the lab; fields beyond the event's own are undefined. */
export type TraceListener = (
  event: number,
  timeUs: number,
  node: number,
  f0: FieldValue,
  f1: FieldValue,
  f2: FieldValue,
  f3: FieldValue,
  f4: FieldValue,
  f5: FieldValue,
  f6: FieldValue,
  f7: FieldValue,
) => void;

export class TraceRecorder {
  /** Events so far. */
  count = 0;
  /** The world's time and step, set by it before anything is recorded. */
  timeUs = 0;
  step = 0;
  /** Kept events; null when they are not kept. */
  readonly rows: TraceRows | null;
  readonly nodeNames: string[] = [];

  private readonly hash = new Hash128();
  private readonly texts: string[] = [];
  private readonly textIds = new Map<string, number>();
  /** By kind id; null = nobody. */
  private readonly listeners: (TraceListener[] | null)[] = traceKinds.map(() => null);
  private everyListener: ((event: number, kind: KindInfo) => void) | null = null;
  private parentA = 0;
  private parentB = 0;

  constructor(store: 'none' | 'rows') {
    this.rows = store === 'rows' ? new TraceRows(traceKinds, this.texts, this.nodeNames) : null;
    this.hash.add(TRACE_TABLE_VERSION, traceKinds.length, 0, 0);
    for (const kind of traceKinds) {
      this.hash.addText(kind.name);
      for (const name of kind.fieldNames) this.hash.addText(name);
      for (const type of kind.fieldTypes) this.hash.addText(type);
    }
  }

  /** Called inside `emit`, in the order of subscribing. Must not change the world. */
  subscribe(kind: TraceKind, listener: TraceListener): void {
    const id = kindOf(kind).id;
    const known = this.listeners[id];
    if (known === null || known === undefined) this.listeners[id] = [listener];
    else known.push(listener);
  }

  /** Called after every event, whatever its kind. At most one. */
  subscribeAll(listener: (event: number, kind: KindInfo) => void): void {
    assert(this.everyListener === null, 'two listeners for every event');
    this.everyListener = listener;
  }

  /** The cause of the next event (0 = none); both are cleared by it. */
  causedBy(parentA: number, parentB = 0): void {
    this.parentA = parentA;
    this.parentB = parentB;
  }

  /** Forgets a cause that found no event. */
  clearCause(): void {
    this.parentA = 0;
    this.parentB = 0;
  }

  /** Over all rows so far and the trace table; 32 hex digits. */
  traceHash(): string {
    return this.hash.hex();
  }

  /** Records an event and returns its index. `node` is a node's index + 1, 0 for the lab. */
  emit<K extends TraceKind>(
    kind: K,
    node: number,
    ...fields: FieldsOf<TraceTable[K]['fields']>
  ): number {
    const f = fields as readonly FieldValue[];
    return this.record(kindOf(kind), node, f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]);
  }

  /** `emit` for hot places: the kind is looked up once, and the fields are not checked. */
  record(
    kind: KindInfo,
    node: number,
    f0?: FieldValue,
    f1?: FieldValue,
    f2?: FieldValue,
    f3?: FieldValue,
    f4?: FieldValue,
    f5?: FieldValue,
    f6?: FieldValue,
    f7?: FieldValue,
  ): number {
    const fieldCount = kind.fieldTypes.length;
    const v0 = fieldCount > 0 ? this.value(f0) : 0;
    const v1 = fieldCount > 1 ? this.value(f1) : 0;
    const v2 = fieldCount > 2 ? this.value(f2) : 0;
    const v3 = fieldCount > 3 ? this.value(f3) : 0;
    const v4 = fieldCount > 4 ? this.value(f4) : 0;
    const v5 = fieldCount > 5 ? this.value(f5) : 0;
    const v6 = fieldCount > 6 ? this.value(f6) : 0;
    const v7 = fieldCount > 7 ? this.value(f7) : 0;
    const event = this.append(kind, node, v0, v1, v2, v3, v4, v5, v6, v7);
    const listeners = this.listeners[kind.id] as TraceListener[] | null;
    if (listeners !== null) {
      for (let i = 0; i < listeners.length; i++) {
        const listener = listeners[i] as TraceListener;
        listener(event, this.timeUs, node, f0, f1, f2, f3, f4, f5, f6, f7);
      }
    }
    if (this.everyListener !== null) this.everyListener(event, kind);
    return event;
  }

  /** `record` for the hottest rows: texts are given by their ids (`textId`). At most 6 fields. */
  recordIds(
    kind: KindInfo,
    node: number,
    v0: number,
    v1: number,
    v2: number,
    v3: number,
    v4: number,
    v5: number,
  ): number {
    const event = this.append(kind, node, v0, v1, v2, v3, v4, v5, 0, 0);
    if (this.listeners[kind.id] !== null) this.tell(event, kind, node, [v0, v1, v2, v3, v4, v5]);
    if (this.everyListener !== null) this.everyListener(event, kind);
    return event;
  }

  private tell(event: number, kind: KindInfo, node: number, values: readonly number[]): void {
    const f = kind.fieldTypes.map((type, i) => {
      const value = values[i] as number;
      return type === 'text' ? this.texts[value] : value;
    });
    for (const listener of this.listeners[kind.id] ?? []) {
      listener(event, this.timeUs, node, f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]);
    }
  }

  /** The id under which rows keep this text. */
  textId(text: string): number {
    return this.textIds.get(text) ?? this.intern(text);
  }

  private append(
    kind: KindInfo,
    node: number,
    v0: number,
    v1: number,
    v2: number,
    v3: number,
    v4: number,
    v5: number,
    v6: number,
    v7: number,
  ): number {
    const fieldCount = kind.fieldTypes.length;
    const hash = this.hash;
    hash.add((kind.id << 16) | node, this.timeUs, this.parentA, this.parentB);
    if (fieldCount > 0) {
      // The first word of `add` takes an int32 only; the others may be wider.
      if ((v0 | 0) === v0) hash.add(v0, v1, v2, v3);
      else {
        hash.add(1, v0, v1, v2);
        hash.add(2, v3, 0, 0);
      }
      if (fieldCount > 4) {
        hash.add(fieldCount, v4, v5, v6);
        if (fieldCount > 7) hash.add(0, v7, 0, 0);
      }
    }
    if (this.rows !== null) this.keep(kind, node, v0, v1, v2, v3, v4, v5, v6, v7);
    this.parentA = 0;
    this.parentB = 0;
    return ++this.count;
  }

  private keep(
    kind: KindInfo,
    node: number,
    v0: number,
    v1: number,
    v2: number,
    v3: number,
    v4: number,
    v5: number,
    v6: number,
    v7: number,
  ): void {
    const chunk = (this.rows as TraceRows).chunkToFill();
    const row = chunk.rows++;
    const fieldCount = kind.fieldTypes.length;
    const subject = fieldCount > 0 && kind.fieldTypes[0] === 'text';
    chunk.timeUs[row] = this.timeUs;
    chunk.step[row] = this.step;
    chunk.parentA[row] = this.parentA;
    chunk.parentB[row] = this.parentB;
    chunk.payloadAt[row] = chunk.payloadSize;
    chunk.subject[row] = subject ? v0 : -1;
    chunk.kind[row] = kind.id;
    chunk.node[row] = node;
    if (fieldCount > 0 && !subject) writeInteger(chunk, v0);
    if (fieldCount > 1) writeInteger(chunk, v1);
    if (fieldCount > 2) writeInteger(chunk, v2);
    if (fieldCount > 3) writeInteger(chunk, v3);
    if (fieldCount > 4) writeInteger(chunk, v4);
    if (fieldCount > 5) writeInteger(chunk, v5);
    if (fieldCount > 6) writeInteger(chunk, v6);
    if (fieldCount > 7) writeInteger(chunk, v7);
  }

  /** A number as it is, a text as its id. */
  private value(field: FieldValue): number {
    if (typeof field === 'number') {
      if ((field | 0) !== field)
        assert(Number.isSafeInteger(field), 'trace field is no safe integer');
      return field;
    }
    assert(field !== undefined, 'trace field is missing');
    return this.textId(field);
  }

  /** Ids go by first appearance; the hash takes in the text itself once. */
  private intern(text: string): number {
    const id = this.texts.length;
    this.texts.push(text);
    this.textIds.set(text, id);
    this.hash.addText(text);
    return id;
  }
}

/** What one node emits into. */
export class NodeTrace implements Trace {
  private readonly recorder: TraceRecorder;
  private readonly node: number;

  constructor(recorder: TraceRecorder, node: number) {
    this.recorder = recorder;
    this.node = node;
  }

  emit<K extends SystemEventKind>(kind: K, ...fields: FieldsOf<SystemEvents[K]['fields']>): void;
  emit(
    kind: SystemEventKind,
    f0?: FieldValue,
    f1?: FieldValue,
    f2?: FieldValue,
    f3?: FieldValue,
    f4?: FieldValue,
    f5?: FieldValue,
    f6?: FieldValue,
    f7?: FieldValue,
  ): void {
    this.recorder.record(kindOf(kind), this.node, f0, f1, f2, f3, f4, f5, f6, f7);
  }
}
