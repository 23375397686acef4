/**
 * Worker processes that run seeds, a few at a time. A worker that says nothing for too long hangs
 * in its seed: it is killed and another takes its place; so is one that died.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { runSeed, type SeedResult } from './seed-run.ts';

export interface Batch {
  readonly first: number;
  readonly count: number;
  /** Every so many-th seed is run twice; 0: none. */
  readonly againEvery: number;
}

/** What the parent hears of a seed; `failure` when the run itself came to no end. */
export type Heard = SeedResult | { readonly seed: number; readonly failure: string };

type Message = { readonly started: number } | { readonly heard: Heard } | { readonly done: true };

const HANGS_AFTER_MS = 120_000;
const BATCH = 20;

export interface Campaign {
  readonly script: string;
  readonly first: number;
  readonly seeds: number;
  readonly workers: number;
  readonly againEvery: number;
  readonly heard: (result: Heard) => void;
}

/** Resolves when every seed was heard of. */
export async function runPool(campaign: Campaign): Promise<void> {
  const end = campaign.first + campaign.seeds;
  let next = campaign.first;
  const takeBatch = (): Batch | null => {
    if (next >= end) return null;
    const first = next;
    const count = Math.min(BATCH, end - first);
    next += count;
    return { first, count, againEvery: campaign.againEvery };
  };
  await Promise.all(Array.from({ length: campaign.workers }, () => runWorker(campaign, takeBatch)));
}

async function runWorker(campaign: Campaign, takeBatch: () => Batch | null): Promise<void> {
  let batch = takeBatch();
  while (batch !== null) {
    const left: Batch | null = await runProcess(campaign, batch, takeBatch);
    batch = left ?? takeBatch();
  }
}

/** One process until there are no seeds, or it died: then what is left of its batch. */
function runProcess(
  campaign: Campaign,
  batch: Batch,
  takeBatch: () => Batch | null,
): Promise<Batch | null> {
  const child = fork(campaign.script, ['--child']);
  let current: Batch | null = batch;
  let seed = batch.first;
  let watchdog = watch(child);
  child.send(batch);
  child.on('message', (message: Message) => {
    watchdog = watchAgain(watchdog, child);
    if ('started' in message) seed = message.started;
    else if ('heard' in message) campaign.heard(message.heard);
    else {
      current = takeBatch();
      if (current === null) child.disconnect();
      else child.send(current);
    }
  });
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(watchdog);
      if (current === null) return resolve(null);
      const failure =
        signal === 'SIGKILL'
          ? `hangs, or runs longer than ${HANGS_AFTER_MS / 1_000} s`
          : `its process ended (${signal ?? code})`;
      campaign.heard({ seed, failure });
      const done = seed + 1 - current.first;
      resolve(
        done >= current.count ? null : { ...current, first: seed + 1, count: current.count - done },
      );
    });
  });
}

function watch(child: ChildProcess): NodeJS.Timeout {
  return setTimeout(() => child.kill('SIGKILL'), HANGS_AFTER_MS);
}

function watchAgain(before: NodeJS.Timeout, child: ChildProcess): NodeJS.Timeout {
  clearTimeout(before);
  return watch(child);
}

/** The other side: runs batches as they come, until the parent lets go. */
export function serveAsChild(): void {
  const tell = (message: Message): unknown => process.send?.(message);
  process.on('message', (batch: Batch) => {
    for (let seed = batch.first; seed < batch.first + batch.count; seed++) {
      tell({ started: seed });
      tell({ heard: hear(seed, batch.againEvery > 0 && seed % batch.againEvery === 0) });
    }
    tell({ done: true });
  });
}

export function hear(seed: number, again: boolean): Heard {
  try {
    return runSeed(seed, again);
  } catch (problem) {
    const said = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    return { seed, failure: said };
  }
}
