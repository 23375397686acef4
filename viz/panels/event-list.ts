/**
 * `<trial-events>`: every event as a row of real text, filtered; also the twin of the canvas for
 * screen readers. Only the rows in sight are in the document.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { askForMenu } from '../app/context-target.ts';
import { hitsOf, rowsOf } from '../app/hits.ts';
import type { AppState, TimeRange } from '../app/state.ts';
import { shortTime } from '../app/words.ts';
import { frames } from '../canvas/frame-loop.ts';
import type { FoldedRow } from '../model/beads.ts';
import { legendOf, wordsOf } from '../model/legend.ts';
import type { TraceStore } from '../model/trace-store.ts';
import { controls } from './controls.ts';
import { vars } from './css-vars.ts';
import { differs, Panel } from './element.ts';
import { eventListStyles } from './event-list-styles.ts';
import { glyph } from './icons.ts';

/** Rows above and below the window that are drawn all the same. */
const BEYOND = 6;
const EXAMPLE = 'kind:isr.changed node:broker-2 tp:orders-0 t>12s msg:Fetch text:/NotEnough/';
/** Browsers lay out no higher element exactly; further rows are reached by position. */
const MOST_PIXELS = 8_000_000;
const TYPING_REST_MS = 120;

class EventList extends Panel {
  static override styles = [controls, eventListStyles];

  /** The first row in sight. */
  private top = 0;
  private rowsInSight = 20;
  private rowPx = 22;
  /** The position was moved by the list itself: it need not follow. */
  private isOwnMove = false;
  /** The scroll bar has to follow `top`. */
  private mustScroll = false;
  private endings: (() => void)[] = [];
  private typing: ReturnType<typeof setTimeout> | undefined;

  protected override shows(state: AppState, before: AppState): boolean {
    if (state.position !== before.position) {
      if (this.isOwnMove) this.isOwnMove = false;
      else this.follow();
    }
    const isOther = differs(state, before, 'filter', 'fold');
    if (isOther || state.selection.range !== before.selection.range) this.follow();
    return (
      differs(state, before, 'run', 'position', 'filter', 'filtered', 'savedFilters', 'fold') ||
      state.selection.range !== before.selection.range
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.endings.push(
      this.app.onRequest((what) => {
        if (what === 'focus-filter') this.focusFilter();
      }),
    );
    const sizes = new ResizeObserver(() => this.measure());
    sizes.observe(this);
    this.endings.push(() => sizes.disconnect());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.endings.splice(0)) end();
  }

  protected override firstUpdated(): void {
    this.measure();
    this.follow();
  }

  protected override updated(): void {
    if (this.mustScroll) frames.request(this);
  }

  /** In the frame, when all panels have their elements: the browser lays out once, not twice. */
  paint(): void {
    this.mustScroll = false;
    const frame = this.frame();
    if (frame !== null) frame.scrollTop = this.top * this.rowPx * this.scale();
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    if (slot === null) return html``;
    const { store } = slot;
    const hits = hitsOf(this.app);
    const shown = rowsOf(this.app);
    const total = shown.count;
    const here = shown.rowOf(state.position);
    const first = Math.max(0, Math.min(this.top - BEYOND, total - this.rowsInSight - BEYOND));
    const last = Math.min(total, this.top + this.rowsInSight + BEYOND);
    const rows = Array.from({ length: Math.max(0, last - first) }, (_, place) => first + place);
    return html`<div class="bar">
        <div class="field">
          ${glyph('search')}<input
            type="text"
            spellcheck="false"
            autocomplete="off"
            aria-label="Filter of events"
            aria-invalid=${hits.problem !== null}
            placeholder=${EXAMPLE}
            .value=${state.filter}
            @input=${this.typed}
            @keydown=${this.fieldKey}
          />
        </div>
        ${
          state.selection.range === null
            ? null
            : html`<button
                class="framed num"
                title="Show the whole run again"
                @click=${this.dropRange}
              >
                ${rangeWords(state.selection.range, state.run?.originUs ?? 0)} ${glyph('cross')}
              </button>`
        }
        <span class="tally num" role="status"
          >${count(hits.count)}${hits.isDone ? '' : ' so far'}${
            hits.list === null ? '' : ` of ${count(store.count)}`
          }</span
        >
        <button
          title="Keep this filter as a lane of its own"
          ?disabled=${state.filter === '' || hits.problem !== null}
          @click=${this.keepFilter}
        >
          ${glyph('plus')}Lane
        </button>
      </div>
      <div>
        ${
          hits.problem === null
            ? null
            : html`<div class="problem" role="alert">
                <pre>${pointed(state.filter, hits.problem)}</pre>
                ${hits.problem.message}
              </div>`
        }
        ${
          state.savedFilters.length === 0
            ? null
            : html`<div class="saved">
                ${state.savedFilters.map(
                  (one) => html`<button
                    class="framed mono"
                    title="Take this lane away"
                    @click=${() => this.dropFilter(one)}
                  >
                    ${one} ${glyph('cross')}
                  </button>`,
                )}
              </div>`
        }
      </div>
      <div
        class="window"
        role="listbox"
        tabindex="0"
        aria-label="Events"
        aria-activedescendant=${here < first || here >= last ? nothing : `r${here}`}
        @scroll=${this.scrolled}
        @keydown=${this.listKey}
      >
        <div class="space" role="presentation" ${vars({ '--height': `${this.height(total)}px` })}>
          ${rows.map((place) =>
            this.row(place, { row: shown.at(place), isHere: place === here }, store),
          )}
        </div>
      </div>`;
  }

  private row(
    place: number,
    { row: folded, isHere }: { readonly row: FoldedRow; readonly isHere: boolean },
    store: TraceStore,
  ): TemplateResult {
    const { position, run } = this.app.state;
    const event = folded.first;
    const row = store.at(event);
    const legend = legendOf(row.kind);
    const isExact = isHere && position >= folded.first && position <= folded.last;
    const age = isExact ? 'here' : event > position ? 'later' : '';
    const offset = this.top * this.rowPx * (this.scale() - 1);
    if (folded.count > 1) return this.bead(place, folded, { age, offset, row });
    return html`<div
      id=${`r${place}`}
      class="row ${age}"
      role="option"
      aria-selected=${isExact}
      ${vars({ '--top': `${place * this.rowPx + offset}px` })}
      @click=${() => this.choose(event)}
      @contextmenu=${(pointer: MouseEvent) => this.menu(pointer, event)}
    >
      <span class="n num">${count(event)}</span>
      <span class="num time">${shortTime(row.timeUs, run?.originUs ?? 0)}</span>
      <span class="node">${store.nodeName(row.node)}</span>
      <span class="kind"
        ><i class="dot" ${vars({ '--mark': `var(--${legend.colour})` })}></i>${row.kind}</span
      >
      <span>${wordsOf(row, store.nodeNames)}</span>
    </div>`;
  }

  /** Heartbeats and empty fetches, counted; a click goes to the first of them. */
  private bead(
    place: number,
    { first, last, count: members }: FoldedRow,
    {
      age,
      offset,
      row,
    }: { readonly age: string; readonly offset: number; readonly row: TraceEvent },
  ): TemplateResult {
    const originUs = this.app.state.run?.originUs ?? 0;
    return html`<div
      id=${`r${place}`}
      class="row bead ${age}"
      role="option"
      aria-selected=${age === 'here'}
      title="Events ${count(first)} … ${count(last)}; H unfolds them"
      ${vars({ '--top': `${place * this.rowPx + offset}px` })}
      @click=${() => this.choose(first)}
    >
      <span class="n num">${count(first)}</span>
      <span class="num time">${shortTime(row.timeUs, originUs)}</span>
      <span class="node">⋯</span>
      <span class="kind">${count(members)} events</span>
      <span>heartbeats and empty fetches, up to event ${count(last)}</span>
    </div>`;
  }

  private choose(event: number): void {
    this.isOwnMove = true;
    this.app.update((draft) => {
      draft.playing = false;
    });
    this.app.goTo(event);
    this.isOwnMove = false;
  }

  private menu(pointer: MouseEvent, event: number): void {
    pointer.preventDefault();
    askForMenu(this, { target: { kind: 'event', event }, x: pointer.clientX, y: pointer.clientY });
  }

  private typed(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => {
      this.app.update((draft) => {
        draft.filter = value;
      });
    }, TYPING_REST_MS);
  }

  /** Enter goes to the next hit, Escape clears and leaves the field. */
  private fieldKey(event: KeyboardEvent): void {
    const field = event.target as HTMLInputElement;
    if (event.key === 'Enter') {
      clearTimeout(this.typing);
      this.app.update((draft) => {
        draft.filter = field.value;
      });
      const hits = hitsOf(this.app);
      const next = hits.after(this.app.state.position) || hits.at(0);
      if (next > 0) this.app.goTo(next);
    } else if (event.key === 'Escape') {
      if (field.value === '') field.blur();
      clearTimeout(this.typing);
      this.app.update((draft) => {
        draft.filter = '';
      });
    } else return;
    event.preventDefault();
  }

  /** Up and down go along the hits; left and right stay the page's own. */
  private listKey(event: KeyboardEvent): void {
    const rows = rowsOf(this.app);
    const to = this.target(event.key, rows.rowOf(this.app.state.position), rows.count);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (rows.count === 0) return;
    const next = rows.at(Math.max(0, Math.min(to, rows.count - 1))).first;
    this.app.update((draft) => {
      draft.playing = false;
    });
    this.app.goTo(next);
  }

  private target(key: string, place: number, total: number): number | null {
    switch (key) {
      case 'ArrowDown':
        return place + 1;
      case 'ArrowUp':
        return place - 1;
      case 'PageDown':
        return place + this.rowsInSight - 1;
      case 'PageUp':
        return place - this.rowsInSight + 1;
      case 'Home':
        return 0;
      case 'End':
        return total - 1;
      default:
        return null;
    }
  }

  private dropRange(): void {
    this.app.update((draft) => {
      draft.selection.range = null;
    });
  }

  private keepFilter(): void {
    const { filter } = this.app.state;
    this.app.update((draft) => {
      if (!draft.savedFilters.includes(filter)) draft.savedFilters.push(filter);
      draft.filter = '';
    });
    this.app.say(`filter kept as a lane: ${filter}`);
  }

  private dropFilter(filter: string): void {
    this.app.update((draft) => {
      draft.savedFilters = draft.savedFilters.filter((one) => one !== filter);
    });
  }

  private focusFilter(): void {
    const field = this.renderRoot.querySelector('input');
    if (field === null) return;
    this.scrollIntoView({ block: 'nearest' });
    field.focus();
    field.select();
  }

  /** Brings the position into sight, as few rows away as can be. */
  private follow(): void {
    const rows = rowsOf(this.app);
    const place = Math.max(0, rows.rowOf(this.app.state.position));
    if (place >= this.top && place < this.top + this.rowsInSight - 1) return;
    const top = place - Math.floor(this.rowsInSight / 2);
    this.top = Math.max(0, Math.min(top, rows.count - this.rowsInSight));
    this.mustScroll = true;
    this.requestUpdate();
  }

  private scrolled(): void {
    const frame = this.frame();
    if (frame === null || this.mustScroll) return;
    const top = Math.round(frame.scrollTop / (this.rowPx * this.scale()));
    if (top === this.top) return;
    this.top = top;
    this.requestUpdate();
  }

  private measure(): void {
    const frame = this.frame();
    if (frame === null) return;
    const row = Number.parseFloat(getComputedStyle(this).getPropertyValue('--row'));
    this.rowPx = Number.isFinite(row) ? row : 22;
    const rows = Math.max(1, Math.floor(frame.clientHeight / this.rowPx));
    if (rows === this.rowsInSight) return;
    this.rowsInSight = rows;
    this.requestUpdate();
  }

  private height(total: number): number {
    return Math.min(total * this.rowPx, MOST_PIXELS);
  }

  /** Pixels of the scroll bar for a pixel of the list; 1 until the list is too long for that. */
  private scale(): number {
    const slot = this.app.slot;
    const total = slot === null ? 0 : rowsOf(this.app).count;
    const whole = total * this.rowPx;
    return whole <= MOST_PIXELS ? 1 : MOST_PIXELS / whole;
  }

  private frame(): HTMLElement | null {
    const frame = this.renderRoot.querySelector('.window');
    return frame instanceof HTMLElement ? frame : null;
  }
}

function rangeWords({ fromUs, toUs }: TimeRange, originUs: number): string {
  return `${shortTime(fromUs, originUs)} … ${shortTime(toUs, originUs)} s`;
}

function pointed(text: string, { from, to }: { from: number; to: number }): string {
  return `${text}\n${' '.repeat(from)}${'▔'.repeat(Math.max(1, to - from))}`;
}

customElements.define('trial-events', EventList);
