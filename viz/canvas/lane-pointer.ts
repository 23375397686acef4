/**
 * What the pointer does on the lanes: dragging pans (that is `time-zoom.ts`), Shift-drag selects a
 * stretch, dragging along the axis scrubs, a click goes to what is there or to the time, a right
 * click asks for the menu.
 */
import { askForMenu, type ContextTarget } from '../app/context-target.ts';
import type { AppStore } from '../app/store.ts';
import { type Found, findAt } from './lane-finder.ts';
import type { LaneScene } from './lane-scene.ts';
import { AXIS_HEIGHT, laneAt } from './lanes-layout.ts';

interface PointerParts {
  /** From which the menu is asked for. */
  readonly element: EventTarget;
  readonly stage: HTMLElement;
  readonly app: () => AppStore | null;
  /** null: no run is on screen. */
  readonly scene: () => LaneScene | null;
  readonly gutter: () => number;
  readonly hover: (found: Found | null, x: number, y: number) => void;
  readonly scroll: (byY: number) => void;
}

/** Less than this is a click and no drag. */
const STILL_PX = 3;

export class LanePointer {
  private readonly parts: PointerParts;
  /** Where a Shift-drag began, in µs and pixels. */
  private range: { readonly fromUs: number; readonly x: number } | null = null;
  private scrubbing = false;

  constructor(parts: PointerParts) {
    this.parts = parts;
    const { stage } = parts;
    stage.addEventListener('pointerdown', (event) => this.down(event));
    stage.addEventListener('pointermove', (event) => this.move(event));
    stage.addEventListener('pointerup', (event) => this.up(event));
    stage.addEventListener('pointercancel', (event) => this.up(event));
    stage.addEventListener('pointerleave', () => parts.hover(null, 0, 0));
    stage.addEventListener('click', (event) => this.click(event));
    stage.addEventListener('contextmenu', (event) => this.menu(event));
    stage.addEventListener('wheel', (event) => this.wheel(event), {
      capture: true,
      passive: false,
    });
  }

  /** Dragging pans, unless it selects a stretch or scrubs along the axis. */
  pans(event: MouseEvent): boolean {
    if (event.button !== 0 || event.shiftKey) return false;
    const { x, y } = this.at(event);
    return y > AXIS_HEIGHT && x > this.parts.gutter();
  }

  private at(event: MouseEvent): { x: number; y: number } {
    const corner = this.parts.stage.getBoundingClientRect();
    return { x: event.clientX - corner.left, y: event.clientY - corner.top };
  }

  private timeAt(scene: LaneScene, x: number): number {
    const { left, right } = scene.layout;
    return scene.scale.invert(Math.max(left, Math.min(x, right)));
  }

  private find(scene: LaneScene, at: { x: number; y: number }): Found | null {
    return findAt(scene, scene.store.identity?.report?.verdicts ?? [], at);
  }

  private down(event: PointerEvent): void {
    const scene = this.parts.scene();
    if (event.button !== 0 || scene === null) return;
    const { x, y } = this.at(event);
    if (x <= this.parts.gutter()) return;
    if (event.shiftKey) this.range = { fromUs: this.timeAt(scene, x), x };
    else if (y <= AXIS_HEIGHT) {
      this.scrubbing = true;
      const flag = this.find(scene, { x, y });
      if (flag === null) this.seek(scene, x);
      else this.parts.app()?.goTo(flag.event);
    } else return;
    this.parts.stage.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  private move(event: PointerEvent): void {
    const scene = this.parts.scene();
    if (scene === null) return;
    const { x, y } = this.at(event);
    const { range } = this;
    if (range !== null) {
      const timeUs = this.timeAt(scene, x);
      this.parts.app()?.update((draft) => {
        draft.selection.range = {
          fromUs: Math.min(range.fromUs, timeUs),
          toUs: Math.max(range.fromUs, timeUs),
        };
      });
      return;
    }
    if (this.scrubbing && event.buttons !== 0) {
      if (this.find(scene, { x, y: 0 }) === null) this.seek(scene, x);
      return;
    }
    this.parts.hover(event.buttons === 0 ? this.find(scene, { x, y }) : null, x, y);
  }

  private up(event: PointerEvent): void {
    const { x } = this.at(event);
    if (this.range !== null && Math.abs(x - this.range.x) < STILL_PX) {
      this.parts.app()?.update((draft) => {
        draft.selection.range = null;
      });
    }
    this.range = null;
    this.scrubbing = false;
  }

  private seek(scene: LaneScene, x: number): void {
    this.parts.app()?.goTo(scene.store.eventAtTime(this.timeAt(scene, x)));
  }

  private click(event: MouseEvent): void {
    const app = this.parts.app();
    const scene = this.parts.scene();
    if (app === null || scene === null || event.shiftKey) return;
    const { x, y } = this.at(event);
    if (y <= AXIS_HEIGHT) return;
    if (x > this.parts.gutter()) {
      const event_ = this.find(scene, { x, y })?.event ?? 0;
      if (event_ > 0) app.goTo(event_);
      else this.seek(scene, x);
    }
    const node = laneAt(scene.layout, y)?.lane.node ?? null;
    app.update((draft) => {
      draft.selection.node = node !== null && node < 0 ? null : node;
    });
  }

  private menu(event: MouseEvent): void {
    const scene = this.parts.scene();
    const target = scene === null ? null : this.target(scene, this.at(event));
    if (target === null) return;
    event.preventDefault();
    askForMenu(this.parts.element, { target, x: event.clientX, y: event.clientY });
  }

  private target(scene: LaneScene, at: { x: number; y: number }): ContextTarget | null {
    const { hits, layout, store } = scene;
    if (at.x > this.parts.gutter()) {
      const found = hits.markAt(at.x, at.y)?.event ?? hits.arrowAt(at.x, at.y)?.sent ?? 0;
      if (found > 0) {
        const isMessage = store.kindName(found) === 'frame.sent';
        return { kind: isMessage ? 'message' : 'event', event: found };
      }
    }
    const lane = laneAt(layout, at.y)?.lane;
    return lane === undefined || lane.node <= 0 ? null : { kind: 'node', node: lane.name };
  }

  /** Over the names the wheel moves the lanes, when they do not all fit. */
  private wheel(event: WheelEvent): void {
    if (this.at(event).x > this.parts.gutter()) return;
    event.preventDefault();
    event.stopPropagation();
    this.parts.scroll(event.deltaY);
  }
}
