import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gridOf } from '../../../sim/search/sweep.ts';
import { trial } from './in-process.ts';

const home = process.cwd();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
  writeFileSync('lossy.json', JSON.stringify(lossy));
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** The leader confirms to acks=1 what no follower has, and loses power. */
const lossy = {
  name: 'lossy',
  cluster: {
    brokers: 3,
    topics: [{ name: 'a', replicationFactor: 3, config: { 'min.insync.replicas': '2' } }],
  },
  workload: [
    { producer: 'p1', topic: 'a', recordsPerSecond: 50, config: { 'enable.idempotence': 'false' } },
  ],
  faults: [
    { at: 200, cut: ['leader:a-0', 'followers:a-0'] },
    { at: 800, powerCut: 'leader:a-0', restartAfter: 12_000 },
    { at: 800, heal: 'all' },
  ],
  runFor: 12_000,
};
const grid = ['--list', 'acks=1,all', '--list', 'linger.ms=0,5', '--seeds', '2', '--quiet'];

test('a grid has every combination, the last setting fastest', () => {
  const dimensions = [
    { key: 'a', values: ['1', '2'] },
    { key: 'b', values: ['x', 'y'] },
  ];

  expect(gridOf(dimensions).map((one) => one.join(' '))).toEqual([
    'a=1 b=x',
    'a=1 b=y',
    'a=2 b=x',
    'a=2 b=y',
  ]);
});

describe('a sweep', () => {
  test('shows which setting loses records and links the worst seed', async () => {
    const { code, out } = await trial('sweep', 'lossy.json', ...grid, '--export-markdown', 't.md');

    expect(code).toBe(0);
    expect(out).toMatch(/^acks +linger\.ms +lost +refused +duplicates +p50 +p99 +violated/m);
    expect(out).toMatch(/^1 +0 +\d+ in 2 of 2 /m);
    expect(out).toMatch(/^all +0 +0 /m);
    const replay = /^trial run lossy\.json --seed \d --set acks=1 --set linger\.ms=0$/m.exec(out);
    const again = await trial(...replay![0].split(' ').slice(1), '--json');
    expect(JSON.parse(again.out).counts.acknowledgedLost).toBeGreaterThan(0);
    const markdown = readFileSync('t.md', 'utf8');
    expect(markdown.match(/^\| (1|all) \| (0|5) \| /gm)).toHaveLength(4);
  });

  test('gives its numbers as data', async () => {
    const { out } = await trial('sweep', 'lossy.json', ...grid, '--json');

    const { schema, seeds, cells } = JSON.parse(out);
    expect({ schema, seeds, cells: cells.length }).toEqual({ schema: 1, seeds: 2, cells: 4 });
    for (const { settings, runs, acknowledgedLost, refusedMs, latencyMs } of cells) {
      expect(runs).toBe(2);
      expect(acknowledgedLost > 0).toBe(settings[0] === 'acks=1');
      expect(refusedMs.most).toBeGreaterThanOrEqual(refusedMs.median);
      expect(latencyMs.p99).toBeGreaterThanOrEqual(latencyMs.p50);
    }
  });

  test('compares historic rules, and releases, as it does settings', async () => {
    const lists = ['--list', 'oversize-batch=never,one-whole', '--list', 'kafka=0.8,4.1'];
    const sizes = ['--set', 'replica.fetch.max.bytes=50', '--set', 'broker.fetch.max.bytes=1024'];
    const args = [...lists, ...sizes, '--seeds', '1', '-q', '--json'];
    const { out } = await trial('sweep', 'lossy.json', ...args);

    const { cells } = JSON.parse(out);
    expect(cells.map((one: { settings: string[] }) => one.settings.join(' '))).toEqual([
      'oversize-batch=never kafka=0.8',
      'oversize-batch=never kafka=4.1',
      'oversize-batch=one-whole kafka=0.8',
      'oversize-batch=one-whole kafka=4.1',
    ]);
    expect(cells[0].replay).toBe(
      `trial run lossy.json --seed 1 ${sizes.join(' ')} --variant oversize-batch=never --kafka 0.8`,
    );
    const again = await trial(...cells[0].replay.split(' ').slice(1), '--json');
    expect(JSON.parse(again.out).counts.acknowledged).toBe(cells[0].acknowledged);
    expect(cells[0].acknowledged).not.toBe(cells[3].acknowledged);
  });

  test('says of settings that contradict each other why they have no run', async () => {
    const args = [
      '--list',
      'acks=1,all',
      '--list',
      'enable.idempotence=true',
      '--seeds',
      '1',
      '-q',
    ];
    const { code, out } = await trial('sweep', 'lossy.json', ...args, '--json');

    expect(code).toBe(0);
    const shown = await trial('sweep', 'lossy.json', ...args);
    expect(shown.out).toMatch(/^1 +true +refused \[1\]$/m);
    expect(shown.out).toMatch(/^\[1\] .*acks/m);
    const [impossible, possible] = JSON.parse(out).cells;
    expect(impossible).toMatchObject({ runs: 0, settings: ['acks=1', 'enable.idempotence=true'] });
    expect(impossible.problem).toContain('acks');
    expect(possible).toMatchObject({ runs: 1, problem: null });
  });
});

describe('what cannot be swept is refused with the reason', () => {
  test.each([
    [['lossy.json'], "required option '--list <key=a,b,c>'"],
    [['lossy.json', '--list', 'acks'], 'expected key=value,value'],
    [['lossy.json', '--list', 'acks=1,,2'], 'expected key=value,value'],
    [['lossy.json', '--list', 'acks=1,1'], '1 is in it twice'],
    [['lossy.json', '--list', 'ackz=1'], 'did you mean acks'],
    [['lossy.json', '--list', 'acks=7'], '--list acks=7'],
    [['lossy.json', '--list', 'foo=1'], '--list foo: no such key'],
    [
      ['lossy.json', '--list', 'truncation=by-epoch,to-hw'],
      '--list truncation=to-hw: "to-hw" is no',
    ],
    [['lossy.json', '--list', 'kafka=0.8,0.9'], '--list kafka=0.9: no rules are known for this'],
    [['lossy.json', '--list', 'kafka=4.0'], 'there are 0.8, 0.10, '],
    [
      ['lossy.json', '--list', 'acks=0', '--list', 'acks=1'],
      '--list acks=1: --list acks=0 is given, too; name all its values in one --list',
    ],
    [
      ['lossy.json', '--list', 'acks=1,all', '--set', 'producer.acks=0'],
      '--list acks=1,all: --set producer.acks=0 is given, too',
    ],
    [
      ['lossy.json', '--list', 'truncation=by-epoch', '--variant', 'truncation=by-epoch'],
      '--variant truncation=by-epoch is given, too',
    ],
    [['lossy.json', '--list', 'kafka=0.8', '--kafka', '0.11'], '--kafka 0.11 is given, too'],
    [['lossy.json', '--list', 'acks=1', '--variant', 'truncate=by-epoch'], 'no variant "truncate"'],
    [['lossy.json', '--list', 'acks=1', '--set', 'enable.idempotence=true'], 'acks'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await trial('sweep', ...args);

    expect(err).toContain(words);
    expect(code).toBe(64);
    expect(out).toBe('');
  });
});
