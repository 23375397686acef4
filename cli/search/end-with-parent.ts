/**
 * Ends a worker process whose parent was killed. It is deep in a run then and hears nothing, so
 * that a thread of its own looks.
 */
import { Worker } from 'node:worker_threads';

const LOOK_EVERY_MS = 1_000;

const WATCH = `
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  };
  setInterval(look, ${LOOK_EVERY_MS});`;

export function endWithParent(): void {
  process.once('disconnect', () => process.exit());
  new Worker(WATCH, { eval: true }).unref();
}
