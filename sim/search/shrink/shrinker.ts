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
  /** First a minimum with the seed of the failure is found, then others may lead to a smaller. */
  private mayChangeSeed = false;
  /** Candidates that were tried, as JSON: passes meet the same one again. */
  private readonly tried = new Set<string>();

  constructor(first: Failing, wanted: Wanted) {
    this.best = first;
    this.wanted = wanted;
  }

  /** Yields after every try; ends when the minimum is reached. */
  *run(): Generator<void, void> {
    yield* this.toMinimum();
    const ownMinimum = this.best;
    this.mayChangeSeed = true;
    this.tried.clear();
    yield* this.toMinimum();
    if (this.best.report.events > ownMinimum.report.events) this.best = ownMinimum;
    this.pass = 'seed';
    yield* this.seeds();
    this.isMinimal = true;
  }

  /** Until no pass changes anything. */
  private *toMinimum(): Generator<void, void> {
    for (let before = ''; before !== JSON.stringify(this.best.scenario); ) {
      before = JSON.stringify(this.best.scenario);
      for (const { name, run } of passes) {
        this.pass = name;
        yield* run(this);
      }
    }
  }

  get scenario(): Scenario {
    return this.best.scenario;
  }

  /** Keeps the candidate when it fails as wanted. */
  *keep(candidate: Scenario, otherSeeds = 0): Generator<void, boolean> {
    const text = JSON.stringify(candidate);
    if (text === JSON.stringify(this.best.scenario)) return false;
    if (this.tried.has(text)) return false;
    this.tried.add(text);
    const own = this.best.seed;
    if (yield* this.attempt(candidate, own)) return true;
    const others = this.mayChangeSeed ? otherSeeds : 0;
    for (let seed = 1; seed <= others; seed++) {
      if (seed !== own && (yield* this.attempt(candidate, seed))) return true;
    }
    return false;
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
