import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { completed, describeInBrowser } from './visit.ts';

/** The row of a comparison's table of outcomes: what stands left and right. */
async function outcome(page: Page, name: string): Promise<string[]> {
  const row = page.locator('trial-compare tr', { has: page.locator(`th:text-is("${name}")`) });
  return (await row.locator('td').allInnerTexts()).map((text) => text.trim());
}

async function whySentences(page: Page): Promise<string[]> {
  await page.waitForSelector('trial-inspect-why li.step');
  return page.locator('trial-inspect-why li.step > span:first-child').allInnerTexts();
}

/** Tab until the element has the focus, as somebody without a mouse. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    const isThere = await page.evaluate((wanted) => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement;
      return active?.matches(wanted) === true;
    }, selector);
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached with the Tab key`);
}

describeInBrowser('somebody who asks', (visits) => {
  test('why did acks=1 lose my message: from the card to the cause to the cure', async () => {
    const page = await visits.open();
    await tabTo(page, '[data-scenario="acks-1-loses-an-acknowledged-record"]');
    await page.keyboard.press('Enter');
    await completed(page);

    const chip = page.locator('trial-verdicts [data-check="acked-durable"]');
    expect(await chip.textContent()).toMatch(/ALLOWED\s*acked-durable by acks=1 @ev [\d,]+/);
    await tabTo(page, '[data-check="acked-durable"]');
    await page.keyboard.press('Enter');

    const sentences = await whySentences(page);
    expect(sentences.length).toBeLessThanOrEqual(8);
    const told = sentences.join('\n');
    expect(told).toMatch(/acks=1/);
    expect(told).toMatch(/lost power/);
    expect(told).toMatch(/elected/);
    const cited = await page.locator('trial-inspect-why li.step [data-event]').count();
    expect(cited).toBeGreaterThanOrEqual(sentences.length);

    await tabTo(page, '[data-try="acks=all"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('trial-aligned-list');
    expect(await page.locator('trial-compare .first').textContent()).toMatch(
      /First difference at event/,
    );
    const [lost = '', kept = ''] = await outcome(page, 'acknowledged and lost');
    expect(Number(lost.replace(',', ''))).toBeGreaterThan(0);
    expect(kept).toBe('0');
    expect(await outcome(page, 'acked-durable')).toEqual(['allowed by acks=1', 'holds']);
  });

  test('my run fails, show the chain: a trace file, its finding, and the lit cone', async () => {
    const made = await visits.open('?scenario=acks-1-loses-an-acknowledged-record&seed=1');
    const { traceHash } = await completed(made);
    await made.keyboard.press('Shift+KeyY');
    const download = made.waitForEvent('download');
    await made.locator('trial-share li button', { hasText: 'a .trial file' }).click();
    const bytes = [...readFileSync(await (await download).path())];

    const page = await visits.open();
    await page.waitForSelector('trial-gallery');
    const dropped = await page.evaluateHandle((content) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content)], 'failure.trial'));
      return data;
    }, bytes);
    await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
    await page.waitForSelector('html[data-trace-hash]', { state: 'attached' });
    await page.waitForSelector('trial-run trial-lanes');
    expect(await page.getAttribute('html', 'data-trace-hash')).toBe(traceHash);

    await page.waitForSelector('trial-verdicts [data-check="acked-durable"]');
    await page.keyboard.press('KeyV');
    await page.waitForFunction(() => document.documentElement.dataset['position'] !== '0');
    await page.keyboard.press('KeyE');
    await page.waitForFunction(() => {
      const shell = document.querySelector('trial-app')?.shadowRoot;
      return shell?.querySelector('#live')?.textContent?.includes('causes of event') === true;
    });
    const words = (await page.locator('#live').textContent()) ?? '';
    const [, lit = '0', all = '0'] = /: ([\d,]+) of ([\d,]+) events/.exec(words) ?? [];
    const count = (text: string): number => Number(text.replaceAll(',', ''));
    expect(count(lit)).toBeGreaterThan(5);
    expect(count(lit)).toBeLessThan(count(all) / 100);
  });

  test('what if min.insync.replicas were 2: edit at the crash, run, compare', async () => {
    const page = await visits.open('?scenario=min-isr-1-unclean-election-loses&seed=1');
    await completed(page);
    await page.keyboard.press('KeyG');
    await page.keyboard.type('60s');
    await page.keyboard.press('Enter');
    await page.keyboard.press('KeyB');

    const field = page.locator('[data-config="min.insync.replicas"]');
    await page.waitForSelector('.setting[title^="In-sync replicas needed to accept a write"]');
    await field.fill('0');
    await field.press('Tab');
    await page.waitForSelector('trial-editor .problems');
    expect(await page.locator('trial-editor .problems').textContent()).toContain(
      'min.insync.replicas',
    );
    await field.press('Control+KeyZ');
    await page.waitForSelector('trial-editor .problems', { state: 'detached' });
    await field.fill('2');
    await field.press('Tab');
    await page.locator('trial-editor button.primary').click();

    await page.waitForSelector('trial-aligned-list');
    expect(await page.locator('trial-compare .changes').textContent()).toMatch(
      /min\.insync\.replicas/,
    );
    const [lost = '', kept = ''] = await outcome(page, 'acknowledged and lost');
    expect(Number(lost.replaceAll(',', ''))).toBeGreaterThan(0);
    expect(kept).toBe('0');
    const [before = '', after = ''] = await outcome(page, 'writes unavailable');
    expect(Number.parseFloat(after)).toBeGreaterThan(Number.parseFloat(before) || 0);
    expect(await page.locator('trial-compare trial-cap-strip').count()).toBe(2);
  });

  test('what if this broker is killed here: a branch that shares every event before', async () => {
    const page = await visits.open('?scenario=acks-all-survives-leader-crash&seed=1');
    const parent = await completed(page);
    await page.keyboard.press('KeyG');
    await page.keyboard.type('1s');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.documentElement.dataset['position'] !== '0');
    const at = await page.getAttribute('html', 'data-position');
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.type('broker-1 kill it for good');
    await page.keyboard.press('Enter');

    await page.waitForFunction((hash) => {
      const { digest, traceHash } = document.documentElement.dataset;
      return digest !== undefined && digest !== '' && traceHash !== hash;
    }, parent['traceHash']);
    expect(await page.locator('trial-header .run').textContent()).toContain(
      `branch after event ${at}`,
    );
    await page.keyboard.press('KeyC');
    await page.waitForSelector('trial-compare .first b');
    const first = (await page.locator('trial-compare .first b').textContent()) ?? '';
    const event = Number(/event ([\d,]+)/.exec(first)?.[1]?.replaceAll(',', ''));
    expect(event).toBeGreaterThan(Number(at));
  });
});
