/**
 * `<trial-lag>`: who is behind and by how many records, a spark of the stretch on screen and the
 * number at the position for each consumer and each follower of a partition.
 */

import { area, curveStepAfter, line, max, scaleLinear } from 'd3';
import { html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';

import type { AppState } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import type { Track } from '../model/track.ts';
import { CanvasPanel, panelStyles } from './canvas-panel.ts';
import { drawFaultStrip } from './fault-strip.ts';
import type { PathSink, Pen, Size, Token } from './pen.ts';
import { fitting, nodeNames } from './short-names.ts';
import { tabStyles } from './tab-styles.ts';
import { type TimeScale, tickWords, timeScale } from './time-axis.ts';
import { TimeZoom } from './time-zoom.ts';
import { worstByColumn } from './track-columns.ts';

interface Series {
  readonly who: string;
  readonly partition: string;
  readonly track: Track;
  readonly isConsumer: boolean;
}

const LOWEST = 26;
const HIGHEST = 64;
const NUMBER_WIDTH = 58;
const FAULT_HEIGHT = 3;

class LagView extends CanvasPanel {
  static override styles = [panelStyles, tabStyles];

  protected override readonly layerNames = ['run', 'reader'];
  private zoom: TimeZoom | null = null;
  private scrollY = 0;

  protected override header(): TemplateResult {
    return html`<header><h2>Lag</h2><span class="words">records behind</span></header>`;
  }

  protected override stateChanged(state: AppState, before: AppState): void {
    if (state.run !== before.run || state.viewport !== before.viewport) {
      this.zoom?.follow();
      this.invalidate();
    } else if (state.selection.partition !== before.selection.partition) this.invalidate();
    else if (state.position !== before.position || state.selection !== before.selection) {
      this.invalidate('reader');
    }
  }

  protected override resized(_size: Size): void {
    this.zoom?.follow();
  }

  protected override pictureTitle(): string {
    return `${this.app?.state.run?.name ?? 'no run'}: lag of consumers and followers`;
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    const { stage } = this;
    if (stage === null) return;
    this.zoom = new TimeZoom(stage, {
      app: () => this.app,
      place: () => this.sides(this.size),
      allows: (event) => event.button === 0 && !event.shiftKey,
    });
    this.zoom.follow();
    stage.addEventListener('click', (event) => this.clicked(event));
    stage.addEventListener('pointermove', (event) => this.hover(event));
    stage.addEventListener('pointerleave', () => this.tip(null));
    stage.addEventListener('wheel', (event) => this.scrollRows(event), {
      capture: true,
      passive: false,
    });
  }

  protected override draw(layer: string, pen: Pen, size: Size): void {
    const { app } = this;
    if (app === null || app.slot === null) return;
    const series = this.series(app);
    const { left, right } = this.sides(size);
    const scale = timeScale(app.state.viewport, left, right);
    if (series.length === 0) {
      if (layer === 'run') {
        const at = { size: 12, anchor: 'middle' } as const;
        pen.text('Nobody was behind so far.', size.width / 2, size.height / 2, 'text-3', at);
      }
      return;
    }
    if (layer === 'run') {
      const area = { x: left, y: 0, width: right - left, height: FAULT_HEIGHT };
      const { store, timeline } = app.slot;
      const at = { area, scale, endUs: store.endUs };
      drawFaultStrip(pen, timeline.index.bands.faults, at);
    }
    const height = this.rowHeight(series.length, size);
    series.forEach((one, place) => {
      const y = place * height - this.scrollY;
      if (y > size.height || y + height < 0) return;
      if (layer === 'run') drawSpark(pen, one, { app, y, height, left, right });
      else drawNumber(pen, one, { app, y, height, x: right + 8 });
    });
    if (layer === 'reader') this.drawCursor(pen, app, scale, size);
  }

  /** Consumers first; partitions of Kafka itself only when nothing else is there. */
  private series(app: AppStore): Series[] {
    const all = app.slot?.timeline.index.lags.all() ?? [];
    const { partition } = app.state.selection;
    const own = all.filter((one) => !one.partition.startsWith('__'));
    const wanted = own.length > 0 ? own : all;
    const chosen = wanted.filter((one) => one.partition === partition);
    return (chosen.length > 0 ? chosen : wanted)
      .map((one) => ({ ...one, isConsumer: !one.who.startsWith('broker-') }))
      .sort((a, b) => rankOf(a) - rankOf(b) || compare(a, b));
  }

  private sides(size: Size): { left: number; right: number } {
    return { left: this.gutter, right: size.width - NUMBER_WIDTH };
  }

  private rowHeight(rows: number, size: Size): number {
    return Math.max(LOWEST, Math.min(HIGHEST, size.height / Math.max(1, rows)));
  }

  private drawCursor(pen: Pen, app: AppStore, scale: TimeScale, size: Size): void {
    const { slot, state } = app;
    if (slot === null) return;
    const { left, right } = this.sides(size);
    pen.clip({ x: left, y: 0, width: right - left, height: size.height }, () => {
      const { range } = state.selection;
      if (range !== null) {
        const from = scale(range.fromUs);
        pen.box(from, 0, Math.max(1, scale(range.toUs) - from), size.height, 'range');
      }
      const at = Math.min(state.position, slot.store.count);
      const x = scale(at === 0 ? 0 : slot.store.timeUs(at));
      pen.line(x, 0, x, size.height, 'cursor', { width: 1.5 });
    });
  }

  private clicked(event: MouseEvent): void {
    const { app } = this;
    if (app === null || app.slot === null) return;
    const corner = this.stage?.getBoundingClientRect();
    const x = event.clientX - (corner?.left ?? 0);
    const { left, right } = this.sides(this.size);
    if (x < left || x > right) return;
    const timeUs = timeScale(app.state.viewport, left, right).invert(x);
    app.goTo(app.slot.store.eventAtTime(timeUs));
  }

  private hover(event: PointerEvent): void {
    const { app, stage } = this;
    if (app === null || stage === null) return;
    const corner = stage.getBoundingClientRect();
    const x = event.clientX - corner.left;
    const y = event.clientY - corner.top;
    const { left, right } = this.sides(this.size);
    const series = this.series(app);
    const one = series[Math.floor((y + this.scrollY) / this.rowHeight(series.length, this.size))];
    if (one === undefined || x > right) return this.tip(null);
    const name = `${one.who}, ${one.partition}`;
    if (x < left) return this.tip(name, x, y);
    const timeUs = timeScale(app.state.viewport, left, right).invert(x);
    const place = one.track.placeAtTime(timeUs);
    const value = one.track.values[place] ?? -1;
    const told = value < 0 ? 'has parted from the leader’s log' : `${number(value)} behind`;
    const records = place < 0 ? 'not told yet' : told;
    const at = tickWords(timeUs - (app.state.run?.originUs ?? 0), 1_000);
    this.tip(`${name}\n${records} at ${at}`, x, y);
  }

  /** Over the names the wheel moves the rows, when they do not all fit. */
  private scrollRows(event: WheelEvent): void {
    const { app, stage } = this;
    if (app === null || stage === null) return;
    if (event.clientX - stage.getBoundingClientRect().left > this.gutter) return;
    event.preventDefault();
    event.stopPropagation();
    const rows = this.series(app).length;
    const most = Math.max(0, rows * this.rowHeight(rows, this.size) - this.size.height);
    this.scrollY = Math.max(0, Math.min(this.scrollY + event.deltaY, most));
    this.invalidate();
  }
}

/** Consumers first, the laboratory's own last. */
function rankOf(one: Series): number {
  return one.who.startsWith('lab-') ? 2 : one.isConsumer ? 0 : 1;
}

function number(records: number | undefined): string {
  return count(Math.round(records ?? 0));
}

function compare(a: Series, b: Series): number {
  const left = `${a.partition} ${a.who}`;
  const right = `${b.partition} ${b.who}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

function drawSpark(
  pen: Pen,
  series: Series,
  at: {
    readonly app: AppStore;
    readonly y: number;
    readonly height: number;
    readonly left: number;
    readonly right: number;
  },
): void {
  const { app, y, height, left, right } = at;
  const middle = y + height / 2;
  const width = left - 26;
  const colour: Token = series.isConsumer ? 'purple' : 'blue';
  pen.mark(
    series.isConsumer ? 'triangle-up' : 'square',
    12,
    middle - (height > 32 ? 6 : 0),
    8,
    colour,
  );
  if (height > 32) {
    pen.text(series.who, 22, middle - 6, 'text', { size: 12, maxWidth: width });
    pen.text(series.partition, 22, middle + 8, 'text-3', { maxWidth: width });
  } else {
    const names = [`${series.who} ${series.partition}`, ...nodeNames(series.who)];
    pen.text(fitting(pen, names, width), 22, middle, 'text', { maxWidth: width });
  }
  pen.box(0, y + height - 1, right, 1, 'line', 0.7);
  const columns = Math.max(1, Math.floor(right - left));
  const lags = worstByColumn(series.track, app.state.viewport, {
    columns,
    untilUs: app.slot?.store.endUs ?? 0,
    rank: (value) => value,
  });
  const most = max(lags) ?? 0;
  if (most <= 0) {
    pen.line(left, y + height - 4, right, y + height - 4, colour, { alpha: 0.5 });
    return;
  }
  const heightOf = scaleLinear([0, most], [y + height - 4, y + 5]);
  const points = Array.from(lags, (records, column) => [column, records] as const);
  const known = points.filter(([, records]) => records >= 0);
  const x = ([column]: readonly [number, number]) => left + column;
  const top = ([, records]: readonly [number, number]) => heightOf(records);
  const into = (path: PathSink) => path as unknown as CanvasRenderingContext2D;
  pen.path(
    (path) => {
      area<readonly [number, number]>(x, heightOf(0), top)
        .curve(curveStepAfter)
        .context(into(path))(known);
    },
    { fill: colour, alpha: 0.18 },
  );
  pen.path(
    (path) => {
      line<readonly [number, number]>(x, top).curve(curveStepAfter).context(into(path))(known);
    },
    { stroke: colour, width: 1.25 },
  );
  const style = { size: 10, mono: true } as const;
  const words = number(most);
  // On a ground of its own: the curve is highest where the number stands.
  const room = pen.textWidth(words, style);
  pen.box(right - room - 6, y + 2, room + 6, 12, 'panel', 0.85);
  pen.text(words, right - 3, y + 8, 'text-2', { ...style, anchor: 'end' });
}

function drawNumber(
  pen: Pen,
  series: Series,
  at: { readonly app: AppStore; readonly y: number; readonly height: number; readonly x: number },
): void {
  const records = series.track.valueAt(at.app.state.position, -1);
  const words = records < 0 ? '–' : count(records);
  const isBehind = records > 0;
  pen.text(words, at.x, at.y + at.height / 2, isBehind ? 'text' : 'text-3', {
    size: 12,
    mono: true,
    strong: isBehind,
  });
}

customElements.define('trial-lag', LagView);
