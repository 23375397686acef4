/**
 * A thread of a worker process, which ends it when its parent was killed: the worker itself is deep
 * in a run then and hears nothing.
 */
import { workerData } from 'node:worker_threads';

const LOOK_EVERY_MS = 1_000;

/** Its process id. */
const parent: unknown = workerData;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, LOOK_EVERY_MS);
