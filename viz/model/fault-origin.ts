/**
 * Which entry of a scenario's `faults` did something: the laboratory announces every strike by an
 * action that names its fault, and whatever the fault does later (its end, a start again) is caused
 * by an action of that one.
 */
import type { TraceStore } from './trace-store.ts';

const STRIKE = /^fault (\S+): /;

/** The place in the scenario's `faults`, from 0; null for what no fault of it did. */
export function faultIndexOf(store: TraceStore, event: number): number | null {
  const faults = store.identity?.scenario.faults ?? [];
  for (let at = event; at > 0; at = store.parentA(at)) {
    if (store.kindName(at) !== 'lab.action') continue;
    const name = STRIKE.exec(String(store.at(at).fields[0]))?.[1];
    if (name === undefined) continue;
    const index = faults.findIndex((one, place) => (one.name ?? String(place)) === name);
    return index < 0 ? null : index;
  }
  return null;
}

/** The same of a strike itself, not of what came of it later: its end, a start again. */
export function strikeIndexOf(store: TraceStore, event: number): number | null {
  const action = store.parentA(event);
  if (action === 0 || store.kindName(action) !== 'lab.action') return null;
  return STRIKE.test(String(store.at(action).fields[0])) ? faultIndexOf(store, event) : null;
}
