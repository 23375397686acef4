/** A story run in Node, as the `.trial` file that the command line writes of it. */
import { simulate, traceFile } from '../../cli/simulate.ts';
import { processTerminal } from '../../cli/terminal.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { RunReport } from '../../sim/run/report.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';

export async function simulateFile(
  name: string,
  seed: number,
): Promise<{ bytes: Uint8Array; report: RunReport }> {
  const { scenario } = parseScenario(scenarios.find((one) => one.name === name));
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const simulated = await simulate(scenario, { seed }, processTerminal());
  return { bytes: traceFile(simulated), report: simulated.report };
}
