import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TrialError } from '../../library/index.ts';
import { arbitraries, trialProperty } from '../../library/property.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { readTraceFile } from '../../sim/trace/file.ts';

const durable = arbitraries.shape
  .filter(({ replicationFactor }) => replicationFactor > 1)
  .chain((shape) =>
    arbitraries.faults(shape, { runForMs: 8_000 }).map((faults) => ({ shape, faults })),
  )
  .map(({ shape, faults }) => ({
    name: 'durable',
    cluster: {
      brokers: shape.brokers,
      topics: [
        {
          name: 'orders',
          partitions: shape.partitions,
          replicationFactor: shape.replicationFactor,
          config: { 'min.insync.replicas': 2 },
        },
      ],
    },
    workload: [
      { producer: 'p1', topic: 'orders', recordsPerSecond: 40, config: { acks: 'all' } },
      { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
    ],
    faults,
    runFor: 8_000,
  }));

test('what settings promise is kept under any settings, load and faults', () => {
  trialProperty('the promise is kept', undefined, { numRuns: 8 });
});

test('an idempotent producer leaves no record twice and none out of order', () => {
  const claim = 'no record is written twice or out of order';
  trialProperty(
    claim,
    ({ report }) => {
      expect(report.counts).toMatchObject({ duplicated: 0, reordered: 0 });
    },
    { scenarios: durable, numRuns: 8 },
  );
});

test('a claim that is not so ends in a small scenario file that runs the same again', () => {
  const home = process.cwd();
  process.chdir(mkdtempSync(join(tmpdir(), 'trial-property-')));

  let message = '';
  try {
    trialProperty('nothing is lost', ({ report }) => report.counts.acknowledgedLost === 0, {
      numRuns: 200,
      maxShrinks: 60,
    });
  } catch (error) {
    if (!(error instanceof TrialError)) throw error;
    message = error.message;
  }

  const [, file, seed] = /trial run (\S+)\.json --seed (\d+)/.exec(message) ?? [];
  expect(message).toMatch(/^"nothing is lost" is not so: found in run \d+, shrunk \d+ times/);
  expect(message).toMatch(/search {2}\{ seed: \d+, path: "[\d:]+" \}/);
  const { scenario } = parseScenario(JSON.parse(readFileSync(`${file}.json`, 'utf8')));
  const report = runScenario(scenario!, { seed: Number(seed) }).report;
  expect(report.counts.acknowledgedLost).toBeGreaterThan(0);
  expect(scenario!.faults.length).toBeLessThanOrEqual(2);
  expect(existsSync(`${file}.trial`)).toBe(true);
  const trace = readTraceFile(new Uint8Array(readFileSync(`${file}.trial`)));
  expect(trace.digest).toBe(report.digest);
  process.chdir(home);
});
