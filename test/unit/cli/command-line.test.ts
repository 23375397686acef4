import { describe, expect, test } from 'vitest';
import { trial } from './in-process.ts';

describe('help', () => {
  test('names the commands that work and the exit codes', async () => {
    const { code, out } = await trial('--help');

    expect(code).toBe(0);
    for (const word of [
      'list',
      'run',
      'fuzz',
      'zoo',
      'replay',
      'view',
      'serve',
      'topics',
      'produce',
      'consume',
      'groups',
      'configs',
      'validate',
      'digest',
      'Exit codes:',
    ]) {
      expect(out).toContain(word);
    }
    for (const number of [0, 1, 2, 3, 4, 64, 65, 70, 74, 130]) {
      expect(out).toMatch(new RegExp(`^ +${number}  \\S`, 'm'));
    }
  });

  test('of a command has its options and the exit codes', async () => {
    for (const asked of [await trial('run', '--help'), await trial('help', 'run')]) {
      expect(asked.code).toBe(0);
      expect(asked.out).toContain('--json=FILE');
      expect(asked.out).toContain('Exit codes:');
    }
  });

  test.each([
    ['shrink', '--for', '60s'],
    ['fuzz', '--workers', 'auto'],
    ['sweep', '--workers', 'auto'],
    ['zoo', '--workers', 'auto'],
  ])('of %s says the default of %s once, in words that people type', async (...asked) => {
    const [command, option, words] = asked;
    const { out } = await trial(command, '--help');

    const [told = ''] = out.match(new RegExp(`^ +${option} [^]*?(?=^ +-)`, 'm')) ?? [];
    expect(told.replace(/\s+/g, ' ')).toMatch(new RegExp(`[^)] \\(default: ${words}\\) $`));
  });

  test('version is that of the package', async () => {
    const { code, out } = await trial('--version');

    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a mistake on the command line ends with 64 and says what is near', () => {
  test.each([
    [[], 'which command?'],
    [['rum'], 'Did you mean run?'],
    [['run'], "missing required argument 'scenario'"],
    [['run', 'a', '--sed', '1'], '--seed'],
    [['run', 'a', '--shrink'], "unknown option '--shrink'"],
    [['run', 'a', '--seed', '-1'], 'A seed is an integer'],
    [['run', 'a', '--seed', '1.5'], 'A seed is an integer'],
    [['run', 'a', '--until', 'soon'], 'such as 30s'],
    [['run', 'a', '--set', 'acks'], 'expected key=value'],
    [['run', 'a', 'b', '--trace', 'x.trial'], 'takes one scenario'],
    [['list', 'mark'], 'mark: there is no such list; did you mean marks? (allowed: scenarios'],
    [['run', 'a', '--kafka', '4.0'], 'release; there are 0.8, 0.10, 0.11, 2.0, 2.4, 3.4, 4.1'],
    [['run', 'a', '--variant', 'truncation'], 'expected name=option'],
    [['run', 'a', '--variant', 'trunction=by-epoch'], 'did you mean truncation?'],
    [['run', 'a', '--variant', 'truncation=to-high-watermak'], 'mean to-high-watermark?'],
    [['run', 'a', '--kafka', '0.9'], 'no rules are known for this release'],
    [['digest', 'a', 'b'], 'too many arguments'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await trial(...args);

    expect(code).toBe(64);
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n +at /);
    expect(out).toBe('');
  });
});

describe('list', () => {
  test('shows the built-in stories', async () => {
    const { code, out } = await trial('list');

    expect(code).toBe(0);
    expect(out).toContain('acks-1-loses-an-acknowledged-record  [D2]');
  });

  test.each(['scenarios', 'faults', 'checks', 'marks', 'configs'])('%s as JSON', async (what) => {
    const { code, out } = await trial('list', what, '--json');

    expect(code).toBe(0);
    expect(out).toMatch(/^\{\n {2}"schema": 1,/);
    expect(Object.keys(JSON.parse(out))).toEqual(['schema', what]);
    expect(JSON.parse(out)[what].length).toBeGreaterThan(5);
  });

  test('without a word has everything in its JSON', async () => {
    const { out } = await trial('list', '--json');

    expect(Object.keys(JSON.parse(out))).toEqual([
      'schema',
      'scenarios',
      'faults',
      'checks',
      'marks',
      'variants',
      'presets',
      'configs',
    ]);
  });

  test('configs show the level, the default and what is not there yet', async () => {
    const { out } = await trial('list', 'configs');

    expect(out).toMatch(/^topic\.min\.insync\.replicas = 1\n {2}In-sync replicas/m);
    expect(out).toMatch(/^producer\.transactional\.id\n {2}Name/m);
    expect(out).toContain('(Fixed: needs transactions, not there yet.)');
    expect(out).toMatch(/^broker\.node\.id = -1\n.*\(Fixed: the laboratory sets it\.\)/m);
  });
});
