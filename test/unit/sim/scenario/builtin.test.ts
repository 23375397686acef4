import { describe, expect, test } from 'vitest';
import { scenarios } from '../../../../scenarios/index.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { describeProblem } from '../../../../sim/scenario/problems.ts';

describe('the stories that come along', () => {
  test.each(scenarios.map((one) => [one.name, one] as const))('%s is valid', (_name, input) => {
    const parsed = parseScenario(JSON.parse(JSON.stringify(input)));

    expect(parsed.problems?.map(describeProblem) ?? []).toEqual([]);
  });

  test('every name is used once', () => {
    const names = scenarios.map((one) => one.name);

    expect(new Set(names).size).toBe(names.length);
  });
});
