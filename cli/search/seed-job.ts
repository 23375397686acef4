/** What a worker of `trial fuzz` is given and gives back. */

import type { Scenario } from '../../sim/scenario/schema.ts';
import { runSeed, type SeedOutcome } from '../../sim/search/seed-run.ts';
import type { SwarmOptions } from '../../sim/swarm/swarm.ts';

export interface SeedSetup {
  readonly task: 'seeds';
  /** null: each seed draws its own. */
  readonly scenarios: readonly Scenario[] | null;
  readonly swarm: SwarmOptions;
}

export interface SeedJob {
  readonly seed: number;
  /** Of its scenario among those of the set-up. */
  readonly place: number;
}

/** `failure`: the run came to no end, because the simulator broke. */
export type SeedHeard = SeedOutcome | { readonly seed: number; readonly failure: string };

export function seedWork({ scenarios, swarm }: SeedSetup): (job: SeedJob) => SeedHeard {
  return ({ seed, place }) => {
    try {
      return runSeed(scenarios?.[place] ?? null, { seed, swarm });
    } catch (problem) {
      const said = problem instanceof Error ? `${problem.name}: ${problem.message}` : `${problem}`;
      return { seed, failure: said };
    }
  };
}
