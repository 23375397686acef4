/** The scenario of a run as a file that the command line takes. */
import type { RunSpec } from '../app/services.ts';
import { wholeScenario } from '../app/whole-scenario.ts';

export function scenarioText(spec: RunSpec): string {
  return `${JSON.stringify(wholeScenario(spec), null, 2)}\n`;
}
