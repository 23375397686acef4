/** For scenario files in TypeScript: types and completion, nothing else. */
import type { ScenarioInput } from './schema.ts';

/** Returns its argument; the file's default export stays plain data. */
export function scenario(input: ScenarioInput): ScenarioInput {
  return input;
}
