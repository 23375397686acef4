/**
 * Folds one event into the cluster's state: an immer recipe (it changes its argument and returns
 * nothing), so the same code runs fast on a plain object and under `produceWithPatches`, where its
 * patches are what the event changed. Kinds without an entry change nothing.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import type { RunFacts } from './facts.ts';
import { clientRules } from './reduce/clients.ts';
import { controllerRules } from './reduce/controller.ts';
import { faultRules } from './reduce/faults.ts';
import { logRules } from './reduce/logs.ts';
import { processRules } from './reduce/processes.ts';
import type { ClusterState } from './state.ts';

/** What the rules know of the run besides the event. */
export interface RunContext {
  readonly nodeNames: readonly string[];
  readonly facts: RunFacts;
}

export type Rule = (state: ClusterState, event: TraceEvent, context: RunContext) => void;

const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    ...processRules,
    ...logRules,
    ...controllerRules,
    ...clientRules,
    ...faultRules,
  }),
);

export function applyEvent(state: ClusterState, event: TraceEvent, context: RunContext): void {
  rules.get(event.kind)?.(state, event, context);
}

/** The rule of a kind; undefined: its events change nothing, and need not even be unpacked. */
export function ruleOf(kind: string): Rule | undefined {
  return rules.get(kind);
}
