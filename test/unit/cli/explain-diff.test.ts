import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trial } from './in-process.ts';

const home = process.cwd();
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
  writeFileSync('small.json', JSON.stringify(small));
  writeFileSync('killed.json', JSON.stringify({ ...small, faults: [killed] }));
  await trial('run', STORY, '--trace', LOSS, '--quiet');
  await trial('run', 'killed.json', '--trace', 'killed.trial', '--quiet');
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const small = {
  name: 'small',
  cluster: { brokers: 2, topics: [{ name: 'a', replicationFactor: 2 }] },
  workload: [{ producer: 'p1', topic: 'a', recordsPerSecond: 10 }],
  runFor: 1_000,
};
const killed = { at: 500, kill: 'leader:a-0', restartAfter: 300 };
const STORY = 'acks-1-loses-an-acknowledged-record';
const LOSS = 'loss.trial';

describe('explain', () => {
  test('tells a loss from the acknowledgement to the election, and names the faults', async () => {
    const { code, out } = await trial('explain', LOSS);

    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}acked-durable is allowed by acks=1: record p1-400/m);
    const steps = [...out.matchAll(/^ {2}(\d)\. /gm)].map((one) => Number(one[1]));
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(steps).toEqual(steps.map((_, place) => place + 1));
    expect(out).toMatch(/^Faults behind it\n(?: {2}[\d,]+ .*\n)*? {2}[\d,]+ .*loses power/m);
  });

  test('says the same as data, in as many sentences as asked for', async () => {
    const { out } = await trial('explain', LOSS, '--json', '--max-steps', '2');

    const { schema, check, verdict, sentences, faults } = JSON.parse(out);
    expect({ schema, check, verdict }).toEqual({
      schema: 1,
      check: 'acked-durable',
      verdict: 'allowed',
    });
    expect(sentences).toHaveLength(2);
    expect(sentences[0].events.length).toBeGreaterThan(0);
    expect(faults.length).toBeGreaterThan(0);
  });

  test('takes a trace as it is, and tells why any event happened', async () => {
    const { code, out, err } = await trial('explain', 'killed.trial', '--at', '500');

    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/^small {2}seed 1 {2}event 500 of /m);
    expect(out).toMatch(/^ {2}1\. /m);
  });

  test('refuses an event that the run has not', async () => {
    const { code, err } = await trial('explain', 'small.json', '--at', '99999');

    expect(code).toBe(64);
    expect(err).toContain('--at 99999: the run has');
  });
});

describe('diff', () => {
  test('finds the same run the same', async () => {
    const { code, out } = await trial('diff', 'killed.json', 'killed.trial');

    expect(code).toBe(0);
    expect(out).toContain('the same run, to the last bit');
  });

  test('names the first event that differs, in both runs', async () => {
    const { code, out } = await trial('diff', 'small.json', 'killed.json');

    expect(code).toBe(0);
    expect(out).toMatch(/^the same up to event \d+, then:$/m);
    expect(out).toMatch(/^a +\d+ +t=.*\nb +\d+ +t=0\.500 s .*kill/m);
  });

  test('compares the clusters in the end, and what came out', async () => {
    const state = await trial('diff', 'small.json', 'killed.json', '--by', 'state');
    const outcome = await trial('diff', 'small.json', 'killed.json', '--by', 'outcome');

    expect(state.out).toMatch(/^nodes\.broker-\d\.boots +1 +→ +2$/m);
    expect(outcome.out).toMatch(/^clients\.p1\.latencyMs\.max /m);
  });

  test('compares two seeds of one scenario', async () => {
    const { out } = await trial('diff', 'small.json@1', 'small.json@2', '--json');

    const { same, left, right, commonEvents, first } = JSON.parse(out);
    expect({ same, seeds: [left.seed, right.seed] }).toEqual({ same: false, seeds: [1, 2] });
    expect(first.left.event).toBe(commonEvents + 1);
  });
});
