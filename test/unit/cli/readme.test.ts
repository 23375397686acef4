import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodeTable } from '../../../cli/exit-codes.ts';
import { root } from '../../tidy/sources.ts';
import { trial } from './in-process.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const example = /```json\n(.*?)```/s.exec(readme)![1]!;
const home = process.cwd();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

test('the README’s exit codes are the real ones', () => {
  expect(readme).toContain(exitCodeTable());
});

test('the README’s scenario runs and comes out as it says', async () => {
  writeFileSync('lost.json', example);

  const { code, out } = await trial('run', 'lost.json');

  expect(out).toContain('Everything came out as expected.');
  expect(code).toBe(0);
});

test('the README’s mistakes are answered as it shows', async () => {
  const broken = example
    .replace('"min.insync.replicas": "2"', '"min.isr": "2"')
    .replace('follower:orders-0', 'follower:order-0');
  writeFileSync('lost.json', broken);

  const { code, err } = await trial('validate', 'lost.json');

  expect(code).toBe(65);
  expect(readme).toContain(err);
});

/** How long it took decides where lines break. */
function timeless(story: string): string {
  const told = story.replaceAll(/\s+/g, ' ').trim();
  return told.replace(/ in [\d.]+ m?s \([\d,]+ times real time\)/, '');
}

test('the README’s run is what it prints', async () => {
  const [, shown = '', name = ''] = /\n(\$ npx trial run ([\w-]+)\n.*?)\n```/s.exec(readme)!;

  const { out } = await trial('run', name);

  expect(timeless(shown)).toBe(timeless(`$ npx trial run ${name}\n${out}`));
});
