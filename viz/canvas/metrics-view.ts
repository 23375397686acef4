/**
 * `<trial-metrics>`: the state in numbers under Kafka's own names, before and now. "Was" is the
 * beginning of the selected stretch, else the last mark before the position, else the start of the
 * scenario.
 */

import { css, html, LitElement, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';

import type { AppState } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import { type MetricRow, metricRows } from '../model/metrics.ts';
import { frames } from './frame-loop.ts';
import { tabStyles } from './tab-styles.ts';

interface Stretch {
  readonly was: number;
  readonly now: number;
  readonly words: string;
}

class MetricsView extends LitElement {
  static override styles = [
    tabStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        overflow: hidden;
        background: var(--panel);
        color: var(--text);
        font: var(--size-s) / var(--leading-tight) var(--sans);
      }
      .rows {
        flex: 1 1 0;
        min-height: 0;
        overflow-y: auto;
      }
      .rows:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: -2px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 3px 8px;
        text-align: right;
        font-weight: var(--weight);
        white-space: nowrap;
      }
      th:first-child,
      td:first-child {
        text-align: left;
        padding-left: 12px;
        white-space: normal;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--panel);
        color: var(--text-3);
        border-bottom: 1px solid var(--line);
      }
      tbody tr:nth-child(even) {
        background: var(--lane-alternate);
      }
      td {
        font-family: var(--mono);
        font-variant-numeric: tabular-nums;
      }
      code {
        display: block;
        font: var(--size-xs) / var(--leading-tight) var(--mono);
        color: var(--text-3);
        overflow-wrap: anywhere;
      }
      .zero {
        color: var(--text-3);
      }
      .worse {
        color: var(--violated-ink);
        font-weight: var(--weight-strong);
      }
      .changed {
        color: var(--accent);
        font-weight: var(--weight-strong);
      }
    `,
  ];

  private store: AppStore | null = null;
  private ending: (() => void) | null = null;

  constructor() {
    super();
    // Set before the element was defined, the property hides the accessor.
    if (!Object.hasOwn(this, 'app')) return;
    const early = this.app;
    Reflect.deleteProperty(this, 'app');
    this.store = early;
  }

  get app(): AppStore | null {
    return this.store;
  }
  set app(store: AppStore | null) {
    if (store === this.store) return;
    this.store = store;
    if (this.isConnected) this.attach();
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ending?.();
    this.ending = null;
    frames.cancel(this);
  }

  /** In a frame of its own at most, however many steps a playback makes. */
  paint(): void {
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const slot = this.app?.slot ?? null;
    const { app } = this;
    if (app === null || slot === null) return html``;
    const stretch = stretchOf(app);
    const rows = metricRows(slot.timeline.stateAt(stretch.was), slot.timeline.stateAt(stretch.now));
    return html`<header>
        <h2>Metrics</h2>
        <span class="words">${stretch.words}</span>
      </header>
      <div class="rows" tabindex="0" role="region" aria-label="Metrics">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">was</th>
              <th scope="col">now</th>
              <th scope="col">delta</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => rowOf(row))}
          </tbody>
        </table>
      </div>`;
  }

  private attach(): void {
    this.ending?.();
    this.ending = this.store?.subscribe((state, before) => this.changed(state, before)) ?? null;
  }

  private changed(state: AppState, before: AppState): void {
    const moved =
      state.position !== before.position ||
      state.run !== before.run ||
      state.marks !== before.marks ||
      state.selection.range !== before.selection.range;
    if (moved) frames.request(this);
  }
}

function stretchOf(app: AppStore): Stretch {
  const { state, slot } = app;
  const { range } = state.selection;
  if (range !== null && slot !== null) {
    const was = slot.store.eventAtTime(range.fromUs);
    const now = slot.store.eventAtTime(range.toUs);
    return { was, now, words: `selected stretch: events ${count(was)} to ${count(now)}` };
  }
  const mark = state.marks.findLast((one) => one.event <= state.position);
  if (mark !== undefined) {
    const name = mark.name === '' ? 'mark' : mark.name;
    const words = `since ${name} (event ${count(mark.event)})`;
    return { was: mark.event, now: state.position, words };
  }
  const start = slot?.store.eventAtTime(state.run?.originUs ?? 0) ?? 0;
  const was = Math.min(start, state.position);
  return { was, now: state.position, words: `since the scenario began (event ${count(was)})` };
}

function rowOf(row: MetricRow): TemplateResult {
  const { metric, was, now, delta } = row;
  const isWorse = metric.isBad && delta > 0;
  const look = delta === 0 ? 'zero' : isWorse ? 'worse' : 'changed';
  const sign = delta > 0 ? '+' : delta < 0 ? '−' : '±';
  return html`<tr title=${metric.words}>
    <th scope="row">${metric.title}<code>${metric.jmx}</code></th>
    <td class=${was === 0 ? 'zero' : ''}>${count(was)}</td>
    <td class=${now === 0 ? 'zero' : ''}>${count(now)}</td>
    <td class=${look}>${isWorse ? '▲ ' : ''}${sign}${count(Math.abs(delta))}</td>
  </tr>`;
}

customElements.define('trial-metrics', MetricsView);
