/** The scenario that a run was made of, with what was done to a branch as faults of its own. */
import type { Scenario, ScenarioInput } from '../../sim/scenario/schema.ts';
import type { RunSpec } from './services.ts';

export function wholeScenario({ scenario, actions = [] }: RunSpec): ScenarioInput | Scenario {
  if (actions.length === 0) return scenario;
  const faults = (scenario.faults ?? []) as readonly object[];
  const added = actions.map(({ after, fault }) => ({ afterEvent: after, ...fault }));
  return { ...scenario, faults: [...faults, ...added] } as ScenarioInput;
}
