/**
 * A visit to the page: a served build, a browser, and everything that went wrong on the way
 * (errors, refusals of the policy, requests to anywhere else), which every test expects to be
 * nothing.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest';
import { type Served, serve } from '../../cli/serve/static-server.ts';
import { launch } from './chromium.ts';

export interface Visit {
  readonly page: Page;
  readonly problems: string[];
}

export interface Visits {
  /** `path` is what stands behind the address of the page: `?scenario=…`. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
  readonly url: string;
}

/** A suite of browser tests; skipped where there is no browser. */
export function describeInBrowser(name: string, tests: (visits: Visits) => void): void {
  describe.skipIf(inject('chromium') === '')(name, () => {
    let browser: Browser;
    let served: Served;
    const open: Visit[] = [];
    beforeAll(async () => {
      served = await serve({ folder: inject('pageFolder'), port: 0 });
      browser = await launch(inject('chromium'));
    });
    afterAll(async () => {
      await browser?.close();
      await served?.close();
    });
    afterEach(async () => {
      const problems = open.flatMap((one) => one.problems);
      for (const { page } of open.splice(0)) await page.context().close();
      expect(problems).toEqual([]);
    });
    tests({
      get url() {
        return served.url;
      },
      async open(path = '', options = {}) {
        const visit = await begin(browser, served.url, options);
        open.push(visit);
        await visit.page.goto(served.url + path);
        return visit.page;
      },
    });
  });
}

async function begin(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !/^(blob|data):/.test(to)) problems.push(`request to ${to}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return { page, problems };
}

/** Waits until the run on screen is complete; its identity as `<html>` carries it. */
export async function completed(page: Page): Promise<Record<string, string>> {
  await page.waitForSelector('html[data-digest][data-verdict]', { state: 'attached' });
  return page.evaluate(() => ({ ...document.documentElement.dataset }) as Record<string, string>);
}

/** Waits until an expression is true in the page, whose policy forbids to hand it functions. */
export async function until(page: Page, expression: string): Promise<void> {
  const isTrue = () => page.evaluate(`Boolean(${expression})`);
  await expect.poll(isTrue, { timeout: 60_000, interval: 50 }).toBe(true);
}
