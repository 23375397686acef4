/**
 * Any small cluster under any few faults keeps its promises: no check is violated, no node breaks,
 * everything comes to rest after healing, and the same seed gives the same run.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraries } from '../../library/arbitraries.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import { whatIsBroken } from '../../sim/swarm/judge.ts';

const TIME_LIMIT_MS = 15_000;

function run(input: ScenarioInput, seed: number) {
  const { scenario, problems } = parseScenario(input);
  expect(problems).toBeUndefined();
  return runScenario(scenario!, { seed });
}

test('a cluster keeps its promises under kills, power cuts, pauses and broken networks', () => {
  const anyCluster = arbitraries.scenario({
    maxFaults: 6,
    runForMs: [2_000, 20_000],
    disks: false,
  });
  fc.assert(
    fc.property(anyCluster, fc.nat(), (input, seed) => {
      expect(whatIsBroken(run(input, seed))).toEqual([]);
    }),
    { numRuns: 150, interruptAfterTimeLimit: TIME_LIMIT_MS },
  );
});

test('any run is the same when it is run again', () => {
  const anyCluster = arbitraries.scenario({ maxFaults: 4, runForMs: [2_000, 6_000], disks: true });
  fc.assert(
    fc.property(anyCluster, fc.nat(), (input, seed) => {
      const { digest, traceHash } = run(input, seed).report;

      expect(run(input, seed).report).toMatchObject({ digest, traceHash });
    }),
    { numRuns: 20, interruptAfterTimeLimit: TIME_LIMIT_MS },
  );
});
