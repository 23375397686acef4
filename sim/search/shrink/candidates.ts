/** What a pass of a shrinker works on: the smallest failing run so far, and a way to offer another. */
import type { Scenario } from '../../scenario/schema.ts';
import type { Failing } from './trial.ts';

export interface Candidates {
  readonly best: Failing;
  /** Of `best`. */
  readonly scenario: Scenario;
  /**
   * It becomes the best when it fails as wanted; yields after every run.
   * @param otherSeeds so many are tried besides that of the best: where replicas are placed, and
   * what comes first, is chance, and a smaller cluster needs another chance.
   */
  keep(candidate: Scenario, otherSeeds?: number): Generator<void, boolean>;
  /** It is the best itself, said in other words: with a default instead of nothing. */
  isBest(candidate: Scenario): boolean;
}
