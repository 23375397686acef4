/**
 * `<trial-lanes>`: who did what when, a lane for each node. The wheel zooms, dragging pans,
 * Shift-drag selects a stretch that filters all panels, a click goes to the event (or the time)
 * under the pointer, a right click asks for what can be done to it.
 */
import { askForMenu, type ContextTarget } from '../app/context-target.ts';
import type { AppState } from '../app/state.ts';
import { lanesOf } from '../model/lanes.ts';
import { wordsOf } from '../model/legend.ts';
import { CanvasPanel } from './canvas-panel.ts';
import { epochColours } from './epoch-colour.ts';
import { gutterOf } from './gutter.ts';
import { FilterLanes, Highlighter } from './highlight.ts';
import { drawArrows } from './lane-arrows.ts';
import { drawFaults, drawLaneGround, drawNodeBands } from './lane-bands.ts';
import { drawMarks } from './lane-marks.ts';
import { drawOperations } from './lane-operations.ts';
import { drawReader } from './lane-reader.ts';
import { Hits, type LaneScene } from './lane-scene.ts';
import {
  AXIS_HEIGHT,
  type LaneRow,
  type LanesLayout,
  laneAt,
  lanesLayout,
} from './lanes-layout.ts';
import type { Pen, Size } from './pen.ts';
import { timeScale } from './time-axis.ts';
import { TimeZoom } from './time-zoom.ts';

export class LanesView extends CanvasPanel {
  protected override readonly layerNames = ['run', 'reader'];
  private readonly hits = new Hits();
  private readonly highlighter = new Highlighter();
  private readonly filterLanes = new FilterLanes();
  private lanes: readonly LaneRow[] = [];
  private lanesKey = '';
  private scrollY = 0;
  private hovered = 0;
  private zoom: TimeZoom | null = null;
  /** Where a Shift-drag began, in µs. */
  private rangeFromUs: number | null = null;
  private scrubbing = false;
  private pressed: { x: number; y: number } | null = null;

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
      state.filter !== before.filter;
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
    this.zoom = new TimeZoom(stage, {
      app: () => this.app,
      place: () => ({ left: gutterOf(this), right: this.size.width - 8 }),
      allows: (event) => this.pans(event),
    });
    this.zoom.follow();
    stage.addEventListener('pointerdown', (event) => this.pointerDown(event));
    stage.addEventListener('pointermove', (event) => this.pointerMove(event));
    stage.addEventListener('pointerup', (event) => this.pointerUp(event));
    stage.addEventListener('pointerleave', () => this.hover(0, null));
    stage.addEventListener('click', (event) => this.clicked(event));
    stage.addEventListener('contextmenu', (event) => this.menu(event));
    stage.addEventListener('wheel', (event) => this.scrollLanes(event), {
      capture: true,
      passive: false,
    });
  }

  private scene(size: Size): LaneScene | null {
    const { app, palette } = this;
    const slot = app?.slot ?? null;
    if (app === null || slot === null || palette === null) return null;
    const { store, timeline } = slot;
    const { viewport, run, fold, savedFilters } = app.state;
    const layout = this.layout(size);
    return {
      store,
      index: timeline.index,
      range: viewport,
      first: store.eventAtTime(viewport.fromUs - 1e-3) + 1,
      last: store.eventAtTime(viewport.toUs),
      originUs: run?.originUs ?? 0,
      layout,
      scale: timeScale(viewport, layout.left, layout.right),
      kept: new Map(
        savedFilters.map((text, place) => [-1 - place, this.filterLanes.list(text, store)]),
      ),
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
    const place = { gutter: gutterOf(this), scrollY: this.scrollY };
    return lanesLayout(this.lanes, size, place);
  }

  /** Dragging pans, unless it selects a stretch or scrubs along the axis. */
  private pans(event: MouseEvent): boolean {
    if (event.button !== 0 || event.shiftKey) return false;
    const { x, y } = this.at(event);
    return y > AXIS_HEIGHT && x > gutterOf(this);
  }

  private at(event: MouseEvent): { x: number; y: number } {
    const corner = this.stage?.getBoundingClientRect();
    return { x: event.clientX - (corner?.left ?? 0), y: event.clientY - (corner?.top ?? 0) };
  }

  private timeAt(x: number): number {
    const { left, right } = this.layout(this.size);
    const viewport = this.app?.state.viewport ?? { fromUs: 0, toUs: 1 };
    const inside = Math.max(left, Math.min(x, right));
    return timeScale(viewport, left, right).invert(inside);
  }

  private pointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { x, y } = this.at(event);
    this.pressed = { x, y };
    if (x <= gutterOf(this)) return;
    if (event.shiftKey) this.rangeFromUs = this.timeAt(x);
    else if (y <= AXIS_HEIGHT) {
      this.scrubbing = true;
      this.seek(x);
    } else return;
    this.stage?.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  private pointerMove(event: PointerEvent): void {
    const { x, y } = this.at(event);
    const { app, rangeFromUs } = this;
    if (rangeFromUs !== null && app !== null) {
      const timeUs = this.timeAt(x);
      app.update((draft) => {
        draft.selection.range = {
          fromUs: Math.min(rangeFromUs, timeUs),
          toUs: Math.max(rangeFromUs, timeUs),
        };
      });
      return;
    }
    if (this.scrubbing) return this.seek(x);
    if (event.buttons !== 0) return this.hover(0, null);
    const mark = this.hits.markAt(x, y);
    if (mark !== null) {
      const more = mark.count > 1 ? `\nand ${mark.count - 1} more here` : '';
      return this.hover(mark.event, `${this.eventWords(mark.event)}${more}`, x, y);
    }
    const bar = this.hits.barAt(x, y);
    if (bar !== null) {
      const operation = app?.slot?.timeline.index.operations.of(bar.node).at(bar.row);
      const event_ = operation?.endEvent || operation?.startEvent || 0;
      return this.hover(event_, event_ === 0 ? null : this.eventWords(event_), x, y);
    }
    const arrow = this.hits.arrowAt(x, y);
    this.hover(arrow?.sent ?? 0, arrow === null ? null : this.eventWords(arrow.sent), x, y);
  }

  private pointerUp(event: PointerEvent): void {
    const { x } = this.at(event);
    const moved = Math.abs(x - (this.pressed?.x ?? x)) > 3;
    if (this.rangeFromUs !== null && !moved) {
      this.app?.update((draft) => {
        draft.selection.range = null;
      });
    }
    this.rangeFromUs = null;
    this.scrubbing = false;
  }

  private seek(x: number): void {
    const store = this.app?.slot?.store;
    if (store !== undefined) this.app?.goTo(store.eventAtTime(this.timeAt(x)));
  }

  private clicked(event: MouseEvent): void {
    const { app } = this;
    if (app === null || event.shiftKey) return;
    const { x, y } = this.at(event);
    if (y <= AXIS_HEIGHT) return;
    const node = laneAt(this.layout(this.size), y)?.lane.node ?? null;
    if (x > gutterOf(this)) {
      const found = this.eventAt(x, y);
      if (found > 0) app.goTo(found);
      else this.seek(x);
    }
    app.update((draft) => {
      draft.selection.node = node !== null && node < 0 ? null : node;
    });
  }

  /** The event of the mark, bar or arrow there; 0 = none. */
  private eventAt(x: number, y: number): number {
    const mark = this.hits.markAt(x, y);
    if (mark !== null) return mark.event;
    const bar = this.hits.barAt(x, y);
    if (bar !== null) {
      const operations = this.app?.slot?.timeline.index.operations.of(bar.node);
      const operation = operations?.at(bar.row);
      return operation?.endEvent || operation?.startEvent || 0;
    }
    return this.hits.arrowAt(x, y)?.sent ?? 0;
  }

  private menu(event: MouseEvent): void {
    const target = this.targetAt(event);
    if (target === null) return;
    event.preventDefault();
    askForMenu(this, { target, x: event.clientX, y: event.clientY });
  }

  private targetAt(event: MouseEvent): ContextTarget | null {
    const { x, y } = this.at(event);
    const store = this.app?.slot?.store;
    if (store === undefined) return null;
    if (x > gutterOf(this)) {
      const mark = this.hits.markAt(x, y);
      const found = mark?.event ?? this.hits.arrowAt(x, y)?.sent ?? 0;
      if (found > 0) {
        const isMessage = store.kindName(found) === 'frame.sent';
        return { kind: isMessage ? 'message' : 'event', event: found };
      }
    }
    const lane = laneAt(this.layout(this.size), y)?.lane;
    return lane === undefined || lane.node <= 0 ? null : { kind: 'node', node: lane.name };
  }

  /** Over the names the wheel moves the lanes, when they do not all fit. */
  private scrollLanes(event: WheelEvent): void {
    if (this.at(event).x > gutterOf(this)) return;
    event.preventDefault();
    event.stopPropagation();
    const { contentHeight, top, bottom } = this.layout(this.size);
    const most = Math.max(0, contentHeight - (bottom - top));
    this.scrollY = Math.max(0, Math.min(this.scrollY + event.deltaY, most));
    this.invalidate();
  }

  private eventWords(event: number): string {
    const store = this.app?.slot?.store;
    if (store === undefined) return '';
    const words = wordsOf(store.at(event), store.nodeNames);
    return `event ${event.toLocaleString('en-US')}: ${words}`;
  }

  private hover(event: number, words: string | null, x = 0, y = 0): void {
    this.tip(words, x, y);
    if (event === this.hovered) return;
    this.hovered = event;
    this.invalidate('reader');
  }
}

customElements.define('trial-lanes', LanesView);
