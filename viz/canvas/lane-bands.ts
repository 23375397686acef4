/**
 * The long stretches on the lanes: what state a node was in, whom it led, which faults lay on it.
 * A crash is hatched, a pause outlined, a fence dashed; the two sides of a cut carry brackets of
 * one colour, so that a network partition is seen as what it is.
 */
import { type FaultBand, nodeBands } from '../model/bands.ts';
import { isInternal } from '../model/facts.ts';
import { durationOf } from '../model/legend/text.ts';
import type { LaneScene } from './lane-scene.ts';
import { type LaneBox, nodeId } from './lanes-layout.ts';
import type { Pen } from './pen.ts';

const DASH = [4, 3];
/** In less than this, two words stand upon each other. */
const LEAST_BODY = 32;
/** More partitions than this are counted instead of drawn one by one. */
const MOST_LED = 2;
/** Colours of the brackets of cuts, in turn. */
const BRACKETS = ['fault-network', 'sky', 'purple', 'green'] as const;

export function drawLaneGround(pen: Pen, scene: LaneScene, width: number): void {
  scene.layout.lanes.forEach((box, place) => {
    pen.box(0, box.top, width, box.height, place % 2 === 1 ? 'lane-alternate' : 'lane');
    pen.box(0, box.top + box.height, width, 1, 'line', 0.7);
  });
}

export function drawNodeBands(pen: Pen, scene: LaneScene): void {
  for (const box of scene.layout.lanes) {
    if (box.lane.node <= 0) continue;
    drawStates(pen, scene, box);
    if (box.lane.role === 'broker') drawLeadership(pen, scene, box);
    if (box.lane.role === 'controller') drawActive(pen, scene, box);
  }
}

function drawStates(pen: Pen, scene: LaneScene, box: LaneBox): void {
  const track = scene.index.bands.node(box.lane.node);
  const { range, scale, store } = scene;
  const first = Math.max(0, track.placeAtTime(range.fromUs));
  for (let place = first; place < track.count; place++) {
    const fromUs = track.timesUs[place] as number;
    if (fromUs > range.toUs) return;
    const untilUs = track.untilUs(place, Math.max(store.endUs, range.toUs));
    const x = scale(Math.max(fromUs, range.fromUs));
    const width = scale(Math.min(untilUs, range.toUs)) - x;
    drawState(pen, box, { x, width, state: nodeBands[track.values[place] as number] ?? 'up' });
  }
}

function drawState(
  pen: Pen,
  box: LaneBox,
  at: { x: number; width: number; state: (typeof nodeBands)[number] },
): void {
  const { x, width, state } = at;
  const whole = { x, y: box.top + 1, width, height: box.height - 2 };
  switch (state) {
    case 'down':
      pen.hatch(whole, 'down', 0.38);
      pen.box(x, box.bandTop, width, box.bandHeight, 'down');
      break;
    case 'paused':
      pen.box(x, whole.y, width, whole.height, 'paused', 0.1);
      pen.frame(whole, 'paused', { width: 1.5 });
      pen.box(x, box.bandTop, width, box.bandHeight, 'paused');
      break;
    case 'fenced':
      pen.frame(whole, 'fenced', { dash: DASH });
      pen.box(x, box.bandTop, width, box.bandHeight, 'fenced');
      break;
    case 'starting':
    case 'stopping':
      pen.box(x, box.bandTop, width, box.bandHeight, 'starting', 0.55);
      break;
    case 'up':
      pen.box(x, box.bandTop, width, box.bandHeight, 'up', 0.8);
      return;
  }
  if (state === 'starting') return;
  const width_ = pen.textWidth(state, { size: 10 });
  // In a low lane the word of a fault stands where this one would.
  if (width < width_ + 12 || box.bodyHeight < LEAST_BODY) return;
  pen.box(x + 3, box.bandTop - 14, width_ + 6, 12, 'panel', 0.85);
  pen.text(state, x + 6, box.bandTop - 8, 'text-2', { size: 10 });
}

/** A band for each partition that the broker led while it led it, in its epoch's colour. */
function drawLeadership(pen: Pen, scene: LaneScene, box: LaneBox): void {
  const broker = nodeId(box.lane);
  const names = scene.index.bands.partitions().filter((name) => !isInternal(name));
  if (names.length > MOST_LED) return drawLeadCount(pen, scene, box, broker);
  const height = box.leadHeight / Math.max(1, names.length);
  names.forEach((name, row) => {
    const track = scene.index.bands.leader(name);
    const epochs = scene.index.bands.leaderEpoch(name);
    const { range, scale, store } = scene;
    for (let place = Math.max(0, track.placeAtTime(range.fromUs)); place < track.count; place++) {
      const fromUs = track.timesUs[place] as number;
      if (fromUs > range.toUs) return;
      if (track.values[place] !== broker) continue;
      const untilUs = Math.min(track.untilUs(place, store.endUs), range.toUs);
      const x = scale(Math.max(fromUs, range.fromUs));
      const width = scale(untilUs) - x;
      const epoch = epochs.valueAt(track.events[place] as number, -1);
      const y = box.leadTop + row * height;
      pen.box(x, y, width, height - 1, scene.epochs.fill(epoch));
      if (height < 10) continue;
      pen.text(`leads ${name} · epoch ${epoch}`, x + 5, y + height / 2, scene.epochs.ink(epoch), {
        size: 10,
        maxWidth: width - 8,
      });
    }
  });
}

function drawLeadCount(pen: Pen, scene: LaneScene, box: LaneBox, broker: number): void {
  const track = scene.index.bands.leadCount(broker);
  const { range, scale, store } = scene;
  for (let place = Math.max(0, track.placeAtTime(range.fromUs)); place < track.count; place++) {
    const fromUs = track.timesUs[place] as number;
    if (fromUs > range.toUs) return;
    const leads = track.values[place] as number;
    if (leads === 0) continue;
    const x = scale(Math.max(fromUs, range.fromUs));
    const width = scale(Math.min(track.untilUs(place, store.endUs), range.toUs)) - x;
    pen.box(x, box.leadTop, width, box.leadHeight - 1, 'leading', 0.35);
    pen.text(`leader of ${leads}`, x + 5, box.leadTop + box.leadHeight / 2, 'text', {
      size: 10,
      maxWidth: width - 8,
    });
  }
}

function drawActive(pen: Pen, scene: LaneScene, box: LaneBox): void {
  const { store, range, scale, index } = scene;
  const { controller: track, controllerEpoch } = index.bands;
  const id = nodeId(box.lane);
  for (let place = Math.max(0, track.placeAtTime(range.fromUs)); place < track.count; place++) {
    const fromUs = track.timesUs[place] as number;
    if (fromUs > range.toUs) return;
    if (track.values[place] !== id) continue;
    const untilUs = Math.min(track.untilUs(place, store.endUs), range.toUs);
    const x = scale(Math.max(fromUs, range.fromUs));
    const width = scale(untilUs) - x;
    const epoch = controllerEpoch.valueAt(track.events[place] as number, -1);
    const y = box.leadTop + box.leadHeight / 2;
    pen.box(x, box.leadTop, width, box.leadHeight - 1, scene.epochs.fill(epoch));
    if (box.leadHeight < 9) continue;
    const style = { size: 10, maxWidth: width - 8 };
    pen.text(`active controller · epoch ${epoch}`, x + 5, y, scene.epochs.ink(epoch), style);
  }
}

/** Faults that lie on links and disks; those of processes are states already. */
export function drawFaults(pen: Pen, scene: LaneScene): void {
  const { range, scale, store, layout } = scene;
  const depth = new Map<number, number>();
  let cuts = 0;
  for (const fault of scene.index.bands.faults) {
    const isCut = fault.kind === 'cut';
    const colour = isCut
      ? (BRACKETS[cuts % BRACKETS.length] ?? 'fault-network')
      : `fault-${fault.family}`;
    if (isCut) cuts += 1;
    const endUs = fault.endUs ?? store.endUs;
    if (fault.fromUs > range.toUs || endUs < range.fromUs) continue;
    const x = scale(Math.max(fault.fromUs, range.fromUs));
    const width = Math.max(2, scale(Math.min(endUs, range.toUs)) - x);
    for (const [side, names] of [fault.from, fault.to].entries()) {
      for (const name of names) {
        const box = layout.byNode.get(store.nodeOf(name));
        if (box === undefined) continue;
        const above = depth.get(box.lane.node) ?? 0;
        depth.set(box.lane.node, above + 1);
        const words = labels(fault, side);
        drawBracket(pen, box, { x, width, colour, words, above, fault });
        // The head of a bracket is the fault, what is below it belongs to the lane.
        scene.hits.addArea({
          x,
          y: box.bodyTop,
          width,
          height: Math.min(16, box.bodyHeight),
          event: fault.fromEvent,
          words: `${fault.kind} for ${durationOf(endUs - fault.fromUs)}`,
        });
      }
    }
  }
}

function drawBracket(
  pen: Pen,
  box: LaneBox,
  at: {
    x: number;
    width: number;
    colour: string;
    words: readonly string[];
    above: number;
    fault: FaultBand;
  },
): void {
  const { x, width, colour, fault } = at;
  const top = box.bodyTop + (at.above % 3) * 3;
  const bottom = box.bandTop - 1;
  if (fault.family === 'process') {
    pen.box(x, box.top + 1, width, box.height - 2, colour, 0.07);
  } else {
    pen.box(x, top, width, bottom - top, colour, fault.kind === 'cut' ? 0.12 : 0.07);
    const dash = fault.kind === 'cut' ? {} : { dash: DASH };
    pen.line(x, top, x + width, top, colour, { width: 2, ...dash });
    pen.box(x, top, 2, bottom - top, colour);
    pen.box(x + width - 2, top, 2, bottom - top, colour);
  }
  const style = { size: 10, strong: true } as const;
  const fitting = at.words.find((words) => pen.textWidth(words, style) <= width - 8);
  if (fitting === undefined) return;
  pen.box(x + 4, top + 3, pen.textWidth(fitting, style) + 4, 12, 'panel', 0.8);
  pen.text(fitting, x + 6, top + 9, 'text', style);
}

/** `cut, side A`, `delay 20 ms`, `pause`; shorter ones after longer ones. */
function labels(fault: FaultBand, side: number): string[] {
  if (fault.kind === 'delay') return [`delay ${durationOf(fault.value)}`, fault.kind];
  if (fault.kind !== 'cut') return [fault.kind];
  const letter = side === 0 ? 'A' : 'B';
  const way = fault.oneWay ? (side === 0 ? ', cannot send' : ', cannot hear') : '';
  return [`cut, side ${letter}${way}`, `cut ${letter}`, letter];
}
