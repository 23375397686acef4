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

export async function trialIn(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  let out = '';
  let err = '';
  let nowMs = 0;
  const code = await main(args, {
    out: (text) => {
      out += text;
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
  });
  return { code, out, err };
}
