/**
 * Does the jobs of a search on as many workers as asked for, or here where processes cannot be
 * started. It ends when there are no jobs, when it is told to, or when the user has had enough.
 */
import type { Terminal } from '../terminal.ts';
import { type RunningPool, startPool } from './pool.ts';

export interface Jobs<Setup, Job, Result> {
  readonly setup: Setup;
  /** The work itself, as the worker processes do it. */
  readonly work: (setup: Setup) => (job: Job) => Result;
  readonly workers: number;
  readonly take: () => Job | null;
  readonly done: (job: Job, result: Result) => void;
  readonly died: (job: Job, why: string) => void;
  /** Asked after every result. */
  readonly enough: () => boolean;
  /** When it is enough, and a worker has not come to an end: it is killed then. Default: never. */
  readonly lastWait?: {
    readonly ms: number;
    /** Not waited for any longer. */
    readonly left: (job: Job) => void;
  };
  /** Called a few times a second. */
  readonly tick: () => void;
}

const TICK_MS = 250;

/** @returns whether the user ended it. */
export async function runJobs<Setup, Job, Result>(
  jobs: Jobs<Setup, Job, Result>,
  terminal: Terminal,
): Promise<boolean> {
  let interrupted = false;
  let pool: RunningPool<Job> | null = null;
  const unsubscribe = terminal.onInterrupt(() => {
    interrupted = true;
    pool?.stop();
  });
  const { forkWorker } = terminal;
  if (forkWorker === undefined) await runHere(jobs, () => interrupted).finally(unsubscribe);
  else {
    let isEnough = false;
    pool = startPool<Setup, Job, Result>({
      workers: jobs.workers,
      fork: forkWorker,
      setup: jobs.setup,
      take: () => (isEnough || jobs.enough() ? null : jobs.take()),
      died: jobs.died,
      done: (job, result) => {
        if (isEnough) return;
        jobs.done(job, result);
        isEnough = jobs.enough();
      },
    });
    await untilOver(pool, jobs, terminal).finally(unsubscribe);
  }
  return interrupted;
}

async function untilOver<Setup, Job, Result>(
  pool: RunningPool<Job>,
  jobs: Jobs<Setup, Job, Result>,
  terminal: Terminal,
): Promise<void> {
  const { lastWait } = jobs;
  let enoughMs: number | null = null;
  let isLeft = false;
  const ticking = setInterval(() => {
    try {
      jobs.tick();
      if (lastWait === undefined || isLeft || !jobs.enough()) return;
      enoughMs ??= terminal.nowMs();
      if (terminal.nowMs() - enoughMs < lastWait.ms) return;
      isLeft = true;
      const left = pool.underWay();
      pool.stop();
      left.forEach(lastWait.left);
    } catch (error) {
      pool.fail(error);
    }
  }, TICK_MS);
  await pool.over.finally(() => clearInterval(ticking));
}

async function runHere<Setup, Job, Result>(
  jobs: Jobs<Setup, Job, Result>,
  interrupted: () => boolean,
): Promise<void> {
  const work = jobs.work(jobs.setup);
  while (!interrupted() && !jobs.enough()) {
    const job = jobs.take();
    if (job === null) return;
    jobs.done(job, work(job));
    jobs.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
