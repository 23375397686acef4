import { beforeAll, describe, expect, test } from 'vitest';
import { loadCodecsForRuns } from '../../codecs/for-runs.ts';
import { scenarios } from '../../scenarios/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { whatWentWrong } from '../scenarios/what-went-wrong.ts';

/** Beyond the few that `npm test` tries. */
const FIRST_SEED = 1000;
const SEEDS = 5;

beforeAll(loadCodecsForRuns);

describe.each(scenarios.map((one) => [one.name, one] as const))('%s', (_name, input) => {
  test(`comes out as it says with any seed (${SEEDS} of them)`, () => {
    const { scenario } = parseScenario(input);
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
      const { report } = runScenario(scenario!, { seed });
      expect({ seed, wrong: whatWentWrong(report) }).toEqual({ seed, wrong: [] });
    }
  });
});
