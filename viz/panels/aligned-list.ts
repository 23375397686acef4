/**
 * `<trial-aligned-list>`: the events in which two runs differ, partner beside partner. Triangles
 * and words tell which run has it, besides the colours.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import {
  type AlignedRow,
  type AlignedRows,
  MOST_ROWS,
  type RowLikeness,
} from '../app/aligned-rows.ts';
import type { RunSlot } from '../app/services.ts';
import type { AppState } from '../app/state.ts';
import { shortTime, spanWords } from '../app/words.ts';
import { wordsOf } from '../model/legend.ts';
import { controls } from './controls.ts';
import { vars } from './css-vars.ts';
import { differs, Panel } from './element.ts';

export interface AlignedData {
  readonly left: RunSlot;
  readonly right: RunSlot;
  readonly aligned: AlignedRows;
}

/** Time and words; the style sheet says more where words need two or three lines. */
const ROW_PX = 38;
const BEYOND = 6;

const SIGNS: Readonly<Record<RowLikeness, string>> = {
  same: '=',
  moved: '↔',
  different: '•',
  'only-left': '◀',
  'only-right': '▶',
};
const SIGN_WORDS: Readonly<Record<RowLikeness, string>> = {
  same: 'the same in both',
  moved: 'the same at another time',
  different: 'says something else',
  'only-left': 'only in the left run',
  'only-right': 'only in the right run',
};

class AlignedList extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        --pair: ${ROW_PX}px;
        display: grid;
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
        min-height: 0;
      }
      .bar {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 2px var(--space-3);
        padding: 6px var(--space-3);
        border-bottom: 1px solid var(--line);
        color: var(--text-2);
        font-size: var(--size-s);
      }
      .bar label {
        display: inline-flex;
        gap: 5px;
        align-items: center;
      }
      .window {
        position: relative;
        overflow: auto;
        contain: strict;
        scrollbar-width: thin;
      }
      .window:focus-visible {
        outline-offset: -2px;
      }
      .space {
        position: relative;
        height: var(--height);
      }
      .row {
        position: absolute;
        left: 0;
        right: 0;
        display: grid;
        grid-template-columns: minmax(0, 1fr) 14px minmax(0, 1fr) 74px;
        gap: var(--space-2);
        align-items: center;
        height: var(--pair);
        padding: 0 var(--space-3);
        transform: translateY(var(--top));
        font-size: var(--size-s);
        white-space: nowrap;
        cursor: default;
      }
      .row:hover {
        background: var(--hover);
      }
      .row.here {
        background: var(--accent-soft);
      }
      small {
        display: block;
        color: var(--text-2);
        font-size: 10px;
      }
      .row > span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      @media (max-width: 1000px) {
        :host {
          --pair: 54px;
        }
        .row {
          line-height: 1.25;
          white-space: normal;
          overflow-wrap: anywhere;
        }
      }
      @media (max-width: 640px) {
        :host {
          --pair: 84px;
        }
        .row {
          grid-template-columns: minmax(0, 1fr) 14px minmax(0, 1fr);
        }
        .row .time {
          display: none;
        }
      }
      .sign {
        text-align: center;
        color: var(--text-2);
      }
      .only-left .sign,
      .only-left .a {
        color: var(--orange-ink);
      }
      .only-right .sign,
      .only-right .b {
        color: var(--blue-ink);
      }
      .moved {
        color: var(--text-2);
      }
      .time {
        text-align: right;
        color: var(--text-2);
      }
    `,
  ];

  private given: AlignedData | null = null;
  private hidesMoved = true;
  private shown: readonly AlignedRow[] = [];
  private top = 0;
  private inSight = 12;
  private rowPx = ROW_PX;

  set data(data: AlignedData) {
    if (data.aligned === this.given?.aligned) return;
    this.given = data;
    this.top = 0;
    this.choose();
  }

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'position');
  }

  protected override firstUpdated(): void {
    const frame = this.renderRoot.querySelector('.window');
    if (frame === null) return;
    new ResizeObserver(() => {
      const pair = Number.parseFloat(getComputedStyle(this).getPropertyValue('--pair'));
      this.rowPx = Number.isFinite(pair) ? pair : ROW_PX;
      this.inSight = Math.ceil(frame.clientHeight / this.rowPx);
      this.requestUpdate();
    }).observe(frame);
  }

  protected override render(): TemplateResult {
    const { given, shown } = this;
    if (given === null) return html``;
    const here = this.placeHere();
    const first = Math.max(0, this.top - BEYOND);
    const last = Math.min(shown.length, this.top + this.inSight + BEYOND);
    const { tally, isCut } = given.aligned;
    return html`<div class="bar">
        <span>${SIGNS['only-left']} ${count(tally['only-left'])} only left</span>
        <span>${SIGNS['only-right']} ${count(tally['only-right'])} only right</span>
        <span>${SIGNS.different} ${count(tally.different)} differ</span>
        <label
          ><input type="checkbox" .checked=${!this.hidesMoved} @change=${this.toggleMoved} />
          ${SIGNS.moved} ${count(tally.moved)} moved in time</label
        >
        <span>in the order of the left run; what only the right one has, at its time</span>
        <span ?hidden=${!isCut}>the list holds the first ${count(MOST_ROWS)} of these</span>
      </div>
      <div
        class="window"
        role="listbox"
        tabindex="0"
        aria-label="Events in which the runs differ"
        aria-activedescendant=${here < first || here >= last ? nothing : `a${here}`}
        @scroll=${this.scrolled}
        @keydown=${this.moved}
      >
        <div
          class="space"
          role="presentation"
          ${vars({ '--height': `${shown.length * this.rowPx}px` })}
        >
          ${Array.from({ length: Math.max(0, last - first) }, (_, place) =>
            this.row(first + place, given),
          )}
        </div>
      </div>`;
  }

  private row(place: number, { left, right }: AlignedData): TemplateResult {
    const row = this.shown[place];
    if (row === undefined) return html``;
    const { position } = this.app.state;
    const isHere = row.right > 0 && row.right === position;
    const shift = row.left > 0 && row.right > 0 ? shiftWords(left, right, row) : '';
    return html`<div
      id=${`a${place}`}
      class="row ${row.likeness} ${isHere ? 'here' : ''}"
      role="option"
      aria-selected=${isHere}
      title=${SIGN_WORDS[row.likeness]}
      ${vars({ '--top': `${place * this.rowPx}px` })}
      @click=${() => this.goTo(row)}
    >
      <span class="a">${sideOf(left, row.left)}</span>
      <span class="sign">${SIGNS[row.likeness]}</span>
      <span class="b">${sideOf(right, row.right)}</span>
      <span class="time num">${shift}</span>
    </div>`;
  }

  /** A row of the left run alone leads to the last partner before it. */
  private goTo(row: AlignedRow): void {
    const { app, given } = this;
    app.update((draft) => {
      draft.playing = false;
    });
    if (row.right > 0 || given === null) return app.goTo(row.right);
    const originLeft = given.left.store.identity?.originUs ?? 0;
    const originRight = given.right.store.identity?.originUs ?? 0;
    const timeUs = given.left.store.timeUs(row.left) - originLeft + originRight;
    app.goTo(given.right.store.eventAtTime(timeUs));
  }

  private placeHere(): number {
    const { position } = this.app.state;
    return this.shown.findLastIndex((row) => row.right > 0 && row.right <= position);
  }

  private moved(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const place = Math.max(0, Math.min(this.placeHere() + step, this.shown.length - 1));
    const row = this.shown[place];
    if (row === undefined) return;
    this.goTo(row);
    this.top = Math.max(0, Math.min(place - 2, this.shown.length - this.inSight));
    const frame = this.renderRoot.querySelector('.window');
    if (frame !== null) frame.scrollTop = this.top * this.rowPx;
  }

  private scrolled(event: Event): void {
    const top = Math.floor((event.target as HTMLElement).scrollTop / this.rowPx);
    if (top === this.top) return;
    this.top = top;
    this.requestUpdate();
  }

  private toggleMoved(event: Event): void {
    this.hidesMoved = !(event.target as HTMLInputElement).checked;
    this.choose();
  }

  private choose(): void {
    const rows = this.given?.aligned.rows ?? [];
    this.shown = this.hidesMoved ? rows.filter((row) => row.likeness !== 'moved') : rows;
    this.requestUpdate();
  }
}

function timeIn({ store }: RunSlot, event: number): number {
  return store.timeUs(event) - (store.identity?.originUs ?? 0);
}

/** `18.277 ev 12,345` by the run's own clock and count, and under it what happened. */
function sideOf(slot: RunSlot, event: number): TemplateResult | null {
  if (event === 0) return null;
  const time = shortTime(slot.store.timeUs(event), slot.store.identity?.originUs ?? 0);
  return html`<small class="num">${time} ev ${count(event)}</small>${said(slot, event)}`;
}

/** `22 s later`: how far apart partners are; '' when it shows nowhere. */
function shiftWords(left: RunSlot, right: RunSlot, row: AlignedRow): string {
  const us = timeIn(right, row.right) - timeIn(left, row.left);
  if (us === 0) return '';
  return `${spanWords(Math.abs(us))} ${us > 0 ? 'later' : 'earlier'}`;
}

function said({ store }: RunSlot, event: number): string {
  return wordsOf(store.at(event), store.nodeNames);
}

customElements.define('trial-aligned-list', AlignedList);
