/**
 * `npm run bench:page [-- --json] [--no-huge]`: the page's targets, measured in headless Chromium
 * on the built page; `--no-huge` leaves out the trace of ten million events, which takes a minute
 * to make. Ends with 1 when a floor is missed, with 69 when there is no Chromium. Times are work,
 * not the wait for the screen; a busy machine makes them longer.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { serve } from '../cli/serve/static-server.ts';
import { findChromium, launch } from '../test/e2e/chromium.ts';
import { BIG_EVENTS, BIG_MS, bigTrace, HUGE_EVENTS, HUGE_MS } from './bench-page/big-trace.ts';
import {
  clickToPaint,
  comparing,
  cone,
  filtering,
  frames,
  installTools,
  seeks,
  whole,
} from './bench-page/in-page.ts';
import {
  type Measurements,
  missed,
  percentile,
  tableJson,
  tableLines,
} from './bench-page/table.ts';

const SEEKS = 200;
const FRAMES = 300;
const CLICKS = 5;
/** Has to look at every event, and at the fields of many. */
const FILTER = 'kind:log.appended node:broker-2 off:10000..12000 or kind:isr.changed';

const { values: wished } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    'no-huge': { type: 'boolean', default: false },
  },
});
const chromium = findChromium();
if (chromium === null) {
  console.error('bench:page: no Chromium on this machine; install it or name one in CHROMIUM');
  process.exit(69);
}
const folder = fileURLToPath(new URL('../page/', import.meta.url));
const files = mkdtempSync(join(tmpdir(), 'trial-bench-'));
const served = await serve({ folder, port: 0 });
const browser = await launch(chromium, ['--js-flags=--expose-gc']);
try {
  const measured: Measurements = {
    ...(await gallery(browser)),
    axe: await issues(browser),
    ...(await bigRuns(browser)),
    ...(wished['no-huge'] ? {} : await hugeRun(browser)),
  };
  const [load = 0] = loadavg();
  const processors = cpus().length;
  if (wished.json) console.log(JSON.stringify({ processors, load, ...tableJson(measured) }));
  else console.log(tableLines(measured).join('\n'));
  console.error(`${processors} processors, load ${load.toFixed(1)} meanwhile`);
  process.exitCode = missed(measured).length > 0 ? 1 : 0;
} finally {
  await browser.close();
  await served.close();
  rmSync(files, { recursive: true, force: true });
}

async function newPage(from: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await from.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  page.setDefaultTimeout(240_000);
  page.on('pageerror', (error) => console.error(`error in the page: ${error.message}`));
  return page;
}

async function gallery(from: Browser): Promise<Measurements> {
  const clicks: number[] = [];
  let cold = 0;
  for (let i = 0; i < CLICKS; i++) {
    const page = await newPage(from);
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (!/\.js$/.test(new URL(response.url()).pathname)) return;
      sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
    });
    await page.goto(served.url, { waitUntil: 'networkidle' });
    cold = (await Promise.all(sizes)).reduce((total, size) => total + size, 0) / 1_000;
    await page.evaluate(installTools);
    // A hand that reaches for a card moves over the page first.
    await page.mouse.move(400, 300);
    await page.waitForTimeout(300);
    clicks.push(await page.evaluate(clickToPaint));
    await page.close();
  }
  return { cold, click: percentile(clicks, 0.5) };
}

async function bigRuns(from: Browser): Promise<Measurements> {
  const first = traceFile({ seed: 1, runForMs: BIG_MS, atLeast: BIG_EVENTS });
  const second = traceFile({ seed: 2, runForMs: BIG_MS, atLeast: BIG_EVENTS });
  const page = await newPage(from);
  await page.goto(served.url, { waitUntil: 'networkidle' });
  await page.evaluate(installTools);
  const cpu = await cpuClock(page);
  const open = await openFile(page, first);
  await settled(page);
  const memory = await memoryMb(page);
  await page.evaluate(seeks, 20);
  const seek = percentile(await page.evaluate(seeks, SEEKS), 0.95);
  told('seek', await cpu(() => page.evaluate(seeks, SEEKS)), SEEKS);
  const frame = percentile(await page.evaluate(frames, FRAMES), 0.95);
  told('frame', await cpu(() => page.evaluate(frames, FRAMES)), FRAMES);
  const { first: firstHit, all: filter } = await page.evaluate(filtering, FILTER);
  // What was looked for last is remembered.
  told('filter', await cpu(() => page.evaluate(filtering, `${FILTER} or ev:1`)), 1);
  const slice = await page.evaluate(cone);
  told('causes and effects', await cpu(() => page.evaluate(cone)), 1);
  await openFile(page, second);
  await settled(page);
  const { all: align, late } = await page.evaluate(comparing);
  console.error(`while two runs were compared, no frame was later than ${late.toFixed(0)} ms`);
  await page.close();
  return { open, seek, frame, firstHit, filter, slice, align, memory };
}

async function hugeRun(from: Browser): Promise<Measurements> {
  const file = traceFile({ seed: 1, runForMs: HUGE_MS, atLeast: HUGE_EVENTS });
  const page = await newPage(from);
  await page.goto(served.url, { waitUntil: 'networkidle' });
  await page.evaluate(installTools);
  const huge = await openFile(page, file);
  await settled(page);
  const hugeMemory = await memoryMb(page);
  await page.evaluate(seeks, 20);
  const hugeSeek = percentile(await page.evaluate(seeks, SEEKS), 0.95);
  const hugeFrame = percentile(await page.evaluate(frames, FRAMES), 0.95);
  await page.close();
  return { huge, hugeFrame, hugeSeek, hugeMemory };
}

function traceFile(wanted: {
  readonly seed: number;
  readonly runForMs: number;
  readonly atLeast: number;
}): string {
  const { bytes, events } = bigTrace(wanted.seed, wanted.runForMs);
  if (events < wanted.atLeast) throw new Error(`the run has only ${events} events`);
  const file = join(files, `${wanted.atLeast}-${wanted.seed}.trial`);
  writeFileSync(file, bytes);
  console.error(`${events.toLocaleString('en')} events, ${bytes.length >> 20} MB: ${file}`);
  return file;
}

/** Serious and critical ones of the gallery and of a run; `npm run test:page` looks everywhere. */
async function issues(from: Browser): Promise<number> {
  let found = 0;
  for (const colorScheme of ['dark', 'light'] as const) {
    const page = await newPage(from, { colorScheme, bypassCSP: true });
    await page.goto(served.url, { waitUntil: 'networkidle' });
    found += await seriousIssues(page);
    await page.click('trial-gallery button.card');
    await page.waitForSelector('html[data-verdict]', { state: 'attached' });
    found += await seriousIssues(page);
    await page.close();
  }
  return found;
}

async function seriousIssues(page: Page): Promise<number> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: loaded } = window as unknown as { axe: typeof axe };
    const { violations } = await loaded.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .reduce((total, { nodes }) => total + nodes.length, 0);
  });
}

/** Processor time is what a quiet machine would need; on a busy one it is the figure to trust. */
function told(what: string, ms: number, times: number): void {
  console.error(`${what}: ${(ms / times).toFixed(1)} ms of processor time each, in the mean`);
}

/** Measures the processor time of the page's main thread, in ms. */
async function cpuClock(page: Page): Promise<(work: () => Promise<unknown>) => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const now = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find((one) => one.name === 'ThreadTime')?.value ?? 0);
  };
  return async (work) => {
    const from = await now();
    await work();
    return (await now()) - from;
  };
}

/** From the choice of the file to a page that shows all of it and answers. */
async function openFile(page: Page, file: string): Promise<number> {
  await page.evaluate(() => {
    const input = document
      .querySelector('trial-app')
      ?.shadowRoot?.querySelector('input[type=file]');
    input?.addEventListener('change', () => performance.mark('bench:chosen'), { once: true });
    delete document.documentElement.dataset['verdict'];
  });
  await page.locator('trial-app input[type=file]').setInputFiles(file);
  const end = await page.evaluate(whole);
  const [mark] = await page.evaluate(() =>
    performance
      .getEntriesByName('bench:chosen')
      .map((one) => one.startTime)
      .slice(-1),
  );
  return end - (mark ?? 0);
}

/** Waits for the check of the file, which runs it again in a worker, to be over. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(15_000);
}

async function memoryMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as {
    readonly usedSize: number;
    readonly embedderHeapUsedSize?: number;
    readonly backingStorageSize?: number;
  };
  await session.detach();
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage;
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1_048_576;
}
