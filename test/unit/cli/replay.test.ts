import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRun } from '../../../cli/input/load-run.ts';
import { runModel } from '../../../cli/look/run-model.ts';
import { createCluster } from '../../../library/index.ts';
import { encodeLink } from '../../../viz/model/link.ts';
import { jsonOf, whileLeadersLie } from '../search/lying-leader.ts';
import { trial, typedTrial } from './in-process.ts';

const home = process.cwd();
let folder = '';
let failure = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
  writeFileSync('small.json', JSON.stringify(small));
  const args = ['fuzz', '--families', 'process', '--bail', '1', '--quiet', '--json'];
  const { out } = await whileLeadersLie(() => trial(...args));
  failure = JSON.parse(out).failures[0].file;
  await trial('run', 'small.json', '--trace', 'small.trial', '--quiet');
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const small = {
  name: 'small',
  cluster: { brokers: 2, topics: [{ name: 'a', replicationFactor: 2 }] },
  workload: [{ producer: 'p1', topic: 'a', recordsPerSecond: 10 }],
  runFor: 500,
};

test('a trace that was kept before its run was over is verified as far as it goes', async () => {
  await trial('run', 'small.json', '--until', '300ms', '--trace', 'part.trial', '--quiet');
  const k = createCluster({ brokers: 1, topics: { a: {} } });
  k.producer().send('a', { value: 'x' });
  writeFileSync('library.trial', k.tick('150ms').trace.bytes());

  for (const file of ['part.trial', 'library.trial']) {
    const { out, err, code } = await trial('replay', file, '--verify');

    expect(out + err).toMatch(/^the same run: digest/);
    expect(code).toBe(0);
  }
});

describe('a failure', () => {
  test('happens again, and ends with 1; with --verify it is the same run, and 0', async () => {
    const { check } = jsonOf(failure);
    const again = await whileLeadersLie(() => trial('replay', failure));
    const verified = await whileLeadersLie(() => trial('replay', failure, '--verify'));

    expect(again.code).toBe(1);
    expect(again.err).toBe('');
    expect(again.out).toContain(`FAIL     ${check}`);
    expect(verified.out).toMatch(/^the same run: digest [0-9a-f]{32} {2}trace [0-9a-f]{32}\n$/);
    expect(verified.code).toBe(0);
  });

  test('that does not happen here any more is told to be another run, 3 with --verify', async () => {
    const warned = await trial('replay', failure);
    const verified = await trial('replay', failure, '--verify');

    expect(warned.err).toContain(`warning: this is not the run that ${failure} tells of`);
    expect(verified.out).toMatch(
      /tells of: it was changed since it was written, or another build .*event numbers may have/,
    );
    expect(verified.code).toBe(3);
  });

  test.each([['replay'], ['replay', '--verify'], ['explain'], ['shrink'], ['diff', 'small.json']])(
    'of another version is 65 for %s, and told how to run it all the same',
    async (name, ...then) => {
      writeFileSync('old.json', JSON.stringify({ ...jsonOf(failure), engine: '0.0.9' }));

      const { code, err, out } = await whileLeadersLie(() => trial(name, 'old.json', ...then));

      expect(err).toMatch(
        /^error: old\.json: engine: "0\.0\.9" — found by another .*--any-version/,
      );
      expect({ code, out }).toEqual({ code: 65, out: '' });
    },
  );

  test('of another version is run with a warning, if one asks for it', async () => {
    const old = { ...jsonOf(failure), engine: '0.0.9', digest: '', traceHash: '' };
    writeFileSync('old.json', JSON.stringify(old));
    const replayed = await whileLeadersLie(() => trial('replay', 'old.json', '--any-version'));
    const explained = await whileLeadersLie(() => trial('explain', 'old.json', '--any-version'));

    const warning =
      /^warning: old\.json was made by trial 0\.0\.9, this is [\d.]+: the run may .*\n$/;
    expect(replayed.err).toMatch(warning);
    expect(replayed.code).toBe(1);
    expect(explained.err).toMatch(warning);
    expect(explained.code).toBe(0);
  });

  test.each(['replay', 'explain', 'shrink'])(
    'of another version that this one does not have is 65 for %s',
    async (name) => {
      writeFileSync('old.json', JSON.stringify({ ...jsonOf(failure), engine: '0.0.9' }));

      const { code, err, out } = await trial(name, 'old.json', '--any-version');

      expect(err).toMatch(
        /^error: old\.json: it does not fail .* trial [\d.]+ \(found by 0\.0\.9\)/m,
      );
      expect({ code, out }).toEqual({ code: 65, out: '' });
    },
  );

  test('of another version that is another run here fails --verify with 65', async () => {
    const old = { ...jsonOf(failure), engine: '0.0.9', digest: '0'.repeat(32) };
    writeFileSync('old.json', JSON.stringify(old));

    const args = ['replay', 'old.json', '--verify', '--any-version'];
    const { code, err } = await whileLeadersLie(() => trial(...args));

    expect(err).toContain('it was made by trial 0.0.9, this is');
    expect(code).toBe(65);
  });

  test('explains itself at its event', async () => {
    const { at } = jsonOf(failure);
    const { code, out } = await whileLeadersLie(() => trial('replay', failure, '--at', String(at)));

    expect(code).toBe(0);
    expect(out).toMatch(/^why\n {2}1\. +[A-Zbcp].*\n/m);
  });

  test.each([
    [{ schema: 2 }, 'schema: a failure of format 2; this version of trial reads format 1'],
    [{ seed: -1 }, 'seed: '],
    [{ kind: 'campaign' }, 'kind: '],
    [{ scenario: { name: 'a' } }, 'cluster'],
    [{ scenario: undefined }, 'scenario: missing (record)'],
    [{ extra: 1 }, 'extra: 1 — unknown field'],
    [{ verdict: 'lost' }, 'verdict: "lost" — not a known value (allowed: broken, '],
    [{ check: 'acked-durabel' }, 'has no such check; did you mean acked-durable?'],
  ])('with %j is refused with its place', async (changed, words) => {
    writeFileSync('bad.json', JSON.stringify({ ...jsonOf(failure), ...changed }, null, 2));

    const { code, err } = await trial('replay', 'bad.json');

    expect(code).toBe(65);
    expect(err).toMatch(/bad\.json:\d+:\d+: /);
    expect(err).toContain(words);
  });
});

describe('what is shown at an event', () => {
  const at = ['replay', 'small.trial', '--at', '400'];

  test('are the last events of a node', async () => {
    const { out } = await trial(...at, '--print', 'events', '--node', 'broker-2');

    expect(out).toMatch(/^small {2}seed 1 {2}event 400 of [\d,]+ {2}t=-?[\d.]+ s$/m);
    expect(out).toMatch(/^\d+ +t=-?[\d.]+ s +.*broker-2/m);
    expect(out).not.toMatch(/^\d+ +t=-?[\d.]+ s +broker-1 /m);
  });

  test('is the memory of a node as it was', async () => {
    const { out } = await trial(...at, '--print', 'state', '--node', 'broker-1', '--json');

    const { state } = JSON.parse(out);
    expect(state).toMatchObject({ node: 'broker-1', process: { state: 'running', boots: 1 } });
    expect(JSON.stringify(state.memory)).toContain('"highWatermark":');
  });

  test('is the state of a node in a few lines; -v adds its memory', async () => {
    const state = ['replay', 'small.json', '--print', 'state', '--node', 'broker-1'];
    const short = await trial(...state, '--at', '400');
    const whole = await trial(...state, '--at', '400', '-v');

    expect(short.out).toMatch(/^broker-1 {2}up · unfenced$/m);
    expect(short.out).toMatch(/^ {2}[A-Z_]+ · broker epoch \d+ · metadata up to \d+$/m);
    expect(short.out).toMatch(
      /^ {2}a-0 +(leads|follows broker-2) in epoch 0 · in sync [12], [12] · log 0 to \d · high/m,
    );
    expect(short.out).toMatch(/^ {2}__cluster_metadata-0 .* · no ISR · log 0 to/m);
    const [, waits = ''] = /^requests in flight\n((?: {2}.*\n)+)/m.exec(short.out) ?? [];
    expect(waits).toMatch(/^ {2}Fetch +to controller-101:9093 · correlation id \d+$/m);
    expect(waits).not.toContain('to broker-1');
    expect(short.out.split('\n').length).toBeLessThan(20);
    expect(whole.out).toContain(short.out.split('all of its')[0]);
    expect(whole.out).toContain('highWatermark');
    const client = await trial(...state.slice(0, -1), 'p1');
    expect(client.out).toMatch(/^p1 {2}up · 5 ok · .*\nrequests in flight/m);
  });

  test('is the same in state, memory and logs: what was there when the step had ended', async () => {
    const { scenario, trace } = await loadRun('small.trial');
    const { store } = runModel({ scenario, rows: trace!.rows, report: trace!.report! });
    const appended = store.listOf('log.appended');
    const within = Array.from({ length: appended.count }, (_, place) => appended.at(place)).find(
      (event) => String(store.at(event).fields[0]) === 'a-0' && store.stepStart(event) < event,
    )!;
    const { node, fields } = store.at(within);
    const broker = store.nodeName(node);
    // The input that brought the batch: nothing of it is told yet.
    const before = String(store.stepStart(within));
    const look = (...args: string[]) => trial('replay', 'small.trial', '--at', before, ...args);

    const cluster = JSON.parse((await look('--print', 'state', '--json')).out).state;
    const log = await look('--print', 'log', '--node', broker);
    const said = await look('--print', 'state');

    const end = Number(fields[2]);
    const id = broker.split('-')[1]!;
    expect(cluster.partitions['a-0'].replicas[id].logEndOffset).toBe(end);
    expect(log.out).toMatch(new RegExp(`^${broker} a-0: .* to ${end}$`, 'm'));
    expect(said.out).toMatch(/^at the end of the step, event [\d,]+$/m);
  });

  test('is the state of the whole cluster', async () => {
    const { out } = await trial('replay', 'small.json', '--print', 'state');

    expect(out).toMatch(
      /^ {2}a-0 .* broker-[12] leads in epoch 0 · in sync [12], [12] .*up to 5$/m,
    );
  });

  test('are the batches that lie on the disks', async () => {
    const { out } = await trial('replay', 'small.json', '--print', 'log');

    expect(out).toContain('broker-1 a-0: 5 batches, offsets 0 to 5');
    expect(out).toContain('broker-2 a-0: 5 batches, offsets 0 to 5');
    expect(out).toMatch(
      /^ {2}4–4 +epoch 0 +1 records +\d+ bytes +producer \d+ epoch 0 sequence 4$/m,
    );
  });
});

test('steps go through the events of a node, back, to a number, and show its logs', async () => {
  const lines = ['', '', 'b', '400', 's', 'l', 'w', 'what', '999999999', 'q', 'never'];
  const { code, out } = await typedTrial(lines, 'replay', 'small.json', '--step', '--at', '300');

  expect(code).toBe(0);
  const numbers = [...out.matchAll(/^(\d+) {2}t=/gm)].map((one) => Number(one[1]));
  expect(numbers).toEqual([300, 301, 302, 301, 400]);
  expect(out).toMatch(/^nodes\n {2}/m);
  expect(out).toContain('there is no such event');
});

test('a link of the page is a run, too', async () => {
  const link = await encodeLink({
    engine: '0.1.0',
    scenario: small,
    seed: 3,
    actions: [{ after: 450, fault: { kill: 'broker-2' } }],
    at: 460,
    view: '',
    digest: '',
    traceHash: '',
    events: 0,
    marks: '',
  });

  const { code, out } = await trial('replay', `http://localhost:4173/${link}`);

  expect(code).toBe(0);
  expect(out).toContain('small  seed 3');
  expect(out).toContain(' s  kill: broker-2');
});

describe('what cannot be done is refused with the reason', () => {
  test.each([
    [['small.json', '--at', '999999'], 64, '--at 999999: the run has'],
    [['small.json', '--at', 'soon'], 64, 'the number of an event'],
    [['small.json', '--print', 'state', '--node', 'broker-9'], 64, 'allowed: controller-101'],
    [['small.json', '--node', 'broker-1'], 64, '--node broker-1: of what? Add --at, --print or'],
    [['small.json', '--print', 'all'], 64, 'Allowed choices are events, state, log, why'],
    [['small.json', '--verify'], 65, 'nothing is said of the hashes'],
    [['missing.json'], 65, 'cannot read missing.json'],
    [['missing.trial'], 65, 'cannot read missing.trial'],
    [['#v1.AAAA'], 65, 'the link'],
    [['no-such-story-at-all'], 65, 'there is no scenario'],
  ])('%j', async (args, code, words) => {
    const ended = await trial('replay', ...args);

    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
    expect(ended.out).toBe('');
  });
});
