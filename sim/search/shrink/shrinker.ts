/**
 * Makes a failing run small: fewer faults, clients, nodes, settings, shorter times, rounder
 * numbers, as long as the same check fails. Passes go round until none of them can change anything:
 * a local minimum, of which no part can be taken away however long the run becomes: what is left is
 * a cause. That ends: parts become fewer, or, with as many, a run is at most a little longer than
 * the shortest. The same failure always shrinks to the same scenario.
 */
import { parseScenario } from '../../scenario/parse.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { withFewerParts } from './parts.ts';
import { beginning, lessPatient, otherWays, type Pass, passes } from './passes.ts';
import { type Failing, failingAsParsed, failingRun, type Wanted } from './trial.ts';

export class Shrinker implements Candidates {
  /** The smallest failing run so far on the way that is being gone. */
  best: Failing;
  /** The best end of the ways that were gone before; null: there was none. */
  private smallest: Failing | null = null;
  tries = 0;
  pass = '';
  private readonly wanted: Wanted;
  /** First a minimum with the seed of the failure is found, then others may lead to a smaller. */
  private mayChangeSeed = false;
  /** At the end: plainer words that cost events were weighed before. */
  private onlyShorter = false;
  private bestText: string;
  /** Candidates as JSON, alone and with the seeds of the best by then: passes meet them again. */
  private readonly tried = new Set<string>();
  /** By the form of a cluster: how many other seeds it is still worth on this way. */
  private readonly seedsLeft = new Map<string, number>();
  /** Of all runs of this way that were kept since a part went at any length, the fewest. */
  private fewestEvents: number;
  /** From these, with their own seeds, no pass can take anything away. */
  private readonly minima = new Set<Failing>();

  constructor(first: Failing, wanted: Wanted) {
    this.best = first;
    this.bestText = JSON.stringify(first.scenario);
    this.fewestEvents = first.report.events;
    this.wanted = wanted;
  }

  /**
   * Yields after every try; ends when the minimum is reached. Which minimum depends on what was
   * taken away first: so other ways are gone from the beginning, with other seeds all along, and
   * the smallest of their ends is kept.
   */
  *run(): Generator<void, void> {
    yield* this.go(beginning);
    const begun = this.best;
    yield* this.toMinimum(passes);
    yield* this.withOtherSeeds(passes);
    for (const way of otherWays) {
      this.smallest = this.smallestFailing;
      this.goFrom(begun);
      yield* this.withOtherSeeds(way);
    }
    this.goFrom(this.smallestFailing);
    this.smallest = null;
    yield* this.withSmallSeed();
  }

  /** Of all that was found so far. */
  get smallestFailing(): Failing {
    const { best, smallest } = this;
    return smallest !== null && smallest.report.events <= best.report.events ? smallest : best;
  }

  /** Nothing more can be taken away. */
  get isMinimal(): boolean {
    return this.minima.has(this.smallestFailing);
  }

  private *withOtherSeeds(way: readonly Pass[]): Generator<void, void> {
    const ownMinimum = this.best;
    this.mayChangeSeed = true;
    this.tried.clear();
    this.seedsLeft.clear();
    yield* this.toMinimum(way);
    if (this.best.report.events > ownMinimum.report.events) this.goFrom(ownMinimum);
  }

  private goFrom(failing: Failing): void {
    this.best = failing;
    this.bestText = JSON.stringify(failing.scenario);
    this.fewestEvents = failing.report.events;
  }

  /** The last of all: see `lessPatient`. */
  *withLessPatience(): Generator<void, void> {
    this.pass = 'patience';
    this.mayChangeSeed = false;
    this.onlyShorter = false;
    const { best, isMinimal } = this;
    for (const candidate of lessPatient(best.scenario)) {
      if (!(yield* this.keep(candidate, 0))) continue;
      if (!isMinimal) return;
      if ((yield* this.failingWithoutAPart()) === null) {
        this.minima.add(this.best);
        return;
      }
      this.goFrom(best);
    }
  }

  /**
   * Fails as wanted without a part that the best has, at any length: passes keep nothing that is
   * much longer, as a run is without a fault that kept a broker from doing anything. With the seed
   * of the best, whose minimum is asked for.
   */
  *failingWithoutAPart(): Generator<void, Failing | null> {
    const { wanted, best } = this;
    for (const candidate of withFewerParts(best.scenario)) {
      const found = failingRun(candidate, best.seed, { wanted, mostEvents: null });
      this.tries += 1;
      yield;
      if (found !== null) return found;
    }
    return null;
  }

  /** Until no pass changes anything, or it is clear that this way leads to no smaller end. */
  private *toMinimum(way: readonly Pass[]): Generator<void, void> {
    for (let before: Failing | null = null; before !== this.best; ) {
      before = this.best;
      yield* this.go(way);
      const { best, smallest } = this;
      if (smallest !== null && best.report.events > HOPELESS * smallest.report.events) return;
      if (before === best) {
        this.pass = 'needless parts';
        const fewer = yield* this.failingWithoutAPart();
        if (fewer !== null) this.goFrom(fewer);
      }
    }
    this.minima.add(this.best);
  }

  private *go(way: readonly Pass[]): Generator<void, void> {
    for (const { name, run } of way) {
      this.pass = name;
      yield* run(this);
    }
  }

  get scenario(): Scenario {
    return this.best.scenario;
  }

  isBest(candidate: Scenario): boolean {
    const { scenario } = parseScenario(candidate);
    return scenario !== undefined && JSON.stringify(scenario) === this.bestText;
  }

  /** Keeps the candidate when it fails as wanted. */
  *keep(candidate: Scenario, otherSeeds = OTHER_SEEDS): Generator<void, boolean> {
    const { scenario } = parseScenario(candidate);
    if (scenario === undefined) return false;
    const text = JSON.stringify(scenario);
    const own = this.best.seed;
    const withOwn = `${own} ${text}`;
    if (text === this.bestText || this.tried.has(withOwn)) return false;
    const isNew = !this.tried.has(text);
    this.tried.add(withOwn).add(text);
    // With the seed of another run, only for fewer events: plain words alone are not worth it.
    if (!isNew || this.onlyShorter) {
      return yield* this.attempt(scenario, own, this.best.report.events);
    }
    if (yield* this.attempt(scenario, own)) return true;
    const others = this.mayChangeSeed ? this.worth(scenario, otherSeeds) : 0;
    for (let seed = 1; seed <= others; seed++) {
      if (seed !== own && (yield* this.attempt(scenario, seed))) return true;
    }
    return false;
  }

  /** As many as were asked for, but not again and again for one form of the cluster. */
  private worth({ cluster }: Scenario, wanted: number): number {
    const worth = Math.min(wanted, Math.floor(WORTH_EVENTS / this.best.report.events));
    if (worth <= OTHER_SEEDS) return worth;
    const { brokers, controllers, roles } = cluster;
    const topics = cluster.topics.map((one) => [one.partitions, one.replicationFactor]);
    const form = JSON.stringify([brokers, controllers, roles, topics]);
    const left = this.seedsLeft.get(form) ?? SEEDS_OF_A_FORM;
    this.seedsLeft.set(form, left - worth);
    return Math.max(OTHER_SEEDS, Math.min(worth, left));
  }

  /** @param below only with fewer events. */
  private *attempt(
    candidate: Scenario,
    seed: number | string,
    below = Number.POSITIVE_INFINITY,
  ): Generator<void, boolean> {
    const { wanted, fewestEvents: mostEvents } = this;
    const found = failingAsParsed(candidate, seed, { wanted, mostEvents });
    const isKept = found !== null && found.report.events < below;
    this.tries += 1;
    if (isKept) {
      this.goFrom(found);
      this.fewestEvents = Math.min(mostEvents, found.report.events);
    }
    yield;
    return isKept;
  }

  /**
   * A small seed is easier to say; 1 need not be said at all. With another seed the run is another,
   * and more may be taken away.
   */
  private *withSmallSeed(): Generator<void, void> {
    this.mayChangeSeed = false;
    this.onlyShorter = true;
    for (let before: Failing | null = null; before !== this.best; ) {
      before = this.best;
      this.pass = 'seed';
      yield* this.seeds();
      if (!this.isMinimal) yield* this.toMinimum(passes);
    }
  }

  private *seeds(): Generator<void, void> {
    const { best } = this;
    for (let seed = 1; seed <= SEEDS_TRIED && seed !== best.seed; seed++) {
      if (!(yield* this.attempt(best.scenario, seed))) continue;
      if (this.best.report.events > best.report.events * WORTH_A_SEED) {
        this.goFrom(best);
        continue;
      }
      return;
    }
  }

  /** How many of other seeds fail in the same way: whether chance has a part in it. */
  *steadiness(): Generator<void, { failed: number; of: number }> {
    const { best, wanted } = this;
    let failed = 0;
    for (let seed = FIRST_OTHER; seed < FIRST_OTHER + OTHERS; seed++) {
      const mostEvents = best.report.events * 2;
      if (failingAsParsed(best.scenario, seed, { wanted, mostEvents }) !== null) failed += 1;
      yield;
    }
    return { failed, of: OTHERS };
  }
}

/** Of a small run, where another seed costs little. */
const OTHER_SEEDS = 2;
/** So many events of runs are another chance worth. */
const WORTH_EVENTS = 40_000;
/** Of clusters of one form, with as much load as before and with more. */
const SEEDS_OF_A_FORM = 60;
const SEEDS_TRIED = 20;
/** A run may become so many times longer for a smaller one. */
const WORTH_A_SEED = 1.05;
/** After one round of all passes so many times larger than the end of another way. */
const HOPELESS = 2;
/** Seeds that no shrinking has looked at. */
const FIRST_OTHER = 1_001;
const OTHERS = 10;
