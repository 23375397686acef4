import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from '../../../sim/scenario/zod.ts';
import { Campaign, campaignSchema } from '../../../sim/search/campaign.ts';
import { recordSchema } from '../../../sim/search/campaign-tally.ts';
import { failureSchema } from '../../../sim/search/failure.ts';
import { jsonOf, whileLeadersLie } from '../search/lying-leader.ts';
import { interruptedTrial, trial } from './in-process.ts';

const home = process.cwd();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  process.chdir(folder);
  writeFileSync('unmet.json', JSON.stringify({ ...small, expect: { 'counts.acknowledged': 7 } }));
  writeFileSync('broken.json', '{"name": "a"');
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

describe('seeds that come out well', () => {
  test('end with 0 and a line of sums, and leave no file', async () => {
    const { code, out } = await trial('fuzz', '--seeds', '2', '--from', '5', '--quiet');

    expect(code).toBe(0);
    expect(out).toMatch(/^2 seeds from 5 on · 0\.\d\d simulated hours · .* · 0 failed ·\s/);
    expect(existsSync('failures')).toBe(false);
  });

  test('tell their progress on stderr only', async () => {
    const { out, err } = await trial('fuzz', '--seeds', '30', '--intensity', 'light', '--json');

    expect(err).toMatch(/^seeds \d+\/30 · [\d.]+\/s · [\d.]+ M events\/s · \d+ workers? · /m);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, seeds: 30, from: 1, failures: [] });
  });
});

describe('a promise that is broken', () => {
  test('ends with 1, is told once for all its seeds, and leaves a file for each', async () => {
    const { code, out } = await whileLeadersLie(() =>
      trial('fuzz', '--seeds', '12', '--families', 'process', '--out', 'lies', '--quiet'),
    );

    expect(code).toBe(1);
    expect(out).toMatch(
      /^FAIL {5}[a-z-]+ {2}seed \d+ {2}event [\d,]+ of [\d,]+ {2}\(t=[\d.]+ s\)$/m,
    );
    expect(out).toMatch(/^ {9}why {2,}[\d,]+ {2}[A-Za-z]/m);
    expect(out).toMatch(/^ +explain {2}trial explain lies\/\d+\.json$/m);
    expect(out).toMatch(/^ +replay {3}trial replay lies\/\d+\.json --at \d+$/m);
    const { failures, done } = campaignSchema.parse(jsonOf('lies/campaign.json'));
    expect(done).toBe(12);
    for (const { file, seed, check, at } of failures) {
      expect(failureSchema.parse(jsonOf(file))).toMatchObject({ seed, check, at });
    }
  });

  test('comes out the same whoever runs it and in JSON, JUnit and words', async () => {
    const args = ['fuzz', '--seeds', '8', '--families', 'process', '--junit', 'junit.xml'];
    const once = await whileLeadersLie(() => trial(...args, '--json'));
    const again = await whileLeadersLie(() => trial(...args, '--json'));

    const { wallMs: _first, ...first } = JSON.parse(once.out);
    const { wallMs: _second, ...second } = JSON.parse(again.out);
    expect(second).toEqual(first);
    const xml = readFileSync('junit.xml', 'utf8');
    expect(xml).toContain(`tests="8" failures="${first.failures.length}"`);
    expect(xml.match(/<testcase /g)).toHaveLength(8);
  });

  test('is made small, one of each kind, with --shrink', async () => {
    const { code, out } = await trial('fuzz', 'unmet.json', '--seeds', '2', '--shrink', '-q');

    expect(code).toBe(1);
    const [, shrunk = ''] =
      /^ +shrunk {3}\d+ events → \d+ .*?\s(\S+\.min\.json)$/ms.exec(out) ?? [];
    const small = failureSchema.parse(jsonOf(shrunk));
    expect(small).toMatchObject({ verdict: 'unmet', check: 'counts.acknowledged' });
    const whole = jsonOf(shrunk.replace('.min', ''));
    expect(small.events).toBeLessThan(Number(whole['events']));
  });

  test('leaves the file of the same seed under other settings as it was', async () => {
    const other = { ...small, runFor: 900, expect: { 'counts.acknowledged': 7 } };
    writeFileSync('other.json', JSON.stringify(other));
    rmSync('failures', { recursive: true, force: true });

    for (const file of ['unmet.json', 'other.json', 'unmet.json']) {
      expect((await trial('fuzz', file, '--seeds', '1', '--quiet')).code).toBe(1);
    }
    const kept = readdirSync('failures').map((name) => [
      name,
      (jsonOf(join('failures', name))['scenario'] as typeof small).runFor,
    ]);

    rmSync('failures', { recursive: true });
    expect(kept).toEqual([
      ['small-1-2.json', 900],
      ['small-1.json', 500],
    ]);
  });

  test('ends the campaign at --bail', async () => {
    const { code, out } = await trial('fuzz', 'unmet.json', '--seeds', '9', '--bail', '2', '-q');

    expect(code).toBe(1);
    expect(out).toContain('2 runs from 1 on, bailed out');
    expect(out).toContain('counts.acknowledged');
    expect(failureSchema.parse(jsonOf('failures/small-2.json'))).toMatchObject({
      verdict: 'unmet',
      check: 'counts.acknowledged',
      seed: 2,
    });
  });
});

describe('historic rules', () => {
  const scenarioIn = (file: string) =>
    jsonOf(file)['scenario'] as { cluster: { variants?: Record<string, string> } };
  const rule = ['--variant', 'truncation=to-high-watermark'];
  const seed = ['--from', '10', '--seeds', '1', '--quiet'];

  test('break seeds that hold today, and the failure is the same when it is replayed', async () => {
    const now = await trial('fuzz', ...seed);
    const then = await trial('fuzz', ...seed, ...rule, '--out', 'then', '--json');

    expect(now.code).toBe(0);
    expect(then.code).toBe(1);
    expect(JSON.parse(then.out).variants).toEqual({ truncation: 'to-high-watermark' });
    const replayed = await trial('replay', 'then/10.json', '--verify');
    expect(replayed.code).toBe(0);
  });

  test('are those of a release with --kafka; a failure loses those that it does not need', async () => {
    const args = ['fuzz', 'unmet.json', '--kafka', '0.8', '--seeds', '1', '--out', 'old'];
    const { out } = await trial(...args, '--shrink', '-q', '--json');

    const { variants, failures } = JSON.parse(out);
    expect(variants).toMatchObject({ truncation: 'to-high-watermark', 'latest-offset': 'at-once' });
    const { cluster } = scenarioIn(failures[0].file);
    expect(cluster.variants).toEqual(variants);
    expect(scenarioIn(failures[0].shrunk.file).cluster.variants).toBeUndefined();
  });

  test('are given to scenarios, too', async () => {
    const { out } = await trial('fuzz', 'unmet.json', ...rule, '--seeds', '1', '-q', '--json');

    const { failures } = JSON.parse(out);
    const { cluster } = scenarioIn(failures[0].file);
    expect(cluster.variants).toEqual({ truncation: 'to-high-watermark' });
  });
});

describe('a campaign', () => {
  test('is cut into shards that together are the whole', async () => {
    const seedsOf = async (shard: string) => {
      const { out } = await trial(
        ...'fuzz unmet.json --seeds 7 -q --json --shard'.split(' '),
        shard,
      );
      return (JSON.parse(out) as { failures: { seed: number }[] }).failures.map((one) => one.seed);
    };

    expect(await seedsOf('1/3')).toEqual([1, 4, 7]);
    expect(await seedsOf('2/3')).toEqual([2, 5]);
    expect(await seedsOf('3/3')).toEqual([3, 6]);
  });

  test('that was interrupted goes on where it was and ends as if it had not been', async () => {
    const args = ['fuzz', 'unmet.json', '--seeds', '6', '--quiet'];
    const cut = await interruptedTrial(...args, '--out', 'cut');
    expect(cut.code).toBe(130);
    expect(cut.out).toContain('interrupted');
    expect(cut.err).toContain('trial fuzz --resume cut');
    const { done } = campaignSchema.parse(jsonOf('cut/campaign.json'));
    expect(done).toBeLessThan(6);

    const resumed = await trial('fuzz', '--resume', 'cut', '--quiet');
    const whole = await trial(...args, '--out', 'whole');

    expect(resumed.code).toBe(whole.code);
    const ends = ['cut', 'whole'].map((one) =>
      campaignSchema.parse(jsonOf(`${one}/campaign.json`)),
    );
    const [a, b] = ends.map(({ totals, tally, failures, ...rest }) => ({
      ...rest,
      tally: { ...tally, cpuMs: 0 },
      totals: { ...totals, wallMs: 0 },
      seeds: failures.map(({ seed, signature }) => `${seed} ${signature}`),
    }));
    expect(a).toEqual(b);
  });
});

describe('a seed whose process ended', () => {
  /** As if the process of its third run had been killed, and the file lay elsewhere then. */
  function killed(out: string): void {
    const state = campaignSchema.parse(jsonOf(`${out}/campaign.json`));
    const died = (seed: number) => ({
      ...state.failures[0]!,
      ...{ seed, verdict: 'broken' as const, check: '', at: 0, events: 0 },
      ...{ explanation: 'its process ended (SIGKILL)', file: `elsewhere/small-${seed}.json` },
    });
    const failures = state.failures.map((one) =>
      Number(one.seed) < 3 ? one : died(Number(one.seed)),
    );
    const totals = { ...state.totals, runs: 3 };
    writeFileSync(
      `${out}/campaign.json`,
      JSON.stringify({ ...state, totals, failures, died: [2], done: 4, doneBeyond: [] }),
    );
  }

  test('is run again by --resume, and what was said of it is forgotten', async () => {
    await trial('fuzz', 'unmet.json', '--seeds', '4', '--out', 'killed', '--quiet');
    killed('killed');
    const plan = jsonOf('killed/campaign.json')['plan'] as { scenarios: object[] };
    const scenarios = plan.scenarios.map((one) => ({ ...one, expect: {} }));
    writeFileSync(
      'killed/campaign.json',
      JSON.stringify({ ...jsonOf('killed/campaign.json'), plan: { ...plan, scenarios } }),
    );

    const { out, err } = await trial('fuzz', '--resume', 'killed', '--quiet', '--json');

    const { seeds, failures } = JSON.parse(out);
    expect(seeds).toBe(4);
    expect(failures.map((one: { seed: number }) => one.seed)).toEqual([1, 2, 4]);
    expect(err).toBe('');
    expect(existsSync('killed/small-3.json')).toBe(false);
    expect(existsSync('killed/small-4.json')).toBe(true);
    expect(campaignSchema.parse(jsonOf('killed/campaign.json')).died).toEqual([]);
  });

  test('leaves its campaign open, and the digests of its thousand', () => {
    const by = { engine: '1', commit: null };
    const plan = campaignSchema.shape.plan.parse({
      ...{ from: 1, seeds: 2_000, shard: { part: 1, of: 1 }, families: null },
      ...{ intensity: 'swarm', beyondBudget: false, scenarios: null },
    });
    const outcome = (seed: number) => ({
      ...{ seed, digest: `d${seed}`, traceHash: '', events: 1, frames: 1, simulatedMs: 1 },
      ...{ acknowledged: 0, faults: {}, verdicts: [], marks: [], findings: [], cpuMs: 1 },
      ranTwice: false,
    });
    const whole = new Campaign(plan, by);
    const cut = new Campaign(plan, by);
    for (let job = whole.take(); job !== null; job = whole.take())
      whole.add(job, outcome(job.seed));
    for (let job = cut.take(); job !== null; job = cut.take()) {
      if (job.seed === 700) cut.died(job, 'its process ended (SIGKILL)');
      else cut.add(job, outcome(job.seed));
    }
    const state = campaignSchema.parse(JSON.parse(JSON.stringify(cut.state(1))));
    expect(cut).toMatchObject({ isOver: true, isWhole: false, diedCount: 1 });
    expect(state.tally.digests).toEqual({});

    const resumed = new Campaign(plan, by, state);
    const job = resumed.take();
    expect(job?.seed).toBe(700);
    expect(resumed.take()).toBeNull();
    resumed.add(job!, outcome(700));

    expect(resumed.state(1).tally).toEqual(whole.state(1).tally);
    expect(resumed.isWhole).toBe(true);
  });
});

describe('a campaign that is recorded', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
  const records = () =>
    z.array(recordSchema).parse(JSON.parse(readFileSync('records.json', 'utf8')));
  beforeAll(() => {
    mkdirSync('checkout/sim/search/zoo', { recursive: true });
    process.chdir('checkout');
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'First');
  });
  afterAll(() => process.chdir(folder));

  const args = ['fuzz', '--seeds', '6', '--size', 'small', '--intensity', 'light', '--quiet'];

  test('adds itself to a file, with what it was drawn with and what was run twice', async () => {
    const once = await trial(...args, '--again-every', '3', '--record', 'records.json');
    await trial('fuzz', '--seeds', '2', '--from', '9', '-q', '--record', 'records.json');

    expect(once.code).toBe(0);
    expect(once.err).toBe('added to records.json\n');
    const [first, second] = records();
    expect(first).toMatchObject({
      ...{ firstSeed: 1, seeds: 6, runTwice: 2, wrong: [] },
      drawnWith: '--size small --intensity light',
      commit: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(Object.keys(first!.digests)).toEqual(['1']);
    expect(first!.verdicts['acked-durable']).toBeDefined();
    expect(second).toMatchObject({ firstSeed: 9, seeds: 2, runTwice: 0 });
    expect(second!.drawnWith).toBeUndefined();
  });

  test('comes out the same when it was interrupted and gone on with', async () => {
    const cut = await interruptedTrial(...args, '--out', 'cut', '--record', 'records.json');
    const { tally } = campaignSchema.parse(jsonOf('cut/campaign.json'));
    const before = records();
    const { code } = await trial('fuzz', '--resume', 'cut', '-q', '--record', 'records.json');

    expect(cut.err).toContain('not all seeds are done: nothing is added to records.json');
    expect(tally.digests).toEqual({});
    expect(code).toBe(0);
    const [first, ...others] = records();
    expect(others).toHaveLength(before.length);
    expect({ ...others.at(-1), cpuSeconds: 0, runTwice: 0 }).toEqual({
      ...first,
      ...{ cpuSeconds: 0, runTwice: 0 },
    });
  });

  test.each([
    [['--record', 'records.json', '--for', '1s'], 64, '--record: say how many seeds'],
    [['--record', 'r.json', '--shard', '1/2'], 64, '--record: a shard is no campaign'],
    [['../unmet.json', '--record'], 64, '--record: only campaigns of drawn seeds'],
    [['--record', 'sim'], 65, 'cannot read sim'],
    [['--record', 'no-records.json'], 65, 'this is no file of records'],
  ])('%j is refused before anything is run', async (more, code, words) => {
    writeFileSync('no-records.json', '[{"commit": 7}]');

    const ended = await trial('fuzz', ...more);

    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
  });

  test('names a commit: not one with changes, and none that is not there', async () => {
    writeFileSync('sim/changed.ts', '');
    const dirty = await trial('fuzz', '--seeds', '1', '--record', 'r.json');
    process.chdir(folder);
    const nowhere = await trial('fuzz', '--seeds', '1', '--record', 'r.json');

    expect(dirty).toMatchObject({ code: 64, err: expect.stringContaining('commit first') });
    expect(nowhere).toMatchObject({ code: 64, err: expect.stringContaining('no checkout') });
  });
});

describe('what cannot be done is refused with the reason', () => {
  test.each([
    [['--variant', 'truncation=to-hw'], 64, '"to-hw" is no option of truncation'],
    [['--kafka', '0.9'], 64, '--kafka 0.9: no rules are known for this release'],
    [[...'--variant truncation=by-epoch --variant truncation=by-epoch'.split(' ')], 64, 'already'],
    [['--junit', '.'], 74, 'cannot write .: it is a folder'],
    [['--json-file', 'no/where.json'], 74, 'there is no folder no'],
    [['--families', 'netwerk'], 64, 'no family "netwerk"; did you mean network?'],
    [['--shard', '3/2'], 64, 'i from 1 to n'],
    [['--shard', '2/9', '--seeds', '1'], 4, '--shard 2/9 of 1 seeds is none'],
    [['--seeds', '0'], 64, 'an integer from 1 on'],
    [['--for', 'ever'], 64, 'such as 60s'],
    [['--workers', 'many'], 64, 'Expected auto'],
    [['--intensity', 'mild'], 64, 'Allowed choices are light, swarm, brutal'],
    [['unmet.json', '--families', 'disk'], 64, '--families: a scenario that is given is not drawn'],
    [['broken.json'], 65, 'not JSON'],
    [['no-such-story-at-all'], 65, 'there is no scenario'],
    [['--resume', 'nowhere'], 65, 'cannot read nowhere/campaign.json'],
    [['--resume', 'nowhere', '--kafka', '0.8'], 64, '--kafka: a resumed campaign'],
    [['--resume', 'nowhere', '--from', '3'], 64, '--from: a resumed campaign'],
  ])('%j', async (args, code, words) => {
    const ended = await trial('fuzz', ...args);

    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
    expect(ended.out).toBe('');
  });

  test.each(['run', 'validate', 'fuzz', 'sweep', 'digest'])(
    'a failure file by %s',
    async (name) => {
      await trial('fuzz', 'unmet.json', '--seeds', '1', '--quiet');
      const more = name === 'sweep' ? ['--list', 'acks=1'] : [];

      const { code, err, out } = await trial(name, 'failures/small-1.json', ...more);

      expect(err).toContain(
        'failures/small-1.json is a failure file and no scenario: `trial replay',
      );
      expect(err).toContain('`trial shrink failures/small-1.json --emit scenario`');
      expect(err.trim().split('\n')).toHaveLength(1);
      expect({ code, out: name === 'validate' ? '' : out }).toEqual({ code: 65, out: '' });
    },
  );

  test('scenarios of a folder whose failures could not be told apart', async () => {
    mkdirSync('namesakes');
    for (const file of ['a.json', 'b.json']) {
      writeFileSync(join('namesakes', file), readFileSync('unmet.json'));
    }

    const { code, err, out } = await trial('fuzz', 'namesakes', '--seeds', '1', '--quiet');

    expect({ code, out }).toEqual({ code: 65, out: '' });
    expect(err).toContain('b.json: name: "small" is the name of namesakes/a.json, too');
  });

  test('a folder that a campaign is in, without a change to it', async () => {
    await trial('fuzz', 'unmet.json', '--seeds', '1', '--out', 'mine', '--quiet');
    const before = readFileSync('mine/campaign.json', 'utf8');

    const { code, err } = await trial('fuzz', '--seeds', '1', '--out', 'mine');

    expect(code).toBe(64);
    expect(err).toContain(
      '--out mine: a campaign is there already; go on with it with --resume mine',
    );
    expect(readFileSync('mine/campaign.json', 'utf8')).toBe(before);
  });

  test('a folder that cannot be made', async () => {
    const { code, err, out } = await trial('fuzz', '--seeds', '1', '--out', '/proc/x');

    expect(code).toBe(74);
    expect(err).toContain('cannot write /proc/x');
    expect(out).toBe('');
  });

  test('a campaign of another version', async () => {
    await trial('fuzz', 'unmet.json', '--seeds', '1', '--out', 'old', '--quiet');
    writeFileSync(
      'old/campaign.json',
      JSON.stringify({ ...jsonOf('old/campaign.json'), engine: '0' }),
    );

    const { code, err } = await trial('fuzz', '--resume', 'old');

    expect(code).toBe(65);
    expect(err).toContain('was begun by trial 0');
  });
});
