/**
 * What every panel of elements has in common: it is given the store as `app`, draws anew when a
 * part of the state that it shows has changed, and never keeps a copy of it.
 */
import { type CSSResultGroup, LitElement } from 'lit';
import type { AppState } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import { controls } from './controls.ts';

export abstract class Panel extends LitElement {
  static override styles: CSSResultGroup = [controls];

  private store: AppStore | null = null;
  private ending: (() => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** While the run plays, the panel is drawn anew this seldom; 0: in every frame. */
  protected readonly paceMs: number = 0;

  constructor() {
    super();
    // Set before the element was defined, the property hides the accessor.
    if (!Object.hasOwn(this, 'app')) return;
    const early = this.app;
    Reflect.deleteProperty(this, 'app');
    this.store = early;
  }

  /** Throws before the store was given: no panel is drawn without. */
  get app(): AppStore {
    if (this.store === null) throw new Error(`${this.tagName} has no store`);
    return this.store;
  }
  set app(store: AppStore) {
    if (store === this.store) return;
    this.store = store;
    if (this.isConnected) this.attach();
    this.requestUpdate();
  }

  /** Whether the panel shows something that differs. */
  protected abstract shows(state: AppState, before: AppState): boolean;

  /** Hears every change, drawn or not. */
  protected changed(_state: AppState, _before: AppState): void {}

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.store !== null) this.attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ending?.();
    this.ending = null;
  }

  protected override shouldUpdate(): boolean {
    return this.store !== null;
  }

  private updateLater(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.requestUpdate();
    }, this.paceMs);
  }

  private attach(): void {
    this.ending?.();
    this.ending = this.app.subscribe((state, before) => {
      this.changed(state, before);
      if (!this.shows(state, before)) return;
      if (state.playing && this.paceMs > 0) this.updateLater();
      else this.requestUpdate();
    });
    this.requestUpdate();
  }
}

/** Whether one of the named parts differs. */
export function differs(
  state: AppState,
  before: AppState,
  ...parts: readonly (keyof AppState)[]
): boolean {
  return parts.some((part) => state[part] !== before[part]);
}
