/** A scenario as a person would write it: without what the defaults say anyway. */
import { parseScenario } from '../../scenario/parse.ts';
import type { Scenario, ScenarioInput } from '../../scenario/schema.ts';

/** The same scenario in the fewest fields: every one that is left out changes it. */
export function concise(scenario: Scenario): ScenarioInput {
  const whole = sorted(scenario);
  const copy = JSON.parse(JSON.stringify(scenario)) as Record<string, unknown>;
  const isSame = (): boolean => {
    const parsed = parseScenario(copy);
    return parsed.scenario !== undefined && sorted(parsed.scenario) === whole;
  };
  prune(copy, isSame);
  return copy as unknown as ScenarioInput;
}

function prune(object: Record<string, unknown>, isSame: () => boolean): void {
  for (const key of Object.keys(object)) {
    const value = object[key];
    delete object[key];
    if (isSame()) continue;
    // At the end: every field that stays comes by here, so that they keep their order.
    object[key] = value;
    for (const inner of Array.isArray(value) ? value : [value]) {
      if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
        prune(inner as Record<string, unknown>, isSame);
      }
    }
  }
}

/** JSON with the fields of every object in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
