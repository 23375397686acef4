/** Where a run can be left by a branch: while its load runs, which is when faults may strike. */
import type { TraceStore } from '../model/trace-store.ts';

/** Why no fault can strike after this event, in a sentence; null when one can. */
export function branchProblem(store: TraceStore, after: number): string | null {
  const { identity, count } = store;
  if (after < 1 || after > count) return `There is no event ${after} to branch after.`;
  const originUs = identity?.originUs ?? 0;
  if (originUs === 0 || store.timeUs(after) < originUs) {
    return 'The cluster is still coming up here. Branch at scenario time 0 or later.';
  }
  const endUs = originUs + (identity?.scenario.runFor ?? 0) * 1_000;
  if (store.timeUs(after) > endUs) {
    const lastEvent = store.eventAtTime(endUs);
    return `The run is being healed and judged here. Branch at event ${lastEvent} or before.`;
  }
  return null;
}
