/**
 * Counts, hashes and (on request) keeps every trace event. Event i is the i-th, from 1.
 */
import type { FieldValue, TraceKind } from './table.ts';

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

export declare class TraceRecorder {
  /** Events so far. */
  readonly count: number;
  /** Called inside `emit`, in the order of subscribing. Must not change the world. */
  subscribe(kind: TraceKind, listener: TraceListener): void;
  /** The cause of the next event (0 = none); both are cleared by it. */
  causedBy(parentA: number, parentB?: number): void;
}
