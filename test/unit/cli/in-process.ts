/** Runs the command line inside the test and keeps what it says. */
import { main } from '../../../cli/main.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function trial(...args: string[]): Promise<Ended> {
  return trialIn({}, ...args);
}

/** Somebody presses Ctrl-C while the first run is under way. */
export async function interruptedTrial(...args: string[]): Promise<Ended> {
  return ended({}, args, true);
}

export async function trialIn(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return ended(env, args, false);
}

/** Somebody types these lines. */
export async function typedTrial(lines: readonly string[], ...args: string[]): Promise<Ended> {
  return ended({}, args, false, lines);
}

async function ended(
  env: Record<string, string>,
  args: readonly string[],
  interrupted: boolean,
  typed: readonly string[] = [],
): Promise<Ended> {
  let out = '';
  let err = '';
  let nowMs = 0;
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    outBytes: (bytes) => {
      out += Buffer.from(bytes).toString('utf8');
    },
    err: (text) => {
      err += text;
    },
    env,
    isTty: false,
    columns: 100,
    nowMs: () => {
      nowMs += 500;
      return nowMs;
    },
    untilInterrupted: () => Promise.resolve(),
    async *lines() {
      yield* typed;
    },
    async *input() {
      for (const line of typed) yield Buffer.from(`${line}\n`);
    },
    onReaderGone: () => () => undefined,
    onInterrupt: (heard) => {
      if (interrupted) setImmediate(heard);
      return () => undefined;
    },
  });
  return { code, out, err };
}
