/**
 * What the page asks of the engine: runs, branches, deep looks, files. `viz/engine/` implements it
 * and hands it to the store at the start; panels know nothing of workers.
 */
import type { Scenario, ScenarioInput } from '../../sim/scenario/schema.ts';
import type { Timeline } from '../model/timeline.ts';
import type { TraceStore } from '../model/trace-store.ts';
import type { Comparison } from './aligned-rows.ts';

/** An entry of a scenario's `faults` without `at` and `when`. */
export type FaultEntry = Readonly<Record<string, unknown>>;

/** Something a person did to a run under way: it strikes right after event `after`. */
export interface RunAction {
  readonly after: number;
  readonly fault: FaultEntry;
}

/** Everything that makes a run; the same spec gives the same run. */
export interface RunSpec {
  readonly scenario: ScenarioInput | Scenario;
  readonly seed: string | number;
  readonly actions?: readonly RunAction[];
}

/** A run on the page: complete, or still streaming in. */
export interface RunSlot {
  readonly id: number;
  readonly spec: RunSpec;
  readonly store: TraceStore;
  readonly timeline: Timeline;
  /** Where a branch left its parent. */
  readonly parent: { readonly id: number; readonly after: number } | null;
  /** Whether it stands still in its worker, short of its end. */
  readonly isHeld: () => boolean;
}

/** What a re-run to an event tells beyond the trace; plain data for a tree view. */
export interface Inspection {
  /** The decoded request or response that the event carries. */
  readonly frame: {
    readonly api: string;
    readonly role: string;
    readonly version: number;
    readonly body: unknown;
  } | null;
  /** The node's deep state at the end of the event's step, and which event that is. */
  readonly node: {
    readonly name: string;
    readonly atEvent: number;
    readonly state: unknown;
  } | null;
}

export interface RunShow {
  /** The position to show. */
  readonly at?: number;
  /** The run stands still at the end of the step of this event. */
  readonly holdAt?: number;
}

export interface Services {
  /** Starts a run and shows it once its first rows are here; resolves then. Rejects with why. */
  open(spec: RunSpec, show?: RunShow): Promise<RunSlot>;
  /** The same run up to and with event `after`, then the faults. */
  branch(from: RunSlot, after: number, faults: readonly FaultEntry[]): Promise<RunSlot>;
  /** Resolves once all rows and the report are here; a run that is held is let go. */
  whole(slot: RunSlot): Promise<RunSlot>;
  /** Lets a run go no further; resolves when it stands still, or is over. */
  hold(slot: RunSlot): Promise<void>;
  /** Lets a held run go on to the end of the next step; resolves when it stands still again. */
  stepOn(slot: RunSlot): Promise<void>;
  letGo(slot: RunSlot): void;
  /**
   * Two complete runs held against each other, elsewhere than on the page's thread; `told` hears
   * what share of it is done, 0 to 1. Never settles when another comparison was asked for.
   */
  compare(left: RunSlot, right: RunSlot, told: (share: number) => void): Promise<Comparison>;
  inspect(slot: RunSlot, event: number, node: number | null): Promise<Inspection>;
  /** `.trial`, failure, scenario or link text; rejects with what is wrong and where. */
  openFile(file: File): Promise<void>;
  /** The bytes of a `.trial` file of a complete run. */
  traceFile(slot: RunSlot): Promise<Uint8Array>;
  /** The link that opens this run here. */
  link(slot: RunSlot, at: number): Promise<string>;
}
