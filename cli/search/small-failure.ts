/** The file of a shrunk failure: as any other failure, its scenario without what defaults say. */
import { dirname } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type RunResult, runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { failureOf } from '../../sim/search/failure.ts';
import type { Shrunk } from '../../sim/search/shrink/shrink.ts';
import { writeResult } from '../write-json.ts';
import { makeFolder } from './campaign-files.ts';

export function shrunkRun({ scenario: input, seed }: Shrunk): RunResult & { scenario: Scenario } {
  const { scenario, problems } = parseScenario(input);
  if (scenario === undefined) {
    throw new Error(`a shrunk scenario is invalid: ${problems.map(describeProblem).join('; ')}`);
  }
  return { ...runScenario(scenario, { seed }), scenario };
}

export function writeSmallFailure(shrunk: Shrunk, file: string): void {
  const { seed, finding } = shrunk;
  const { scenario, report } = shrunkRun(shrunk);
  const engine = packageJson.version;
  const failure = failureOf({ engine, scenario, seed, report, findings: [finding] });
  const text = { ...failure, scenario: shrunk.scenario };
  writeInFolder(file, `${JSON.stringify(text, null, 2)}\n`);
}

export function writeInFolder(file: string, text: string): void {
  makeFolder(dirname(file));
  writeResult(file, text);
}

/** `failures/7.json` → `failures/7.min.json`; what is no file gets one here. */
export function smallFile(given: string): string {
  const file = /^(.*)\.(?:json|trial|ts|mts|js|mjs)$/.exec(given);
  const base = file?.[1] ?? (/^[\w-]+$/.test(given) ? given : 'link');
  return `${base}.min.json`;
}
