/** `<trial-help>`: every key, rebindable, and what colours and shapes mean. */
import { css, html, type TemplateResult } from 'lit';
import type { Chord, Command, CommandGroup } from '../app/command.ts';
import { commands } from '../app/commands.ts';
import { chordWords, type KeyBindings } from '../app/key-bindings.ts';
import { chordOf } from '../app/keys.ts';
import type { AppState } from '../app/state.ts';
import { filterTerms } from '../model/filter.ts';
import { controls } from './controls.ts';
import { vars } from './css-vars.ts';
import { dialog, dialogStyles } from './dialog.ts';
import { differs, Panel } from './element.ts';
import { badgeStyles, verdictBadge } from './verdict-badge.ts';

const GROUPS: readonly CommandGroup[] = [
  'Play',
  'Go to',
  'Look',
  'Change',
  'Compare and share',
  'Page',
];

const MODIFIERS: readonly string[] = ['Shift', 'Control', 'Alt', 'Meta'];

class Help extends Panel {
  static override styles = [
    controls,
    dialogStyles,
    badgeStyles,
    css`
      .columns {
        columns: 2 380px;
        column-gap: var(--space-8);
      }
      section {
        break-inside: avoid;
        margin-bottom: var(--space-4);
      }
      section h3 {
        padding-bottom: 4px;
        border-bottom: 1px solid var(--line);
      }
      .key {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        justify-content: space-between;
        min-height: 26px;
        font-size: var(--size-s);
      }
      .key button {
        height: 24px;
        padding: 0 4px;
        gap: 3px;
        flex: none;
      }
      .waiting {
        color: var(--accent);
        font-size: var(--size-s);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 6px var(--space-4);
        padding: 6px 0;
        font-size: var(--size-s);
        align-items: center;
      }
      .sample {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      .swatch {
        width: 22px;
        height: 10px;
        border-radius: 2px;
        border: 1px solid var(--colour);
        background: var(--colour);
      }
      .swatch.hollow {
        background: none;
      }
      .swatch.dashed {
        border-style: dashed;
        background: none;
      }
      .swatch.hatched {
        background: repeating-linear-gradient(135deg, var(--colour) 0 2px, transparent 2px 5px);
      }
      p {
        margin: 0 0 var(--space-3);
        color: var(--text-2);
        line-height: var(--leading-text);
      }
      .foot {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: var(--space-3);
      }
    `,
  ];

  bindings: KeyBindings | null = null;
  /** The command that waits for its new key. */
  private waiting: Command | null = null;
  private layout: ReadonlyMap<string, string> | null = null;

  protected override shows(state: AppState, before: AppState): boolean {
    if (state.overlay !== before.overlay) this.waiting = null;
    return differs(state, before, 'overlay');
  }

  protected override firstUpdated(): void {
    const { keyboard } = navigator as Navigator & {
      readonly keyboard?: { getLayoutMap?(): Promise<ReadonlyMap<string, string>> };
    };
    keyboard?.getLayoutMap?.().then(
      (layout) => {
        this.layout = layout;
        this.requestUpdate();
      },
      // Not every page may ask; the keys are then named as on an English keyboard.
      () => undefined,
    );
  }

  protected override render(): TemplateResult {
    if (this.app.state.overlay !== 'help') return html``;
    return dialog(
      { title: 'Keys, colours and shapes', look: 'wide', close: () => this.close() },
      html`<div class="content" @keydown=${this.pressed}>
        <div class="foot">
          <p>
            Keys go by their place on the keyboard. Click a key to give the command another one.
          </p>
          <button class="framed" ?hidden=${!this.bindings?.isChanged} @click=${this.reset}>
            Back to the usual keys
          </button>
        </div>
        <div class="columns">
          ${GROUPS.map((one) => this.group(one))} ${legend()} ${filterLanguage()} ${mouse()}
        </div>
      </div>`,
    );
  }

  private group(group: CommandGroup): TemplateResult {
    return html`<section>
      <h3>${group}</h3>
      ${commands
        .filter((one) => one.group === group)
        .map(
          (one) => html`<div class="key">
            <span>${one.words}</span>
            <button @click=${() => this.wait(one)}>
              <span class="unseen">Change the key of “${one.words}”:</span>
              ${
                this.waiting === one
                  ? html`<span class="waiting">press a key …</span>`
                  : this.keys(one)
              }
            </button>
          </div>`,
        )}
    </section>`;
  }

  private keys(command: Command): TemplateResult[] {
    const chords: readonly Chord[] = this.bindings?.keysOf(command) ?? command.keys;
    if (chords.length === 0) return [html`<span class="faint">none</span>`];
    const [first] = chords;
    if (first === undefined) return [];
    return chordWords(first, this.layout).map((word) => html`<kbd>${word}</kbd>`);
  }

  private wait(command: Command): void {
    this.waiting = command;
    this.requestUpdate();
  }

  private pressed(event: KeyboardEvent): void {
    if (this.waiting === null || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== 'Escape') this.bindings?.bind(this.waiting, chordOf(event));
    this.waiting = null;
    this.requestUpdate();
  }

  private reset(): void {
    this.bindings?.reset();
    this.requestUpdate();
  }

  private close(): void {
    this.app.update((draft) => {
      draft.overlay = 'none';
    });
  }
}

function swatch(token: string, look: string, words: string): TemplateResult {
  return html`<span class="sample"
    ><i class="swatch ${look}" ${vars({ '--colour': `var(--${token})` })}></i>${words}</span
  >`;
}

function legend(): TemplateResult {
  return html`<section>
    <h3>What a check says</h3>
    <div class="legend">
      ${verdictBadge('holds')} ${verdictBadge('allowed')} ${verdictBadge('violated')}
      ${verdictBadge('unknown')}
    </div>
    <p>
      Allowed: it happened, and a setting or a fault beyond what the settings promise to survive
      permits it. Only a violation is a failure.
    </p>
    <h3>Nodes</h3>
    <div class="legend">
      ${swatch('up', '', 'up')} ${swatch('fenced', 'dashed', 'fenced')}
      ${swatch('paused', 'hollow', 'paused')} ${swatch('down', 'hatched', 'down')}
    </div>
    <p>
      ${swatch('queue', '', 'requests in hand')}: as high as there are many, darker where they are
      no fetches, which wait for news.
    </p>
    <h3>Operations of clients</h3>
    <div class="legend">
      ${swatch('ok', '', 'ok')} ${swatch('unknown', '', 'perhaps')} ${swatch('fail', '', 'failed')}
    </div>
    <p>A hollow cap is an acknowledgement of the leader alone (acks=1), a filled one of all.</p>
    <h3>Records</h3>
    <p>
      One box is one batch or record, its colour the leader epoch that wrote it: solid below the
      high watermark, dashed above it. Truncated records stay as ghosts.
    </p>
    <h3>Faults</h3>
    <div class="legend">
      ${swatch('fault-process', 'hatched', 'process')}
      ${swatch('fault-network', 'hatched', 'network')}
      ${swatch('fault-disk', 'hatched', 'disk')} ${swatch('fault-clock', 'hatched', 'clock')}
    </div>
  </section>`;
}

function filterLanguage(): TemplateResult {
  return html`<section>
    <h3>Filter of events</h3>
    ${filterTerms.map(
      ({ term, words }) => html`<div class="key">
        <code>${term}</code><span class="quiet">${words.replaceAll('`', '')}</span>
      </div>`,
    )}
    <p>
      Terms are joined by nothing or <code>and</code>, by <code>or</code> and <code>not</code>,
      with parentheses.
    </p>
  </section>`;
}

function mouse(): TemplateResult {
  return html`<section>
    <h3>Mouse and touch</h3>
    <p>
      The wheel zooms at the pointer, dragging moves, Shift and dragging selects a range that
      filters all panels. Right-click a node, a message, a log or a row to break it, in a branch.
      On a touch
      screen, a swipe over the transport steps.
    </p>
  </section>`;
}

customElements.define('trial-help', Help);
