/**
 * Runs that once came out wrong, as the search found them. Each file says in its story what was
 * wrong; none may go wrong in any way again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { isRandomMiss, whatIsWrong } from '../../sim/swarm/judge.ts';

const folder = new URL('./', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

test.each(files.map((name) => name.replace('.json', '')))('%s', (name) => {
  const text = readFileSync(new URL(`${name}.json`, folder), 'utf8');
  const { seed, scenario: input } = JSON.parse(text) as { seed: number; scenario: unknown };
  const { scenario, problems } = parseScenario(input);
  expect(problems).toBeUndefined();

  const result = runScenario(scenario!, { seed });
  const { report } = result;

  expect(whatIsWrong(scenario!, result)).toEqual([]);
  expect(report.problems.filter((one) => !isRandomMiss(one))).toEqual([]);
});
