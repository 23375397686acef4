import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  test.runIf(existsSync('/dev/full'))('ends with 74 when its results cannot be written', () => {
    const command = `"${process.execPath}" "${join(folder, 'trial.js')}" list --json > /dev/full`;

    const ended = spawnSync('sh', ['-c', command], { encoding: 'utf8' });

    expect(ended.stderr).toBe('error: cannot write the results to stdout: the disk is full\n');
    expect(ended.status).toBe(74);
  });

  test('judges a history that another command writes', () => {
    const lines = [
      { history: 1 },
      { process: 'p1', time: 1, type: 'invoke', f: 'send', value: [['send', 'a-0', 'x']] },
      { process: 'p1', time: 2, type: 'ok', f: 'send', value: [['send', 'a-0', [0, 'x']]] },
      { process: 'c1', time: 3, type: 'invoke', f: 'assign', value: ['a-0'] },
      { process: 'c1', time: 3, type: 'ok', f: 'assign', value: ['a-0'] },
      { process: 'c1', time: 4, type: 'invoke', f: 'poll', value: [['poll']] },
      { process: 'c1', time: 5, type: 'ok', f: 'poll', value: [['poll', { 'a-0': [[0, 'x']] }]] },
    ].map((one) => `${JSON.stringify(one)}\n`);

    const ended = spawnSync(process.execPath, [join(folder, 'trial.js'), 'check', '-', '--json'], {
      input: lines.join(''),
      encoding: 'utf8',
    });

    expect(ended.stderr).toBe('');
    expect(JSON.parse(ended.stdout)).toMatchObject({ schema: 1 });
    expect(ended.status).toBe(0);
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
  function onceWorking(
    child: ChildProcess,
    act: (workers: readonly number[]) => void,
    after = 1_500,
  ): void {
    const look = setInterval(() => {
      const workers = workersOf(child.pid);
      if (workers.length < 2) return;
      clearInterval(look);
      setTimeout(() => act(workers), after);
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
    expect(seeds).toBe(23);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      verdict: 'broken',
      explanation: 'its process ended (SIGKILL)',
    });
    expect(err).toContain(`seed ${failures[0].seed}: broken`);
    expect(err).toContain('1 seed came to no end; once more with: trial fuzz --resume died');
    expect(code).toBe(70);

    const again = run('fuzz', '--resume', join(folder, 'died'), '--json', '--quiet');
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(again.out)).toMatchObject({ seeds: 24, failures: [] });
  });

  test.runIf(process.platform === 'linux')(
    'leaves no worker behind when it is killed',
    async () => {
      const endless = join(folder, 'endless.json');
      const cluster = { brokers: 1, topics: [{ name: 'a', replicationFactor: 1 }] };
      const workload = [{ producer: 'p1', topic: 'a', recordsPerSecond: 1_000 }];
      writeFileSync(endless, JSON.stringify({ name: 'endless', cluster, workload, runFor: '12h' }));
      const args = ['fuzz', endless, '--seeds', '9', '--workers', '2', '--progress', 'none'];
      // The streams are closed only when the last process that has them is gone.
      // At once: while workers begin; later: in their runs.
      for (const after of [0, 300, 1_500]) {
        const { err } = await runWhile(args, (child) =>
          onceWorking(child, () => child.kill('SIGKILL'), after),
        );

        expect(err).toBe('');
      }
    },
  );

  test.runIf(process.platform === 'linux')('ends with what it has when it cannot write', () => {
    const unmet = join(folder, 'unmet.json');
    const story = {
      ...{ name: 'unmet', runFor: 300, expect: { 'counts.acknowledged': 7 } },
      cluster: { brokers: 1, topics: [{ name: 'a', replicationFactor: 1 }] },
      workload: Array.from({ length: 40 }, (_, i) => {
        return { producer: `p${i}`, topic: 'a', sends: [] };
      }),
    };
    writeFileSync(unmet, JSON.stringify(story));
    const fuzz = [join(folder, 'trial.js'), 'fuzz', unmet, '--seeds', '9', '--out', 'full'];
    const command = `ulimit -f 8; exec "${process.execPath}" ${fuzz.join(' ')} --workers 2`;

    const ended = spawnSync('sh', ['-c', command], { encoding: 'utf8', cwd: folder });

    const error = /^error: cannot write full\/unmet-\d\.json: the file would be larger than/m;
    expect(ended.stderr).toMatch(error);
    expect(ended.stderr).not.toMatch(/\n +at /);
    expect(ended.stdout).toContain('0 runs from 1 on, cannot write');
    expect(ended.status).toBe(74);
    expect(readdirSync(join(folder, 'full'))).toEqual([]);
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
