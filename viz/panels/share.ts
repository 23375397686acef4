/** `<trial-share>`: the link, and every file that can be taken along. */
import { css, html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { linesOf } from '../app/compare-runs.ts';
import { allHits } from '../app/hits.ts';
import { runName } from '../app/run-names.ts';
import {
  type SequenceParts,
  type SequenceRow,
  sequenceAround,
  sequenceBetween,
} from '../app/sequence-rows.ts';
import type { RunSlot } from '../app/services.ts';
import { copyText, LONGEST_LINK, saveFile } from '../app/sharing.ts';
import type { AppState } from '../app/state.ts';
import { timeWords } from '../app/words.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { legendOf } from '../model/legend.ts';
import type { TraceStore } from '../model/trace-store.ts';
import { controls } from './controls.ts';
import { dialog, dialogStyles } from './dialog.ts';
import { differs, Panel } from './element.ts';
import { type Glyph, glyph } from './icons.ts';

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain';
const BYTES_TYPE = 'application/octet-stream';

interface Way {
  readonly icon: Glyph;
  readonly title: string;
  readonly words: string;
  readonly take: (slot: RunSlot) => Promise<void>;
}

class Share extends Panel {
  static override styles = [
    controls,
    dialogStyles,
    css`
      dialog {
        width: min(560px, calc(100vw - 24px));
      }
      .link {
        display: flex;
        gap: var(--space-2);
        margin-bottom: var(--space-2);
      }
      .link input {
        flex: 1;
        min-width: 0;
        font-family: var(--mono);
        font-size: var(--size-s);
      }
      .hint {
        margin: 0 0 var(--space-4);
        color: var(--text-2);
        font-size: var(--size-s);
        line-height: var(--leading-text);
      }
      ul {
        display: grid;
        gap: 2px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li button {
        display: grid;
        grid-template-columns: 16px 150px 1fr;
        justify-items: start;
        gap: var(--space-3);
        width: 100%;
        height: auto;
        min-height: 34px;
        padding: 5px var(--space-2);
        text-align: left;
        white-space: normal;
      }
      li .words {
        color: var(--text-2);
        font-size: var(--size-s);
      }
    `,
  ];

  private link = '';
  private linkProblem = '';
  private busy = '';

  protected override shows(state: AppState, before: AppState): boolean {
    if (state.overlay === 'share' && before.overlay !== 'share') this.makeLink();
    return differs(state, before, 'overlay', 'run');
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    if (state.overlay !== 'share' || slot === null) return html``;
    return dialog(
      { title: 'Share and export', close: () => this.close() },
      html`<div class="content">
        ${
          this.linkProblem === ''
            ? html`<div class="link">
                <input
                  readonly
                  aria-label="Link to this event"
                  .value=${this.link}
                  @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
                />
                <button class="primary" ?disabled=${this.link === ''} @click=${this.copyLink}>
                  ${glyph('link')}Copy
                </button>
              </div>`
            : html`<p class="hint">${this.linkProblem}</p>`
        }
        <p class="hint">
          The link holds the scenario, the seed, this position and both hashes. Whoever opens it
          runs the same run again and is told if it came out differently. Nothing is sent anywhere.
        </p>
        <ul>
          ${this.ways().map((way) => this.way(way, slot))}
        </ul>
      </div>`,
    );
  }

  private way(way: Way, slot: RunSlot): TemplateResult {
    return html`<li>
      <button ?disabled=${this.busy !== ''} @click=${() => this.take(way, slot)}>
        ${glyph(way.icon)}
        <span>${this.busy === way.title ? 'preparing …' : way.title}</span>
        <span class="words">${way.words}</span>
      </button>
    </li>`;
  }

  private makeLink(): void {
    const { slot, state, services } = this.app;
    this.link = '';
    this.linkProblem = '';
    if (slot === null) return;
    services.link(slot, state.position).then(
      (link) => {
        if (link.length > LONGEST_LINK) {
          this.linkProblem =
            `The link would have ${count(link.length)} characters, more than many programs keep. ` +
            'Share the scenario or the trace as a file.';
        } else this.link = link;
        this.requestUpdate();
      },
      (error: unknown) => {
        this.linkProblem = linesOf(error).join(' ');
        this.requestUpdate();
      },
    );
  }

  private copyLink(): void {
    copyText(this.link).then(
      () => {
        this.close();
        this.app.notify('info', `Link to event ${count(this.app.state.position)} copied`);
      },
      (error: unknown) => this.app.notify('error', 'The link was not copied', linesOf(error)),
    );
  }

  private take(way: Way, slot: RunSlot): void {
    this.busy = way.title;
    this.requestUpdate();
    way
      .take(slot)
      .catch((error: unknown) => this.app.notify('error', `${way.title}: not made`, linesOf(error)))
      .finally(() => {
        this.busy = '';
        this.requestUpdate();
      });
  }

  private ways(): Way[] {
    const { app } = this;
    return [
      {
        icon: 'file',
        title: 'Scenario',
        words: 'JSON for the editor and the command line; a branch has its faults in it',
        take: async (slot) => {
          const { scenarioText } = await import('../export/scenario-file.ts');
          saveFile(`${slot.spec.scenario.name}.json`, [scenarioText(slot.spec)], JSON_TYPE);
        },
      },
      {
        icon: 'file',
        title: 'Trace',
        words:
          'a .trial file: the scenario, the seed and every event; opens here and in `trial view`',
        take: async (slot) => {
          const bytes = await app.services.traceFile(slot);
          saveFile(`${nameOf(slot)}.trial`, [bytes as Uint8Array<ArrayBuffer>], BYTES_TYPE);
        },
      },
      {
        icon: 'file',
        title: 'Events as JSON lines',
        words: 'one object for each event, for jq and scripts',
        take: async (slot) => {
          const { ndjsonParts } = await import('../export/ndjson.ts');
          const { store } = await app.services.whole(slot);
          saveFile(`${nameOf(slot)}.ndjson`, ndjsonParts(store), 'application/x-ndjson');
        },
      },
      {
        icon: 'lane',
        title: 'Perfetto',
        words: 'Chrome trace-event JSON: nodes as tracks, messages as flows',
        take: async (slot) => {
          const { perfettoParts } = await import('../export/perfetto.ts');
          const { store } = await app.services.whole(slot);
          saveFile(`${nameOf(slot)}.perfetto.json`, perfettoParts(store), JSON_TYPE);
        },
      },
      {
        icon: 'branch',
        title: 'ShiViz log',
        words: 'the filtered events with their vector clocks, else the notable ones',
        take: async (slot) => {
          const { shivizLog } = await import('../export/shiviz.ts');
          const { store } = await app.services.whole(slot);
          saveFile(`${nameOf(slot)}.shiviz.log`, [shivizLog(store, this.chosen(store))], TEXT_TYPE);
        },
      },
      {
        icon: 'copy',
        title: 'Mermaid diagram',
        words:
          'up to 200 messages of the selected range, else around this event; into the clipboard',
        take: async (slot) => {
          const { mermaidText, MOST_MERMAID_ROWS } = await import('../export/mermaid.ts');
          const originUs = app.state.run?.originUs ?? 0;
          const rows = this.sequence(slot, MOST_MERMAID_ROWS);
          await copyText(mermaidText(slot.store, rows, originUs));
          app.notify('info', `Mermaid diagram of ${count(rows.length)} rows copied`);
        },
      },
      {
        icon: 'compare',
        title: 'Picture (SVG)',
        words: 'the drawn panels as they are now, to be scaled and edited',
        take: async (slot) => {
          const { drawnPanels, pictureSvg } = await import('../canvas/picture.ts');
          const svg = pictureSvg(drawnPanels(document), this.pictureWords(slot));
          saveFile(`${nameOf(slot)}.svg`, [svg], 'image/svg+xml');
        },
      },
      {
        icon: 'compare',
        title: 'Picture (PNG)',
        words: 'the same in pixels, twice as many as on screen',
        take: async (slot) => {
          const { drawnPanels, picturePng } = await import('../canvas/picture.ts');
          const png = await picturePng(drawnPanels(document), this.pictureWords(slot));
          saveFile(`${nameOf(slot)}.png`, [png], 'image/png');
        },
      },
    ];
  }

  /** What a picture says of itself, so that it can be found again. */
  private pictureWords(slot: RunSlot): { readonly title: string; readonly facts: string } {
    const { position, run } = this.app.state;
    const { store } = slot;
    const timeUs = position === 0 ? 0 : store.timeUs(Math.min(position, store.count));
    const hash = store.identity?.traceHash ?? '';
    const facts = [
      `event ${count(position)} of ${count(store.count)}`,
      `t = ${timeWords(timeUs, run?.originUs ?? 0)}`,
      `engine ${ENGINE_VERSION}`,
      ...(hash === '' ? [] : [`trace ${hash.slice(0, 8)}`]),
    ];
    return { title: runName(this.app.slots, slot), facts: facts.join(' · ') };
  }

  private chosen(store: TraceStore): (event: number) => boolean {
    const { list } = allHits(this.app);
    if (list === null) return (event) => legendOf(store.kindName(event)).weight >= 2;
    return (event) => list.at(list.placeFrom(event)) === event;
  }

  private sequence(slot: RunSlot, limit: number): SequenceRow[] {
    const { selection, position, fold } = this.app.state;
    const { messages, routine } = slot.timeline.index;
    const parts: SequenceParts = { store: slot.store, messages, routine, isFolded: fold };
    if (selection.range === null) return sequenceAround(parts, position, limit);
    const from = slot.store.eventAtTime(selection.range.fromUs - 1) + 1;
    return sequenceBetween(
      parts,
      { from, to: slot.store.eventAtTime(selection.range.toUs) },
      limit,
    );
  }

  private close(): void {
    this.app.update((draft) => {
      draft.overlay = 'none';
    });
  }
}

function nameOf({ spec }: RunSlot): string {
  return `${spec.scenario.name}-${spec.seed}`.replace(/[^\w.-]+/g, '_');
}

customElements.define('trial-share', Share);
