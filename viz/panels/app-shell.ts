/**
 * `<trial-app>`: the page. The gallery is here from the beginning; the panels of a run are
 * fetched with the first run, before that only keys, notices and the palette are there.
 */
import { css, html, type TemplateResult } from 'lit';
import { commands } from '../app/commands.ts';
import { linesOf } from '../app/compare-runs.ts';
import { titleOf } from '../app/gallery-cards.ts';
import { KeyBindings } from '../app/key-bindings.ts';
import { listenToKeys } from '../app/keys.ts';
import { Speaker } from '../app/live-words.ts';
import { Playback } from '../app/playback.ts';
import type { AppState } from '../app/state.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import './context-menu.ts';
import './gallery.ts';
import './header.ts';
import './help.ts';
import './notices.ts';
import './palette.ts';
import './small-dialogs.ts';

class App extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        grid-template-columns: minmax(0, 1fr);
        height: 100dvh;
        overflow: hidden;
        background: var(--bg);
      }
      .drop {
        position: fixed;
        inset: 8px;
        z-index: 40;
        display: grid;
        place-items: center;
        border: 2px dashed var(--accent);
        border-radius: var(--radius-l);
        background: color-mix(in srgb, var(--bg) 82%, transparent);
        font-size: var(--size-xl);
        pointer-events: none;
      }
      .loading {
        display: grid;
        place-items: center;
        color: var(--text-2);
      }
    `,
  ];

  private readonly bindings = new KeyBindings(commands, storageOf());
  private hasRunScreen = false;
  private isDropping = false;
  private spoken = '';
  private endings: (() => void)[] = [];

  protected override shows(state: AppState, before: AppState): boolean {
    if (isWanted(state) && !this.hasRunScreen) this.fetchRunScreen();
    return (
      differs(state, before, 'screen', 'theme') ||
      isWanted(state) !== isWanted(before) ||
      state.run?.id !== before.run?.id
    );
  }

  protected override changed(state: AppState, before: AppState): void {
    if (state.theme !== before.theme) this.setTheme();
    const isElsewhere = state.screen !== before.screen || state.run?.name !== before.run?.name;
    if (isElsewhere) {
      const isRun = state.screen === 'run' && state.run !== null;
      document.title = isRun ? `${titleOf(state.run.name)} · Trial` : 'Trial';
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { app } = this;
    new Playback(app);
    const speaker = new Speaker(app, (words) => this.speak(words));
    const motion = matchMedia('(prefers-reduced-motion: reduce)');
    const tellMotion = (): void =>
      app.update((draft) => {
        draft.reducedMotion = motion.matches;
      });
    tellMotion();
    motion.addEventListener('change', tellMotion);
    const theme = storageOf()?.getItem('trial.theme');
    if (theme === 'dark' || theme === 'light') {
      app.update((draft) => {
        draft.theme = theme;
      });
    }
    this.setTheme();
    this.endings.push(
      listenToKeys(app, this.bindings),
      () => speaker.end(),
      () => motion.removeEventListener('change', tellMotion),
      app.onRequest((what) => {
        if (what === 'open-file') this.renderRoot.querySelector('input')?.click();
      }),
      this.listenToDrops(),
    );
    if (isWanted(app.state)) this.fetchRunScreen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.endings.splice(0)) end();
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const isGallery = app.state.screen === 'gallery';
    return html`<trial-header role="banner" .app=${app}></trial-header>
      ${isGallery ? html`<trial-gallery .app=${app}></trial-gallery>` : null}
      ${
        this.hasRunScreen && isWanted(app.state)
          ? html`<trial-run .app=${app} ?hidden=${isGallery}></trial-run>`
          : isGallery
            ? null
            : html`<p class="loading">fetching the panels …</p>`
      }
      <input
        type="file"
        class="unseen"
        tabindex="-1"
        aria-hidden="true"
        accept=".trial,.json,.jsonc,.txt"
        @change=${this.fileChosen}
      />
      <trial-context-menu
        role="region"
        aria-label="What can be done"
        .app=${app}
      ></trial-context-menu>
      <trial-palette .app=${app} .bindings=${this.bindings}></trial-palette>
      <trial-help .app=${app} .bindings=${this.bindings}></trial-help>
      <trial-small-dialogs .app=${app}></trial-small-dialogs>
      <trial-notices .app=${app}></trial-notices>
      <div class="unseen" role="status" aria-live="polite" id="live">${this.spoken}</div>
      ${this.isDropping ? html`<div class="drop">Open this file</div>` : null}`;
  }

  private speak(words: string): void {
    this.spoken = words;
    this.requestUpdate();
  }

  private fetchRunScreen(): void {
    import('./run-screen.ts').then(
      () => {
        this.hasRunScreen = true;
        this.requestUpdate();
      },
      (error: unknown) => this.app.notify('error', 'The panels did not load', linesOf(error)),
    );
  }

  private setTheme(): void {
    const { theme } = this.app.state;
    const root = document.documentElement;
    if (theme === 'system') root.removeAttribute('data-theme');
    else root.dataset['theme'] = theme;
    storageOf()?.setItem('trial.theme', theme);
  }

  private listenToDrops(): () => void {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      this.setDropping(true);
    };
    const left = (event: DragEvent): void => {
      if (event.relatedTarget === null) this.setDropping(false);
    };
    const dropped = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      this.setDropping(false);
      if (file === undefined) return;
      event.preventDefault();
      this.open(file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', left);
    window.addEventListener('drop', dropped);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', left);
      window.removeEventListener('drop', dropped);
    };
  }

  private setDropping(isDropping: boolean): void {
    if (isDropping === this.isDropping) return;
    this.isDropping = isDropping;
    this.requestUpdate();
  }

  private fileChosen(event: Event): void {
    const field = event.target as HTMLInputElement;
    const file = field.files?.[0];
    field.value = '';
    if (file !== undefined) this.open(file);
  }

  private open(file: File): void {
    const { app } = this;
    app.services
      .openFile(file)
      .catch((error: unknown) =>
        app.notify('error', `${file.name} was not opened`, linesOf(error)),
      );
  }
}

/** The panels of a run are made, unseen, while its first rows are still being computed. */
function isWanted({ screen, starting }: AppState): boolean {
  return screen === 'run' || starting !== null;
}

/** null where the browser keeps nothing for this page. */
function storageOf(): Storage | null {
  try {
    return window.localStorage;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

customElements.define('trial-app', App);
