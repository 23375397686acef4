/** Breaking links and messages by a right click, less motion, small screens. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, until, type Visits } from './visit.ts';

/** Small, so that many branches of it are made in little time. */
const SMALL = {
  name: 'small',
  cluster: { brokers: 2, topics: [{ name: 'orders', partitions: 1, replicationFactor: 2 }] },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 5 }],
  runFor: '2s',
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-changing-'));
  writeFileSync(join(folder, 'small.json'), JSON.stringify(SMALL));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const app = 'document.querySelector("trial-app").app';

/** The small run on screen, complete. */
async function small(visits: Visits, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await visits.open('', options);
  await page.locator('trial-app input[type=file]').setInputFiles(join(folder, 'small.json'));
  await settled(page, 0);
  return page;
}

/** Waits for a run newer than this one to be complete; its id. */
async function settled(page: Page, after: number): Promise<number> {
  await until(page, `${app}.slot?.id > ${after} && ${app}.slot.store.complete`);
  return page.evaluate(`${app}.slot.id`);
}

interface Branch {
  readonly action: { readonly after: number; readonly fault: Record<string, unknown> };
  /** Kinds of what the laboratory did right after the event that the branch parts from. */
  readonly kinds: readonly string[];
  /** The first event at which it differs from the run it came from. */
  readonly notices: string;
}

/** Chooses an entry of the open menu and tells the branch that it made. */
async function branchBy(page: Page, words: string): Promise<Branch> {
  const before: number = await page.evaluate(`${app}.slot.id`);
  await page.getByRole('menuitem', { name: words, exact: true }).click();
  await settled(page, before);
  const branch: Branch = await page.evaluate(`(() => {
    const { slot } = ${app};
    const { store, spec } = slot;
    const action = spec.actions.at(-1);
    const kinds = [];
    for (let event = action.after + 1; event <= store.count && kinds.length < 400; event++) {
      if (store.kindName(event).startsWith('fault.')) kinds.push(store.kindName(event));
    }
    const notices = [...document.querySelector('trial-app').shadowRoot
      .querySelector('trial-notices').shadowRoot.querySelectorAll('.notice')]
      .map((one) => one.textContent).join();
    return { action, kinds, notices };
  })()`);
  // Back to the run that was broken.
  await page.evaluate(`${app}.show(${app}.slots.get(${before}), ${app}.state.position)`);
  return branch;
}

interface Aim {
  readonly sent: number;
  /** The last event before its step. */
  readonly before: number;
  readonly leader: string;
  readonly x: number;
  readonly y: number;
}

/** A produce request alone on the lanes: which it is, and where the middle of its arrow lies. */
function aimAtProduce(page: Page): Promise<Aim> {
  return page.evaluate(`(async () => {
    const app = ${app};
    const { store, timeline } = app.slot;
    let sent = store.eventAtTime(store.identity.originUs + 300_000);
    const isIt = () => store.kindName(sent) === 'frame.sent' && store.at(sent).fields[2] === 0
      && store.at(sent).fields[1] === 'request';
    while (!isIt()) sent += 1;
    const arrival = timeline.index.messages.arrivalOf(sent);
    const middle = (arrival.sentUs + arrival.receivedUs) / 2;
    const half = arrival.receivedUs - arrival.sentUs;
    app.goTo(sent);
    app.update((draft) => {
      draft.viewport = { fromUs: middle - half, toUs: middle + half };
    });
    await new Promise((done) => setTimeout(done, 300));
    const find = (root) => {
      for (const one of root.querySelectorAll('*')) {
        if (one.localName === 'trial-lanes') return one;
        const found = one.shadowRoot === null ? null : find(one.shadowRoot);
        if (found !== null) return found;
      }
      return null;
    };
    const lanes = find(document);
    const arrow = lanes.hits.layers.run.arrows.find((one) => one.sent === sent);
    const stage = lanes.shadowRoot.querySelector('.stage').getBoundingClientRect();
    return {
      sent,
      before: store.stepStart(sent) - 1,
      leader: store.at(sent).fields[0],
      x: stage.left + (arrow.x1 + arrow.x2) / 2,
      y: stage.top + (arrow.y1 + arrow.y2) / 2,
    };
  })()`);
}

async function openProduce(page: Page): Promise<void> {
  const { x, y } = await aimAtProduce(page);
  await page.mouse.click(x, y, { button: 'right' });
}

describeInBrowser('a right click', (visits) => {
  test('on a link makes, by every entry of its menu, a branch with that fault', async () => {
    const page = await small(visits);
    await page.evaluate(
      `${app}.goTo(${app}.slot.store.eventAtTime(${app}.slot.store.identity.originUs + 500_000))`,
    );
    const position: number = await page.evaluate(`${app}.state.position`);
    await page.keyboard.press('Shift+Digit2');
    const cell = page.locator('[data-link="broker-1 broker-2"]');
    const pair = ['broker-1', 'broker-2'];
    const expected: readonly (readonly [words: string, fault: object, kind: string])[] = [
      ['Cut broker-1 and broker-2 for 10 s', { cut: pair, for: '10s' }, 'fault.cut'],
      [
        'Cut only broker-1 → broker-2 for 10 s',
        { cut: pair, oneWay: true, for: '10s' },
        'fault.cut',
      ],
      ['Add 500 ms of latency for 10 s', { delay: pair, by: '500ms', for: '10s' }, 'fault.delay'],
      [
        'Slow it to 10 kB/s for 10 s',
        { slowLink: pair, bytesPerSecond: 10_000, for: '10s' },
        'fault.slowLink',
      ],
      ['Hold everything broker-1 → broker-2 for 10 s', { hold: pair, for: '10s' }, 'fault.hold'],
      ['Reset its connections', { reset: pair }, 'fault.resetConnections'],
      ['Heal it', { heal: pair }, 'fault.heal'],
    ];

    await cell.click({ button: 'right' });
    const offered = await page.getByRole('menuitem').allInnerTexts();
    expect(offered).toEqual(expected.map(([words]) => words));
    await page.keyboard.press('Escape');

    for (const [words, fault, kind] of expected) {
      await cell.click({ button: 'right' });
      const branch = await branchBy(page, words);
      expect(branch.action).toEqual({ after: position, fault });
      expect([words, branch.kinds[0]]).toEqual([words, kind]);
      expect(branch.notices).toBe('');
    }

    await cell.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: /^Cut / }).first().waitFor();
  });

  test('on a message makes, by every entry of its menu, a branch with that fault', async () => {
    const page = await small(visits);
    const { sent, before, leader } = await aimAtProduce(page);
    await openProduce(page);
    const offered = await page.getByRole('menuitem').allInnerTexts();
    await page.keyboard.press('Escape');
    const pair = ['client:p1', leader];
    const held = { hold: pair, api: 'Produce', direction: 'request', for: '10s' };
    const expected: readonly (readonly [words: string, after: number, fault: object])[] = [
      ['Hold this Produce request (and all behind it) for 10 s', before, held],
      [
        `Delay p1 → ${leader} by 500 ms from here`,
        before,
        { delay: pair, by: '500ms', oneWay: true, for: '10s' },
      ],
      ['Reset its connection: this Produce request is lost', sent, { reset: pair }],
      [`Cut p1 and ${leader} for 10 s`, sent, { cut: pair, for: '10s' }],
    ];

    expect(offered.slice(0, 4)).toEqual(expected.map(([words]) => words));
    expect(offered).toHaveLength(10);
    for (const [words, after, fault] of expected) {
      await openProduce(page);
      const branch = await branchBy(page, words);
      expect(branch.action).toEqual({ after, fault });
      expect(branch.kinds.length).toBeGreaterThan(0);
      expect(branch.notices).toBe('');
    }
  });
});

/** Durations of all transitions and animations of the page, in words of its styles. */
async function motions(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
        for (const one of transitionDuration.split(', ')) if (one !== '0s') found.add(one);
        if (animationName !== 'none') found.add(animationName);
        if (scrollBehavior === 'smooth') found.add('smooth scrolling');
        if (element.shadowRoot !== null) visit(element.shadowRoot);
      }
    };
    visit(document);
    return [...found];
  });
}

describeInBrowser('for somebody who asked for less motion', (visits) => {
  test('nothing glides, playing goes in steps, and everything still works', async () => {
    const lively = await small(visits, { reducedMotion: 'no-preference' });
    expect(await motions(lively)).not.toEqual([]);

    const page = await small(visits, { reducedMotion: 'reduce' });
    for (const key of ['Digit2', 'Digit3', 'Digit4', 'Digit5', 'Digit1', 'Shift+Slash']) {
      await page.keyboard.press(key);
      expect([key, await motions(page)]).toEqual([key, []]);
    }
    await page.keyboard.press('Escape');

    await page.keyboard.press('Home');
    const seen: number[] = await page.evaluate(`(async () => {
      const app = ${app};
      const seen = new Set();
      const end = app.subscribe((state) => seen.add(state.position));
      app.update((draft) => { draft.playing = true; });
      await new Promise((done) => setTimeout(done, 2_300));
      app.update((draft) => { draft.playing = false; });
      end();
      return [...seen];
    })()`);
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(seen.length).toBeLessThanOrEqual(6);

    const position = Number(await page.getAttribute('html', 'data-position'));
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector(`html[data-position="${position + 1}"]`, { state: 'attached' });
    const zoomed = await page.evaluate(`(() => {
      const { fromUs, toUs } = ${app}.state.viewport;
      return toUs - fromUs;
    })()`);
    await page.keyboard.press('KeyW');
    expect(
      await page.evaluate(`${app}.state.viewport.toUs - ${app}.state.viewport.fromUs`),
    ).toBeLessThan(Number(zoomed));
  });
});

/** Words that are cut by their own box, or stand beyond the edge where nobody can scroll to. */
async function cutWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const scrolls = (element: Element | null): boolean => {
      for (let at = element; at !== null; ) {
        const { overflowX } = getComputedStyle(at);
        if (/auto|scroll/.test(overflowX) && at.scrollWidth > at.clientWidth) return true;
        const root = at.getRootNode();
        at = at.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
      }
      return false;
    };
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot !== null) visit(element.shadowRoot);
        const hasWords = [...element.childNodes].some(
          (one) => one.nodeType === Node.TEXT_NODE && one.textContent?.trim() !== '',
        );
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const isUnseen = style.visibility === 'hidden' || style.clipPath !== 'none';
        if (!hasWords || isUnseen || box.width <= 1 || box.height <= 1) continue;
        const isCut =
          element.scrollWidth > element.clientWidth + 1 && /hidden|clip/.test(style.overflowX);
        const isBeyond = (box.right > innerWidth + 1 || box.left < -1) && !scrolls(element);
        if (isCut || isBeyond) found.push(`${element.localName}: ${element.textContent?.trim()}`);
      }
    };
    visit(document);
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
    return found;
  });
}

describeInBrowser('on a small screen', (visits) => {
  test.each([
    ['a phone', 400, 860],
    ['a tablet', 900, 1_100],
  ])('of %s no words are cut, in any view or tab', async (_name, width, height) => {
    const page = await visits.open('', { viewport: { width, height } });
    await page.waitForSelector('trial-gallery button.card');
    expect(await cutWords(page)).toEqual([]);
    const run = await small(visits, { viewport: { width, height } });
    for (const key of ['1', '2', '3', '4', '5']) {
      await run.keyboard.press(`Digit${key}`);
      await run.waitForTimeout(150);
      expect([`view ${key}`, await cutWords(run)]).toEqual([`view ${key}`, []]);
    }
    await run.keyboard.press('Digit1');
    for (const key of ['1', '2', '3', '4', '5']) {
      await run.keyboard.press(`Shift+Digit${key}`);
      await run.waitForTimeout(150);
      expect([`tab ${key}`, await cutWords(run)]).toEqual([`tab ${key}`, []]);
    }
    await run.keyboard.press('Shift+Slash');
    await run.waitForSelector('trial-help dialog');
    expect(await cutWords(run)).toEqual([]);
  });

  test('of a phone runs are for reading: neither editor nor menus change them', async () => {
    const page = await small(visits, { viewport: { width: 400, height: 860 } });
    await page.keyboard.press('KeyB');
    await page.keyboard.press('KeyK');
    await page.waitForTimeout(300);
    expect(await page.locator('trial-editor').count()).toBe(0);
    expect(await page.getByRole('menu').count()).toBe(0);
    expect(await page.locator('trial-notices .notice').first().textContent()).toContain(
      'on a larger screen',
    );
    const before: number = await page.evaluate(`${app}.slots.size`);
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.type('broker-1 kill it for good');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(300);
    expect(await page.evaluate(`${app}.slots.size`)).toBe(before);
  });
});
