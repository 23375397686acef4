/** One seed of a campaign: what the search tells of it, and what it cost. */
import { findingWords } from '../../sim/search/finding.ts';
import { type SeedOutcome, runSeed as searchSeed } from '../../sim/search/seed-run.ts';

export interface SeedResult extends SeedOutcome {
  /** What is wrong, in lines to read; empty for a good run. */
  readonly wrong: readonly string[];
  readonly cpuMs: number;
}

/** What a campaign hears of a seed; `failure` when the run itself came to no end. */
export type Heard = SeedResult | { readonly seed: number; readonly failure: string };

/** @param again run it a second time; it must come out the same. */
export function hear(seed: number, again: boolean): Heard {
  try {
    return runSeed(seed, again);
  } catch (problem) {
    const said = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    return { seed, failure: said };
  }
}

function runSeed(seed: number, again: boolean): SeedResult {
  const startedAt = process.cpuUsage();
  const outcome = searchSeed(null, { seed, again });
  const used = process.cpuUsage(startedAt);
  return {
    ...outcome,
    wrong: outcome.findings.map(findingWords),
    cpuMs: (used.user + used.system) / 1_000,
  };
}
