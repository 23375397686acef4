/**
 * Everything that one painting of the lanes needs, put together once per frame: the run, the
 * stretch of time and the layout. And what it leaves behind for the pointer:
 * where marks, bars and arrows ended up.
 */
import type { TimeRange } from '../app/state.ts';
import type { EventList } from '../model/event-list.ts';
import type { RunIndex } from '../model/run-index.ts';
import type { TraceStore } from '../model/trace-store.ts';
import type { EpochColours } from './epoch-colour.ts';
import type { LanesLayout } from './lanes-layout.ts';
import type { Area } from './pen.ts';
import type { TimeScale } from './time-axis.ts';

export interface LaneScene {
  readonly store: TraceStore;
  readonly index: RunIndex;
  readonly range: TimeRange;
  /** The events of the stretch on screen, both included; last < first: none. */
  readonly first: number;
  readonly last: number;
  readonly originUs: number;
  readonly layout: LanesLayout;
  readonly scale: TimeScale;
  /** What passes the filters that are kept as lanes, by the lane's node. */
  readonly kept: ReadonlyMap<number, EventList>;
  readonly epochs: EpochColours;
  /** Fold what happens all the time into counted beads. */
  readonly fold: boolean;
  readonly hits: Hits;
}

/** The events of a lane: its node's own, or what passes its filter. */
export function eventsOf(scene: LaneScene, node: number): EventList {
  return scene.kept.get(node) ?? scene.store.byNode(node);
}

/** How many of a list's events are on screen. */
export function countOnScreen(scene: LaneScene, list: EventList): number {
  return list.placeFrom(scene.last + 1) - list.placeFrom(scene.first);
}

interface MarkHit {
  readonly event: number;
  readonly node: number;
  readonly x: number;
  readonly y: number;
  /** How many events stand here; more than 1 for beads and full cells. */
  readonly count: number;
}

interface BarHit {
  readonly node: number;
  readonly row: number;
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
}

interface ArrowHit {
  readonly sent: number;
  /** 0 = it never arrived. */
  readonly received: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A fault's bracket. */
interface AreaHit extends Area {
  readonly event: number;
  readonly words: string;
}

class LayerHits {
  readonly marks: MarkHit[] = [];
  readonly bars: BarHit[] = [];
  readonly arrows: ArrowHit[] = [];
  readonly areas: AreaHit[] = [];
}

/** What the pointer may be over, from the last painting of either layer. */
export class Hits {
  private layers = { run: new LayerHits(), reader: new LayerHits() };
  private current: 'run' | 'reader' = 'run';
  private byEvent: Map<number, MarkHit> | null = null;

  /** A layer is painted anew: what is added from now on belongs to it. */
  begin(layer: 'run' | 'reader'): void {
    this.current = layer;
    this.layers[layer] = new LayerHits();
    if (layer === 'run') this.byEvent = null;
  }

  addMark(mark: MarkHit): void {
    this.layers[this.current].marks.push(mark);
  }
  addBar(bar: BarHit): void {
    this.layers[this.current].bars.push(bar);
  }
  addArea(area: AreaHit): void {
    this.layers[this.current].areas.push(area);
  }
  addArrow(arrow: ArrowHit): void {
    this.layers[this.current].arrows.push(arrow);
  }

  /** Where the run's own mark of an event was drawn; null when it has none. */
  place(event: number): MarkHit | null {
    if (this.byEvent === null) {
      this.byEvent = new Map();
      for (const mark of this.layers.run.marks) {
        if (!this.byEvent.has(mark.event)) this.byEvent.set(mark.event, mark);
      }
    }
    return this.byEvent.get(event) ?? null;
  }

  /** The nearest mark within reach; null when there is none. */
  markAt(x: number, y: number, reach = 7): MarkHit | null {
    let best: MarkHit | null = null;
    let nearest = reach * reach;
    for (const mark of [...this.layers.reader.marks, ...this.layers.run.marks]) {
      const distance = (mark.x - x) ** 2 + (mark.y - y) ** 2;
      if (distance >= nearest) continue;
      nearest = distance;
      best = mark;
    }
    return best;
  }

  barAt(x: number, y: number): BarHit | null {
    const isOver = (bar: BarHit) =>
      x >= bar.x - 2 && x <= bar.x + bar.width + 2 && y >= bar.y - 1 && y <= bar.y + bar.height + 1;
    return this.layers.run.bars.find(isOver) ?? null;
  }

  areaAt(x: number, y: number): AreaHit | null {
    const isOver = (area: AreaHit) =>
      x >= area.x && x <= area.x + area.width && y >= area.y && y <= area.y + area.height;
    return this.layers.run.areas.find(isOver) ?? null;
  }

  arrowAt(x: number, y: number, reach = 5): ArrowHit | null {
    let best: ArrowHit | null = null;
    let nearest = reach;
    for (const arrow of [...this.layers.reader.arrows, ...this.layers.run.arrows]) {
      const distance = distanceTo(arrow, x, y);
      if (distance >= nearest) continue;
      nearest = distance;
      best = arrow;
    }
    return best;
  }
}

/** From a point to a line between two points. */
function distanceTo(arrow: ArrowHit, x: number, y: number): number {
  const dx = arrow.x2 - arrow.x1;
  const dy = arrow.y2 - arrow.y1;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - arrow.x1) * dx + (y - arrow.y1) * dy) / length;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - arrow.x1 - t * dx, y - arrow.y1 - t * dy);
}
