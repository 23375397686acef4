/** What a worker of `trial sweep` is given and gives back. */
import type { Scenario } from '../../sim/scenario/schema.ts';
import { type SweepRun, sweepRun } from '../../sim/search/sweep.ts';

export interface SweepSetup {
  readonly task: 'sweep';
  /** By cell of the grid; null: its settings contradict each other. */
  readonly cells: readonly (Scenario | null)[];
}

export interface SweepJob {
  readonly cell: number;
  readonly seed: number;
}

/** `failure`: the run came to no end, because the simulator broke. */
export type SweepHeard = SweepRun | { readonly seed: number; readonly failure: string };

export function sweepWork({ cells }: SweepSetup): (job: SweepJob) => SweepHeard {
  return ({ cell, seed }) => {
    const scenario = cells[cell];
    if (scenario == null) return { seed, failure: 'there is no such cell' };
    try {
      return sweepRun(scenario, seed);
    } catch (problem) {
      const said = problem instanceof Error ? `${problem.name}: ${problem.message}` : `${problem}`;
      return { seed, failure: said };
    }
  };
}
