import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { describe, expect, test } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { goldenRuns, identify } from './digests.ts';

const [someName, someSeed] = goldenRuns[0]!;
const identities = goldenRuns.map(([name, seed]) => identify(name, seed));

test('a seed gives the same run twice in one process', () => {
  const again = goldenRuns.map(([name, seed]) => identify(name, seed));

  expect(again).toEqual(identities);
});

test('a seed gives the same run in another process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trial-digests-'));
  const script = fileURLToPath(new URL('./print-digests.ts', import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: script,
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: 'run.mjs' } },
    },
    ssr: { noExternal: true },
  });

  const ended = spawnSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8' });

  rmSync(folder, { recursive: true });
  const lines = ended.stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(identities);
});

test('another seed gives another run', () => {
  const [first, second] = identities as [(typeof identities)[0], (typeof identities)[0]];

  expect(second.scenario).toBe(first.scenario);
  expect(second.digest).not.toBe(first.digest);
  expect(second.traceHash).not.toBe(first.traceHash);
});

test('keeping the rows of the trace changes nothing', () => {
  expect(identify(someName, someSeed, 'rows')).toEqual(identities[0]);
});

describe('golden digests', () => {
  test('twelve runs are what they were when their digests were checked in', () => {
    const lines = identities.map((one) => `  ${JSON.stringify(one)}`);

    expectGolden(new URL('./golden-digests.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
  });
});
