/**
 * Makes a failing run small: fewer faults, clients, nodes, settings, shorter times, rounder
 * numbers, as long as the same check fails. Passes go round until none of them can change anything:
 * a local minimum. The same failure always shrinks to the same scenario.
 */
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { passes } from './passes.ts';
import { type Failing, failingRun, type Wanted } from './trial.ts';

export class Shrinker implements Candidates {
  /** The smallest failing run so far. */
  best: Failing;
  tries = 0;
  /** Nothing more can be taken away. */
  isMinimal = false;
  pass = '';
  private readonly wanted: Wanted;
  /** Candidates that were tried, as JSON: passes meet the same one again. */
  private readonly tried = new Set<string>();

  constructor(first: Failing, wanted: Wanted) {
    this.best = first;
    this.wanted = wanted;
  }

  /** Yields after every try; ends when the minimum is reached. */
  *run(): Generator<void, void> {
    for (;;) {
      const before = JSON.stringify(this.best.scenario);
      for (const { name, run } of passes) {
        this.pass = name;
        yield* run(this);
      }
      if (JSON.stringify(this.best.scenario) === before) break;
    }
    this.pass = 'seed';
    yield* this.seeds();
    this.isMinimal = true;
  }

  get scenario(): Scenario {
    return this.best.scenario;
  }

  /** Keeps the candidate when it fails as wanted. */
  *keep(candidate: Scenario): Generator<void, boolean> {
    const text = JSON.stringify(candidate);
    if (text === JSON.stringify(this.best.scenario)) return false;
    if (this.tried.has(text)) return false;
    this.tried.add(text);
    return yield* this.attempt(candidate, this.best.seed);
  }

  private *attempt(candidate: Scenario, seed: number | string): Generator<void, boolean> {
    const { wanted, best } = this;
    const found = failingRun(candidate, seed, { wanted, mostEvents: best.report.events });
    this.tries += 1;
    if (found !== null) this.best = found;
    yield;
    return found !== null;
  }

  /** A small seed is easier to say; 1 need not be said at all. */
  private *seeds(): Generator<void, void> {
    const { best } = this;
    for (let seed = 1; seed <= SEEDS_TRIED && seed !== best.seed; seed++) {
      if (yield* this.attempt(best.scenario, seed)) return;
    }
  }

  /** How many of other seeds fail in the same way: whether chance has a part in it. */
  *steadiness(): Generator<void, { failed: number; of: number }> {
    const { best, wanted } = this;
    let failed = 0;
    for (let seed = FIRST_OTHER; seed < FIRST_OTHER + OTHERS; seed++) {
      const mostEvents = best.report.events * 2;
      if (failingRun(best.scenario, seed, { wanted, mostEvents }) !== null) failed += 1;
      yield;
    }
    return { failed, of: OTHERS };
  }
}

const SEEDS_TRIED = 20;
/** Seeds that no shrinking has looked at. */
const FIRST_OTHER = 1_001;
const OTHERS = 10;
