import { expect, test } from 'vitest';
import { scenarios } from '../../scenarios/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';

const NAMES = [
  'acks-1-loses-an-acknowledged-record',
  'torn-tail-is-cut-at-recovery',
  'five-in-flight-idempotent-keeps-order',
];

function run(name: string, seed: number, store: 'none' | 'rows' = 'none') {
  const input = scenarios.find((one) => one.name === name);
  const { report } = runScenario(parseScenario(input).scenario!, { seed, store });
  return report;
}

test.each(NAMES)(
  '%s: the same seed gives the same run, whether its rows are kept or not',
  (name) => {
    expect(run(name, 7, 'rows')).toEqual(run(name, 7));
  },
);

test('another seed gives another run', () => {
  const name = 'five-in-flight-idempotent-keeps-order';

  expect(run(name, 8).digest).not.toBe(run(name, 7).digest);
});
