import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { githubLines } from '../../../cli/report/github.ts';
import { trial } from './in-process.ts';

const home = process.cwd();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
  writeFileSync('good.json', JSON.stringify(small));
  const unmet = { ...small, name: 'unmet', expect: { 'counts.acknowledged': 7 } };
  writeFileSync('unmet.json', JSON.stringify(unmet));
  writeFileSync('lost.jsonl', LOST);
  writeFileSync('no-cluster.json', '{"name": "a"}');
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const small = {
  name: 'small',
  cluster: { brokers: 1, topics: [{ name: 'a', replicationFactor: 1 }] },
  workload: [{ producer: 'p1', topic: 'a', recordsPerSecond: 10 }],
  runFor: 500,
};
const LOST = [
  '{"process":"w","time":1,"type":"ok","f":"send","value":[["send","x",[0,"a"]]]}',
  '{"process":"w","time":2,"type":"ok","f":"send","value":[["send","x",[1,"b"]]]}',
  '{"process":"r","time":3,"type":"ok","f":"poll","value":[["poll",{"x":[[1,"b"]]}]]}',
  '',
].join('\n');

const BOTH = ['run', 'good.json', 'unmet.json'];

describe('runs of which one fails', () => {
  test('are a dot and an F, then the story of the one that failed and the sums', async () => {
    const { code, out } = await trial(...BOTH, '--reporter', 'dot');

    expect(code).toBe(1);
    expect(out).toMatch(/^\.F\nunmet {2}seed 1\n/);
    expect(out).not.toContain('small  seed');
    expect(out).toMatch(/2 scenarios: 1 as expected, 1 not · [\d.]+ s\n$/);
  });

  test('are a line for the one that failed and one of sums', async () => {
    const { out } = await trial(...BOTH, '--reporter', 'minimal');

    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^FAIL unmet\.json: counts\.acknowledged .* trial run unmet\.json/),
      expect.stringMatching(/^2 scenarios: 1 as expected, 1 not/),
      '',
    ]);
  });

  test('are test cases in JUnit XML', async () => {
    const { out } = await trial(...BOTH, '--reporter', 'junit');

    expect(out).toMatch(/^<\?xml .*\n<testsuites tests="2" failures="1" errors="0" time="/);
    expect(out).toMatch(/<testcase classname="trial run" name="good.json" time="[\d.]+"\/>/);
    expect(out).toMatch(/<failure type="counts.acknowledged" message="counts.acknowledged came/);
  });

  test('are annotations of GitHub on one line each', async () => {
    const { out } = await trial(...BOTH, '--reporter', 'github');

    const [first = ''] = out.split('\n');
    expect(first).toMatch(/^::error title=trial run%3A counts\.acknowledged · unmet\.json::\S/);
    expect(first).toMatch(/%0Atrial run unmet\.json --seed 1$/);
  });

  test('name a check once where the case is called after it', () => {
    const failed = { kind: 'violated', type: 'lost-write', message: 'gone', replay: '' } as const;

    expect(githubLines([{ name: 'lost-write', wallMs: 0, failed }], 'trial check')).toEqual([
      '::error title=trial check%3A lost-write::gone',
    ]);
  });

  test('are JSON, as with --json', async () => {
    const said = await trial(...BOTH, '--reporter', 'json');
    const same = await trial(...BOTH, '--json');

    const runsOf = (out: string) =>
      JSON.parse(out).runs.map((one: object) => ({ ...one, wallMs: 0 }));
    expect(runsOf(said.out)).toEqual(runsOf(same.out));
  });
});

test.each([
  [['fuzz', 'unmet.json', '--seeds', '3'], /^FFF\nFAIL {5}counts\.acknowledged {2}seed 1/, 1],
  [['check', 'lost.jsonl'], /^[.F]*F[.F]*\n.*lost\.jsonl/, 1],
  [['sweep', 'good.json', '--list', 'acks=1,all', '--seeds', '2'], /^\.\.\.\.\nacks/, 0],
  [['validate', 'good.json', 'no-cluster.json'], /^\.F\nno-cluster\.json is not a valid/, 65],
  [['digest', 'good.json'], /^\.\n[0-9a-f]{32} {2}trace/, 0],
])('%j tells dots as things end', async (args, said, code) => {
  const ended = await trial(...args, '--reporter', 'dot');

  expect(ended.out).toMatch(said);
  expect(ended.code).toBe(code);
});

test.each([
  [['fuzz', 'unmet.json', '--seeds', '3'], /^FAIL seeds 1, 2, 3: came out as .*\n3 runs from 1 on/],
  [['check', 'lost.jsonl'], /^FAIL lost-write: .*\nFAIL lost\.jsonl {2}lost-write × 1/s],
  [['sweep', 'good.json', '--list', 'acks=1,all', '--seeds', '2'], /^4 runs · [\d.]+ s\n$/],
  [['validate', 'good.json', 'no-cluster.json'], /^FAIL no-cluster\.json: .*1 valid, 1 not\n$/s],
  [['digest', 'good.json'], /^[0-9a-f]{32} {2}trace .*the same twice\n$/],
])('%j tells what failed and one line of sums', async (args, said) => {
  expect((await trial(...args, '--reporter', 'minimal')).out).toMatch(said);
});

test.each([
  [['fuzz', 'unmet.json', '--seeds', '3', '-q'], 'tests="3" failures="3"'],
  [['check', 'lost.jsonl'], '<testcase classname="trial check" name="lost-write"'],
  [['sweep', 'good.json', '--list', 'acks=1,all', '--seeds', '2', '-q'], 'name="acks=1"'],
  [['validate', 'good.json', 'no-cluster.json'], '<failure type="invalid"'],
  [['digest', 'good.json'], 'tests="1" failures="0"'],
])('%j tells JUnit XML', async (args, said) => {
  const { out } = await trial(...args, '--reporter', 'junit');

  expect(out).toContain(said);
  expect(out).toMatch(/^<\?xml .*<\/testsuites>\n$/s);
});

test('what would take stdout twice, or is no reporter, is refused', async () => {
  const twice = await trial('run', 'good.json', '--json', '--reporter', 'dot');
  const none = await trial('run', 'good.json', '--reporter', 'loud');

  expect([twice.code, none.code]).toEqual([64, 64]);
  expect(twice.err).toContain('--json and --reporter dot both want stdout');
  expect(none.err).toContain('pretty, dot, json, junit, github, minimal');
});
