import { describe, expect, test } from 'vitest';
import { scenarios } from '../../../../scenarios/index.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';

const story = scenarios.find((one) => one.name === 'bit-that-flips-in-a-fetch-is-fetched-again');

/** The story with another fault, ended early. */
function run(fault: object, expect: object) {
  const input = { ...story, faults: [{ at: '1s', ...fault }], runFor: '8s', expect };
  const { scenario, problems } = parseScenario(input);
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  return runScenario(scenario, { seed: 1 });
}

describe('a bit that flips in the records of a message', () => {
  test.each([
    ['on its way to the broker', ['client:p1', 'all:brokers'], 'Produce'],
    ['on its way to followers', ['leader:orders-0', 'followers:orders-0'], 'Fetch'],
  ])('%s is noticed, and costs a while', (_where, flipInFlight, api) => {
    const struck = { 'events.fault.flippedInFlight.count': 3 };
    const { report } = run({ flipInFlight, api, times: 3 }, struck);

    expect(report.expectations).toMatchObject([{ met: true }]);
    expect(report.counts.acknowledged).toBe(report.counts.sent);
    expect(report.counts.acknowledgedLost + report.counts.duplicated).toBe(0);
    expect(report.verdicts.filter((one) => one.verdict !== 'holds')).toEqual([]);
  });

  test('is no fault of an API that carries no records', () => {
    const spec = { at: '1s', flipInFlight: ['broker-1', 'broker-2'], api: 'Vote' };
    const { problems } = parseScenario({ ...story, faults: [spec], expect: {} });

    expect(JSON.stringify(problems)).toContain('Produce');
  });

  test('is not sent to clients, which would stop there', () => {
    const spec = { at: '1s', flipInFlight: ['all:brokers', 'client:c1'], api: 'Fetch' };
    const { problems } = parseScenario({ ...story, faults: [spec], expect: {} });

    expect(JSON.stringify(problems)).toContain('would stop there for good');
  });
});
