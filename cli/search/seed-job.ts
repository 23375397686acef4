/** What a worker of `trial fuzz` is given and gives back. */

import type { Scenario } from '../../sim/scenario/schema.ts';
import type { HeardOutcome } from '../../sim/search/campaign-tally.ts';
import { runSeed } from '../../sim/search/seed-run.ts';
import type { SwarmOptions } from '../../sim/swarm/swarm.ts';

export interface SeedSetup {
  readonly task: 'seeds';
  /** null: each seed draws its own. */
  readonly scenarios: readonly Scenario[] | null;
  readonly swarm: SwarmOptions;
  /** Every so many-th seed is run twice; 0: none. */
  readonly againEvery: number;
}

export interface SeedJob {
  readonly seed: number;
  /** Of its scenario among those of the set-up. */
  readonly place: number;
}

/** `failure`: the run came to no end, because the simulator broke. */
export type SeedHeard = HeardOutcome | { readonly seed: number; readonly failure: string };

export function seedWork({ scenarios, swarm, againEvery }: SeedSetup): (job: SeedJob) => SeedHeard {
  return ({ seed, place }) => {
    const before = process.cpuUsage();
    const again = againEvery > 0 && seed % againEvery === 0;
    try {
      const outcome = runSeed(scenarios?.[place] ?? null, { seed, swarm, again });
      const { user, system } = process.cpuUsage(before);
      return { ...outcome, cpuMs: (user + system) / 1_000, ranTwice: again };
    } catch (problem) {
      const said = problem instanceof Error ? `${problem.name}: ${problem.message}` : `${problem}`;
      return { seed, failure: said };
    }
  };
}
