/**
 * The one store of the page: immutable state that people change (`update` takes an immer recipe),
 * and beside it the runs themselves. Listeners are told at once; panels and canvases draw later.
 */
import { type Draft, produce } from 'immer';
import type { RunSlot, Services } from './services.ts';
import { type AppState, initialState, NOTHING_SELECTED, type RunFacts } from './state.ts';
import { clampRange, revealed } from './viewport.ts';

export type Listener = (state: AppState, before: AppState) => void;

export type PanelRequest = 'focus-filter' | 'open-file' | 'context-menu' | 'download-picture';

export class AppStore {
  /** Every run opened since the page was loaded. */
  readonly slots = new Map<number, RunSlot>();
  private current: AppState = initialState();
  private readonly listeners = new Set<Listener>();
  private readonly panels = new Set<(what: PanelRequest) => void>();
  private provided: Services | null = null;
  private lastId = 0;

  get state(): AppState {
    return this.current;
  }

  /** The run on screen. */
  get slot(): RunSlot | null {
    const { run } = this.current;
    return run === null ? null : (this.slots.get(run.id) ?? null);
  }

  get services(): Services {
    if (this.provided === null) throw new Error('the engine is not ready');
    return this.provided;
  }

  provide(services: Services): void {
    this.provided = services;
  }

  /** Listeners hear of it when something has changed by it. */
  update(recipe: (draft: Draft<AppState>) => void): void {
    const before = this.current;
    this.current = produce(before, recipe);
    if (this.current === before) return;
    for (const listener of [...this.listeners]) listener(this.current, before);
  }

  /** @returns ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** Puts a run on screen, from its beginning or at an event. */
  show(slot: RunSlot, at = 0): void {
    this.slots.set(slot.id, slot);
    const run = factsOf(slot);
    this.update((draft) => {
      draft.screen = 'run';
      draft.run = run;
      draft.starting = null;
      draft.playing = false;
      draft.position = Math.min(at, run.count);
      draft.selection = NOTHING_SELECTED;
      draft.viewport = { fromUs: 0, toUs: Math.max(run.endUs, 1_000) };
      draft.marks = [];
      draft.pinned = [];
      draft.compare = null;
    });
  }

  /** To be called when rows or the report of a slot have arrived. */
  grown(slot: RunSlot): void {
    if (this.current.run?.id !== slot.id) return;
    const run = factsOf(slot);
    this.update((draft) => {
      const whole = draft.viewport.fromUs === 0 && draft.viewport.toUs >= (draft.run?.endUs ?? 0);
      draft.run = run;
      if (whole) draft.viewport = { fromUs: 0, toUs: Math.max(run.endUs, 1_000) };
    });
  }

  /**
   * Moves to a position; out of bounds is moved inside. Selects the event there and moves the
   * viewport if it does not show it.
   */
  goTo(position: number): void {
    const store = this.slot?.store;
    if (store === undefined) return;
    const to = Math.max(0, Math.min(Math.round(position), store.count));
    const timeUs = to === 0 ? 0 : store.timeUs(to);
    this.update((draft) => {
      draft.position = to;
      draft.selection.event = to === 0 ? null : to;
      const shown = revealed(draft.viewport, timeUs);
      if (shown !== draft.viewport) draft.viewport = clampRange(shown, store.endUs);
    });
  }

  /** Something that only a panel can do: put the focus into the filter, open the file dialog. */
  request(what: PanelRequest): void {
    for (const answer of [...this.panels]) answer(what);
  }

  /** @returns ends the subscription. */
  onRequest(answer: (what: PanelRequest) => void): () => void {
    this.panels.add(answer);
    return () => this.panels.delete(answer);
  }

  say(words: string): void {
    this.update((draft) => {
      draft.announcement = words;
    });
  }

  notify(kind: 'info' | 'error', title: string, details: readonly string[] = []): void {
    const id = this.nextId();
    this.update((draft) => {
      draft.notices.push({ id, kind, title, details: [...details] });
    });
  }
}

export function factsOf(slot: RunSlot): RunFacts {
  const { store, spec } = slot;
  const { identity } = store;
  return {
    id: slot.id,
    name: spec.scenario.name,
    seed: spec.seed,
    count: store.count,
    endUs: store.endUs,
    originUs: identity?.originUs ?? 0,
    complete: store.complete,
    held: slot.isHeld(),
    digest: identity?.digest ?? '',
    traceHash: identity?.traceHash ?? '',
  };
}
