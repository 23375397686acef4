/**
 * What is measured inside the page. These functions are sent to the browser as text: nothing from
 * around them is there, only what they are given. A frame's cost is its work (scripts, style,
 * layout, paint), not the wait for the screen.
 */
import type { AppStore } from '../../viz/app/store.ts';

type Shell = HTMLElement & { readonly app: AppStore };

/** Puts the tools of the other functions onto `window`. */
export function installTools(): void {
  const channel = new MessageChannel();
  let resolveTask: (() => void) | null = null;
  channel.port1.onmessage = () => resolveTask?.();
  /** Resolves when the browser has done what was due: after a frame, after it was painted. */
  const task = () =>
    new Promise<void>((resolve) => {
      resolveTask = resolve;
      channel.port2.postMessage(null);
    });
  /** The work of the next frame in ms. */
  const frame = () =>
    new Promise<number>((resolve) => {
      requestAnimationFrame(() => {
        const from = performance.now();
        void task().then(() => resolve(performance.now() - from));
      });
    });
  /** The work of a change and of the frame that shows it. */
  const cost = async (change: () => void) => {
    const from = performance.now();
    change();
    await task();
    const changed = performance.now() - from;
    return changed + (await frame());
  };
  const app = () => (document.querySelector('trial-app') as Shell).app;
  Object.assign(window, { bench: { task, frame, cost, app } });
}

interface Tools {
  task(): Promise<void>;
  frame(): Promise<number>;
  cost(change: () => void): Promise<number>;
  app(): AppStore;
}
type BenchWindow = Window & { readonly bench: Tools };

/** Costs of going to random positions, in ms. */
export async function seeks(count: number): Promise<number[]> {
  const { app, cost } = (window as unknown as BenchWindow).bench;
  const events = app().slot?.store.count ?? 0;
  const costs: number[] = [];
  let random = 12_345;
  for (let i = 0; i < count; i++) {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    const to = 1 + (random % events);
    costs.push(await cost(() => app().goTo(to)));
  }
  return costs;
}

/** Costs of frames while the run is scrubbed, panned and zoomed, in ms. */
export async function frames(count: number): Promise<number[]> {
  const { app, cost } = (window as unknown as BenchWindow).bench;
  const store = app().slot?.store;
  const endUs = store?.endUs ?? 0;
  const events = store?.count ?? 0;
  const costs: number[] = [];
  for (let i = 0; i < count; i++) {
    const share = i / count;
    const turn = i % 3;
    // Zooming goes from the whole run to a thousandth of it.
    const width = endUs / (1 + 999 * (turn === 2 ? share * share : 0.02));
    const fromUs = Math.round((endUs - width) * share);
    costs.push(
      await cost(() => {
        if (turn === 0) app().goTo(1 + Math.round(events * share));
        else {
          app().update((draft) => {
            draft.viewport = { fromUs, toUs: Math.round(fromUs + width) };
          });
        }
      }),
    );
  }
  return costs;
}

/** From asking for a filter to the picture with its first hit, and to that with all of them. */
export async function filtering(text: string): Promise<{ first: number; all: number }> {
  const { app, task, frame } = (window as unknown as BenchWindow).bench;
  const events = app().slot?.store.count ?? 0;
  const list = document
    .querySelector('trial-app')
    ?.shadowRoot?.querySelector('trial-run')
    ?.shadowRoot?.querySelector('trial-events')?.shadowRoot;
  const from = performance.now();
  app().update((draft) => {
    draft.filter = text;
    draft.filtered = 0;
  });
  // The list is drawn anew in the task after the change.
  await task();
  const hits = () => Number.parseInt(list?.querySelector('.tally')?.textContent ?? '', 10) || 0;
  while (hits() === 0 && performance.now() < from + 60_000) await frame();
  await task();
  const first = performance.now() - from;
  while (app().state.filtered < events && performance.now() < from + 60_000) await task();
  await frame();
  const all = performance.now() - from;
  app().update((draft) => {
    draft.filter = '';
  });
  await frame();
  return { first, all };
}

/** From switching the cone on to its light, at the latest event that has a verdict. */
export async function cone(): Promise<number> {
  const { app, cost } = (window as unknown as BenchWindow).bench;
  const verdicts = app().slot?.store.identity?.report?.verdicts ?? [];
  const at = Math.max(...verdicts.map((one) => one.at ?? 0), 1);
  app().goTo(at);
  const ms = await cost(() =>
    app().update((draft) => {
      draft.cone = 'both';
    }),
  );
  app().update((draft) => {
    draft.cone = 'off';
  });
  return ms;
}

/**
 * From asking for a comparison with the run opened before to the list of what differs, and the
 * longest that a frame was late meanwhile.
 */
export async function comparing(): Promise<{ all: number; late: number }> {
  const { app, frame } = (window as unknown as BenchWindow).bench;
  const [left, right] = [...app().slots.keys()];
  const from = performance.now();
  app().update((draft) => {
    draft.compare = { left: left ?? 0, right: right ?? 0 };
  });
  const shown = () =>
    document
      .querySelector('trial-app')
      ?.shadowRoot?.querySelector('trial-run')
      ?.shadowRoot?.querySelector('trial-compare')
      ?.shadowRoot?.querySelector('trial-aligned-list')
      ?.shadowRoot?.querySelector('.row') ?? null;
  let late = 0;
  let before = from;
  while (shown() === null && performance.now() - from < 60_000) {
    await frame();
    late = Math.max(late, performance.now() - before);
    before = performance.now();
  }
  await frame();
  return { all: performance.now() - from, late };
}

/** From a click on a card to the first picture of its run. */
export async function clickToPaint(): Promise<number> {
  const { frame } = (window as unknown as BenchWindow).bench;
  const shell = document.querySelector('trial-app')?.shadowRoot;
  const card = shell
    ?.querySelector('trial-gallery')
    ?.shadowRoot?.querySelector<HTMLElement>('ul button, ul a, ul [role=button]');
  if (card === null || card === undefined) throw new Error('there is no card to click');
  const from = performance.now();
  card.click();
  const canvas = () =>
    shell
      ?.querySelector('trial-run')
      ?.shadowRoot?.querySelector('trial-lanes')
      ?.shadowRoot?.querySelector('canvas') ?? null;
  const drawn = () =>
    Number(document.documentElement.dataset['events'] ?? 0) > 0 && (canvas()?.width ?? 0) > 300;
  while (!drawn() && performance.now() - from < 60_000) await frame();
  await frame();
  return performance.now() - from;
}

/** Resolves when the run on screen is whole and judged and the page answers again. */
export async function whole(): Promise<number> {
  const { frame } = (window as unknown as BenchWindow).bench;
  const { dataset } = document.documentElement;
  while (dataset['verdict'] === undefined) await frame();
  await frame();
  return performance.now();
}
