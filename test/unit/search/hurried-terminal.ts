/** A terminal for searches whose time is soon over: every look at its clock takes 5 s. */
import { spawn } from 'node:child_process';
import type { Terminal } from '../../../cli/terminal.ts';

/** @param worker the source that each worker runs. */
export function hurriedTerminal(worker: string, err: (text: string) => void = () => {}): Terminal {
  let nowMs = 0;
  const terminal: Partial<Terminal> = {
    err,
    columns: 100,
    nowMs: () => {
      nowMs += 5_000;
      return nowMs;
    },
    onInterrupt: () => () => undefined,
    forkWorker: () =>
      spawn(process.execPath, ['--eval', worker], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
  };
  return terminal as Terminal;
}
