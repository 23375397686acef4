/** `<trial-palette>`: every command by its words, and runs, nodes, partitions, marks to go to. */
import { css, html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { performFault } from '../app/branching.ts';
import { commands } from '../app/commands.ts';
import { faultChoices } from '../app/fault-menu.ts';
import { chordWords, type KeyBindings } from '../app/key-bindings.ts';
import type { AppState } from '../app/state.ts';
import { controls } from './controls.ts';
import { dialog, dialogStyles } from './dialog.ts';
import { differs, Panel } from './element.ts';

interface Entry {
  readonly group: string;
  readonly words: string;
  readonly keys: readonly string[];
  readonly run: () => void;
}

const SHOWN = 60;

class Palette extends Panel {
  static override styles = [
    controls,
    dialogStyles,
    css`
      input {
        height: 44px;
        border: 0;
        border-bottom: 1px solid var(--line);
        border-radius: 0;
        padding: 0 var(--space-4);
        font-size: var(--size-l);
        background: none;
      }
      input:focus-visible {
        outline: none;
      }
      .list {
        max-height: 420px;
        overflow: auto;
        padding: var(--space-1);
        scrollbar-width: thin;
      }
      .entry {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 30px;
        padding: 2px var(--space-3);
        border-radius: var(--radius);
        cursor: default;
      }
      .entry .words {
        flex: 1;
        min-width: 0;
      }
      .entry .group {
        color: var(--text-3);
        font-size: var(--size-s);
      }
      .entry[aria-selected='true'] {
        background: var(--accent-soft);
      }
      .none {
        padding: var(--space-4);
        color: var(--text-2);
      }
    `,
  ];

  bindings: KeyBindings | null = null;
  private wanted = '';
  private place = 0;
  private all: readonly Entry[] = [];

  protected override shows(state: AppState, before: AppState): boolean {
    if (state.overlay === 'palette' && before.overlay !== 'palette') {
      this.wanted = '';
      this.place = 0;
      this.all = this.entries();
    }
    return differs(state, before, 'overlay');
  }

  protected override firstUpdated(): void {
    this.all = this.entries();
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    if (this.app.state.overlay !== 'palette') return html``;
    const found = this.found();
    this.place = Math.max(0, Math.min(this.place, found.length - 1));
    return dialog(
      { title: 'Command palette', look: 'palette', hideTitle: true, close: () => this.close() },
      html`<input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="list"
          aria-activedescendant=${`c${this.place}`}
          aria-label="Search commands"
          placeholder="What do you want to do?"
          spellcheck="false"
          autocomplete="off"
          autofocus
          .value=${this.wanted}
          @input=${this.typed}
          @keydown=${this.moved}
        />
        <div class="list" id="list" role="listbox" aria-label="Commands">
          ${found.map(
            (entry, at) => html`<div
              class="entry"
              id=${`c${at}`}
              role="option"
              aria-selected=${at === this.place}
              @click=${() => this.run(entry)}
              @pointermove=${() => this.point(at)}
            >
              <span class="words">${entry.words}</span>
              <span class="group">${entry.group}</span>
              ${entry.keys.map((one) => html`<kbd>${one}</kbd>`)}
            </div>`,
          )}
          ${found.length === 0 ? html`<p class="none">No command has these words.</p>` : null}
        </div>`,
    );
  }

  private found(): Entry[] {
    const words = this.wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const ranked = this.all.flatMap((entry) => {
      const text = `${entry.words} ${entry.group}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) return [];
      return [{ entry, starts: words.length > 0 && text.startsWith(words[0] ?? '') }];
    });
    ranked.sort((a, b) => Number(b.starts) - Number(a.starts));
    return ranked.slice(0, SHOWN).map((one) => one.entry);
  }

  private entries(): Entry[] {
    const { app } = this;
    const own = commands
      .filter((one) => one.id !== 'palette' && (one.available?.(app) ?? true))
      .map((one) => {
        const chord = (this.bindings?.keysOf(one) ?? one.keys)[0];
        const keys = chord === undefined ? [] : chordWords(chord, null);
        return { group: one.group, words: one.words, keys, run: () => one.run(app) };
      });
    return [...own, ...this.places(), ...this.faults()];
  }

  private places(): Entry[] {
    const { app } = this;
    const { slot, state } = app;
    if (slot === null) return [];
    const nodes = slot.store.nodeNames.map((name, index) => ({
      group: 'Lane',
      words: `Select ${name}`,
      keys: [],
      run: () =>
        app.update((draft) => {
          draft.selection.node = index + 1;
          draft.tab = 'state';
        }),
    }));
    const partitions = Object.keys(slot.timeline.stateAt(state.position).partitions).map(
      (name) => ({
        group: 'Partition',
        words: `Select partition ${name}`,
        keys: [],
        run: () =>
          app.update((draft) => {
            draft.selection.partition = name;
          }),
      }),
    );
    const marks = state.marks.map((one) => ({
      group: 'Mark',
      words: `Go to ${one.name === '' ? 'mark' : one.name} at event ${count(one.event)}`,
      keys: [],
      run: () => app.goTo(one.event),
    }));
    const runs = [...app.slots.values()]
      .filter((one) => one.id !== slot.id)
      .map((one) => ({
        group: 'Run',
        words: `Show ${one.spec.scenario.name}, seed ${one.spec.seed}`,
        keys: [],
        run: () => app.show(one),
      }));
    return [...marks, ...runs, ...nodes, ...partitions];
  }

  /** Every fault for every node and partition: a branch from this position. */
  private faults(): Entry[] {
    const { app } = this;
    const { slot, state } = app;
    if (slot === null || state.position < 1) return [];
    const { store } = slot;
    const nodes = store.nodeNames.filter((name) => !name.startsWith('lab-'));
    const partitions = Object.keys(slot.timeline.stateAt(state.position).partitions);
    const targets = [
      ...nodes.map((node) => ({ name: node, target: { kind: 'node' as const, node } })),
      ...partitions.map((partition) => ({
        name: partition,
        target: { kind: 'partition' as const, partition },
      })),
    ];
    return targets.flatMap(({ name, target }) =>
      faultChoices(target, store, state.position, (event) => slot.timeline.stateAt(event))
        .filter((choice) => choice.refused === '')
        .map((choice) => ({
          group: 'Branch',
          words: `${name}: ${choice.words}`,
          keys: [],
          run: () => performFault(app, choice),
        })),
    );
  }

  private typed(event: Event): void {
    this.wanted = (event.target as HTMLInputElement).value;
    this.place = 0;
    this.requestUpdate();
  }

  private moved(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      this.place += step;
      this.requestUpdate();
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector(`#c${this.place}`)?.scrollIntoView({ block: 'nearest' }),
      );
    } else if (event.key === 'Enter') {
      const entry = this.found()[this.place];
      if (entry !== undefined) this.run(entry);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private point(at: number): void {
    if (at === this.place) return;
    this.place = at;
    this.requestUpdate();
  }

  private run(entry: Entry): void {
    this.close();
    entry.run();
  }

  private close(): void {
    this.app.update((draft) => {
      draft.overlay = 'none';
    });
  }
}

customElements.define('trial-palette', Palette);
