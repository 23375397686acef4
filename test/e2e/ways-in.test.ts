import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { serve } from '../../cli/serve/static-server.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { worstVerdict } from '../../viz/engine/mirror.ts';
import { simulateFile } from '../support/trace-file.ts';
import { completed, describeInBrowser } from './visit.ts';

const STORY = 'acks-1-loses-an-acknowledged-record';
const FIRST_LOAD_LIMIT = 120_000;
const POLL = { timeout: 60_000 };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-ways-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const app = 'document.querySelector("trial-app").app';

/** What the page complains of, as it is written on it. */
async function notices(page: Page): Promise<string> {
  return (await page.locator('trial-notices .notice').allInnerTexts()).join('\n');
}

async function choose(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  const file = join(folder, name);
  writeFileSync(file, content);
  await page.locator('trial-app input[type=file]').setInputFiles(file);
}

describeInBrowser('the page', (visits) => {
  test('loads little before anybody does anything, and nothing from elsewhere', async () => {
    const page = await visits.open();
    await page.waitForSelector('trial-gallery');
    await page.waitForLoadState('networkidle');

    const urls: string[] = await page.evaluate(() =>
      performance.getEntriesByType('resource').map((one) => one.name),
    );
    const scripts = urls.filter((url) => url.endsWith('.js'));
    let size = 0;
    for (const url of scripts) {
      const body = await (await fetch(url)).arrayBuffer();
      size += gzipSync(new Uint8Array(body), { level: 9 }).length;
    }
    expect(scripts.length).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(FIRST_LOAD_LIMIT);
    expect(scripts.filter((url) => url.includes('worker'))).toEqual([]);
  });

  test('carries the run on screen as attributes, and its position as it moves', async () => {
    const { report } = await simulateFile(STORY, 1);
    const page = await visits.open(`?scenario=${STORY}&seed=1&at=20000`);

    const { verdict, digest, traceHash } = await completed(page);
    await page.keyboard.press('ArrowRight');

    const { digest: d, traceHash: t } = report;
    expect({ verdict, digest, traceHash }).toEqual({
      verdict: worstVerdict(report),
      digest: d,
      traceHash: t,
    });
    await page.waitForSelector('html[data-position="20001"]', { state: 'attached' });
  });

  test.each([
    ['today', 0],
    ['a rule that Kafka once had', -1],
  ])('keeps story, seed and position in the address, and goes back: %s', async (_, card) => {
    const page = await visits.open();
    await page.locator('trial-gallery ul button').nth(card).click();
    await completed(page);
    await page.evaluate(`${app}.goTo(1234)`);

    await page.waitForURL(/\?scenario=[a-z0-9-]+&seed=1&at=1234$/);
    const again = await visits.open(new URL(page.url()).search);
    await again.waitForSelector('html[data-position="1234"]', { state: 'attached' });
    await page.goBack();
    await page.waitForSelector('html[data-screen=gallery]', { state: 'attached' });
  });

  test('opens a link that carries a whole run, and checks it', async () => {
    const page = await visits.open(`?scenario=${STORY}&seed=3`);
    const first = await completed(page);
    const link: string = await page.evaluate(`${app}.services.link(${app}.slot, 777)`);

    const other = await visits.open(link.slice(visits.url.length));
    const again = await completed(other);

    expect(again['digest']).toBe(first['digest']);
    expect(again['position']).toBe('777');
    expect(await notices(other)).toBe('');
  });

  test.each([
    ['#v1.abc$def', 'letter 8'],
    ['#v1.aaaa', 'damaged'],
    ['#v9.aaaa', 'newer version'],
    ['?scenario=acks-1-loses-an-acknowledged-recrod', `did you mean ${STORY}?`],
    [`?scenario=${STORY}&at=soon`, 'at=soon'],
    [`?scenario=${STORY}&sed=4`, 'sed=4'],
    ['?open=https://example.org/x.trial', 'this server'],
  ])('says what is wrong with the address %s', async (address, words) => {
    const page = await visits.open(address);

    await expect.poll(() => notices(page), POLL).toContain(words);
    expect(await page.getAttribute('html', 'data-screen')).toBe('gallery');
  });

  test('says where a run parts from the one that a link was made from', async () => {
    const page = await visits.open(`?scenario=${STORY}&seed=3`);
    await completed(page);
    // As another engine would have told it: an event in the middle comes a little later.
    await page.evaluate(`{
      const { store } = ${app}.slot;
      store.identity = { ...store.identity, digest: '0'.repeat(32), traceHash: '1'.repeat(32) };
      store.rows.chunks[1].timeUs[7] += 1;
    }`);
    const link = (at: number): Promise<string> =>
      page.evaluate(`${app}.services.link(${app}.slot, ${at})`);
    const [early, late] = [await link(10), await link(16_384 + 8)];

    const one = await visits.open(early.slice(visits.url.length));
    await completed(one);
    await expect
      .poll(() => notices(one), POLL)
      .toMatch(
        /first different event is one of 1\d,\d{3} to \d\d,\d{3}\.\s+Event 10, .* are the same/,
      );
    const two = await visits.open(late.slice(visits.url.length));
    await completed(two);
    await expect.poll(() => notices(two), POLL).toContain('Event numbers have moved');
    expect(await notices(two)).toMatch(/first different event is one of [\d,]+ to 16,392\./);
  });

  test('opens a trace file and repeats its run', async () => {
    const { bytes, report } = await simulateFile(STORY, 4);
    const page = await visits.open();

    await choose(page, 'run.trial', bytes);
    const shown = await completed(page);

    expect(shown['digest']).toBe(report.digest);
    expect(Number(shown['events'])).toBe(report.events);
    await page.waitForTimeout(1_500);
    expect(await notices(page)).toBe('');
  });

  test('opens a scenario file and names what is wrong in it with its line', async () => {
    const page = await visits.open();
    const good = { name: 'mine', cluster: { brokers: 1 }, workload: [], runFor: '1s' };

    await choose(page, 'bad.json', '{\n  "name": "mine",\n  "cluster": { "brokers": 0 }\n}');
    await expect.poll(() => notices(page), POLL).toContain('bad.json:3:16');

    await choose(page, 'good.json', JSON.stringify(good));
    await completed(page);
    expect(parseScenario(good).scenario).toBeDefined();
  });

  test('refuses a damaged trace in words', async () => {
    const { bytes } = await simulateFile(STORY, 4);
    const page = await visits.open();

    await choose(page, 'short.trial', bytes.subarray(0, 5_000));
    await expect.poll(() => notices(page), POLL).toContain('ends too early');
  });

  test('decodes the frame of an event and shows a broker’s memory', async () => {
    const page = await visits.open(`?scenario=${STORY}&seed=1`);
    await completed(page);

    const told = await page.evaluate(`(async () => {
      const { slot, services } = ${app};
      const { store } = slot;
      let event = store.eventAtTime(store.identity.originUs + 1_000_000);
      while (store.kindName(event) !== 'frame.sent' || store.at(event).fields[2] !== 0) event += 1;
      const { frame } = await services.inspect(slot, event, null);
      const { node } = await services.inspect(slot, event, store.nodeOf('broker-2'));
      return { api: frame.api, body: JSON.stringify(frame.body), node: JSON.stringify(node) };
    })()`);

    expect(told).toMatchObject({ api: 'Produce' });
    expect((told as { node: string }).node).toContain('highWatermark');
  });

  test('works under any path of any static host', async () => {
    const texts = new Map<string, string>();
    const served = await serve({ folder: join(inject('pageFolder'), '..'), port: 0, texts });
    const page = await visits.open();
    const errors: string[] = [];
    const elsewhere = await page.context().newPage();
    elsewhere.on('pageerror', (error) => errors.push(error.message));

    await elsewhere.goto(`${served.url}page/index.html?scenario=${STORY}`);
    const { digest } = await completed(elsewhere);
    await served.close();

    expect(digest).toMatch(/^[0-9a-f]{32}$/);
    expect(errors).toEqual([]);
  });

  test('lists the files that its server offers', async () => {
    const { bytes, report } = await simulateFile(STORY, 4);
    const file = join(folder, 'one.trial');
    writeFileSync(file, bytes);
    const served = await serve({
      folder: inject('pageFolder'),
      port: 0,
      files: new Map([['files/one.trial', file]]),
      texts: new Map([['files/index.json', '["one.trial"]']]),
    });
    const page = await (await visits.open()).context().newPage();

    await page.goto(`${served.url}?list=files/index.json`);
    await page.locator('trial-gallery a', { hasText: 'one.trial' }).click();
    const { digest } = await completed(page);
    await served.close();

    expect(digest).toBe(report.digest);
  });
});
