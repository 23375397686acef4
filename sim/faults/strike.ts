/** A fault that has struck: what the reports, the expectations and the CAP account read. */
import type { FaultSpec, FaultVerb } from './verbs.ts';

export interface Strike {
  /** Its name, or its place in the scenario from 0. */
  readonly fault: string;
  readonly index: number;
  readonly verb: FaultVerb;
  readonly spec: FaultSpec;
  readonly timeUs: number;
  /** The trace events so far when it struck: it is followed by the fault's own events. */
  readonly event: number;
  /** The nodes that each of its targets meant. */
  readonly sides: readonly (readonly string[])[];
  /** A target matched nothing: the run does not count. */
  readonly unresolved: boolean;
  /** When it was over, by itself or by healing; null while it lasts or when it has no length. */
  endedUs: number | null;
  /** What was taken from it before its own end, by `heal` or `resume`. */
  readonly mended: Mended[];
}

/** One direction between two nodes. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

/** What a fault holds: a node, by its name, or a way. */
export type Place = string | Way;

export interface Mended {
  readonly timeUs: number;
  readonly places: readonly Place[];
}

export function struckNodes(strike: Strike): string[] {
  return [...new Set(strike.sides.flat())];
}
