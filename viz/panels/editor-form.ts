/**
 * `<trial-editor-form>`: the scenario in fields: cluster, topics, clients, faults. What a field
 * has no room for is in the JSON view. Each change is one step of undo.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { faultVerbs } from '../../sim/faults/verbs.ts';
import { configDoc, loadConfigDocs } from '../app/config-docs.ts';
import { edit } from '../app/edit.ts';
import { type PlacedProblem, withoutPath } from '../app/scenario-check.ts';
import { spoken } from '../app/spoken.ts';
import type { AppState } from '../app/state.ts';
import { type Path, valueAt, withValue } from '../app/tree-path.ts';
import { controls } from './controls.ts';
import { formStyles } from './editor-form-styles.ts';
import { differs, Panel } from './element.ts';
import { glyph } from './icons.ts';

interface Field {
  readonly path: Path;
  readonly label: string;
  readonly kind?: 'number' | 'text' | 'json';
  readonly placeholder?: string;
  readonly title?: string;
}

type Entry = Readonly<Record<string, unknown>>;

class EditorForm extends Panel {
  static override styles = [controls, formStyles];

  private shown: readonly PlacedProblem[] = [];
  /** Scenario time of the position, ms. */
  atMs = 0;

  get problems(): readonly PlacedProblem[] {
    return this.shown;
  }
  set problems(problems: readonly PlacedProblem[]) {
    this.shown = problems;
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void loadConfigDocs().then(() => this.requestUpdate());
  }

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'editor');
  }

  protected override render(): TemplateResult {
    const scenario = this.app.state.editor.scenario as unknown;
    if (scenario === null) return html``;
    const list = (path: Path): readonly Entry[] => (valueAt(scenario, path) ?? []) as Entry[];
    return html`
      <section>
        <h3>Cluster</h3>
        <div class="grid">
          ${this.field({
            path: ['cluster', 'brokers'],
            label: 'Brokers',
            kind: 'number',
            placeholder: '3',
          })}
          ${this.field({
            path: ['cluster', 'controllers'],
            label: 'Controllers',
            kind: 'number',
            placeholder: '1',
          })}
          ${this.field({ path: ['runFor'], label: 'Run for', kind: 'json', placeholder: '40s' })}
        </div>
        ${this.config(['cluster', 'config'], 'every broker and controller')}
      </section>
      ${list(['cluster', 'topics']).map((topic, place) => this.topic(topic, place))}
      ${list(['workload']).map((entry, place) => this.client(entry, place))}
      <section>
        <h3>
          Faults
          <button class="framed" @click=${this.addFault}>
            ${glyph('plus')}Power cut here
          </button>
        </h3>
        ${list(['faults']).map((fault, place) => this.fault(fault, place))}
        <p class="quiet" ?hidden=${list(['faults']).length > 0}>Nothing is broken on purpose.</p>
      </section>
    `;
  }

  private topic(topic: Entry, place: number): TemplateResult {
    const path: Path = ['cluster', 'topics', place];
    return html`<section>
      <h3>Topic ${topic['name']}</h3>
      <div class="grid">
        ${this.field({
          path: [...path, 'partitions'],
          label: 'Partitions',
          kind: 'number',
          placeholder: '1',
        })}
        ${this.field({
          path: [...path, 'replicationFactor'],
          label: 'Replication factor',
          kind: 'number',
          placeholder: '3',
        })}
      </div>
      ${this.config([...path, 'config'], `topic ${topic['name']}`)}
    </section>`;
  }

  private client(entry: Entry, place: number): TemplateResult {
    const path: Path = ['workload', place];
    const kind = ['producer', 'consumer', 'admin'].find((one) => one in entry) ?? 'client';
    return html`<section>
      <h3>${kind[0]?.toUpperCase()}${kind.slice(1)} ${entry[kind]}</h3>
      <div class="grid">
        ${
          kind === 'producer'
            ? html`${this.field({
                path: [...path, 'recordsPerSecond'],
                label: 'Records a second',
                kind: 'number',
              })}
              ${this.field({
                path: [...path, 'valueBytes'],
                label: 'Bytes of a value',
                kind: 'number',
                placeholder: '100',
              })}`
            : null
        }
        ${this.field({ path: [...path, 'topic'], label: 'Topic' })}
      </div>
      ${this.config([...path, 'config'], `${kind} ${entry[kind]}`)}
    </section>`;
  }

  private fault(fault: Entry, place: number): TemplateResult {
    const path: Path = ['faults', place];
    const verb = faultVerbs.find((one) => Object.hasOwn(fault, one.name));
    const more = Object.entries(fault).filter(([key]) => key !== 'at' && key !== verb?.name);
    return html`<div class="fault" id=${`fault-${place}`}>
      <div class="head">
        <strong title=${verb?.doc ?? ''}>${spoken(verb?.name ?? 'unknown')}</strong>
        <span class="faint"
          >${more.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ')}</span
        >
        <button
          class="icon"
          aria-label="Take this fault away"
          title="Take this fault away"
          @click=${() => this.set(path, undefined, `${verb?.name} taken away`)}
        >
          ${glyph('cross')}
        </button>
      </div>
      <div class="grid">
        ${
          fault['at'] === undefined && ('when' in fault || 'afterEvent' in fault)
            ? html`<span class="quiet"
                >${triggerWords(fault)}</span
              >`
            : this.field({ path: [...path, 'at'], label: 'At', kind: 'json', placeholder: '2s' })
        }
        ${
          verb === undefined
            ? null
            : this.field({
                path: [...path, verb.name],
                label: 'Whom',
                kind: 'json',
                title: verb.doc,
              })
        }
      </div>
      ${this.problemsAt(path)}
    </div>`;
  }

  private config(path: Path, of: string): TemplateResult {
    const scenario = this.app.state.editor.scenario as unknown;
    const config = (valueAt(scenario, path) ?? {}) as Entry;
    return html`<div class="config">
      ${Object.entries(config).map(([key, value]) => {
        const doc = configDoc(key);
        const words = [...path, key];
        return html`<label class="setting" title=${doc?.doc ?? ''}>
          <span class="mono">${key}</span>
          ${
            doc?.allowed == null || doc.type === 'LIST'
              ? html`<input
                  class="mono"
                  .value=${String(value)}
                  spellcheck="false"
                  data-config=${key}
                  aria-invalid=${this.isWrong(words)}
                  @change=${(event: Event) => this.configured(words, event)}
                />`
              : html`<select
                  class="mono"
                  data-config=${key}
                  @change=${(event: Event) => this.configured(words, event)}
                >
                  ${[...new Set([...doc.allowed, String(value)])].map(
                    (one) => html`<option ?selected=${one === String(value)}>${one}</option>`,
                  )}
                </select>`
          }
          <button
            class="icon"
            aria-label="Take ${key} away"
            title="Back to the default: ${doc?.defaultText ?? 'not set'}"
            @click=${() => this.set(words, undefined, `${key} taken away`)}
          >
            ${glyph('cross')}
          </button>
          <span class="doc">${doc?.doc ?? ''}</span>
          ${this.problemsAt(words)}
        </label>`;
      })}
      <form class="add" @submit=${(event: SubmitEvent) => this.addSetting(event, path)}>
        <input
          class="mono"
          list="keys"
          aria-label="Another setting of ${of}"
          placeholder="another setting = value"
          spellcheck="false"
          autocomplete="off"
        />
        <button class="icon" aria-label="Add the setting">${glyph('plus')}</button>
      </form>
    </div>`;
  }

  private field({ path, label, kind = 'text', placeholder = '', title }: Field): TemplateResult {
    const value = valueAt(this.app.state.editor.scenario, path);
    const shown =
      value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    return html`<label class="field" title=${title ?? nothing}>
      <span>${label}</span>
      <input
        class=${kind === 'text' ? '' : 'mono'}
        .value=${shown}
        placeholder=${placeholder}
        spellcheck="false"
        autocomplete="off"
        aria-invalid=${this.isWrong(path)}
        @change=${(event: Event) => this.filled({ path, label, kind }, event)}
      />
      ${this.problemsAt(path)}
    </label>`;
  }

  private filled({ path, label, kind }: Field, event: Event): void {
    const text = (event.target as HTMLInputElement).value.trim();
    this.set(path, text === '' ? undefined : meant(text, kind ?? 'text'), `${label} ${text}`);
  }

  private configured(path: Path, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.set(path, value.trim(), `${path.at(-1)} ${value}`);
  }

  private addSetting(event: SubmitEvent, path: Path): void {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).querySelector('input');
    const parts = /^\s*([^=\s]+)\s*(?:=|\s)\s*(.*)$/.exec(field?.value ?? '');
    const key = parts?.[1] ?? field?.value.trim() ?? '';
    if (key === '' || field === null) return;
    const value = parts?.[2]?.trim() ?? configDoc(key)?.defaultText ?? '';
    this.set([...path, key], value, `${key} ${value}`);
    field.value = '';
  }

  /** A power cut of the selected partition's leader, or of the first broker, at this position. */
  private addFault(): void {
    const { editor, selection } = this.app.state;
    const node =
      selection.node === null ? '' : (this.app.slot?.store.nodeName(selection.node) ?? '');
    const partition = selection.partition;
    const broker = node.startsWith('broker-') ? node : 'broker-1';
    const target = partition === null ? broker : `leader:${partition}`;
    const faults = (valueAt(editor.scenario, ['faults']) ?? []) as readonly Entry[];
    const fault = { at: Math.max(0, this.atMs), powerCut: target, restartAfter: '5s' };
    this.set(['faults'], [...faults, fault], `power cut of ${target}`);
  }

  private set(path: Path, value: unknown, words: string): void {
    edit(this.app, withValue(this.app.state.editor.scenario, path, value), words);
  }

  private problemsAt(path: Path): TemplateResult[] {
    const wanted = path.join('\n');
    return this.problems
      .filter((one) => one.parts.join('\n') === wanted)
      .map((one) => html`<span class="problem">${withoutPath(one)}</span>`);
  }

  private isWrong(path: Path): boolean {
    const wanted = path.join('\n');
    return this.problems.some((one) => one.parts.join('\n') === wanted);
  }
}

function triggerWords(fault: Entry): string {
  if ('when' in fault) return `when ${JSON.stringify(fault['when'])}`;
  return `after event ${fault['afterEvent']}`;
}

/** What a text in a field stands for: JSON where it is some, else itself. */
function meant(text: string, kind: NonNullable<Field['kind']>): unknown {
  if (kind === 'text') return text;
  if (kind === 'number') {
    const number = Number(text);
    return Number.isNaN(number) ? text : number;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

customElements.define('trial-editor-form', EditorForm);
