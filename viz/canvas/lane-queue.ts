/**
 * How many requests a broker has in hand, as the height of a step over the foot of its lane: the
 * darker part are those that wait for work or for replicas, the lighter part fetches, which wait
 * for news by design. All brokers share one scale, that of the busiest moment of the run.
 */
import type { PeakTrack } from '../model/peak-track.ts';
import type { LaneScene } from './lane-scene.ts';
import type { LaneBox } from './lanes-layout.ts';
import type { Pen } from './pen.ts';
import { visitRuns } from './track-columns.ts';

const COLUMN = 2;
/** Fewer are drawn as if they were this many: two requests are no rush. */
const LEAST_FULL = 8;
/** Of the room for marks. */
const HIGHEST = 0.9;

/** @returns false when there are rows that it has not looked at yet: paint again. */
export function drawQueues(pen: Pen, scene: LaneScene): boolean {
  const { requests } = scene.index;
  const isWhole = requests.extend();
  const ends = columnEnds(scene);
  for (const box of scene.layout.lanes) {
    if (box.lane.role !== 'broker') continue;
    const queue = requests.of(box.lane.node);
    if (queue === null) continue;
    drawQueue(pen, scene, box, { all: peaks(queue.all, ends), others: peaks(queue.others, ends) });
  }
  return isWhole;
}

/** The last event of every column, and before them the one that the first column begins with. */
function columnEnds(scene: LaneScene): Uint32Array {
  const { layout, scale, store } = scene;
  const columns = Math.max(1, Math.ceil((layout.right - layout.left) / COLUMN));
  const ends = new Uint32Array(columns + 1);
  for (let column = 0; column <= columns; column++) {
    ends[column] = store.eventAtTime(scale.invert(layout.left + column * COLUMN));
  }
  return ends;
}

function peaks(track: PeakTrack, ends: Uint32Array): Float32Array {
  const columns = new Float32Array(ends.length - 1);
  for (let column = 0; column < columns.length; column++) {
    columns[column] = track.peak(ends[column] as number, ends[column + 1] as number);
  }
  return columns;
}

function drawQueue(
  pen: Pen,
  scene: LaneScene,
  box: LaneBox,
  queue: { readonly all: Float32Array; readonly others: Float32Array },
): void {
  const { left } = scene.layout;
  const floor = box.bandTop;
  const full = Math.sqrt(Math.max(LEAST_FULL, scene.index.requests.most));
  const perRoot = (box.bodyHeight * HIGHEST) / full;
  const heightOf = (requests: number) => Math.sqrt(requests) * perRoot;
  visitRuns(queue.all, (requests, from, to) => {
    if (requests === 0) return;
    const height = heightOf(requests);
    const x = left + from * COLUMN;
    pen.box(x, floor - height, (to - from) * COLUMN, height, 'queue', 0.2);
    pen.box(x, floor - height, (to - from) * COLUMN, 1, 'queue', 0.9);
  });
  visitRuns(queue.others, (requests, from, to) => {
    if (requests === 0) return;
    const height = heightOf(requests);
    pen.box(left + from * COLUMN, floor - height, (to - from) * COLUMN, height, 'queue', 0.38);
  });
}
