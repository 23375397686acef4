import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFailure } from '../../../library/failure-files.ts';
import type { ScenarioInput } from '../../../library/index.ts';
import { trialProperty } from '../../../library/property.ts';

const home = process.cwd();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-kept-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const scenario = (runFor: number): ScenarioInput => ({
  name: 'small',
  cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
  runFor,
});
const fileOf = (lines: readonly string[]) => /trial run (\S+) /.exec(lines.join('\n'))?.[1] ?? '';
const runForOf = (file: string) => JSON.parse(readFileSync(file, 'utf8')).runFor;

test('failures of one name and one seed lie beside each other', () => {
  const about = { name: 'works', seed: 7, trace: null };
  const one = keepFailure({ ...about, scenario: scenario(100) });
  const other = keepFailure({ ...about, scenario: scenario(200) });

  expect([runForOf(fileOf(one)), runForOf(fileOf(other))]).toEqual([100, 200]);
});

test('so do two moments of one run', () => {
  const about = { name: 'works', seed: 7, scenario: scenario(100) };
  keepFailure({ ...about, trace: Uint8Array.of(1) });
  keepFailure({ ...about, trace: Uint8Array.of(2) });

  const traces = readdirSync('failures').filter((one) => one.endsWith('.trial'));
  expect(traces.map((one) => readFileSync(join('failures', one))[0]).sort()).toEqual([1, 2]);
});

test('the same failure again takes its own place', () => {
  const failure = { name: 'works', seed: 7, scenario: scenario(100), trace: Uint8Array.of(1) };

  expect(keepFailure(failure)).toEqual(keepFailure(failure));
  expect(readdirSync('failures')).toHaveLength(2);
});

test('counter-examples of two properties with one name are both kept', () => {
  const found = [100, 200].map((runFor) => {
    try {
      trialProperty('it works', () => false, {
        ...{ scenarios: fc.constant(scenario(runFor)), numRuns: 1 },
      });
    } catch (error) {
      return fileOf([(error as Error).message]);
    }
    return '';
  });

  expect(found.map(runForOf)).toEqual([100, 200]);
});
