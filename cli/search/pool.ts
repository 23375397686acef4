/**
 * Worker processes that do jobs, each one after the other. A worker that dies, or that says
 * nothing for too long, is reported with its job, and another takes its place. `trial fuzz`,
 * `trial sweep` and `trial zoo` use it.
 */

import type { ChildProcess } from 'node:child_process';
import { readyCodecs } from '../../codecs/for-runs.ts';

export interface Pool<Setup, Job, Result> {
  readonly workers: number;
  /** Starts a process in which `serveJobs` runs. */
  readonly fork: () => ChildProcess;
  /** What every job needs; must survive JSON. */
  readonly setup: Setup;
  /** The next job; null: there are no more. */
  readonly take: () => Job | null;
  readonly done: (job: Job, result: Result) => void;
  /** The worker died in this job, or was killed in it. */
  readonly died: (job: Job, why: string) => void;
  /**
   * Looks at a worker that was just started again and again, until the returned function is called;
   * default: every 5 s.
   */
  readonly watch?: (look: () => void) => () => void;
}

export interface RunningPool<Job> {
  /** Every job was done, or the pool was stopped; rejects with what `take`, `done` or `died` threw. */
  readonly over: Promise<void>;
  /** What is being done. */
  underWay(): Job[];
  /** Kills the workers; what they were doing is lost. */
  stop(): void;
  /** The same, and `over` rejects with this. */
  fail(error: unknown): void;
}

type ToWorker<Setup, Job> = { readonly setup: Setup } | { readonly job: Job };

const WATCH_EVERY_MS = 5_000;
/**
 * 10 minutes: some seeds take 15 s of a processor that others want, too. Looks are counted, not
 * time: a machine that was asleep is no hanging worker.
 */
export const LOOKS_UNTIL_KILLED = 120;

function everyFewSeconds(look: () => void): () => void {
  const timer = setInterval(look, WATCH_EVERY_MS);
  return () => clearInterval(timer);
}

/** Jobs that a worker has ahead, so that it never waits for its parent. */
const AHEAD = 2;

export function startPool<Setup, Job, Result>(asked: Pool<Setup, Job, Result>): RunningPool<Job> {
  /** With the jobs that were given to each and have no answer yet. */
  const running = new Map<ChildProcess, Job[]>();
  /** Jobs that were given to a worker that died before it began them. */
  const left: Job[] = [];
  let stopped = false;
  let failed: { readonly error: unknown } | null = null;
  const stop = (): void => {
    stopped = true;
    for (const child of running.keys()) child.kill('SIGKILL');
  };
  const fail = (error: unknown): void => {
    failed ??= { error };
    stop();
  };
  const pool = whereErrorsEnd(asked, fail);
  const take = (): Job | null => (stopped ? null : (left.shift() ?? pool.take()));
  const runWorker = async (): Promise<void> => {
    for (let first = take(); first !== null; first = take()) {
      const child = pool.fork();
      const given: Job[] = [];
      running.set(child, given);
      left.push(...(await runProcess(pool, { child, given, first, take, stopped: () => stopped })));
      running.delete(child);
    }
  };
  const all = Array.from({ length: pool.workers }, () => runWorker());
  const over = Promise.all(all).then(() => {
    if (failed !== null) throw failed.error;
  });
  const underWay = (): Job[] => [...running.values()].flatMap(([current]) => current ?? []);
  return { over, stop, fail, underWay };
}

/** They are called from events of processes, where nobody would catch what they throw. */
function whereErrorsEnd<Setup, Job, Result>(
  pool: Pool<Setup, Job, Result>,
  fail: (error: unknown) => void,
): Pool<Setup, Job, Result> {
  const guarded = <T>(act: () => T, otherwise: T): T => {
    try {
      return act();
    } catch (error) {
      fail(error);
      return otherwise;
    }
  };
  return {
    ...pool,
    take: () => guarded(() => pool.take(), null),
    done: (job, result) => guarded(() => pool.done(job, result), undefined),
    died: (job, why) => guarded(() => pool.died(job, why), undefined),
  };
}

interface Process<Job> {
  readonly child: ChildProcess;
  /** Is kept up to date: the first one is under way. */
  readonly given: Job[];
  readonly first: Job;
  readonly take: () => Job | null;
  readonly stopped: () => boolean;
}

/** One process until there are no jobs, or it died: then the jobs that it had not begun. */
function runProcess<Setup, Job, Result>(
  pool: Pool<Setup, Job, Result>,
  { child, given, first, take, stopped }: Process<Job>,
): Promise<Job[]> {
  let looks = 0;
  let hung = false;
  const { watch = everyFewSeconds } = pool;
  const lookAway = watch(() => {
    looks += 1;
    if (looks < LOOKS_UNTIL_KILLED) return;
    hung = true;
    child.kill('SIGKILL');
  });
  const give = (job: Job | null): void => {
    if (job === null) return;
    given.push(job);
    tell(child, { job });
  };
  tell(child, { setup: pool.setup });
  give(first);
  while (given.length < AHEAD) {
    const job = take();
    if (job === null) break;
    give(job);
  }
  child.on('message', (result) => {
    looks = 0;
    const job = given.shift() as Job;
    if (!stopped()) pool.done(job, result as Result);
    give(take());
    if (given.length === 0 && child.connected) child.disconnect();
  });
  return new Promise((resolve) => {
    let ended: string | null = null;
    let isOver = false;
    // What it said last may be read after its end: nobody is to be blamed for the job before.
    const over = (): void => {
      if (isOver || ended === null || child.connected) return;
      isOver = true;
      const [current, ...rest] = given;
      if (current === undefined || stopped()) return resolve([]);
      const seconds = (WATCH_EVERY_MS * LOOKS_UNTIL_KILLED) / 1_000;
      pool.died(current, hung ? `it hangs, or takes longer than ${seconds} s` : ended);
      resolve(rest);
    };
    child.once('exit', (code, signal) => {
      lookAway();
      ended = `its process ended (${signal ?? `exit code ${code}`})`;
      over();
    });
    child.once('disconnect', over);
  });
}

/** A process that has just died is reported by its `exit`, not by the failing send. */
function tell<Setup, Job>(child: ChildProcess, message: ToWorker<Setup, Job>): void {
  child.send(message as object, () => undefined);
}

/** The other side: does jobs as they come, until the parent lets go. */
export function serveJobs<Setup, Job, Result>(begin: (setup: Setup) => (job: Job) => Result): void {
  // Ctrl-C reaches every process of the terminal; the parent decides what it means.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.once('disconnect', () => process.exit());
  let work: Promise<(job: Job) => Result> | null = null;
  process.on('message', (message: ToWorker<Setup, Job>) => {
    if ('setup' in message) work = readyCodecs(message.setup).then(() => begin(message.setup));
    else work?.then((done) => answer(done(message.job) as object));
  });
}

/** A parent that is gone wants no answers any more. */
function answer(result: object): void {
  process.send?.(result, undefined, undefined, (error) => {
    if (error !== null) process.exit();
  });
}
