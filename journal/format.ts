/**
 * A journal: everything that one process of a node was told, and everything that it did, as lines of
 * JSON. The first line says which node it is; each further one is a step: when, which input, every
 * call on the host in its order with what the world answered, and when the node wanted to be woken.
 * Of bytes that the node gave away only length and CRC-32C are kept; bytes that it was given are
 * there in base64. Documented in `docs/journal-format.md`.
 */
import type { NodeInput } from '../kafka/host.ts';

export const JOURNAL_VERSION = 1;

export interface JournalHeader {
  readonly journal: typeof JOURNAL_VERSION;
  /** Version of the program that wrote it. */
  readonly engine: string;
  readonly node: string;
  readonly role: 'broker' | 'controller';
  readonly config: Readonly<Record<string, string>>;
}

export type Plain = string | number | boolean | null;

/** One call on the host: its name, what it was given, what came back. */
export type CallLine = readonly [name: string, given: readonly Plain[], answer: Answer];

/** Nothing, a value, base64, a list of names; or the error of the disk. */
export type Answer = Plain | readonly string[] | { readonly error: string; readonly path: string };

/** A step. */
export interface StepLine {
  /** Monotonic and wall clock, ms. */
  readonly at: readonly [monotonicMs: number, wallMs: number];
  readonly input: InputLine;
  readonly calls: readonly CallLine[];
  /** null: never. */
  readonly wakeAtMs: number | null;
  /** An error came out of the step; the node was not stepped again. */
  readonly broke?: string;
}

/** As the node's, but bytes in base64; commands go to clients, of which there are no journals. */
export type InputLine =
  | Exclude<NodeInput, { kind: 'received' | 'command' }>
  | { readonly kind: 'received'; readonly connection: number; readonly bytes: string };
