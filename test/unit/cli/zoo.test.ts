import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawnWith } from '../../../sim/search/zoo/drawn-with.ts';
import { zooEntries } from '../../../sim/search/zoo/entries.ts';
import { Hunt } from '../../../sim/search/zoo/hunt.ts';
import { zooStateSchema } from '../../../sim/search/zoo/state.ts';
import { Zoo } from '../../../sim/search/zoo/zoo.ts';
import { jsonOf } from '../search/lying-leader.ts';
import { interruptedTrial, trial } from './in-process.ts';

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

const RULE = 'truncation=to-high-watermark';
/** A few seeds before the first that loses something under the rule. */
const near = ['--from', '9', '--seeds', '3', '--starts', '1', '--quiet'];

describe('the zoo', () => {
  test('finds a historic rule by itself; the same seeds are clean without it', async () => {
    const { code, out } = await trial('zoo', RULE, ...near, '--no-shrink', '--json');

    expect(code).toBe(0);
    const { entries } = JSON.parse(out);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ name: RULE, outcome: 'found', median: { seeds: 2 } });
    expect(entries[0].searches[0].found).toMatchObject({ seed: 10, verdict: 'violated' });
    expect(entries[0].clean).toEqual({ seeds: 2, wrong: [] });
  });

  test('that was interrupted goes on where it was and ends as if it had not been', async () => {
    const args = ['zoo', RULE, ...near, '--no-shrink'];
    const cut = await interruptedTrial(...args, '--out', 'cut');
    expect(cut.code).toBe(130);
    expect(cut.err).toContain('trial zoo --resume cut');
    expect(zooStateSchema.parse(jsonOf('cut/zoo.json')).clean[0]?.tried).toBe(0);

    const again = await trial(...args, '--out', 'cut');
    expect(again).toMatchObject({ code: 64 });
    expect(again.err).toContain('a zoo is there already; go on with it with --resume cut');

    const resumed = await trial('zoo', '--resume', 'cut', '--quiet');
    const whole = await trial(...args, '--out', 'whole');

    expect(resumed.code).toBe(whole.code);
    const [a, b] = ['cut', 'whole'].map((one) => {
      const { searches, clean, plan } = zooStateSchema.parse(jsonOf(`${one}/zoo.json`));
      return { clean, plan, searches: searches.map((search) => ({ ...search, cpuMs: 0 })) };
    });
    expect(a).toEqual(b);
  });

  test('ends with 1 when something is not found, and with 2 when it did not come so far', async () => {
    const args = ['--from', '1', '--seeds', '1', '--starts', '1', '--quiet', '--no-shrink'];
    const missed = await trial('zoo', RULE, ...args);
    const late = await trial('zoo', RULE, ...args, '--for', '1ms', '--out', 'late');

    expect(missed.code).toBe(1);
    expect(missed.out).toMatch(/^truncation=to-high-watermark +0 of 1 +— +>1 /m);
    expect(late.code).toBe(2);
    expect(late.out).toMatch(/^truncation=to-high-watermark +undecided /m);
  });

  test('has every historic option and every preset, and takes their names', async () => {
    const { out } = await trial('list', '--json');

    const { variants, presets } = JSON.parse(out) as {
      variants: { name: string; options: { name: string; default: boolean }[] }[];
      presets: { name: string }[];
    };
    const options = variants.flatMap((one) =>
      one.options.filter((option) => !option.default).map((option) => `${one.name}=${option.name}`),
    );
    const names = [...presets.map((one) => one.name), ...options];
    expect(Object.keys(drawnWith).filter((one) => !names.includes(one))).toEqual([]);
    expect(zooEntries.map((one) => one.name).sort()).toEqual(names.sort());
  });
});

test('when a failure cannot be made small, the next larger one of the entry is taken', () => {
  const plan = { entries: [RULE], starts: [1, 11, 21], seeds: 1, shrink: true };
  const zoo = new Zoo(plan);
  for (const [place, events] of [300, 100, 200].entries()) {
    const job = zoo.nextHunt();
    const seed = job?.seed ?? -1;
    const found = {
      seed,
      check: 'log-match',
      verdict: 'violated' as const,
      events,
      explanation: '',
    };
    zoo.heardHunt(place, { seed, found, wrong: null, cpuMs: 1, simulatedMs: 1 });
  }

  expect(zoo.beginShrink()).toBe(1);
  expect(zoo.nextShrink()).toEqual({ kind: 'shrink', entry: RULE, seed: 11 });
  expect(zoo.nextShrink()).toBeNull();
  expect(zoo.shrinkFailed(RULE, 11)).toBe(21);
  expect(zoo.nextShrink()).toEqual({ kind: 'shrink', entry: RULE, seed: 21 });
  expect(zoo.shrinkFailed(RULE, 21)).toBe(1);
  expect(zoo.nextShrink()).toEqual({ kind: 'shrink', entry: RULE, seed: 1 });
  expect(zoo.shrinkFailed(RULE, 1)).toBeNull();
  expect(zoo.nextShrink()).toBeNull();
});

test('which seed finds it first does not depend on the order of the answers', () => {
  const entry = zooEntries[0]!;
  const told = (seed: number) => ({
    seed,
    found:
      seed < 4
        ? null
        : { seed, check: 'a', verdict: 'violated' as const, events: 1, explanation: '' },
    wrong: null,
    cpuMs: 1,
    simulatedMs: 10,
  });
  const inOrder = new Hunt(entry, 1, 9, null);
  const backwards = new Hunt(entry, 1, 9, null);
  for (const hunt of [inOrder, backwards]) for (let i = 0; i < 6; i++) hunt.take();
  for (const seed of [1, 2, 3, 4, 5, 6]) inOrder.heard(told(seed));
  for (const seed of [6, 5, 4, 3, 2, 1]) backwards.heard(told(seed));

  expect(inOrder.state()).toMatchObject({ tried: 4, found: { seed: 4 }, simulatedMs: 40 });
  expect(backwards.state()).toEqual(inOrder.state());
  expect(backwards.take()).toBeNull();
});

describe('what cannot be hunted is refused with the reason', () => {
  test.each([
    [['truncatoin'], 64, 'there is no entry "truncatoin"; did you mean truncation?'],
    [['--seeds', '0'], 64, 'an integer from 1 on'],
    [['--for', 'ever'], 64, 'such as 60s'],
    [['--resume', 'nowhere'], 65, 'cannot read nowhere/zoo.json'],
    [['acks-1', '--resume', 'nowhere'], 64, 'acks-1: a resumed zoo goes on as it was begun'],
    [['--resume', 'nowhere', '--starts', '2'], 64, '--starts: a resumed zoo'],
    [['--record'], 64, '--record: this is no checkout of the project'],
  ])('%j', async (args, code, words) => {
    const ended = await trial('zoo', ...args);

    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
    expect(ended.out).toBe('');
  });

  test('a state that is not one', async () => {
    writeFileSync('zoo.json', readFileSync('cut/zoo.json', 'utf8').replace('"zoo"', '"campaign"'));

    const { code, err } = await trial('zoo', '--resume', '.');

    expect(code).toBe(65);
    expect(err).toContain('zoo.json:3:');
  });
});
