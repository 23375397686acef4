/**
 * Draws what stands out over the lanes: the rest steps back, the events in question get their
 * marks again, messages between them their arrows. Too many for marks: ticks, as dense as they are.
 */
import type { EventList } from '../model/event-list.ts';
import { legendOf } from '../model/legend.ts';
import type { Highlight } from './highlight.ts';
import { drawArrow, MOST_ARROWS } from './lane-arrows.ts';
import type { LaneScene } from './lane-scene.ts';
import { AXIS_HEIGHT } from './lanes-layout.ts';
import type { Pen } from './pen.ts';

/** More than this many on screen are ticks. */
const MOST_MARKS = 1_200;
/** No more than this many are looked at in a painting. */
const MOST_LOOKED_AT = 24_000;

export function drawHighlight(pen: Pen, scene: LaneScene, highlight: Highlight): void {
  const { layout } = scene;
  const { left, right, top, bottom } = layout;
  pen.box(left, top, right - left, bottom - top, 'panel', 0.68);
  const { list } = highlight;
  const first = list.placeFrom(scene.first);
  const end = list.placeFrom(scene.last + 1);
  if (end - first > MOST_MARKS) drawTicks(pen, scene, { list, first, end }, highlight.colour);
  else {
    if (highlight.kind === 'cone') drawMessages(pen, scene, { list, first, end });
    drawEvents(pen, scene, { list, first, end });
  }
  const style = { strong: true } as const;
  const width = pen.textWidth(highlight.words, style) + 12;
  pen.box(right - width, AXIS_HEIGHT + 3, width, 17, 'raised', 0.95);
  pen.box(right - width, AXIS_HEIGHT + 3, 3, 17, highlight.colour);
  pen.text(highlight.words, right - width + 8, AXIS_HEIGHT + 12, 'text', style);
}

interface Part {
  readonly list: EventList;
  /** Places [first, end) are on screen. */
  readonly first: number;
  readonly end: number;
}

function drawTicks(pen: Pen, scene: LaneScene, part: Part, colour: string): void {
  const { store, layout, scale } = scene;
  const stride = Math.max(1, Math.ceil((part.end - part.first) / MOST_LOOKED_AT));
  const drawn = new Map<number, number>();
  for (let place = part.first; place < part.end; place += stride) {
    const event = part.list.at(place);
    const box = layout.byNode.get(store.node(event));
    if (box === undefined) continue;
    const x = Math.floor(scale(store.timeUs(event)));
    if (drawn.get(box.lane.node) === x) continue;
    drawn.set(box.lane.node, x);
    pen.box(x, box.bodyTop + 2, 1, box.bodyHeight - 4, colour, 0.85);
  }
}

function drawEvents(pen: Pen, scene: LaneScene, part: Part): void {
  const { store, layout, scale } = scene;
  for (let place = part.first; place < part.end; place++) {
    const event = part.list.at(place);
    const box = layout.byNode.get(store.node(event));
    if (box === undefined) continue;
    const drawn = scene.hits.place(event);
    const { shape, colour, weight } = legendOf(store.kindName(event));
    const x = drawn?.x ?? scale(store.timeUs(event));
    const y = drawn?.y ?? box.bodyTop + box.bodyHeight / 2;
    pen.mark(shape, x, y, 6 + weight * 1.5, colour);
    if (drawn === null) {
      scene.hits.addMark({ event, node: box.lane.node, x, y, count: 1 });
    }
  }
}

/** Messages of which both ends stand out. */
function drawMessages(pen: Pen, scene: LaneScene, part: Part): void {
  const { store, index } = scene;
  const members = new Set<number>();
  for (let place = part.first; place < part.end; place++) members.add(part.list.at(place));
  const received = store.kindIdOf('input.received');
  const look = { colour: 'cone', width: 1.5, alpha: 0.9, labelled: part.end - part.first < 60 };
  let drawn = 0;
  for (const event of members) {
    if (store.kindId(event) !== received || drawn > MOST_ARROWS) continue;
    for (const message of index.messages.broughtBy(event)) {
      if (!members.has(message.sentEvent)) continue;
      drawArrow(pen, scene, { sent: message.sentEvent, received: event }, look);
      drawn += 1;
    }
  }
}
