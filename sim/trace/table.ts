/** The one table of a trace: what the system tells and what the laboratory tells. */
import { type EventSpec, systemEvents } from '../../kafka/trace.ts';
import { labEvents } from './lab-events.ts';

/** Raised by hand when rows change their meaning in a way the table does not show. */
export const TRACE_TABLE_VERSION = 1;

export const traceTable = { ...systemEvents, ...labEvents } satisfies Record<string, EventSpec>;
export type TraceKind = keyof typeof traceTable;
export type FieldValue = number | string | undefined;
