/** `<trial-inspect-event>`: every field of the selected event, what it carried, its causes. */
import { css, html, type TemplateResult } from 'lit';
import { systemEvents } from '../../kafka/trace.ts';
import { count } from '../../sim/run/words.ts';
import { labEvents } from '../../sim/trace/lab-events.ts';
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { linesOf } from '../app/compare-runs.ts';
import { askForMenu } from '../app/context-target.ts';
import type { Inspection } from '../app/services.ts';
import type { AppState } from '../app/state.ts';
import { timeWords } from '../app/words.ts';
import { apiName } from '../model/api-names.ts';
import { legendOf, wordsOf } from '../model/legend.ts';
import type { TraceStore } from '../model/trace-store.ts';
import { faultsBehind } from '../model/why.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { eventLine, eventLink } from './event-link.ts';
import { inspectStyles } from './inspect-styles.ts';
import './tree.ts';

/** The engine is not bothered while somebody steps through. */
const REST_MS = 200;
const STEP_SHOWN = 40;
const CHILDREN_SHOWN = 6;

const docs: Readonly<Record<string, { readonly doc: string } | undefined>> = {
  ...labEvents,
  ...systemEvents,
};

class InspectEvent extends Panel {
  static override styles = [
    controls,
    inspectStyles,
    css`
      .error {
        color: var(--violated-ink);
      }
    `,
  ];

  private looked: {
    readonly key: string;
    readonly found: Inspection | null;
    readonly error: string;
  } = {
    key: '',
    found: null,
    error: '',
  };
  private resting: ReturnType<typeof setTimeout> | undefined;

  protected override readonly paceMs = 250;

  protected override shows(state: AppState, before: AppState): boolean {
    return differs(state, before, 'selection', 'run', 'playing', 'position');
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    const event = state.selection.event;
    if (slot === null || event === null || event > slot.store.count) {
      return html`<p class="nothing">
        The run stands before its first event. Step with → or click an event in the picture.
      </p>`;
    }
    const { store } = slot;
    const row = store.at(event);
    const legend = legendOf(row.kind);
    this.lookLater(row, store);
    return html`<section>
        <div class="title">
          <strong>${legend.title}</strong>
          <code class="faint">${row.kind}</code>
        </div>
        <p class="words">${wordsOf(row, store.nodeNames)}.</p>
        <dl class="fields">
          <dt>event</dt>
          <dd class="num">${count(event)}</dd>
          <dt>time</dt>
          <dd class="num">${timeWords(row.timeUs, state.run?.originUs ?? 0)}</dd>
          <dt>node</dt>
          <dd>
            ${
              row.node === 0
                ? 'the laboratory'
                : html`<button class="link" @click=${() => this.selectNode(row.node)}>
                    ${store.nodeName(row.node)}
                  </button>`
            }
          </dd>
          ${this.fields(row, store)}
        </dl>
      </section>
      ${this.frame(row)} ${this.causes(row, store)} ${this.step(row, store)}
      <section>
        <p class="quiet">
          ${coded(docs[row.kind]?.doc ?? 'A kind of event that this page has no words for.')}
          ${
            legend.doc === null
              ? null
              : html`<a href=${legend.doc.href} target="_blank" rel="noopener"
                  >${legend.doc.name}</a
                >`
          }
        </p>
        <button class="framed" @click=${this.breakIt}>Change what happens from here …</button>
      </section>`;
  }

  private fields(row: TraceEvent, store: TraceStore): TemplateResult[] {
    const kind = store.kinds[store.kindId(row.event)];
    return row.fields.map((value, place) => {
      const name = kind?.fieldNames[place] ?? `field ${place + 1}`;
      const isApi = name === 'api' && typeof value === 'number';
      const shown = isApi ? `${apiName(value)} (${value})` : value === '' ? '–' : value;
      return html`<dt>${name}</dt>
        <dd class="mono">${shown}</dd>`;
    });
  }

  private frame(row: TraceEvent): TemplateResult | null {
    if (!carriesFrame(row)) return null;
    const { key, found, error } = this.looked;
    if (error !== '' && key === this.keyOf(row)) {
      return html`<section>
        <h3>Request or response</h3>
        <p class="error">${error}</p>
      </section>`;
    }
    if (key !== this.keyOf(row) || found === null) {
      return html`<section>
        <h3>Request or response</h3>
        <p class="nothing">decoding …</p>
      </section>`;
    }
    const { frame } = found;
    if (frame === null) {
      return html`<section>
        <h3>Request or response</h3>
        <p class="nothing">These bytes are no whole frame.</p>
      </section>`;
    }
    return html`<section>
      <h3>${frame.api} ${frame.role} <span class="faint">version ${frame.version}</span></h3>
      <trial-tree
        .label=${`${frame.api} ${frame.role}`}
        .openTo=${3}
        .data=${frame.body}
      ></trial-tree>
    </section>`;
  }

  private causes(row: TraceEvent, store: TraceStore): TemplateResult {
    const children = childrenOf(store, row.event);
    const { slot } = this.app;
    const faults = slot === null ? [] : faultsBehind(slot.store, slot.timeline, row.event);
    const causes = [...new Set([...row.parents, ...faults])];
    return html`<section>
      <h3>Causes</h3>
      ${
        causes.length === 0
          ? html`<p class="nothing">Nothing but what its node did before.</p>`
          : html`<ul class="events">
              ${causes.map((one) => html`<li>${eventLine(this.app, one)}</li>`)}
            </ul>`
      }
      ${
        children.length === 0
          ? null
          : html`<h3>Leads to</h3>
              <ul class="events">
                ${children.map((one) => html`<li>${eventLine(this.app, one)}</li>`)}
              </ul>`
      }
    </section>`;
  }

  private step(row: TraceEvent, store: TraceStore): TemplateResult | null {
    const first = store.stepStart(row.event);
    const last = store.stepEnd(row.event);
    if (first === last) return null;
    const from = Math.max(first, Math.min(row.event - STEP_SHOWN / 2, last - STEP_SHOWN));
    const to = Math.min(last, from + STEP_SHOWN);
    const events = Array.from({ length: to - from + 1 }, (_, place) => from + place);
    return html`<section>
      <h3>
        <span>One step of ${store.nodeName(row.node)}</span>
        <span class="faint num">${count(first)} … ${count(last)}</span>
      </h3>
      <ul class="events">
        ${events.map(
          (one) => html`<li class=${one === row.event ? 'here' : ''}>
            ${eventLink(this.app, one)}
            <span>${wordsOf(store.at(one), store.nodeNames)}</span>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private keyOf(row: TraceEvent): string {
    return `${this.app.state.run?.id} ${row.event}`;
  }

  private lookLater(row: TraceEvent, store: TraceStore): void {
    clearTimeout(this.resting);
    const key = this.keyOf(row);
    if (!carriesFrame(row) || this.looked.key === key || this.app.state.playing) return;
    if (!store.complete) return;
    this.resting = setTimeout(() => this.look(key, row.event), REST_MS);
  }

  private look(key: string, event: number): void {
    const { app } = this;
    const { slot } = app;
    if (slot === null) return;
    app.services.inspect(slot, event, null).then(
      (found) => this.keep({ key, found, error: '' }),
      (error: unknown) => this.keep({ key, found: null, error: linesOf(error).join(' ') }),
    );
  }

  private keep(looked: InspectEvent['looked']): void {
    this.looked = looked;
    this.requestUpdate();
  }

  private selectNode(node: number): void {
    this.app.update((draft) => {
      draft.selection.node = node;
      draft.tab = 'state';
    });
  }

  private breakIt(event: MouseEvent): void {
    const selected = this.app.state.selection.event;
    if (selected === null) return;
    askForMenu(this, {
      target: { kind: 'event', event: selected },
      x: event.clientX,
      y: event.clientY,
    });
  }
}

/** What stands between backticks as code. */
function coded(text: string): unknown[] {
  return text
    .split('`')
    .map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : part));
}

function carriesFrame(row: TraceEvent): boolean {
  return row.kind === 'frame.sent' || row.kind === 'input.received';
}

/** The first few events that name this one as their parent, near enough to be found at once. */
function childrenOf(store: TraceStore, event: number): number[] {
  const found: number[] = [];
  const end = Math.min(store.count, event + 50_000);
  for (let later = event + 1; later <= end && found.length < CHILDREN_SHOWN; later++) {
    if (store.parentA(later) === event || store.parentB(later) === event) found.push(later);
  }
  return found;
}

customElements.define('trial-inspect-event', InspectEvent);
