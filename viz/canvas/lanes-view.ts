/**
 * `<trial-lanes>`: who did what when, a lane for each node. The wheel zooms, dragging pans,
 * Shift-drag selects a stretch that filters all panels, a click goes to the event (or the time)
 * under the pointer, a right click asks for what can be done to it.
 */
import type { AppState } from '../app/state.ts';
import { lanesOf } from '../model/lanes.ts';
import { CanvasPanel } from './canvas-panel.ts';
import { epochColours } from './epoch-colour.ts';
import { FilterLanes } from './filter-lanes.ts';
import { Highlighter } from './highlight.ts';
import { drawArrows } from './lane-arrows.ts';
import { drawFaults, drawLaneGround, drawNodeBands } from './lane-bands.ts';
import type { Found } from './lane-finder.ts';
import { drawMarks } from './lane-marks.ts';
import { drawOperations } from './lane-operations.ts';
import { LanePointer } from './lane-pointer.ts';
import { drawQueues } from './lane-queue.ts';
import { drawReader } from './lane-reader.ts';
import { Hits, type LaneScene } from './lane-scene.ts';
import { type LaneRow, type LanesLayout, lanesLayout } from './lanes-layout.ts';
import type { Pen, Size } from './pen.ts';
import { timeScale } from './time-axis.ts';
import { TimeZoom } from './time-zoom.ts';

class LanesView extends CanvasPanel {
  protected override readonly layerNames = ['run', 'reader'];
  private readonly hits = new Hits();
  private readonly highlighter = new Highlighter();
  private readonly filterLanes = new FilterLanes(() => this.invalidate('run'));
  private lanes: readonly LaneRow[] = [];
  private lanesKey = '';
  private scrollY = 0;
  private hovered = 0;
  /** Requests in hand are known for the whole run. */
  private isCounted = true;
  private zoom: TimeZoom | null = null;

  protected override stateChanged(state: AppState, before: AppState): void {
    const runChanged = state.run !== before.run || state.fold !== before.fold;
    const lanesChanged = runChanged || state.savedFilters !== before.savedFilters;
    if (lanesChanged || state.viewport !== before.viewport || state.pinned !== before.pinned) {
      this.zoom?.follow();
      this.invalidate();
      return;
    }
    const readerMoved =
      state.position !== before.position ||
      state.selection !== before.selection ||
      state.marks !== before.marks ||
      state.cone !== before.cone ||
      state.playing !== before.playing ||
      state.filter !== before.filter ||
      state.filtered !== before.filtered;
    if (readerMoved) this.invalidate('reader');
  }

  protected override resized(_size: Size): void {
    this.zoom?.follow();
  }

  protected override pictureTitle(): string {
    const { state } = this.app ?? {};
    return `${state?.run?.name ?? 'no run'}: lanes at event ${state?.position ?? 0}`;
  }

  protected override draw(layer: string, pen: Pen, size: Size): void {
    const { app } = this;
    const slot = app?.slot ?? null;
    const scene = this.scene(size);
    if (app === null || slot === null || scene === null) return;
    const { layout } = scene;
    if (layer === 'run') {
      this.hits.begin('run');
      drawLaneGround(pen, scene, size.width);
      const { left, right, top, bottom } = layout;
      pen.clip({ x: left, y: top, width: right - left, height: bottom - top }, () => {
        drawNodeBands(pen, scene);
        this.countRequests(drawQueues(pen, scene));
        drawFaults(pen, scene);
        drawArrows(pen, scene);
        const barred = drawOperations(pen, scene);
        drawMarks(pen, scene, barred);
      });
      return;
    }
    this.hits.begin('reader');
    const look = {
      state: app.state,
      cluster: slot.timeline.stateAt(app.state.position),
      verdicts: slot.store.identity?.report?.verdicts ?? [],
      hovered: this.hovered,
      highlight: this.highlighter.of(app),
    };
    drawReader(pen, scene, look, size.width);
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    const { stage } = this;
    if (stage === null) return;
    const pointer = new LanePointer({
      element: this,
      stage,
      app: () => this.app,
      scene: () => this.scene(this.size),
      gutter: () => this.gutter,
      hover: (found, x, y) => this.hover(found, x, y),
      scroll: (byY) => this.scrollLanes(byY),
    });
    this.zoom = new TimeZoom(stage, {
      app: () => this.app,
      place: () => ({ left: this.gutter, right: this.size.width - 8 }),
      allows: (event) => pointer.pans(event),
    });
    this.zoom.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.filterLanes.end();
  }

  /** Counting goes on in the next frame; what the names say of it is told once it is done. */
  private countRequests(isDone: boolean): void {
    if (!isDone) this.invalidate('run');
    else if (!this.isCounted) this.invalidate('reader');
    this.isCounted = isDone;
  }

  private scene(size: Size): LaneScene | null {
    const { app, palette } = this;
    const slot = app?.slot ?? null;
    if (app === null || slot === null || palette === null) return null;
    const { store, timeline } = slot;
    const { viewport, run, fold, savedFilters } = app.state;
    const layout = this.layout(size);
    const passing = this.filterLanes.lists(savedFilters, store);
    return {
      store,
      index: timeline.index,
      range: viewport,
      first: store.eventAtTime(viewport.fromUs - 1e-3) + 1,
      last: store.eventAtTime(viewport.toUs),
      originUs: run?.originUs ?? 0,
      layout,
      scale: timeScale(viewport, layout.left, layout.right),
      kept: new Map(passing.map((list, place) => [-1 - place, list])),
      epochs: epochColours(palette),
      fold,
      hits: this.hits,
    };
  }

  private layout(size: Size): LanesLayout {
    const { app } = this;
    const slot = app?.slot ?? null;
    if (app !== null && slot !== null) {
      const { pinned, savedFilters } = app.state;
      const key = [slot.id, slot.store.version, pinned.join(), ...savedFilters].join(' ');
      if (key !== this.lanesKey) {
        this.lanesKey = key;
        this.lanes = [
          ...lanesOf(slot.store, slot.timeline.facts, pinned),
          ...savedFilters.map(
            (name, place): LaneRow => ({ node: -1 - place, name, role: 'filter', acks: '' }),
          ),
        ];
      }
    }
    const place = { gutter: this.gutter, scrollY: this.scrollY };
    return lanesLayout(this.lanes, size, place);
  }

  private scrollLanes(byY: number): void {
    const { contentHeight, top, bottom } = this.layout(this.size);
    const most = Math.max(0, contentHeight - (bottom - top));
    this.scrollY = Math.max(0, Math.min(this.scrollY + byY, most));
    this.invalidate();
  }

  private hover(found: Found | null, x: number, y: number): void {
    this.tip(found?.words ?? null, x, y);
    const event = found?.event ?? 0;
    if (event === this.hovered) return;
    this.hovered = event;
    this.invalidate('reader');
  }
}

customElements.define('trial-lanes', LanesView);
