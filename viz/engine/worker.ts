/**
 * The worker: the laboratory itself, behind comlink. Several runs may go on at once; each gives
 * the others their turn every few milliseconds.
 */
import { expose } from 'comlink';
import { heat } from './heat.ts';
import { Inspector } from './inspector.ts';
import { LiveRun, type Post, problemOf } from './live-run.ts';
import type { LabWorker, RunRequest } from './protocol.ts';
import { readTrace } from './trace-reader.ts';

const runs = new Map<number, LiveRun>();
const inspector = new Inspector(breathe);

const lab: LabWorker = {
  start(id: number, request: RunRequest, port: MessagePort): void {
    const run = new LiveRun({ post: postTo(port), breathe, nowMs: () => performance.now() });
    runs.set(id, run);
    void run.run(request).then(() => runs.delete(id));
  },
  holdAt(id: number, event: number): void {
    runs.get(id)?.holdAt(event);
  },
  stop(id: number): void {
    runs.get(id)?.stop();
  },
  read(bytes: Uint8Array, port: MessagePort): void {
    const post = postTo(port);
    try {
      readTrace(bytes, post);
    } catch (error) {
      post({ kind: 'failed', problem: problemOf(error) }, []);
    }
  },
  inspect: (request) => inspector.inspect(request),
};

function postTo(port: MessagePort): Post {
  return (message, buffers) => port.postMessage(message, buffers);
}

const turns = new MessageChannel();
let waiting: (() => void)[] = [];
turns.port1.onmessage = () => {
  const now = waiting;
  waiting = [];
  for (const resume of now) resume();
};

/** Lets the worker hear what was said to it meanwhile; without the 4 ms that timers cost. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) turns.port2.postMessage(null);
  });
}

expose(lab);
setTimeout(heat, 0);
