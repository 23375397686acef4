/** The scenario that a branch is: it can be saved, and run from the command line. */
import type { LinkAction } from './link.ts';

/** What was done to a run becomes faults that strike right after their events. */
export function withActions({
  scenario,
  actions,
}: {
  readonly scenario: unknown;
  readonly actions: readonly LinkAction[];
}): unknown {
  if (actions.length === 0) return scenario;
  const base = scenario as { readonly faults?: readonly unknown[] };
  const added = actions.map(({ after, fault }) => ({ afterEvent: after, ...fault }));
  return { ...base, faults: [...(base.faults ?? []), ...added] };
}
