import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScenario } from '../../../library/index.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { root } from '../../tidy/sources.ts';
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
const MOVED = 'follower-position-every-fetch-seed-83';
const LOST = 'sequence-wrap-by-sequences';
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

function failureFile(name: string): Record<string, unknown> & { scenario: Scenario } {
  return JSON.parse(readFileSync(join(root, `test/shrunk/${name}.json`), 'utf8'));
}

describe('explain takes what fails now', () => {
  test('a failure file whose events have moved is explained at the event of this run', async () => {
    const failure = failureFile(MOVED);
    const findings = [{ ...(failure['findings'] as object[])[0], at: 7 }];
    writeFileSync('moved.json', JSON.stringify({ ...failure, at: 7, findings, digest: '' }));

    const { code, out } = await trial('explain', 'moved.json', '--json');

    const { at, check, sentences } = JSON.parse(out);
    expect([code, check]).toEqual([0, failure['check']]);
    expect(at).toBeGreaterThan(100);
    expect(sentences.map(({ text }: { text: string }) => text).join()).toContain(
      'by the rule of before KAFKA-13141',
    );
  });

  test('a failure that does not fail any more is not explained', async () => {
    const failure = failureFile(LOST);
    const cluster = { ...failure.scenario.cluster, variants: {} };
    const scenario = { ...failure.scenario, cluster };
    writeFileSync('fixed.json', JSON.stringify({ ...failure, scenario, digest: '' }));

    const { code, out, err } = await trial('explain', 'fixed.json');

    expect([code, out]).toEqual([65, '']);
    expect(err).toContain('fixed.json: it does not fail in this way with trial');
    expect(err).toContain('acked-durable is violated');
  });

  test('a violation that the story expects is explained', async () => {
    const { code, out } = await trial('explain', 'truncation-to-high-watermark-loses');

    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}acked-durable is violated at \d+: /m);
    expect(out.replace(/\s+/g, ' ')).toMatch(
      /broker-1, by the rule of before KIP-101, cut orders-0 from 1000 back to its own high watermark 999/,
    );
  });

  test('a number that a check counts is explained by what the check found', async () => {
    const lossy = {
      name: 'lossy',
      cluster: { brokers: 3, topics: [{ name: 'a', replicationFactor: 3 }] },
      workload: [
        {
          producer: 'p1',
          topic: 'a',
          recordsPerSecond: 10,
          config: { acks: '1', 'enable.idempotence': 'false' },
        },
      ],
      faults: [{ at: 2_000, cut: ['leader:a-0', 'all:controllers'], for: 12_000 }],
      runFor: 16_000,
      expect: { 'counts.acknowledgedLost': 0 },
    };
    writeFileSync('lossy.json', JSON.stringify(lossy));

    const { code, out } = await trial('explain', 'lossy.json');

    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}counts.acknowledgedLost came out as \d+, not 0: acked-durable is/m);
    expect(out.replace(/\s+/g, ' ')).toMatch(/as a leader whom nobody follows any more/);
    expect(out).toMatch(/^Faults behind it\n {2}[\d,]+ .* is cut/m);
    expect(out).not.toContain('no event stands behind it');
  });

  test('a run that does not fail is said to have nothing to explain', async () => {
    const { code, err } = await trial('explain', 'small.json');

    expect(code).toBe(65);
    expect(err).toContain('small.json: this run does not fail; there is nothing to explain');
  });

  test('what stands behind @ and is no seed is named, instead of a file that nobody gave', async () => {
    const { code, err } = await trial('diff', 'small.json@x', 'small.json');

    expect(code).toBe(65);
    expect(err).toContain('small.json@x: what stands behind @ is a seed');
  });

  test('the trace of a test that failed is run to where the test stopped', async () => {
    const cluster = openScenario({ ...small, runFor: 60_000 });
    await cluster.tick('2s');
    writeFileSync('stopped.trial', cluster.trace.bytes());

    const { code, err } = await trial('explain', 'stopped.trial');
    const at = await trial('explain', 'stopped.trial', '--at', String(cluster.events));
    const behind = await trial('explain', 'stopped.trial', '--at', String(cluster.events + 1));

    expect(code).toBe(65);
    expect(err).not.toContain('warning');
    expect(err.replace(/[\s,]+/g, ' ')).toContain(
      `up to event ${cluster.events} where this run was stopped no check found anything wrong`,
    );
    expect([at.code, at.err]).toEqual([0, '']);
    expect(behind.code).toBe(64);
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
    expect(outcome.out).toMatch(/^clients\.p1\.latencyMs\.max +[\d.]+ m?s +→ +[\d.]+ m?s$/m);
    expect(outcome.out).not.toMatch(/\d\.\d{4}/);
  });

  test('compares two seeds of one scenario', async () => {
    const { out } = await trial('diff', 'small.json@1', 'small.json@2', '--json');

    const { same, left, right, commonEvents, first } = JSON.parse(out);
    expect({ same, seeds: [left.seed, right.seed] }).toEqual({ same: false, seeds: [1, 2] });
    expect(first.left.event).toBe(commonEvents + 1);
  });
});
