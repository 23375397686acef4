import { describe, expect, test } from 'vitest';
import { scenarios } from '../../scenarios/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { whatWentWrong } from './what-went-wrong.ts';

const SEEDS = [1, 2];

describe.each(scenarios.map((one) => [one.name, one] as const))('%s', (_name, input) => {
  test.each(SEEDS)('comes out as it says (seed %i)', (seed) => {
    const { scenario } = parseScenario(input);
    const { report } = runScenario(scenario!, { seed });

    expect(whatWentWrong(report)).toEqual([]);
    expect(report.met).toBe(true);
  });
});
