import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { completed, describeInBrowser } from './visit.ts';

/** What axe-core finds serious or critical, one line each. */
async function seriousIssues(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: loaded } = window as unknown as { axe: typeof axe };
    const { violations } = await loaded.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
  });
}

const VIEWS = ['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5'];
const TABS = ['Shift+Digit1', 'Shift+Digit2', 'Shift+Digit3', 'Shift+Digit4', 'Shift+Digit5'];
const LAYERS = [
  ['Control+KeyK', 'trial-palette dialog'],
  ['Shift+Slash', 'trial-help dialog'],
  ['Shift+KeyY', 'trial-share dialog'],
  ['KeyG', 'trial-small-dialogs dialog'],
  ['KeyK', 'trial-context-menu [role="menu"]'],
] as const;

describeInBrowser('the page', (visits) => {
  describe.each(['dark', 'light'] as const)('in the %s theme', (colorScheme) => {
    const options = { colorScheme, bypassCSP: true };

    test('has no serious issue in the gallery, any view, any tab, any layer', async () => {
      const page = await visits.open('', options);
      await page.waitForSelector('trial-gallery button.card');
      expect(await seriousIssues(page)).toEqual([]);
      await page.click('[data-scenario="acks-1-loses-an-acknowledged-record"]');
      await completed(page);
      await page.keyboard.press('KeyV');
      for (const key of [...VIEWS, 'Digit1', ...TABS]) {
        await page.keyboard.press(key);
        await page.waitForTimeout(150);
        expect([key, await seriousIssues(page)]).toEqual([key, []]);
      }
      for (const [key, layer] of LAYERS) {
        await page.keyboard.press(key);
        await page.waitForSelector(layer);
        expect([layer, await seriousIssues(page)]).toEqual([layer, []]);
        await page.keyboard.press('Escape');
        await page.waitForSelector(layer, { state: 'detached' });
      }
    });

    test('has no serious issue while a scenario is edited and two runs are compared', async () => {
      const page = await visits.open('?scenario=acks-1-loses-an-acknowledged-record', options);
      await completed(page);
      await page.keyboard.press('KeyB');
      await page.waitForSelector('trial-editor-form section');
      expect(await seriousIssues(page)).toEqual([]);
      await page.locator('trial-editor [role="tab"]', { hasText: 'JSON' }).click();
      await page.waitForSelector('trial-editor .cm-content');
      expect(await seriousIssues(page)).toEqual([]);
      await page.locator('trial-editor button.primary').click();
      await page.waitForSelector('trial-aligned-list');
      expect(await seriousIssues(page)).toEqual([]);
    });
  });

  test('says each step aloud, with the verdict that falls on it', async () => {
    const page = await visits.open('?scenario=acks-1-loses-an-acknowledged-record');
    await completed(page);
    await page.keyboard.press('KeyV');
    const live = page.locator('#live');
    await page.waitForTimeout(400);
    expect(await live.textContent()).toMatch(/^event \d+, .+; acked-durable: allowed/);
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(400);
    expect(await live.textContent()).toMatch(/^event \d+, /);
  });

  test('has every lane as an element that can be walked to and broken', async () => {
    const page = await visits.open('?scenario=acks-1-loses-an-acknowledged-record');
    await completed(page);
    await page.keyboard.press('KeyV');
    const twin = page.locator('trial-lane-twin [role="listbox"]');
    await twin.focus();
    expect(await twin.isVisible()).toBe(true);
    expect(await twin.locator('[role="option"]').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^broker-2\s*down \(power cut\)/)]),
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('trial-context-menu [role="menuitem"]:focus');
  });
});
