/**
 * Makes a failing run small: fewer faults, clients, nodes, settings, shorter times, rounder
 * numbers, as long as the same check fails. Passes go round until none of them can change anything:
 * a local minimum. The same failure always shrinks to the same scenario.
 */
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { lessPatience, passes } from './passes.ts';
import { type Failing, failingRun, type Wanted } from './trial.ts';

export class Shrinker implements Candidates {
  /** The smallest failing run so far on the way that is being gone. */
  best: Failing;
  /** The end of a way that was gone before; null: there was none. */
  private smallest: Failing | null = null;
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

  /**
   * Yields after every try; ends when the minimum is reached. Which minimum depends on what was
   * taken away first: so a second way is gone from the beginning, with other seeds all along, and
   * the smaller of the two ends is kept.
   */
  *run(): Generator<void, void> {
    const first = this.best;
    yield* this.toMinimum();
    yield* this.withOtherSeeds();
    this.smallest = this.best;
    this.best = first;
    yield* this.withOtherSeeds();
    this.best = this.smallestFailing;
    this.smallest = null;
    this.pass = 'seed';
    yield* this.seeds();
    this.isMinimal = true;
  }

  /** Of all that was found so far. */
  get smallestFailing(): Failing {
    const { best, smallest } = this;
    return smallest !== null && smallest.report.events <= best.report.events ? smallest : best;
  }

  private *withOtherSeeds(): Generator<void, void> {
    const ownMinimum = this.best;
    this.mayChangeSeed = true;
    this.tried.clear();
    yield* this.toMinimum();
    if (this.best.report.events > ownMinimum.report.events) this.best = ownMinimum;
  }

  /** The last of all: see `lessPatience`. */
  *withLessPatience(): Generator<void, void> {
    this.pass = 'patience';
    this.mayChangeSeed = false;
    yield* lessPatience(this);
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
  *keep(candidate: Scenario, otherSeeds = OTHER_SEEDS): Generator<void, boolean> {
    const text = JSON.stringify(candidate);
    if (text === JSON.stringify(this.best.scenario)) return false;
    if (this.tried.has(text)) return false;
    this.tried.add(text);
    const own = this.best.seed;
    if (yield* this.attempt(candidate, own)) return true;
    const worth = Math.floor(WORTH_EVENTS / this.best.report.events);
    const others = this.mayChangeSeed ? Math.min(otherSeeds, worth) : 0;
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

/** Of a small run, where another seed costs little. */
const OTHER_SEEDS = 2;
/** So many events of runs are another chance worth. */
const WORTH_EVENTS = 40_000;
const SEEDS_TRIED = 20;
/** Seeds that no shrinking has looked at. */
const FIRST_OTHER = 1_001;
const OTHERS = 10;
