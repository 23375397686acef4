/**
 * The one table of a trace: what the system tells (`kafka/trace.ts`) and what the laboratory
 * tells. Kinds are numbered in the table's order; a trace file carries the table it was made by.
 */
import { type EventSpec, type FieldType, systemEvents } from '../../kafka/trace.ts';
import { labEvents } from './lab-events.ts';

/** Raised by hand when rows change their meaning in a way that the table does not show. */
export const TRACE_TABLE_VERSION = 1;

export const traceTable = { ...labEvents, ...systemEvents } satisfies Record<string, EventSpec>;
export type TraceTable = typeof traceTable;
export type TraceKind = keyof TraceTable;
export type FieldValue = number | string | undefined;

export interface KindInfo {
  readonly id: number;
  readonly name: string;
  readonly fieldNames: readonly string[];
  readonly fieldTypes: readonly FieldType[];
}

export const MAX_FIELDS = 8;

/** By id. */
export const traceKinds: readonly KindInfo[] = Object.entries(traceTable).map(
  ([name, spec], id) => ({
    id,
    name,
    fieldNames: spec.fields.map((field) => field[0]),
    fieldTypes: spec.fields.map((field) => field[1]),
  }),
);

const byName = new Map(traceKinds.map((kind) => [kind.name, kind]));

/** Throws a RangeError for a name that the table lacks. */
export function kindOf(name: TraceKind): KindInfo {
  const kind = byName.get(name);
  if (kind === undefined) throw new RangeError(`no trace event is called '${name}'`);
  return kind;
}
