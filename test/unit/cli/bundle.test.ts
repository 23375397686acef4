import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
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

describe('a search on worker processes', () => {
  /** Ends like `run`, but meanwhile something happens to it. */
  async function runWhile(args: readonly string[], happens: (child: ChildProcess) => void) {
    const child = spawn(process.execPath, [join(folder, 'trial.js'), ...args], { cwd: folder });
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    const over = new Promise<number | null>((resolve) => child.on('close', resolve));
    happens(child);
    return { code: await over, out, err };
  }

  function workersOf(pid: number | undefined): number[] {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  }

  /** Once workers run, so that none is struck while it begins. */
  function onceWorking(child: ChildProcess, act: (workers: readonly number[]) => void): void {
    const look = setInterval(() => {
      const workers = workersOf(child.pid);
      if (workers.length < 2) return;
      clearInterval(look);
      setTimeout(() => act(workers), 1_500);
    }, 50);
  }

  test('is the same on two workers as on one', () => {
    const [one, two] = ['1', '2'].map((workers) => {
      const ended = run('fuzz', '--seeds', '6', '--workers', workers, '--json', '--quiet');
      return { ...JSON.parse(ended.out), wallMs: 0 };
    });

    expect(two).toEqual(one);
    expect(one).toMatchObject({ seeds: 6 });
  });

  test.runIf(process.platform === 'linux')('reports a worker that dies, and goes on', async () => {
    const args = ['fuzz', '--seeds', '24', '--workers', '2', '--out', 'died', '--json'];
    const { code, out, err } = await runWhile(args, (child) =>
      onceWorking(child, ([worker]) => process.kill(worker as number, 'SIGKILL')),
    );

    const { seeds, failures } = JSON.parse(out);
    expect(seeds).toBe(24);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      verdict: 'broken',
      explanation: 'its process ended (SIGKILL)',
    });
    expect(err).toContain(`seed ${failures[0].seed}: broken`);
    expect(code).toBe(70);
  });

  test('tells what it has when Ctrl-C ends it', async () => {
    const args = ['fuzz', '--seeds', '100000', '--workers', '2', '--out', 'cut'];
    const { code, out, err } = await runWhile(args, (child) =>
      setTimeout(() => child.kill('SIGINT'), 4_000),
    );

    expect(out).toMatch(/\d+ seeds? from 1 on, interrupted of 100,000/);
    expect(err).toContain('go on with: trial fuzz --resume cut');
    expect(code).toBe(130);
  });
});
