/** Files that leave the page, read again as the programs would that they are for. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, until, type Visits } from './visit.ts';

const SMALL = {
  name: 'small',
  cluster: { brokers: 2, topics: [{ name: 'orders', partitions: 1, replicationFactor: 2 }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 10 }],
  faults: [{ at: '1s', pause: 'broker-2', for: '500ms' }],
  runFor: '2s',
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-exports-'));
  writeFileSync(join(folder, 'small.json'), JSON.stringify(SMALL));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const app = 'document.querySelector("trial-app").app';

async function small(visits: Visits): Promise<Page> {
  const page = await visits.open('', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.locator('trial-app input[type=file]').setInputFiles(join(folder, 'small.json'));
  await until(page, `${app}.slot?.store.complete`);
  await page.waitForSelector('trial-run trial-lanes');
  await page.evaluate(
    `${app}.goTo(${app}.slot.store.eventAtTime(${app}.slot.store.identity.originUs + 1_100_000))`,
  );
  await page.waitForTimeout(300);
  return page;
}

async function exported(page: Page, title: string): Promise<Buffer> {
  await page.keyboard.press('Shift+KeyY');
  const download = page.waitForEvent('download');
  await page.locator('trial-share li button', { hasText: title }).click();
  const path = await (await download).path();
  await page.keyboard.press('Escape');
  return readFileSync(path);
}

/** Width and height of the drawn panels that are in sight, one below the other. */
async function drawnSize(page: Page): Promise<{ width: number; heights: number[] }> {
  return page.evaluate(() => {
    const found: Element[] = [];
    const visit = (root: Document | ShadowRoot): void => {
      for (const one of root.querySelectorAll('*')) {
        if ('toSvg' in one && one.clientHeight > 0) found.push(one);
        else if (one.shadowRoot !== null) visit(one.shadowRoot);
      }
    };
    visit(document);
    const stages = found.map((one) => one.shadowRoot?.querySelector('.stage') ?? one);
    // The whole run is shown beside the inspector too; the picture is as wide as the view.
    const own = stages.filter((_, place) => found[place]?.localName !== 'trial-minimap');
    return {
      width: Math.max(...own.map((one) => Math.floor(one.getBoundingClientRect().width))),
      heights: stages.map((one) => Math.floor(one.getBoundingClientRect().height)),
    };
  });
}

describeInBrowser('what is exported', (visits) => {
  test('as PNG is a picture of the panels, twice as large, and not blank', async () => {
    const page = await small(visits);
    const { width, heights } = await drawnSize(page);
    const bytes = await exported(page, 'PNG');

    const picture = (await page.evaluate(async (base64) => {
      const raw = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([raw], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      const rows: number[] = [];
      for (let y = 0; y < image.height; y += 40) {
        const line = context?.getImageData(0, y, image.width, 1).data ?? new Uint8ClampedArray();
        const colours = new Set<number>();
        for (let i = 0; i < line.length; i += 4) {
          colours.add(((line[i] ?? 0) << 16) | ((line[i + 1] ?? 0) << 8) | (line[i + 2] ?? 0));
        }
        rows.push(colours.size);
      }
      return { width: image.width, height: image.height, rows };
    }, bytes.toString('base64'))) as { width: number; height: number; rows: number[] };

    const names = 20 * heights.length;
    expect(picture.width).toBe((width + 2 * 12) * 2);
    expect(picture.height).toBe((heights.reduce((sum, one) => sum + one, 52 + 12) + names) * 2);
    expect(picture.rows.filter((colours) => colours > 3).length).toBeGreaterThan(
      picture.rows.length / 2,
    );
  });

  test('as SVG is one well-formed document with the names and states of the run', async () => {
    const page = await small(visits);
    const { width } = await drawnSize(page);
    const text = (await exported(page, 'SVG')).toString('utf8');

    const told = await page.evaluate((source) => {
      const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
      const ids = [...parsed.querySelectorAll('[id]')].map((one) => one.id);
      return {
        error: parsed.querySelector('parsererror')?.textContent ?? '',
        width: parsed.documentElement.getAttribute('width'),
        panels: parsed.querySelectorAll('svg > svg').length,
        shapes: parsed.querySelectorAll('rect, path, line').length,
        words: [...parsed.querySelectorAll('text')].map((one) => one.textContent ?? ''),
        ids: ids.length - new Set(ids).size,
      };
    }, text);

    expect(told.error).toBe('');
    expect(Number(told.width)).toBeGreaterThanOrEqual(width);
    expect(told.panels).toBeGreaterThanOrEqual(3);
    expect(told.shapes).toBeGreaterThan(100);
    expect(told.ids).toBe(0);
    expect(told.words).toEqual(expect.arrayContaining(['broker-1', 'broker-2', 'p1', 'pause']));
    expect(told.words.join('\n')).toMatch(/seed 1\n+event [\d,]+ of [\d,]+ · t = .* s · engine /);
    expect(text).not.toMatch(/NaN|undefined|<script|https?:\/\/(?!www\.w3\.org)/);
  });

  test('as Mermaid is a sequence of the messages that were sent, with their events', async () => {
    const page = await small(visits);
    await page.keyboard.press('Shift+KeyY');
    await page.locator('trial-share li button', { hasText: 'Mermaid' }).click();
    await page.waitForSelector('trial-notices .notice');
    const text = await page.evaluate(() => navigator.clipboard.readText());

    const [head, ...lines] = text.trimEnd().split('\n');
    expect(head).toBe('sequenceDiagram');
    const names = new Map<string, string>();
    let messages = 0;
    for (const line of lines) {
      const participant = /^ {2}participant (n\d+) as ([\w-]+)$/.exec(line);
      if (participant !== null) {
        names.set(String(participant[1]), String(participant[2]));
        continue;
      }
      const message = /^ {2}(n\d+)(-x|->>)(n\d+): (\S+) .*\(ev (\d+), -?[\d.]+ s\)$/.exec(line);
      if (message === null) {
        expect(line).toMatch(/^ {2}Note over n\d+: .*\(ev \d+, -?[\d.]+ s\)$/);
        continue;
      }
      messages += 1;
      const [, from = '', , to = '', , event = ''] = message;
      const sent = await page.evaluate(`(() => {
        const { store } = ${app}.slot;
        const row = store.at(${event});
        return [row.kind, store.nodeName(row.node), row.fields[0]];
      })()`);
      expect(sent).toEqual(['frame.sent', names.get(from), names.get(to)]);
    }
    expect(messages).toBeGreaterThan(20);
    expect([...names.values()]).toEqual(expect.arrayContaining(['broker-1', 'p1']));
  });

  test('for Perfetto is JSON with a track for each node and a flow for each message', async () => {
    const page = await small(visits);
    const bytes = await exported(page, 'Perfetto');
    interface Entry {
      readonly ph: string;
      readonly tid?: number;
      readonly ts?: number;
      readonly dur?: number;
      readonly id?: number;
      readonly name: string;
      readonly args?: Readonly<Record<string, unknown>>;
    }
    const { traceEvents } = JSON.parse(bytes.toString('utf8')) as { traceEvents: Entry[] };
    const of = (ph: string) => traceEvents.filter((one) => one.ph === ph);

    const tracks = of('M').filter((one) => one.name === 'thread_name');
    expect(tracks.map((one) => one.args?.['name'])).toEqual(
      expect.arrayContaining(['lab', 'broker-1', 'broker-2', 'p1']),
    );
    const begun = new Map(of('s').map((one) => [one.id, one]));
    expect(begun.size).toBeGreaterThan(100);
    for (const end of of('f')) {
      expect(end.ts).toBeGreaterThanOrEqual(begun.get(end.id)?.ts ?? Number.POSITIVE_INFINITY);
    }
    expect(new Set(of('f').map((one) => one.id)).size).toBe(begun.size);
    expect(of('X').every((one) => (one.dur ?? 0) >= 1 && (one.ts ?? -1) >= 0)).toBe(true);
    expect(of('i').map((one) => one.name)).toContain('fault.pause');
  });
});
