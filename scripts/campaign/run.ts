/**
 * Runs the seeds of a campaign on a pool of processes: what was heard of before is counted first,
 * every result goes into the journal, and the scenario of every seed that went wrong beside it.
 */
import type { ChildProcess } from 'node:child_process';
import { type Pool, startPool } from '../../cli/search/pool.ts';
import type { Course, Journal } from './journal.ts';
import { Tally } from './record.ts';
import type { Heard } from './seed-run.ts';

export interface CampaignSetup {
  /** Every so many-th seed is run twice; 0: none. */
  readonly againEvery: number;
}

export interface CampaignParts {
  readonly course: Course;
  readonly journal: Journal;
  readonly workers: number;
  /** Starts a process that hears seeds, with a `CampaignSetup`. */
  readonly fork: () => ChildProcess;
  readonly watch?: Pool<CampaignSetup, number, Heard>['watch'];
  /** Told of each seed that went wrong, and where its scenario is. */
  readonly wentWrong: (seed: number, wrong: readonly string[], path: string) => void;
}

export interface RunningCampaign {
  /** Of all that was heard so far. */
  readonly tally: Tally;
  /** Every seed was heard of, or it was stopped. */
  readonly over: Promise<void>;
  stop(): void;
}

export function startCampaign(parts: CampaignParts): RunningCampaign {
  const { journal, workers, fork, watch } = parts;
  const { first, seeds, againEvery } = parts.course;
  const tally = new Tally(first, againEvery);
  for (const result of journal.before) tally.add(result);
  tally.resumed = tally.heard;
  const heard = (result: Heard): void => {
    const before = tally.wrong.length;
    tally.add(result);
    journal.add(result);
    const wrong = tally.wrong.length > before ? tally.wrong.at(-1)?.wrong : undefined;
    if (wrong === undefined) return;
    parts.wentWrong(result.seed, wrong, journal.saveFailed(result.seed, wrong));
  };
  const done = new Set(journal.before.map(({ seed }) => seed));
  const all = Array.from({ length: seeds }, (_, i) => first + i);
  const left = all.filter((seed) => !done.has(seed));
  let next = 0;
  const pool = startPool<CampaignSetup, number, Heard>({
    workers,
    fork,
    setup: { againEvery },
    take: () => left[next++] ?? null,
    done: (_seed, result) => heard(result),
    died: (seed, failure) => heard({ seed, failure }),
    ...(watch === undefined ? {} : { watch }),
  });
  return { tally, over: pool.over, stop: () => pool.stop() };
}
