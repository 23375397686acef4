/**
 * `<trial-sequence>`: messages around the position as a sequence diagram, a column for each node
 * and time from top to bottom. Rows are real elements: arrow keys go along them.
 */
import { css, html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { askForMenu } from '../app/context-target.ts';
import { type SequenceRow, sequenceAround } from '../app/sequence-rows.ts';
import type { AppState } from '../app/state.ts';
import { shortTime, spanWords } from '../app/words.ts';
import { frames } from '../canvas/frame-loop.ts';
import { lanesOf } from '../model/lanes.ts';
import { legendOf } from '../model/legend.ts';
import { controls } from './controls.ts';
import { vars } from './css-vars.ts';
import { differs, Panel } from './element.ts';

const ROWS = 100;
const HEAD_PX = 30;
const ROW_PX = 26;
const COLUMN_PX = 132;
const GUTTER_PX = 150;
/** Room for what is said of the last column. */
const AFTER_PX = 150;
/** A letter of a note, about. */
const LETTER_PX = 6.4;

interface Column {
  readonly node: number;
  readonly name: string;
  readonly x: number;
}

class Sequence extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        overflow: hidden;
        contain: content;
        background: var(--panel);
      }
      .frame {
        height: 100%;
        overflow: auto;
        scrollbar-width: thin;
      }
      .frame:focus-visible {
        outline-offset: -2px;
      }
      .heads {
        position: sticky;
        top: 0;
        z-index: 2;
        height: ${HEAD_PX}px;
        width: max(100%, var(--width));
        border-bottom: 1px solid var(--line-strong);
        background: var(--panel-2);
        font-size: var(--size-s);
      }
      .heads span {
        position: absolute;
        top: 7px;
        left: var(--x);
        transform: translateX(-50%);
        font-weight: var(--weight-strong);
        white-space: nowrap;
      }
      .heads span.first {
        transform: none;
        font-weight: var(--weight);
        color: var(--text-2);
      }
      .row {
        position: relative;
        display: block;
        width: max(100%, var(--width));
        height: ${ROW_PX}px;
        font-size: var(--size-xs);
        contain: layout style;
        cursor: default;
      }
      .row:hover {
        background: var(--hover);
      }
      .row.later {
        opacity: 0.62;
      }
      .row.here {
        background: var(--accent-soft);
        box-shadow: inset 3px 0 0 var(--accent);
      }
      .when {
        position: absolute;
        left: var(--space-3);
        top: 6px;
        color: var(--text-2);
      }
      svg.line {
        position: absolute;
        inset: 0;
        width: var(--width);
        height: ${ROW_PX}px;
        overflow: visible;
        pointer-events: none;
      }
      .life {
        stroke: var(--line);
      }
      .arrow {
        stroke: var(--text-2);
        stroke-width: 1.3;
        fill: none;
      }
      .head {
        fill: var(--text-2);
      }
      .lost .arrow {
        stroke: var(--violated);
        stroke-dasharray: 4 3;
      }
      .lost .head {
        fill: var(--violated);
      }
      .label {
        position: absolute;
        left: var(--at);
        top: 1px;
        transform: translateX(-50%);
        padding: 0 4px;
        background: color-mix(in srgb, var(--panel) 80%, transparent);
        white-space: nowrap;
      }
      .note {
        position: absolute;
        left: var(--at);
        top: 3px;
        box-sizing: border-box;
        max-width: calc(max(100%, var(--width)) - var(--at));
        height: 20px;
        padding: 2px 7px;
        transform: translateX(-12px);
        overflow: hidden;
        border: 1px solid var(--mark);
        border-radius: var(--radius-s);
        background: var(--panel);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      /* Of a node at the right edge: what does not fit right of its line stands left of it. */
      .note.back {
        max-width: calc(var(--at) + 12px);
        transform: translateX(calc(12px - 100%));
      }
      .none {
        padding: var(--space-4);
        color: var(--text-2);
      }
    `,
  ];

  private rows: readonly SequenceRow[] = [];
  private key = '';
  private shownPlace = -1;
  /** How wide rows are, in pixels. */
  private drawn = 0;

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'run', 'position', 'fold', 'pinned');
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    if (slot === null) return html``;
    this.refresh();
    const columns = this.columns();
    const width = GUTTER_PX + columns.length * COLUMN_PX + AFTER_PX;
    const here = this.placeOf(state.position);
    this.drawn = Math.max(this.clientWidth, width);
    return html`<div
      class="frame"
      role="listbox"
      tabindex="0"
      aria-label="Messages around event ${state.position}"
      aria-activedescendant=${here < 0 ? nothing : `s${here}`}
      ${vars({ '--width': `${width}px` })}
      @keydown=${this.moved}
    >
      <div class="heads" role="presentation">
        <span class="first" ${vars({ '--x': '12px' })}>event · time</span>
        ${columns.map((one) => html`<span ${vars({ '--x': `${one.x}px` })}>${one.name}</span>`)}
      </div>
      ${this.rows.map((row, place) => this.row(row, { place, isHere: place === here, columns }))}
      ${this.rows.length === 0 ? html`<p class="none">No messages around here.</p>` : null}
    </div>`;
  }

  protected override updated(): void {
    frames.request(this);
  }

  /** Brings the position into sight, in the frame, when the browser lays out anyway. */
  paint(): void {
    const frame = this.renderRoot.querySelector('.frame');
    const place = this.placeOf(this.app.state.position);
    if (frame === null || place < 0 || place === this.shownPlace) return;
    this.shownPlace = place;
    const top = HEAD_PX + place * ROW_PX;
    const { scrollTop, clientHeight } = frame;
    const isSeen = top > scrollTop + HEAD_PX && top < scrollTop + clientHeight - ROW_PX * 2;
    if (!isSeen) frame.scrollTop = top - clientHeight / 2;
  }

  private row(
    row: SequenceRow,
    look: { readonly place: number; readonly isHere: boolean; readonly columns: readonly Column[] },
  ): TemplateResult {
    const { state, slot } = this.app;
    const { columns, place, isHere } = look;
    const from = columns.find((one) => one.node === row.from)?.x ?? GUTTER_PX;
    const to = columns.find((one) => one.node === row.to)?.x ?? from;
    const isMessage = row.to > 0;
    const isLost = isMessage && row.receivedEvent === 0;
    const age = isHere ? 'here' : row.event > state.position ? 'later' : '';
    const took = row.receivedEvent === 0 ? '' : ` (${spanWords(row.receivedUs - row.timeUs)})`;
    const names = `${slot?.store.nodeName(row.from)} → ${slot?.store.nodeName(row.to)}`;
    const title = isMessage
      ? `${names}: ${row.words}${isLost ? ', never arrived' : took}`
      : row.words;
    const kind = slot?.store.kindName(row.event) ?? '';
    return html`<div
      class="row ${age} ${isLost ? 'lost' : ''}"
      role="option"
      id=${`s${place}`}
      aria-selected=${isHere}
      title=${title}
      @click=${() => this.goTo(row.event)}
      @contextmenu=${(event: MouseEvent) => this.menu(event, row)}
    >
      <span class="when num"
        >${count(row.event)} · ${shortTime(row.timeUs, state.run?.originUs ?? 0)}</span
      ><span class="unseen">${isMessage ? names : ''}</span>
      <svg class="line" aria-hidden="true">
        ${columns.map((one) => svg`<path class="life" d="M${one.x} 0V${ROW_PX}" />`)}
        ${isMessage ? arrow(from, to) : null}
      </svg>
      ${
        isMessage
          ? html`<span class="label" ${vars({ '--at': `${(from + to) / 2}px` })}
              >${row.words}${isLost ? ' ✕' : ''}</span
            >`
          : html`<span
              class="note ${this.isBack(row.words, from) ? 'back' : ''}"
              ${vars({ '--at': `${from}px`, '--mark': `var(--${legendOf(kind).colour})` })}
              >${row.words}</span
            >`
      }
    </div>`;
  }

  /** Whether words that begin at a node's line need the room on its other side. */
  private isBack(words: string, from: number): boolean {
    const room = this.drawn - from;
    return words.length * LETTER_PX > room && from > room;
  }

  /** Rows stay as they are while the position is among them. */
  private refresh(): void {
    const { slot, state } = this.app;
    if (slot === null) return;
    const key = `${slot.id} ${state.fold} ${slot.store.count}`;
    const first = this.rows[0]?.event ?? 0;
    const last = this.rows.at(-1)?.event ?? 0;
    const isInside = state.position >= first && state.position <= last;
    if (key === this.key && isInside) return;
    this.key = key;
    this.shownPlace = -1;
    const { messages, routine } = slot.timeline.index;
    const parts = { store: slot.store, messages, routine, isFolded: state.fold };
    this.rows = sequenceAround(parts, state.position, ROWS);
  }

  private columns(): Column[] {
    const { slot, state } = this.app;
    if (slot === null) return [];
    const seen = new Set(this.rows.flatMap((row) => [row.from, row.to]));
    return lanesOf(slot.store, slot.timeline.facts, state.pinned)
      .filter((lane) => lane.node > 0 && seen.has(lane.node))
      .map(({ node, name }, place) => ({ node, name, x: GUTTER_PX + (place + 0.5) * COLUMN_PX }));
  }

  /** The last row at or before the event. */
  private placeOf(event: number): number {
    return this.rows.findLastIndex((row) => row.event <= event);
  }

  private goTo(event: number): void {
    this.app.update((draft) => {
      draft.playing = false;
    });
    this.app.goTo(event);
  }

  private menu(pointer: MouseEvent, row: SequenceRow): void {
    pointer.preventDefault();
    const kind = row.to > 0 ? 'message' : 'event';
    askForMenu(this, {
      target: { kind, event: row.event },
      x: pointer.clientX,
      y: pointer.clientY,
    });
  }

  private moved(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const place = this.placeOf(this.app.state.position) + step;
    const row = this.rows[Math.max(0, Math.min(place, this.rows.length - 1))];
    if (row === undefined) return;
    const isAtEdge = row.event === this.app.state.position;
    if (isAtEdge) this.key = '';
    this.goTo(isAtEdge ? row.event + step : row.event);
  }
}

function arrow(from: number, to: number): SVGTemplateResult {
  const y = ROW_PX - 8;
  const tip = to > from ? -1 : 1;
  return svg`<path class="arrow" d="M${from} ${y}H${to + tip * 5}" />
    <path class="head" d="M${to} ${y}l${tip * 7} -3.5v7z" />`;
}

customElements.define('trial-sequence', Sequence);
