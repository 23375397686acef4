/**
 * Zooming and panning in time with d3-zoom, two ways: what a person does on a panel moves the
 * viewport in the store, and whoever moves the viewport (keys, the minimap, another panel) moves
 * the panel's zoom. The wheel zooms at the pointer, dragging pans, sideways scrolling pans.
 */
import { type D3ZoomEvent, select, type ZoomBehavior, ZoomTransform, zoom } from 'd3';

import type { TimeRange } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import { clampRange, panned } from '../app/viewport.ts';

interface TimePlace {
  readonly left: number;
  readonly right: number;
}

export class TimeZoom {
  private readonly stage: HTMLElement;
  private readonly app: () => AppStore | null;
  private readonly place: () => TimePlace;
  private readonly behaviour: ZoomBehavior<HTMLElement, unknown>;

  /** @param allows which presses of the pointer pan; the others belong to the panel. */
  constructor(
    stage: HTMLElement,
    parts: {
      readonly app: () => AppStore | null;
      readonly place: () => TimePlace;
      readonly allows: (event: MouseEvent) => boolean;
    },
  ) {
    this.stage = stage;
    this.app = parts.app;
    this.place = parts.place;
    this.behaviour = zoom<HTMLElement, unknown>()
      .scaleExtent([1, Number.POSITIVE_INFINITY])
      .clickDistance(4)
      .filter((event: MouseEvent | TouchEvent) => {
        // One finger scrolls the page or taps; two zoom and pan.
        if ('touches' in event) return event.touches.length > 1;
        if (event.type === 'wheel') return !isSideways(event as WheelEvent);
        return parts.allows(event);
      })
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => this.zoomed(event));
    select<HTMLElement, unknown>(stage).call(this.behaviour).on('dblclick.zoom', null);
    stage.addEventListener('wheel', (event) => this.sideways(event), { passive: false });
  }

  /** Takes over the viewport of the store; to be called when it or the panel's size changed. */
  follow(): void {
    const app = this.app();
    if (app === null) return;
    const { left, right } = this.place();
    const width = Math.max(1, right - left);
    const endUs = wholeUs(app);
    const { fromUs, toUs } = app.state.viewport;
    const k = endUs / Math.max(1, toUs - fromUs);
    const x = left - k * (left + (fromUs / endUs) * width);
    this.behaviour.extent([
      [left, 0],
      [right, 1],
    ]);
    // Set without an event: the store has it already.
    const element = this.stage as HTMLElement & { __zoom?: ZoomTransform };
    element.__zoom = new ZoomTransform(k, x, 0);
  }

  private zoomed(event: D3ZoomEvent<HTMLElement, unknown>): void {
    const app = this.app();
    if (!event.sourceEvent || app === null) return;
    const { left, right } = this.place();
    const width = Math.max(1, right - left);
    const endUs = wholeUs(app);
    const { k, x } = event.transform;
    const fromUs = (((left - x) / k - left) / width) * endUs;
    this.move(app, { fromUs, toUs: fromUs + endUs / k });
  }

  private sideways(event: WheelEvent): void {
    const app = this.app();
    if (app === null || !isSideways(event)) return;
    event.preventDefault();
    const { left, right } = this.place();
    const pixels = event.deltaX === 0 ? event.deltaY : event.deltaX;
    this.move(app, panned(app.state.viewport, pixels / Math.max(1, right - left)));
  }

  private move(app: AppStore, range: TimeRange): void {
    const viewport = clampRange(range, wholeUs(app));
    app.update((draft) => {
      draft.viewport = viewport;
    });
    this.follow();
  }
}

function isSideways(event: WheelEvent): boolean {
  return event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
}

function wholeUs(app: AppStore): number {
  return Math.max(app.state.run?.endUs ?? 0, 1_000);
}
