/**
 * Messages between lanes: from the row that sent a frame to the input that brought it. All of them
 * while there are few on screen; of many, those that the selection or its causes need. One that
 * never arrived ends in a cross.
 */
import { apiName } from '../model/api-names.ts';
import type { LaneScene } from './lane-scene.ts';
import type { LaneBox } from './lanes-layout.ts';
import type { Pen, Token } from './pen.ts';

/** More than this many messages on screen are not drawn without being asked for. */
export const MOST_ARROWS = 400;
const MOST_LABELS = 28;
/** Frames that are looked up one by one in a painting. */
const MOST_LOST = 200;
const LONGEST_US = 1_000_000;
const HEAD_PX = 7;

interface ArrowLook {
  readonly colour: Token;
  readonly width: number;
  readonly alpha: number;
  readonly labelled: boolean;
}

const QUIET: Omit<ArrowLook, 'labelled'> = { colour: 'kind-message', width: 1, alpha: 0.75 };

/** @returns false when there are too many messages on screen to draw them all. */
export function drawArrows(pen: Pen, scene: LaneScene): boolean {
  const { range, index } = scene;
  const stretch = { fromUs: range.fromUs, untilUs: range.toUs };
  const messages = index.messages.within(stretch, MOST_ARROWS);
  if (messages === null) return false;
  const look = { ...QUIET, labelled: messages.length <= MOST_LABELS };
  const arrived = new Set<number>();
  for (const message of messages) {
    arrived.add(message.sentEvent);
    if (scene.fold && index.routine.isRoutine(message.sentEvent)) continue;
    drawArrow(pen, scene, { sent: message.sentEvent, received: message.receivedEvent }, look);
  }
  drawLost(pen, scene, arrived, look);
  return true;
}

/** Frames sent on screen that did not arrive, neither within the next second nor later. */
function drawLost(pen: Pen, scene: LaneScene, arrived: Set<number>, look: ArrowLook): void {
  const { store, index } = scene;
  const sends = store.listOf('frame.sent');
  const lost = { ...look, colour: 'fault-network', alpha: 1 };
  let looked = 0;
  for (let place = sends.placeFrom(scene.first); ; place++) {
    const sent = sends.at(place);
    if (sent === 0 || sent > scene.last || looked > MOST_LOST) return;
    if (arrived.has(sent)) continue;
    looked += 1;
    const untilUs = store.timeUs(sent) + LONGEST_US;
    if (untilUs > store.endUs && !store.complete) continue;
    if (index.messages.arrivalOf(sent) === null) drawArrow(pen, scene, { sent, received: 0 }, lost);
  }
}

/** @param message `received` 0: it never arrived. */
export function drawArrow(
  pen: Pen,
  scene: LaneScene,
  message: { readonly sent: number; readonly received: number },
  look: ArrowLook,
): void {
  const { store, layout, scale } = scene;
  const from = layout.byNode.get(store.node(message.sent));
  const to = layout.byNode.get(targetOf(scene, message));
  if (from === undefined || to === undefined || from === to) return;
  const x1 = scale(store.timeUs(message.sent));
  const y1 = edgeOf(from, to);
  const lost = message.received === 0;
  const arrivedX = lost ? x1 + 14 : scale(store.timeUs(message.received));
  const arrivedY = edgeOf(to, from);
  const x2 = arrivedX;
  const y2 = lost ? y1 + (arrivedY - y1) * 0.45 : arrivedY;
  const { colour, width, alpha } = look;
  const isAnswer = store.at(message.sent).fields[1] === 'response';
  pen.line(x1, y1, x2, y2, colour, { width, alpha, ...(isAnswer ? { dash: ANSWER } : {}) });
  if (lost) pen.mark('cross', x2, y2, 8, colour);
  else head(pen, { x1, y1, x2, y2 }, colour, alpha);
  scene.hits.addArrow({ ...message, x1, y1, x2, y2 });
  if (look.labelled) label(pen, scene, message.sent, { x1, y1, x2, y2 });
}

const ANSWER = [5, 2];

interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

function head(pen: Pen, line: Line, colour: Token, alpha: number): void {
  const length = Math.hypot(line.x2 - line.x1, line.y2 - line.y1) || 1;
  const ux = (line.x2 - line.x1) / length;
  const uy = (line.y2 - line.y1) / length;
  const bx = line.x2 - ux * HEAD_PX;
  const by = line.y2 - uy * HEAD_PX;
  pen.path(
    (path) => {
      path.moveTo(line.x2, line.y2);
      path.lineTo(bx - uy * 3, by + ux * 3);
      path.lineTo(bx + uy * 3, by - ux * 3);
      path.closePath();
    },
    { fill: colour, alpha },
  );
}

/** Requests are named near their start, answers near their end, so that a pair stays apart. */
function label(pen: Pen, scene: LaneScene, sent: number, line: Line): void {
  const [, role, api] = scene.store.at(sent).fields;
  if (typeof api !== 'number' || api < 0) return;
  const isAnswer = role === 'response';
  const words = `${apiName(api)}${isAnswer ? ' answer' : ''}`;
  const along = isAnswer ? 0.68 : 0.34;
  const width = pen.textWidth(words, { size: 10 });
  const middle = line.x1 + (line.x2 - line.x1) * along;
  const x = isAnswer ? middle + width / 2 + 4 : middle - width / 2 - 4;
  const y = line.y1 + (line.y2 - line.y1) * along;
  pen.box(x - width / 2 - 2, y - 6, width + 4, 12, 'panel', 0.8);
  pen.text(words, x, y, 'text-2', { size: 10, anchor: 'middle' });
}

/** The node that a message was for. */
function targetOf(scene: LaneScene, message: { sent: number; received: number }): number {
  const { store } = scene;
  if (message.received !== 0) return store.node(message.received);
  return store.nodeOf(String(store.at(message.sent).fields[0]));
}

/** Arrows leave and reach a lane at the side that faces the other one. */
function edgeOf(box: LaneBox, other: LaneBox): number {
  const middle = box.bodyTop + box.bodyHeight / 2;
  return other.top > box.top ? middle + box.bodyHeight * 0.3 : middle - box.bodyHeight * 0.3;
}
