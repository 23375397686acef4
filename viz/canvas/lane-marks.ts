/**
 * Events on the lanes. Few enough: a mark each in the legend's shape and colour, those of one
 * place stacked, the weightiest nearest the middle. Too many: their number as columns, and marks
 * only for what is worth one at any zoom.
 */
import { max } from 'd3';

import { type LegendEntry, legendOf } from '../model/legend.ts';
import { countOnScreen, eventsOf, type LaneScene } from './lane-scene.ts';
import type { LaneBox } from './lanes-layout.ts';
import { type Pen, traceShape } from './pen.ts';

const CELL = 8;
const LEVEL = 9;
const COLUMN = 3;
/** Of one lane, no more than this many heavy events are looked at for marks in a frame. */
const MOST_HEAVY = 1_500;
const MOST_COUNTED = 24_000;
/** Routine events in a row that make a bead. */
const FEWEST_IN_BEAD = 3;
const SIZES = [3, 5, 7, 9] as const;

interface Marked {
  readonly event: number;
  readonly x: number;
  readonly entry: LegendEntry;
}

interface Bead {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** By the cell of pixels that they fall into. */
type Cells = Map<number, Marked[]>;

/** @param barred nodes whose operations are drawn as bars: asking and answering need no marks. */
export function drawMarks(pen: Pen, scene: LaneScene, barred: ReadonlySet<number>): void {
  const { store, layout } = scene;
  const entries = store.kinds.map((kind) => legendOf(kind.name));
  for (const box of layout.lanes) {
    if (box.top > layout.bottom || box.top + box.height < layout.top) continue;
    const { node } = box.lane;
    const list = eventsOf(scene, node);
    const cells: Cells = new Map();
    if (countOnScreen(scene, list) > mostMarks(scene, box)) {
      drawDensity(pen, scene, box, barred);
      addHeavy(scene, node, cells, entries);
    } else {
      const hidden = barred.has(node) ? BAR_KINDS : NOTHING_HIDDEN;
      const beads = addAll(scene, node, cells, { entries, hidden });
      for (const bead of beads) drawBead(pen, scene, box, bead);
      addHeavy(scene, node, cells, entries, (entry) => entry.lane === 'targets');
    }
    drawCells(pen, scene, box, cells);
  }
}

const BAR_KINDS: ReadonlySet<string> = new Set(['input.command', 'command.completed']);
const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

function mostMarks(scene: LaneScene, box: LaneBox): number {
  const cells = (scene.layout.right - scene.layout.left) / CELL;
  return cells * Math.max(1, Math.floor(box.bodyHeight / LEVEL)) * 1.4;
}

/** Every event of the lane; @returns what was folded into beads instead. */
function addAll(
  scene: LaneScene,
  node: number,
  cells: Cells,
  how: { readonly entries: readonly LegendEntry[]; readonly hidden: ReadonlySet<string> },
): Bead[] {
  const { store } = scene;
  const isFilter = node < 0;
  const routine = scene.fold && !isFilter ? scene.index.routine.all() : null;
  const list = eventsOf(scene, node);
  const beads: Bead[] = [];
  let run: number[] = [];
  const endRun = () => {
    if (run.length >= FEWEST_IN_BEAD) {
      beads.push({ first: run[0] ?? 0, last: run.at(-1) ?? 0, count: run.length });
    } else for (const event of run) addMark(scene, cells, event, how.entries);
    run = [];
  };
  for (let place = list.placeFrom(scene.first); ; place++) {
    const event = list.at(place);
    if (event === 0 || event > scene.last) break;
    if (routine !== null && routine[event] === 1) {
      run.push(event);
      continue;
    }
    endRun();
    const entry = how.entries[store.kindId(event)];
    if ((entry?.lane === 'own' || isFilter) && !how.hidden.has(store.kindName(event))) {
      addMark(scene, cells, event, how.entries);
    }
  }
  endRun();
  return beads;
}

/** What is worth a mark at any zoom, and what names the lane from elsewhere. */
function addHeavy(
  scene: LaneScene,
  node: number,
  cells: Cells,
  entries: readonly LegendEntry[],
  isWanted: (entry: LegendEntry) => boolean = () => true,
): void {
  const { store, index } = scene;
  const notable = index.marks.of(node, 2);
  const list = countOnScreen(scene, notable) > MOST_HEAVY ? index.marks.of(node, 3) : notable;
  const stride = Math.max(1, Math.ceil(countOnScreen(scene, list) / MOST_HEAVY));
  for (let place = list.placeFrom(scene.first); ; place += stride) {
    const event = list.at(place);
    if (event === 0 || event > scene.last) return;
    const entry = entries[store.kindId(event)];
    if (entry !== undefined && isWanted(entry)) addMark(scene, cells, event, entries);
  }
}

function addMark(
  scene: LaneScene,
  cells: Cells,
  event: number,
  entries: readonly LegendEntry[],
): void {
  const entry = entries[scene.store.kindId(event)];
  if (entry === undefined) return;
  const x = scene.scale(scene.store.timeUs(event));
  const cell = Math.floor(x / CELL);
  const stack = cells.get(cell);
  if (stack === undefined) cells.set(cell, [{ event, x, entry }]);
  else stack.push({ event, x, entry });
}

/** Columns as high as the root of the number of events in them; of clients, of what they asked. */
function drawDensity(pen: Pen, scene: LaneScene, box: LaneBox, barred: ReadonlySet<number>): void {
  const { layout, range } = scene;
  const columns = Math.max(1, Math.floor((layout.right - layout.left) / COLUMN));
  const stretch = { fromUs: range.fromUs, untilUs: range.toUs };
  const { node, role } = box.lane;
  const counts =
    node < 0 ? countsOf(scene, node, columns) : scene.index.density.of(node, stretch, columns);
  const isClient = !barred.has(node) && (role === 'producer' || role === 'consumer');
  const colour = isClient ? 'ok' : node < 0 ? 'accent' : 'density';
  const most = max(counts) ?? 0;
  const floor = box.bandTop - 1;
  const step = (layout.right - layout.left) / columns;
  const perRoot = (box.bodyHeight * 0.82) / Math.sqrt(Math.max(4, most));
  for (let column = 0; column < columns; column++) {
    const events = counts[column] ?? 0;
    if (events < 0.01) continue;
    const height = Math.max(1.5, Math.sqrt(events) * perRoot);
    pen.box(layout.left + column * step, floor - height, step - 1, height, colour, 0.6);
  }
}

/** Of a filter's lane; a part of its events stands for all when there are very many. */
function countsOf(scene: LaneScene, node: number, columns: number): Float32Array {
  const { store, range } = scene;
  const list = eventsOf(scene, node);
  const counts = new Float32Array(columns);
  const first = list.placeFrom(scene.first);
  const end = list.placeFrom(scene.last + 1);
  const stride = Math.max(1, Math.ceil((end - first) / MOST_COUNTED));
  const perUs = columns / (range.toUs - range.fromUs);
  for (let place = first; place < end; place += stride) {
    const column = Math.floor((store.timeUs(list.at(place)) - range.fromUs) * perUs);
    const inside = Math.max(0, Math.min(column, columns - 1));
    counts[inside] = (counts[inside] as number) + stride;
  }
  return counts;
}

/** Routine events in a row: a line from the first to the last with their number. */
function drawBead(pen: Pen, scene: LaneScene, box: LaneBox, bead: Bead): void {
  const { store, scale, hits } = scene;
  const from = scale(store.timeUs(bead.first));
  const to = scale(store.timeUs(bead.last));
  const x = (from + to) / 2;
  const y = box.bodyTop + box.bodyHeight - 6;
  const words = String(bead.count);
  const width = Math.max(11, words.length * 6 + 5);
  if (to - from > width) pen.line(from, y, to, y, 'kind-message', { alpha: 0.5, width: 2 });
  pen.path((path) => traceShape(path, 'dot', x - width / 2 + 5, y, 10), BEAD);
  pen.path((path) => traceShape(path, 'dot', x + width / 2 - 5, y, 10), BEAD);
  pen.box(x - width / 2 + 5, y - 5, width - 10, 10, 'gray-wash');
  pen.text(words, x, y + 0.5, 'text-2', { size: 9, anchor: 'middle', mono: true });
  hits.addMark({ event: bead.first, node: box.lane.node, x, y, count: bead.count });
}

const BEAD = { fill: 'gray-wash' };

function drawCells(pen: Pen, scene: LaneScene, box: LaneBox, cells: Cells): void {
  const levels = Math.max(1, Math.floor(box.bodyHeight / LEVEL));
  const middle = box.bodyTop + box.bodyHeight / 2;
  for (const stack of cells.values()) {
    if (stack.length > 1) stack.sort((a, b) => b.entry.weight - a.entry.weight);
    const shown = Math.min(levels, stack.length);
    for (let level = 0; level < shown; level++) {
      const mark = stack[level];
      if (mark === undefined) continue;
      const y = middle + offsetOf(level) * LEVEL;
      const count = level === levels - 1 ? stack.length - level : 1;
      const { shape, colour, weight } = mark.entry;
      pen.mark(shape, mark.x, y, SIZES[weight], colour);
      scene.hits.addMark({ event: mark.event, node: box.lane.node, x: mark.x, y, count });
    }
  }
}

/** 0, 1, -1, 2, -2, … */
function offsetOf(level: number): number {
  const step = Math.ceil(level / 2);
  return level % 2 === 1 ? step : -step;
}
