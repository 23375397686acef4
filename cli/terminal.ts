/** The command's way to the outside, so that tests can run it without a process. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import pico from 'picocolors';
import type { TrialCommand } from '../real/os-node.ts';

export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Progress and complaints. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
  /** The same of where complaints go; absent: no terminal. */
  readonly errIsTty?: boolean;
  readonly columns: number;
  /** Wall clock, for "took 0.4 s" only. */
  nowMs(): number;
  /** Resolves when the user has had enough (Ctrl-C, or the process is asked to end). */
  untilInterrupted(): Promise<void>;
  /** Calls `heard` when the user has had enough; the returned function ends the listening. */
  onInterrupt(heard: () => void): () => void;
  /** Results that are not text. */
  outBytes(bytes: Uint8Array): void;
  /**
   * Calls `heard` when nobody reads the results any more (`trial consume … | head`), instead of
   * ending at once; the returned function ends the listening.
   */
  onReaderGone(heard: () => void): () => void;
  /** What is typed, line by line, until there is no more. */
  lines(): AsyncIterable<string>;
  /** The same as it comes, for what may not be text; it is let go when `signal` aborts. */
  input(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Somebody types; absent: a file or another command. */
  readonly inIsTty?: boolean;
  /** Starts a process for `search/pool.ts`; absent: there are none, everything runs here. */
  readonly forkWorker?: () => ChildProcess;
  /** How this command is started again, for `--world real`; absent: it cannot be. */
  readonly trial?: TrialCommand;
}

export type Colors = ReturnType<typeof pico.createColors>;

/** NO_COLOR and --no-color beat FORCE_COLOR, which beats what the terminal can do. */
export function colorsFor(terminal: Terminal, wanted: boolean, isTty = terminal.isTty): Colors {
  const { NO_COLOR: no, FORCE_COLOR: force } = terminal.env;
  if (!wanted || (no !== undefined && no !== '')) return pico.createColors(false);
  if (force !== undefined && force !== '') {
    return pico.createColors(force !== '0' && force !== 'false');
  }
  return pico.createColors(isTty);
}

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function processTerminal(own: Pick<Terminal, 'forkWorker' | 'trial'> = {}): Terminal {
  return {
    ...own,
    out: (text) => void process.stdout.write(text),
    outBytes: (bytes) => void process.stdout.write(bytes),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    isTty: process.stdout.isTTY === true,
    errIsTty: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? (Number(process.env['COLUMNS']) || 100),
    nowMs: () => performance.now(),
    untilInterrupted: () =>
      new Promise((resolve) => {
        for (const signal of INTERRUPTS) process.once(signal, () => resolve());
      }),
    onReaderGone: (heard) => {
      process.stdout.on('error', heard);
      return () => void process.stdout.off('error', heard);
    },
    lines: () => createInterface({ input: process.stdin }),
    input: (signal) => {
      signal.addEventListener('abort', () => process.stdin.destroy());
      return process.stdin;
    },
    inIsTty: process.stdin.isTTY === true,
    onInterrupt: (heard) => {
      for (const signal of INTERRUPTS) process.once(signal, heard);
      return () => {
        for (const signal of INTERRUPTS) process.off(signal, heard);
      };
    },
  };
}
