/**
 * The state at any position of a run: keyframes every few thousand events, and a fold from the
 * nearest one. Keyframes share what did not change between them, so a million events take a few
 * megabytes. States that are handed out are read only: callers keep them, nobody changes them.
 */
import { enablePatches, type Patch, produceWithPatches } from 'immer';
import { factsOf, NO_FACTS } from './facts.ts';
import { applyEvent, type Rule, type RunContext, ruleOf } from './reducer.ts';
import { type Follower, RunIndex } from './run-index.ts';
import { type ClusterState, initialState } from './state.ts';
import type { TraceStore } from './trace-store.ts';
import { copyTree, shareTree } from './tree.ts';

enablePatches();

const EVENTS_PER_KEYFRAME = 2_048;
/** States handed out lately: the page asks for the same one from many panels. */
const RECENT = 6;

export class Timeline {
  readonly store: TraceStore;
  private readonly derived: RunIndex;
  /** The state after event place × EVENTS_PER_KEYFRAME. */
  private readonly keyframes: ClusterState[] = [];
  /** The state after `folded` events, ours alone to change. */
  private head: ClusterState | null = null;
  private folded = 0;
  private context: RunContext = { nodeNames: [], facts: NO_FACTS };
  private readonly rules: readonly (Rule | undefined)[];
  private readonly followers: readonly (readonly Follower[])[];
  private recent: { position: number; state: ClusterState }[] = [];

  constructor(store: TraceStore) {
    this.store = store;
    this.derived = new RunIndex(store);
    this.followers = store.kinds.map((kind) =>
      this.derived.followers.filter((one) => one.kinds.includes(kind.name)),
    );
    this.rules = store.kinds.map((kind) => ruleOf(kind.name));
    this.extend();
  }

  /** What is derived from the whole run, up to its newest row. */
  get index(): RunIndex {
    this.extend();
    return this.derived;
  }

  /** Folds in the rows that came since; `stateAt` does so by itself, a caller may do it earlier. */
  extend(): void {
    const { store } = this;
    const { count } = store;
    if (this.head === null) {
      if (count === 0 && !store.complete) return;
      this.begin();
    }
    const head = this.head as ClusterState;
    while (this.folded < count) {
      const end = Math.min(count, this.keyframes.length * EVENTS_PER_KEYFRAME);
      this.advance(head, end);
      this.folded = end;
      if (end % EVENTS_PER_KEYFRAME === 0) {
        this.keyframes.push(shareTree(this.keyframes.at(-1) as ClusterState, head));
      }
    }
  }

  /** The state after event `position`; 0 is the initial one. Out of bounds is moved inside. */
  stateAt(position: number): ClusterState {
    this.extend();
    if (this.head === null) return initialState(this.store.nodeNames, NO_FACTS);
    const wanted = Math.max(0, Math.min(position, this.folded));
    const known = this.recent.find((one) => one.position === wanted);
    if (known !== undefined) return known.state;
    const state = this.compute(wanted);
    this.recent = [{ position: wanted, state }, ...this.recent].slice(0, RECENT);
    return state;
  }

  /** What event `position` changed, by immer patches; empty for events that change no state. */
  diffAt(position: number): Patch[] {
    this.extend();
    if (position < 1 || position > this.folded) return [];
    if (this.rules[this.store.kindId(position)] === undefined) return [];
    const before = this.stateAt(position - 1);
    const event = this.store.at(position);
    const [, patches] = produceWithPatches(before, (draft) => {
      applyEvent(draft, event, this.context);
    });
    return patches;
  }

  /** The scenario's facts that the states rest on. */
  get facts(): RunContext['facts'] {
    return this.context.facts;
  }

  private begin(): void {
    const { store } = this;
    const scenario = store.identity?.scenario;
    const facts = scenario === undefined ? NO_FACTS : factsOf(scenario);
    this.context = { nodeNames: store.nodeNames, facts };
    this.head = initialState(store.nodeNames, facts);
    this.keyframes.push(copyTree(this.head));
  }

  private compute(position: number): ClusterState {
    const place = Math.floor(position / EVENTS_PER_KEYFRAME);
    const from = place * EVENTS_PER_KEYFRAME;
    const state = copyTree(this.keyframes[place] as ClusterState);
    this.fold(state, from, position);
    return state;
  }

  /** As `fold`, and tells whoever follows the run. */
  private advance(head: ClusterState, to: number): void {
    const { store, rules, followers, context } = this;
    for (let number = this.folded + 1; number <= to; number++) {
      const kind = store.kindId(number);
      const rule = rules[kind];
      const told = followers[kind] as readonly Follower[];
      if (rule === undefined && told.length === 0) continue;
      const event = store.at(number);
      rule?.(head, event, context);
      for (const follower of told) follower.follow(event, head);
    }
  }

  /** Applies the events after `from`, up to and with `to`. */
  private fold(state: ClusterState, from: number, to: number): void {
    const { store, rules, context } = this;
    for (let event = from + 1; event <= to; event++) {
      const rule = rules[store.kindId(event)];
      if (rule !== undefined) rule(state, store.at(event), context);
    }
  }
}
