import { expect, test } from 'vitest';
import { completed, describeInBrowser } from './visit.ts';

const STORY = 'acks-1-loses-an-acknowledged-record';

describeInBrowser('a run that is held in its worker', (visits) => {
  test('stands still, goes a step on, and ends as the run that was never held', async () => {
    const page = await visits.open(`?scenario=${STORY}&seed=1&at=5000`);
    const { digest } = await completed(page);
    const events = () => page.evaluate(() => Number(document.documentElement.dataset['events']));
    const button = (id: string) => page.locator(`trial-transport [data-command="${id}"]`);

    await page.keyboard.press('KeyJ');
    await button('step-on').waitFor();
    const heldAt = await events();
    await page.waitForTimeout(200);
    expect(await events()).toBe(heldAt);

    await page.keyboard.press('Shift+KeyR');
    await page.waitForFunction(
      (before) => Number(document.documentElement.dataset['events']) > before,
      heldAt,
    );
    await button('step-on').waitFor();
    const position = await page.evaluate(() => document.documentElement.dataset['position']);
    const stepped = await events();
    await button('hold').click();

    expect(heldAt).toBeGreaterThanOrEqual(5_000);
    expect(stepped).toBeLessThan(heldAt + 200);
    expect(position).toBe(String(stepped));
    expect((await completed(page))['digest']).toBe(digest);
    expect(await button('hold').count()).toBe(0);
  });
});
