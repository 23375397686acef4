/**
 * `<trial-minimap>`: the whole run in one strip: how much happened on each lane, which faults lay
 * on the cluster, where checks found something, and a brush that is the stretch on screen. A click
 * goes there.
 */

import { type BrushBehavior, brushX, type D3BrushEvent, max, select } from 'd3';
import { css, svg, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';

import type { AppState } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import { clampRange } from '../app/viewport.ts';
import { lanesOf } from '../model/lanes.ts';
import { CanvasPanel, panelStyles } from './canvas-panel.ts';
import { drawFaultStrip } from './fault-strip.ts';
import { verdictLooks } from './lane-reader.ts';
import type { Pen, Size } from './pen.ts';
import { fitting } from './short-names.ts';
import { type TimeScale, timeScale, timeTicks } from './time-axis.ts';

/** Pixels from one column of density to the next. */
const COLUMN = 2;
const FAULT_HEIGHT = 5;
const AXIS_HEIGHT = 12;

class MinimapView extends CanvasPanel {
  static override styles = [
    panelStyles,
    css`
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .selection {
        fill: var(--accent);
        fill-opacity: 0.14;
        stroke: var(--accent);
        shape-rendering: crispEdges;
      }
    `,
  ];

  protected override readonly layerNames = ['run', 'reader'];
  private brush: BrushBehavior<unknown> | null = null;

  protected override stateChanged(state: AppState, before: AppState): void {
    if (state.run !== before.run || state.pinned !== before.pinned) {
      this.invalidate();
      this.followViewport();
      return;
    }
    if (state.viewport !== before.viewport) this.followViewport();
    if (state.position !== before.position || state.selection !== before.selection) {
      this.invalidate('reader');
    }
  }

  protected override overlay(): TemplateResult {
    return svg`<svg aria-hidden="true"><g class="brush"></g></svg>` as unknown as TemplateResult;
  }

  protected override resized(size: Size): void {
    const { brush } = this;
    const group = this.group();
    if (brush === null || group === null || size.width <= this.gutter + 8) return;
    brush.extent([
      [this.gutter, 0],
      [size.width - 8, size.height],
    ]);
    group.call(brush);
    this.followViewport();
  }

  protected override pictureTitle(): string {
    return `${this.app?.state.run?.name ?? 'no run'}: the whole run`;
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    const group = this.group();
    if (group === null) return;
    const brush = brushX<unknown>()
      .on('brush', (event: D3BrushEvent<unknown>) => this.brushed(event))
      .on('end', (event: D3BrushEvent<unknown>) => this.brushEnded(event));
    this.brush = brush;
    this.resized(this.size);
  }

  protected override draw(layer: string, pen: Pen, size: Size): void {
    const { app } = this;
    if (app === null || app.slot === null) return;
    const scale = this.scale(size);
    if (layer === 'run') {
      this.drawDensity(pen, app, size);
      this.drawFaults(pen, app, scale);
      this.drawAxis(pen, app, scale, size);
      this.drawVerdicts(pen, app, scale, size);
      return;
    }
    this.drawReader(pen, app, scale, size);
  }

  private scale(size: Size): TimeScale {
    const endUs = Math.max(this.app?.state.run?.endUs ?? 0, 1_000);
    return timeScale({ fromUs: 0, toUs: endUs }, this.gutter, size.width - 8);
  }

  private drawDensity(pen: Pen, app: AppStore, size: Size): void {
    const { slot, state } = app;
    if (slot === null) return;
    const { store, timeline } = slot;
    const lanes = lanesOf(store, timeline.facts, state.pinned).filter((lane) => lane.node > 0);
    const left = this.gutter;
    const width = size.width - 8 - left;
    const columns = Math.max(1, Math.floor(width / COLUMN));
    const top = FAULT_HEIGHT + 2;
    const height = (size.height - top - AXIS_HEIGHT - 1) / Math.max(1, lanes.length);
    const stretch = { fromUs: 0, untilUs: Math.max(store.endUs, 1_000) };
    lanes.forEach((lane, place) => {
      const counts = timeline.index.density.of(lane.node, stretch, columns);
      const most = Math.sqrt(max(counts) ?? 1);
      const y = top + place * height;
      for (let column = 0; column < columns; column++) {
        const count = counts[column] ?? 0;
        if (count === 0) continue;
        const strength = 0.12 + 0.78 * (Math.sqrt(count) / most);
        const x = left + column * COLUMN;
        pen.box(x, y, COLUMN, Math.max(1, height - 0.5), 'density', strength);
      }
    });
    pen.text('whole run', 12, top + 8, 'text-2');
    const events = count(state.run?.count ?? 0);
    const words = fitting(pen, [`${events} events`, events], left - 18);
    pen.text(words, 12, top + 22, 'text-3', { maxWidth: left - 18 });
  }

  private drawFaults(pen: Pen, app: AppStore, scale: TimeScale): void {
    const { slot } = app;
    if (slot === null) return;
    const [left = 0, right = 0] = scale.range();
    const area = { x: left, y: 1, width: right - left, height: FAULT_HEIGHT };
    const { faults } = slot.timeline.index.bands;
    drawFaultStrip(pen, faults, { area, scale, endUs: slot.store.endUs });
  }

  private drawAxis(pen: Pen, app: AppStore, scale: TimeScale, size: Size): void {
    for (const tick of timeTicks(scale, app.state.run?.originUs ?? 0, 120)) {
      const x = scale(tick.timeUs);
      pen.line(x, size.height - AXIS_HEIGHT, x, size.height - AXIS_HEIGHT + 4, 'line-strong');
      const style = { size: 10, mono: true } as const;
      if (x + 3 + pen.textWidth(tick.label, style) > size.width) continue;
      pen.text(tick.label, x + 3, size.height - 6, 'text-3', style);
    }
  }

  private drawVerdicts(pen: Pen, app: AppStore, scale: TimeScale, size: Size): void {
    const store = app.slot?.store;
    for (const { at, verdict } of store?.identity?.report?.verdicts ?? []) {
      if (store === undefined || at === null || at < 1 || at > store.count) continue;
      if (verdict === 'holds') continue;
      const x = scale(store.timeUs(at));
      const { shape, colour } = verdictLooks[verdict];
      pen.line(x, 0, x, size.height - AXIS_HEIGHT, colour, { width: 1.5 });
      pen.mark(shape, x, size.height - AXIS_HEIGHT - 5, 9, colour);
    }
  }

  private drawReader(pen: Pen, app: AppStore, scale: TimeScale, size: Size): void {
    const { state, slot } = app;
    if (slot === null) return;
    const { range } = state.selection;
    if (range !== null) {
      const x = scale(range.fromUs);
      pen.box(x, 0, Math.max(1, scale(range.toUs) - x), size.height, 'range');
    }
    const { position } = state;
    const x = scale(position === 0 ? 0 : slot.store.timeUs(Math.min(position, slot.store.count)));
    pen.line(x, 0, x, size.height, 'cursor', { width: 1.5 });
    pen.mark('triangle-down', x, 3, 8, 'cursor');
  }

  private group() {
    const group = this.renderRoot.querySelector<SVGGElement>('.brush');
    return group === null ? null : select<SVGGElement, unknown>(group);
  }

  private followViewport(): void {
    const { app, brush } = this;
    const group = this.group();
    if (app === null || brush === null || group === null || this.size.width < 1) return;
    const scale = this.scale(this.size);
    const { fromUs, toUs } = app.state.viewport;
    const [left, right] = scale.range();
    const from = Math.max(left ?? 0, scale(fromUs));
    const to = Math.min(right ?? 0, Math.max(scale(toUs), from + 2));
    brush.move(group, [from, to]);
  }

  private brushed(event: D3BrushEvent<unknown>): void {
    if (!event.sourceEvent || event.selection === null) return;
    this.show(event.selection as [number, number]);
  }

  /** A click leaves no brush: it goes to the time, and the stretch follows. */
  private brushEnded(event: D3BrushEvent<unknown>): void {
    const { app } = this;
    const pointer = event.sourceEvent as MouseEvent | null;
    if (!pointer || app === null || app.slot === null) return;
    if (event.selection !== null) return this.show(event.selection as [number, number]);
    const corner = this.stage?.getBoundingClientRect();
    const timeUs = this.scale(this.size).invert(pointer.clientX - (corner?.left ?? 0));
    const { fromUs, toUs } = app.state.viewport;
    const half = (toUs - fromUs) / 2;
    const endUs = app.state.run?.endUs ?? 0;
    const viewport = clampRange({ fromUs: timeUs - half, toUs: timeUs + half }, endUs);
    app.goTo(app.slot.store.eventAtTime(timeUs));
    app.update((draft) => {
      draft.viewport = viewport;
    });
    this.followViewport();
  }

  private show([from, to]: [number, number]): void {
    const { app } = this;
    if (app === null) return;
    const scale = this.scale(this.size);
    const range = { fromUs: scale.invert(from), toUs: scale.invert(to) };
    const viewport = clampRange(range, app.state.run?.endUs ?? 0);
    app.update((draft) => {
      draft.viewport = viewport;
    });
  }
}

customElements.define('trial-minimap', MinimapView);
