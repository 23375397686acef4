import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Inside the project, because the bundle finds rolldown in its node_modules. */
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(root, 'node_modules', '.trial-bundle-'));
  await build({ root, logLevel: 'error', build: { outDir: folder } });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const ended = spawnSync(process.execPath, [join(folder, 'trial.js'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

describe('the bundled command', () => {
  test('begins as a script for Node and needs no other file than its own', () => {
    expect(readFileSync(join(folder, 'trial.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(run('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('runs a scenario written in TypeScript', () => {
    const file = join(folder, 'story.ts');
    writeFileSync(
      file,
      `const runFor: number = 500;
      export default {
        name: 'story', runFor, cluster: { brokers: 1, topics: [{ name: 'a', replicationFactor: 1 }] },
        workload: [{ producer: 'p1', topic: 'a', recordsPerSecond: 10 }],
        expect: { 'counts.acknowledged': 5 },
      };`,
    );

    const { code, out, err } = run('run', file);

    expect(err).toBe('');
    expect(out).toContain('met  counts.acknowledged 5');
    expect(code).toBe(0);
  });

  test('keeps stdout for results when a scenario file prints something', () => {
    const file = join(folder, 'talks.ts');
    writeFileSync(
      file,
      `console.log('hello');
      export default {
        name: 'talks', runFor: 100, workload: [], expect: {},
        cluster: { brokers: 1, topics: [{ name: 'a', replicationFactor: 1 }] },
      };`,
    );

    const { code, out, err } = run('run', file, '--json');

    expect(err).toBe('hello\n');
    expect(JSON.parse(out)).toMatchObject({ scenario: 'talks' });
    expect(code).toBe(0);
  });

  test('does not wait for a promise where data should be', () => {
    const file = join(folder, 'promise.ts');
    writeFileSync(file, 'export default new Promise(() => {});');

    const { code, err } = run('validate', file);

    expect(code).toBe(65);
    expect(err).toContain('an object of class Promise');
  });

  test('hands its exit code to the shell and complains on stderr only', () => {
    const { code, out, err } = run('run', 'no-such-story-at-all');

    expect(code).toBe(65);
    expect(out).toBe('');
    expect(err).toContain('no scenario');
  });

  test('says in one line what a scenario file still does after it was loaded', () => {
    const file = join(folder, 'later.ts');
    writeFileSync(file, `setTimeout(() => { throw new Error('later') }); export default {};`);

    const { code, err } = run('validate', file);

    expect(code).toBe(65);
    expect(err).toMatch(/^error: a scenario file fails after it was loaded: later$/m);
    expect(err).not.toMatch(/\n +at /);
  });

  test('ends in peace when nobody reads on', () => {
    const command = `"${process.execPath}" "${join(folder, 'trial.js')}" list --json | head -1`;

    const ended = spawnSync('sh', ['-c', command], { encoding: 'utf8' });

    expect(ended.stdout).toBe('{\n');
    expect(ended.stderr).toBe('');
  });
});
