/**
 * The address bar: what it asks for when the page is opened, and what it says while runs come and
 * go, so that reloading and the back button do what they should. A story keeps its name, seed and
 * position there; other runs are remembered for as long as the page lives.
 */
import { linesOf } from '../app/compare-runs.ts';
import type { RunSlot } from '../app/services.ts';
import type { AppStore } from '../app/store.ts';
import { galleryQuery } from '../model/link.ts';
import { readFileQuery } from '../model/query.ts';
import type { LabServices } from './services.ts';

/** Browsers refuse more than a hundred changes in half a minute. */
const POSITION_EVERY_MS = 700;

export class Address {
  private readonly app: AppStore;
  private readonly services: LabServices;
  /** Names of the gallery's stories: only those can be asked for by name. */
  private readonly stories: ReadonlySet<object>;
  private shown: number | null = null;
  private timer = 0;

  constructor(app: AppStore, services: LabServices, stories: readonly object[]) {
    this.app = app;
    this.services = services;
    this.stories = new Set(stories);
  }

  /** Opens what the address asks for; what is wrong with it is told, and the gallery is there. */
  async begin(): Promise<void> {
    addEventListener('popstate', (event) => this.back(event));
    addEventListener('hashchange', () => {
      if (location.hash !== '') void this.open();
    });
    this.app.subscribe((state, before) => {
      if (state.screen !== before.screen || state.run?.id !== before.run?.id) this.changed();
      else if (state.position !== before.position && state.screen === 'run') this.moved();
    });
    await this.open();
  }

  private async open(): Promise<void> {
    const { app, services } = this;
    try {
      const asked = readFileQuery(location.search.slice(1));
      if (asked.kind === 'problem') {
        const { message, offending } = asked.problem;
        throw new Error(`The address cannot be read: ${message}\nfound: ${offending}`);
      }
      if (asked.kind === 'open') await this.openFile(asked.path, asked.at);
      else if (asked.kind === 'list') await this.listFiles(asked.path);
      else await services.openLink(location.href);
    } catch (error) {
      app.update((draft) => {
        draft.starting = null;
      });
      const [title = '', ...details] = linesOf(error);
      app.notify('error', title, details);
    }
  }

  /** From the server that the page came from: the policy allows no other. */
  private async openFile(path: string, at: number): Promise<void> {
    const response = await this.fetched(path);
    const name = decodeURIComponent(path.split('/').at(-1) ?? path);
    await this.services.openBytes({ name, bytes: await response.arrayBuffer() }, at);
  }

  private async listFiles(path: string): Promise<void> {
    const response = await this.fetched(path);
    const names: unknown = await response.json();
    if (!Array.isArray(names)) throw new Error(`${path} is no list of files`);
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const files = names.map((name) => ({
      name: String(name),
      href: `?open=${folder}${encodeURIComponent(String(name))}`,
    }));
    this.app.update((draft) => {
      draft.files = files;
    });
  }

  private async fetched(path: string): Promise<Response> {
    const url = new URL(path, location.href);
    if (url.origin !== location.origin) {
      throw new Error(`Only files of this server can be opened by their address.\nfound: ${path}`);
    }
    const response = await fetch(url);
    if (!response.ok)
      throw new Error(`${path} cannot be opened: the server says ${response.status}`);
    return response;
  }

  private changed(): void {
    const { screen, run } = this.app.state;
    const id = screen === 'run' ? (run?.id ?? null) : null;
    if (id === this.shown) return;
    const first = this.shown === null && (location.search !== '' || location.hash !== '');
    this.shown = id;
    const wanted = this.addressOf(this.app.slot, screen === 'run');
    // What the address asked for at the start stays as it was written.
    if (first && id !== null) history.replaceState({ slot: id }, '');
    else history.pushState({ slot: id }, '', wanted);
  }

  private moved(): void {
    const { slot } = this.app;
    if (this.timer !== 0 || slot === null || !this.isStory(slot)) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (this.app.state.screen !== 'run' || this.app.slot === null) return;
      const { id } = this.app.slot;
      history.replaceState({ slot: id }, '', this.addressOf(this.app.slot, true));
    }, POSITION_EVERY_MS);
  }

  private addressOf(slot: RunSlot | null, isRun: boolean): string {
    if (!isRun || slot === null || !this.isStory(slot)) return location.pathname;
    const { scenario, seed } = slot.spec;
    const at = this.app.state.position;
    return location.pathname + galleryQuery({ name: scenario.name, seed: String(seed), at });
  }

  private isStory({ spec }: RunSlot): boolean {
    return (spec.actions ?? []).length === 0 && this.stories.has(spec.scenario);
  }

  private back({ state }: PopStateEvent): void {
    const id = (state as { readonly slot?: number | null } | null)?.slot ?? null;
    const slot = id === null ? undefined : this.app.slots.get(id);
    this.shown = slot?.id ?? null;
    if (slot !== undefined) this.app.show(slot, 0);
    else if (location.search === '' && location.hash === '') {
      this.app.update((draft) => {
        draft.screen = 'gallery';
      });
    } else void this.open();
  }
}
