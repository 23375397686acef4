/** A search whose time is over while a worker hangs. */
import { expect, test } from 'vitest';
import { runJobs } from '../../../cli/search/run-jobs.ts';
import { hurriedTerminal } from './hurried-terminal.ts';

/** Answers nothing to 3, and everything else at once. */
const WORKER = `process.on('message', ({ job }) => {
  if (job === 3) for (;;);
  if (job !== undefined) process.send(job);
});`;

test('when it is enough, a worker that hangs is not waited for, and its job is told', async () => {
  const jobs = [1, 2, 3, 4];
  const done: number[] = [];
  const left: number[] = [];
  const died: number[] = [];

  const interrupted = await runJobs<null, number, number>(
    {
      setup: null,
      work: () => (job) => job,
      workers: 1,
      take: () => jobs.shift() ?? null,
      done: (job) => done.push(job),
      died: (job) => died.push(job),
      enough: () => done.length === 2,
      lastWait: { ms: 20_000, left: (job) => left.push(job) },
      tick: () => undefined,
    },
    hurriedTerminal(WORKER),
  );

  expect({ interrupted, done, left, died }).toEqual({
    ...{ interrupted: false, done: [1, 2], left: [3], died: [] },
  });
});
