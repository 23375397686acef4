import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runResult } from '../../../sim/run/report-schema.ts';
import { readTraceFile } from '../../../sim/trace/file.ts';
import { interruptedTrial, trial, trialIn } from './in-process.ts';

let folder = '';
let small = '';
let failing = '';
const home = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
  small = write('small.json', scenario({ 'acked-durable': 'holds' }));
  failing = write('failing.json', scenario({ 'counts.sent': 0 }));
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function write(name: string, contents: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(contents));
  return `./${name}`;
}

function scenario(expect: Record<string, unknown>) {
  return {
    name: 'small',
    cluster: { brokers: 1, topics: [{ name: 'orders', replicationFactor: 1 }] },
    workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 20 }],
    faults: [{ at: 500, pause: 'broker-1', for: 200 }],
    runFor: 1500,
    expect,
  };
}

describe('run', () => {
  test('tells a story and ends with 0', async () => {
    const { code, out, err } = await trial('run', small);

    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('small  seed 1\n');
    expect(out).toContain('0.500 s  pause: broker-1');
    expect(out).toMatch(/p1 +wrote to orders: 30 sent · 30 acknowledged/);
    expect(out).toContain('HOLDS');
    expect(out).toContain('Everything came out as expected.');
    expect(out).toContain('replay  trial run ./small.json --seed 1\n');
  });

  test('tells what came out so far when it is interrupted, and ends with 130', async () => {
    const long = write('long.json', { ...scenario({ 'counts.sent': 0 }), runFor: 600_000 });

    const { code, out } = await interruptedTrial('run', long);
    const json = await interruptedTrial('run', long, '--json');

    expect(code).toBe(130);
    expect(out).toMatch(/p1 +wrote to orders: \d+ sent · \d+ acknowledged/);
    expect(out).toContain('Stopped early');
    expect(out).not.toContain('NOT MET');
    expect(json.code).toBe(130);
    expect(JSON.parse(json.out)).toMatchObject({ scenario: 'small', expectations: [] });
  });

  test('ends with 1 when an expectation is not met', async () => {
    const { code, out } = await trial('run', failing);

    expect(code).toBe(1);
    expect(out).toContain('NOT MET  counts.sent 30, expected 0');
  });

  test('is the same twice, and another one with another seed', async () => {
    const digestOf = async (seed: string) =>
      JSON.parse((await trial('run', small, '--json', '--seed', seed)).out).digest;

    const first = await digestOf('5');
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(await digestOf('5')).toBe(first);
    expect(await digestOf('6')).not.toBe(first);
  });

  test('stops early, at a time or an event', async () => {
    const time = await trial('run', failing, '--until', '700ms');
    const event = await trial('run', failing, '--until', '400', '--json');

    expect(time.code).toBe(0);
    expect(time.out).toContain('Stopped early, at 0.700 s');
    expect(time.out).toContain('--seed 1 --until 700ms\n');
    // A step is not cut in two: it may tell a few events more.
    expect(JSON.parse(event.out).events).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(event.out).events).toBeLessThan(410);
  });

  test('with --set runs another setting and says so in the replay line', async () => {
    const { code, out } = await trial('run', small, '--set', 'acks=1', '--set', 'broker.rack=a b');

    expect(code).toBe(0);
    expect(out).toContain(
      "replay  trial run ./small.json --seed 1 --set acks=1 --set 'broker.rack=a b'\n",
    );
  });

  test('of several scenarios ends with a summary and the worst code', async () => {
    const { code, out, err } = await trial('run', small, failing, '--quiet');

    expect(code).toBe(1);
    expect(out).toMatch(/^ok {3}small .*\nFAIL small .*\n2 scenarios: 1 as expected, 1 not · /);
    expect(err).toBe('./small.json …\n./failing.json …\n');
  });
});

describe('--json', () => {
  test('prints one document and nothing else', async () => {
    const { out } = await trial('run', small, '--json');

    const result = JSON.parse(out);
    expect(out.startsWith('{\n  "schema": 1,')).toBe(true);
    expect(Object.keys(result)).toEqual([
      'schema',
      'scenario',
      'seed',
      'digest',
      'traceHash',
      'simulatedMs',
      'wallMs',
      'events',
      'frames',
      'counts',
      'variants',
      'verdicts',
      'expectations',
      'groups',
      'cap',
      'met',
    ]);
    expect(runResult.parse(result)).toEqual(result);
    expect(result).toMatchObject({ scenario: 'small', seed: 1, met: true, wallMs: 500 });
    expect(result.verdicts[0]).toMatchObject({ name: 'acked-durable', verdict: 'holds' });
  });

  test('=FILE goes into the file, and the story stays', async () => {
    const { out } = await trial('run', small, '--json=out.json');

    expect(out).toContain('Everything came out');
    expect(JSON.parse(readFileSync('out.json', 'utf8')).scenario).toBe('small');
  });

  test('of several scenarios has them under runs', async () => {
    const { out } = await trial('run', '--json', small, failing);

    expect(JSON.parse(out)).toMatchObject({ schema: 1, runs: [{ met: true }, { met: false }] });
  });

  test('into a file that cannot be written ends with 74', async () => {
    const { code, err } = await trial('run', small, '--json=nowhere/out.json');

    expect(code).toBe(74);
    expect(err).toBe('error: cannot write nowhere/out.json: no such file or directory\n');
  });
});

describe('--trace', () => {
  test('keeps every event in a file that names the run', async () => {
    const { out } = await trial('run', small, '--json', '--trace', 'traces/small.trial');

    const result = JSON.parse(out);
    const file = readTraceFile(readFileSync('traces/small.trial'));
    expect(file).toMatchObject({ seed: '1', digest: result.digest, traceHash: result.traceHash });
    expect(file.rows.count).toBe(result.events);
  });

  test('retain-on-failure keeps the traces of failures only', async () => {
    await trial('run', small, '--trace', 'retain-on-failure');
    expect(existsSync('failures')).toBe(false);

    await trial('run', failing, '--trace', 'retain-on-failure');
    expect(existsSync('failures/small-1.trial')).toBe(true);
  });
});

describe('colours', () => {
  const escapeCode = String.fromCharCode(27);

  test('are off where there is no terminal, on with FORCE_COLOR, off with NO_COLOR', async () => {
    const colored = async (env: Record<string, string>, ...args: string[]) =>
      (await trialIn(env, 'list', 'checks', ...args)).out.includes(escapeCode);

    expect(await colored({})).toBe(false);
    expect(await colored({ FORCE_COLOR: '1' })).toBe(true);
    expect(await colored({ FORCE_COLOR: '0' })).toBe(false);
    expect(await colored({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await colored({ FORCE_COLOR: '1' }, '--no-color')).toBe(false);
  });
});

describe('digest', () => {
  test('runs twice and finds no difference', async () => {
    const { code, out } = await trial('digest', small, '--seed', '3');

    expect(code).toBe(0);
    expect(out).toMatch(/^[0-9a-f]{32} {2}trace [0-9a-f]{32} {2}[\d,]+ events, the same twice\n$/);
  });

  test('as JSON says whether they are the same', async () => {
    const { out } = await trial('digest', small, '--json');

    expect(JSON.parse(out)).toMatchObject({ schema: 1, same: true, differsAt: null });
  });
});
