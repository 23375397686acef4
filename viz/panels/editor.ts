/**
 * `<trial-editor>`: the scenario to be run next, as a form or as JSON. Problems are told where
 * they are. Running it never touches the run on screen: another one is made and put beside it.
 */
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { type JsonText, parseJsonText } from '../../sim/scenario/json-text.ts';
import { linesOf, runBeside } from '../app/compare-runs.ts';
import { loadConfigDocs } from '../app/config-docs.ts';
import { closeEditor, edit, redoEdit, undoEdit } from '../app/edit.ts';
import { type PlacedProblem, problemsOf } from '../app/scenario-check.ts';
import type { AppState } from '../app/state.ts';
import { shortTime } from '../app/words.ts';
import { isSeed, SEED_RULE } from '../model/seed.ts';
import { controls } from './controls.ts';
import { CodeEditor, setConfigKeys } from './editor-code.ts';
import { differs, Panel } from './element.ts';
import { glyph } from './icons.ts';
import './editor-form.ts';

type JsonMistake = Omit<Extract<JsonText, { ok: false }>, 'ok'>;

class Editor extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template: auto auto minmax(0, 1fr) auto auto / minmax(0, 1fr);
        min-height: 0;
        background: var(--panel);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 2px;
        padding: 0 var(--space-2) 0 0;
        border-bottom: 1px solid var(--line);
      }
      .bar [role='tablist'] {
        flex: 1;
        border: 0;
      }
      .at {
        padding: 5px var(--space-3);
        border-bottom: 1px solid var(--line);
        background: var(--panel-2);
        color: var(--text-2);
        font-size: var(--size-s);
      }
      .body {
        min-height: 0;
        overflow: auto;
        scrollbar-width: thin;
      }
      .code {
        height: 100%;
      }
      .problems {
        max-height: 130px;
        margin: 0;
        padding: 6px var(--space-3);
        overflow: auto;
        border-top: 1px solid var(--line);
        background: var(--violated-wash);
        list-style: none;
        font-size: var(--size-s);
      }
      .problems button {
        height: auto;
        padding: 2px 0;
        color: var(--violated-ink);
        text-align: left;
        white-space: normal;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3);
        border-top: 1px solid var(--line);
      }
      .foot label {
        display: flex;
        align-items: center;
        gap: 6px;
        margin-right: auto;
        color: var(--text-2);
      }
      .foot label input {
        width: 76px;
      }
    `,
  ];

  private mode: 'form' | 'code' = 'form';
  private code: CodeEditor | null = null;
  private problems: readonly PlacedProblem[] = [];
  private checked: unknown = null;
  /** Why the text as it is in the code editor is no scenario yet; null: it is one. */
  private broken: JsonMistake | null = null;

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'editor', 'position');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void loadConfigDocs().then((keys) => {
      setConfigKeys(keys.keys());
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dropCode();
  }

  protected override willUpdate(): void {
    const { scenario } = this.app.state.editor;
    if (scenario === this.checked) return;
    this.checked = scenario;
    this.problems = scenario === null ? [] : problemsOf(scenario);
  }

  protected override render(): TemplateResult {
    const { editor, position, run } = this.app.state;
    const timeUs = position === 0 ? 0 : (this.app.slot?.store.timeUs(position) ?? 0);
    const atMs = Math.round((timeUs - (run?.originUs ?? 0)) / 1_000);
    const list = this.problemList();
    const isWrong = list.length > 0;
    const why = isWrong ? 'Mend what is listed above first' : '';
    return html`<div class="bar" @keydown=${this.barKey}>
        <div role="tablist" aria-label="Scenario editor">
          ${this.tab('form', 'Form')} ${this.tab('code', 'JSON')}
        </div>
        <button
          class="icon"
          title="Undo: ${editor.undo.at(-1)?.words ?? 'nothing'} (Ctrl Z)"
          aria-label="Undo"
          ?disabled=${editor.undo.length === 0}
          @click=${() => undoEdit(this.app)}
        >
          ${glyph('undo')}
        </button>
        <button
          class="icon"
          title="Do again: ${editor.redo.at(-1)?.words ?? 'nothing'} (Ctrl Shift Z)"
          aria-label="Do again"
          ?disabled=${editor.redo.length === 0}
          @click=${() => redoEdit(this.app)}
        >
          ${glyph('redo')}
        </button>
        <button
          class="icon"
          aria-label="Close the editor"
          title="Close the editor"
          @click=${() => closeEditor(this.app)}
        >
          ${glyph('cross')}
        </button>
      </div>
      <div class="at">
        The page stands at event ${count(position)}, t = ${shortTime(timeUs, run?.originUs ?? 0)} s.
        The run on screen stays as it is.
      </div>
      <div class="body" id="body" role="tabpanel" aria-label="Scenario" @keydown=${this.undoKey}>
        ${
          this.mode === 'form'
            ? html`<trial-editor-form
                .app=${this.app}
                .problems=${this.problems}
                .atMs=${atMs}
              ></trial-editor-form>`
            : html`<div class="code"></div>`
        }
      </div>
      <div>
        ${
          isWrong
            ? html`<ul class="problems" role="alert" aria-label="Problems">
                ${list.map(
                  (one) => html`<li><button @click=${one.show}>${one.words}</button></li>`,
                )}
              </ul>`
            : null
        }
      </div>
      <div class="foot">
        <label
          >seed
          <input
            .value=${String(editor.seed)}
            spellcheck="false"
            autocomplete="off"
            @change=${this.seedGiven}
        /></label>
        <button
          class="framed"
          title=${why}
          ?disabled=${isWrong}
          @click=${() => this.run(false)}
        >
          ${glyph('play')}Run
        </button>
        <button
          class="primary"
          title=${why}
          ?disabled=${isWrong}
          @click=${() => this.run(true)}
        >
          ${glyph('compare')}Run and compare
        </button>
      </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.mode !== 'code') return;
    const place = this.renderRoot.querySelector('.code');
    if (this.code === null && place instanceof HTMLElement) this.makeCode(place);
    else if (this.broken === null && this.code !== null && !this.isSettled(this.code.text)) {
      this.code.setText(this.text());
    }
  }

  private tab(mode: 'form' | 'code', words: string): TemplateResult {
    const isHere = this.mode === mode;
    return html`<button
      role="tab"
      aria-selected=${isHere}
      aria-controls="body"
      tabindex=${isHere ? 0 : -1}
      @click=${() => this.setMode(mode)}
    >
      ${words}
    </button>`;
  }

  private setMode(mode: 'form' | 'code'): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.broken = null;
    if (mode === 'form') this.dropCode();
    this.requestUpdate();
  }

  private barKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    if (!(event.composedPath()[0] instanceof HTMLElement)) return;
    const isTab = (event.composedPath()[0] as HTMLElement).getAttribute('role') === 'tab';
    if (!isTab) return;
    event.preventDefault();
    event.stopPropagation();
    this.setMode(this.mode === 'form' ? 'code' : 'form');
    void this.updateComplete.then(() => {
      const tab = this.renderRoot.querySelector('[aria-selected="true"]');
      if (tab instanceof HTMLElement) tab.focus();
    });
  }

  /** In the form; the code editor has keys of its own. */
  private undoKey(event: KeyboardEvent): void {
    if (this.mode !== 'form' || !(event.ctrlKey || event.metaKey)) return;
    if (event.code !== 'KeyZ' && event.code !== 'KeyY') return;
    event.preventDefault();
    if (event.code === 'KeyY' || event.shiftKey) redoEdit(this.app);
    else undoEdit(this.app);
  }

  private makeCode(parent: HTMLElement): void {
    const { shadowRoot } = this;
    if (shadowRoot === null) return;
    this.code = new CodeEditor(this.text(), {
      parent,
      root: shadowRoot,
      changed: (text) => this.written(text),
      problems: () => this.problems,
      undo: () => undoEdit(this.app),
      redo: () => redoEdit(this.app),
      isSettled: (text) => this.isSettled(text),
    });
    const fault = this.nearestFault();
    if (fault >= 0) this.code.reveal(['faults', fault]);
    this.code.focus();
  }

  private dropCode(): void {
    this.code?.destroy();
    this.code = null;
  }

  private text(): string {
    return JSON.stringify(this.app.state.editor.scenario, null, 2);
  }

  /** Whether a text says what the page has, however it is written. */
  private isSettled(text: string): boolean {
    const parsed = parsedJson(text);
    if (parsed === undefined) return false;
    return JSON.stringify(parsed) === JSON.stringify(this.app.state.editor.scenario);
  }

  private written(text: string): void {
    const read = parseJsonText(text);
    const isObject = read.ok && typeof read.value === 'object' && read.value !== null;
    if (read.ok && isObject) {
      this.broken = null;
      edit(this.app, read.value, 'typing');
    } else {
      const message = 'a scenario is an object: { … }';
      this.broken = read.ok ? { line: 1, column: 1, message } : read;
    }
    this.requestUpdate();
  }

  /** A text that is no JSON has one mistake; what else is wrong shows when that is mended. */
  private problemList(): { readonly words: string; readonly show: () => void }[] {
    const { broken } = this;
    const { seed } = this.app.state.editor;
    const list =
      broken === null
        ? this.problems.map((one) => ({ words: one.words, show: () => this.reveal(one) }))
        : [
            {
              words: `not JSON, line ${broken.line}, column ${broken.column}: ${broken.message}`,
              show: () => this.code?.revealAt(broken),
            },
          ];
    if (isSeed(seed)) return list;
    const field = () => this.renderRoot.querySelector<HTMLElement>('.foot input')?.focus();
    return [...list, { words: `seed: ${SEED_RULE}; found: ${seed}`, show: field }];
  }

  private reveal(problem: PlacedProblem): void {
    this.setMode('code');
    void this.updateComplete.then(() => {
      this.code?.reveal(problem.parts);
      this.code?.focus();
    });
  }

  /** The last fault that strikes at or before the position, else the first; -1: there is none. */
  private nearestFault(): number {
    const { slot, state } = this.app;
    const faults = (state.editor.scenario?.faults ?? []) as readonly { readonly at?: unknown }[];
    if (slot === null || faults.length === 0) return -1;
    const timeUs = state.position === 0 ? 0 : slot.store.timeUs(state.position);
    const atMs = (timeUs - (state.run?.originUs ?? 0)) / 1_000;
    const near = faults.findLastIndex((one) => msOf(one.at) <= atMs + 1);
    return Math.max(0, near);
  }

  private seedGiven(event: Event): void {
    const seed = (event.target as HTMLInputElement).value.trim();
    this.app.update((draft) => {
      draft.editor.seed = seed === '' ? '1' : seed;
    });
  }

  private run(isBeside: boolean): void {
    const { app } = this;
    const { scenario, seed } = app.state.editor;
    if (scenario === null) return;
    const open = () => app.services.open({ scenario, seed }, { at: 0 });
    if (isBeside) void runBeside(app, open).then(() => closeEditor(app));
    else {
      open().catch((error: unknown) =>
        app.notify('error', 'The run did not start', linesOf(error)),
      );
    }
  }
}

/** undefined for a text that is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function msOf(at: unknown): number {
  if (typeof at === 'number') return at;
  const parts = /^(-?[\d.]+)(ms|s|m|h)$/.exec(String(at));
  return parts === null ? Number.NaN : Number(parts[1]) * (UNITS[parts[2] ?? ''] ?? 1);
}

customElements.define('trial-editor', Editor);
