/**
 * What the page and its worker say to each other. Calls go through comlink (`LabWorker`); rows of
 * a run come over a port of their own, their columns transferred, not copied.
 */
import type { RunReport } from '../../sim/run/report.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { KindInfo } from '../../sim/trace/table.ts';
import type { AddedNames, ChunkColumns } from '../model/trace-store.ts';

/** What a run or a file turned out to be, before its first rows. */
export interface RunHead {
  readonly scenario: Scenario;
  readonly seed: string | number;
  /** The table that the rows were made by. */
  readonly kinds: readonly KindInfo[];
  /** Of a file: what it says of itself; a run under way does not know yet. */
  readonly file: FileFacts | null;
}

export interface FileFacts {
  readonly digest: string;
  readonly traceHash: string;
  readonly events: number;
  /** '' when the file does not say. */
  readonly engine: string;
  readonly report: RunReport | null;
}

export type RunMessage =
  | { readonly kind: 'head'; readonly head: RunHead }
  | {
      readonly kind: 'rows';
      readonly chunk: ChunkColumns;
      readonly added: AddedNames;
      /** 0 until scenario time 0 has come. */
      readonly originUs: number;
    }
  /** The run stands still after this event, as it was told to. */
  | { readonly kind: 'held'; readonly event: number }
  /** All rows are there. */
  | { readonly kind: 'done'; readonly report: RunReport | null; readonly originUs: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Why something could not be run or opened: a headline, and one line for each thing. */
export interface Problem {
  readonly title: string;
  readonly details: readonly string[];
}

export interface RunRequest {
  /** Not yet checked. */
  readonly scenario: unknown;
  readonly seed: string | number;
  readonly actions: readonly {
    readonly after: number;
    readonly fault: Readonly<Record<string, unknown>>;
  }[];
  /** Stands still at the end of the step of this event, until it is let go. */
  readonly holdAt?: number;
  /** Only the head and the report are wanted: no rows. */
  readonly quiet?: boolean;
}

export interface FrameView {
  readonly api: string;
  readonly role: string;
  readonly version: number;
  readonly body: unknown;
}

export interface InspectRequest {
  readonly run: RunRequest;
  readonly event: number;
  /** `frame.sent` rows whose bytes are wanted; the first that is found is told. */
  readonly frames: readonly number[];
  /** null: no node's state is wanted. */
  readonly node: string | null;
}

export interface InspectAnswer {
  readonly frame: FrameView | null;
  readonly node: {
    readonly name: string;
    readonly atEvent: number;
    readonly state: unknown;
  } | null;
}

/** What the worker offers. A rejected call carries a message for people. */
export interface LabWorker {
  /** Begins a run; everything else comes over the port. */
  start(run: number, request: RunRequest, port: MessagePort): void;
  /** Stands still at the end of the step of this event; Infinity: not at all. */
  holdAt(run: number, event: number): void;
  /** Ends a run that nobody waits for. */
  stop(run: number): void;
  /** Reads a `.trial` file. */
  read(bytes: Uint8Array, port: MessagePort): void;
  inspect(request: InspectRequest): Promise<InspectAnswer>;
}
