import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkResult } from '../../../cli/report/history-json.ts';
import { planted } from '../../support/planted-anomalies.ts';
import { fileOf } from '../../support/random-histories.ts';
import { root } from '../../tidy/sources.ts';
import { trial } from './in-process.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string, name = 'history.jsonl'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function plantedFile(what: string): string {
  return file(`${fileOf(planted.find((one) => one.what === what)!.lines).join('\n')}\n`);
}

const POLLED_LATER = 'an acknowledged value that nobody polls, before one that is polled';

test('a history without anomalies ends with 0', async () => {
  const text = readFileSync(join(root, 'docs/history-format.md'), 'utf8');
  const { code, out } = await trial('check', file(/```json\n(.*?)```/s.exec(text)![1]!));

  expect(code).toBe(0);
  expect(out).toContain('4 operations of 2 processes: 3 ok, 0 failed, 1 of unknown end');
  expect(out).toContain('REQUEST_TIMED_OUT × 1');
});

test('a violation ends with 1 and shows the lines that witness it', async () => {
  const { code, out } = await trial('check', plantedFile(POLLED_LATER));

  expect(code).toBe(1);
  const said = out.replace(/\s+/g, ' ');
  expect(said).toContain(
    'VIOLATED lost-write × 1 · a write that took effect is read by who reads beyond it ' +
      'value "a" was acknowledged at offset 0 of x (line 1) and no poll returned it, although one ' +
      'read on to offset 1 (line 3)',
  );
});

test('what is allowed is told and ends with 0', async () => {
  const { code, out } = await trial('check', plantedFile('the same of a process that subscribed'));

  expect(code).toBe(0);
  expect(out).toContain('ALLOWED   poll-skip × 1 by: subscribe');
});

test('a history in which nobody polled ends with 2', async () => {
  const line = '{"process":1,"time":1,"type":"ok","f":"send","value":[["send","x",[0,"a"]]]}\n';
  const { code, out } = await trial('check', '--quiet', file(line));

  expect(code).toBe(2);
  expect(out).toContain('nobody polled');
});

test('an empty file ends with 2', async () => {
  expect((await trial('check', file(''))).code).toBe(2);
});

test('--json tells verdicts with the lines of operations', async () => {
  const { code, out } = await trial('check', '--json', plantedFile(POLLED_LATER));

  expect(code).toBe(1);
  const result = JSON.parse(out);
  expect(checkResult.parse(result)).toEqual(result);
  expect(result).toMatchObject({ schema: 1, verdict: 'violated', sent: 2, polled: 1 });
  const lost = result.anomalies.find((one: { name: string }) => one.name === 'lost-write');
  expect(lost).toMatchObject({ verdict: 'violated', violations: 1, allowed: 0 });
  expect(lost.cases[0].operations).toEqual([
    { process: 'w', f: 'send', type: 'ok', invokedLine: null, endedLine: 1 },
    { process: 'r', f: 'poll', type: 'ok', invokedLine: null, endedLine: 3 },
  ]);
});

test('--json=FILE leaves the report on the terminal', async () => {
  const path = join(folder, 'out.json');
  const { out } = await trial('check', `--json=${path}`, plantedFile(POLLED_LATER));

  expect(out).toContain('VIOLATED');
  expect(JSON.parse(readFileSync(path, 'utf8')).verdict).toBe('violated');
});

test('a result file that cannot be written ends with 74', async () => {
  const path = plantedFile(POLLED_LATER);

  expect((await trial('check', `--json=${folder}/no/such.json`, path)).code).toBe(74);
});

test('a file that is not there, a folder and no file at all are refused', async () => {
  const missing = await trial('check', join(folder, 'none.jsonl'));
  const isFolder = await trial('check', folder);
  const none = await trial('check');

  expect([missing.code, isFolder.code, none.code]).toEqual([65, 65, 64]);
  expect(missing.err).toContain('none.jsonl: no such file or directory');
  expect(isFolder.err).toContain('it is a directory');
});

test.each([
  ['a line cut off', '{"process":1,"time":1,"type":"ok","f":"poll"}\n{"process":1,"ti', ':2:'],
  ['no JSON', 'process=1\n', 'not JSON'],
  ['an unknown field', '{"process":1,"time":1,"type":"ok","f":"poll","valu":[]}\n', 'did you mean'],
  [
    'a key that stands twice',
    '{"process":1,"time":1,"type":"ok","type":"fail","f":"poll","error":"a:b"}\n',
    ':1:35: not JSON: the key "type" is repeated',
  ],
  [
    'a partition that stands twice',
    '{"process":1,"time":1,"type":"ok","f":"poll","value":[["poll",{"a-0":[],"a-0":[]}]]}\n',
    'the key "a-0" is repeated',
  ],
  ['binary', '\u0000\u0001\u0002', ':1:1: '],
])('%s is refused with 65, the line and the field', async (_, text, said) => {
  const { code, err } = await trial('check', file(text));

  expect(code).toBe(65);
  expect(err).toContain(said);
  expect(err).not.toContain('internal');
});
