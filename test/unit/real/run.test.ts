import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NotStarted, runForReal } from '../../../real/run.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';

let temporary = '';
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'trial-test-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true });
});

const { scenario } = parseScenario({
  name: 'small',
  cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 20 }],
  runFor: '1s',
});

const options = { seed: 1, stopped: () => false, progress: () => undefined, keepFailed: false };

test('a run whose nodes cannot be started says which, and what they said', async () => {
  const says = 'console.error("no place to listen"); process.exit(74)';
  const command = { program: process.execPath, args: ['-e', says] };

  const run = runForReal(scenario!, { ...options, command });

  await expect(run).rejects.toThrow(NotStarted);
  await expect(run).rejects.toThrow(/^(broker-1|controller-101) could not be started: no place to/);
  expect(readdirSync(temporary)).toEqual([]);
});

test('a program that is not there is told', async () => {
  const command = { program: join(temporary, 'nothing'), args: [] };

  await expect(runForReal(scenario!, { ...options, command })).rejects.toThrow('ENOENT');

  expect(readdirSync(temporary)).toEqual([]);
});

test('a run that is stopped before it begins is judged as not begun, and leaves nothing', async () => {
  const command = { program: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] };
  let looks = 0;

  const { report, interrupted } = await runForReal(scenario!, {
    ...options,
    command,
    stopped: () => ++looks > 20,
  });

  expect(interrupted).toBe(true);
  expect(report.verdicts.every((one) => one.verdict === 'unknown')).toBe(true);
  expect(readdirSync(temporary)).toEqual([]);
});
