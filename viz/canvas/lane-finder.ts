/**
 * What is under the pointer on the lanes: a mark, a bar, a message, a finding of a check, a fault,
 * or only a stretch of many events; with the event to go to and the words for it.
 */

import type { Verdict } from '../../sim/check/verdict.ts';
import { count } from '../../sim/run/words.ts';
import { verdictWords } from '../app/words.ts';
import { durationOf } from '../model/legend/text.ts';
import { wordsOf } from '../model/legend.ts';
import { inHandWords } from '../model/request-queues.ts';
import type { LaneScene } from './lane-scene.ts';
import { AXIS_HEIGHT, laneAt } from './lanes-layout.ts';

export interface Found {
  /** 0 = nothing single. */
  readonly event: number;
  readonly words: string;
}

/** Of a verdict's flag on the axis, to either side. */
const FLAG_REACH = 8;
/** Events within this many pixels are counted where they cannot be told apart. */
const COUNTED_PX = 6;

export function findAt(
  scene: LaneScene,
  verdicts: readonly Verdict[],
  at: { readonly x: number; readonly y: number },
): Found | null {
  const { x, y } = at;
  if (x < scene.layout.left || x > scene.layout.right) return null;
  if (y <= AXIS_HEIGHT) return flagAt(scene, verdicts, x);
  const { hits } = scene;
  const mark = hits.markAt(x, y);
  if (mark !== null) {
    const more = mark.count > 1 ? `\nand ${mark.count - 1} more here` : '';
    return { event: mark.event, words: `${eventWords(scene, mark.event)}${more}` };
  }
  const bar = hits.barAt(x, y);
  if (bar !== null) {
    const one = scene.index.operations.of(bar.node).at(bar.row);
    const event = one.endEvent > 0 ? one.endEvent : one.startEvent;
    const took = one.endEvent > 0 ? `took ${durationOf(one.endUs - one.startUs)}` : 'not answered';
    return { event, words: `${eventWords(scene, event)}\n${one.command} ${took}` };
  }
  const arrow = hits.arrowAt(x, y);
  if (arrow !== null) {
    const words = `${eventWords(scene, arrow.sent)}\n${wayWords(scene, arrow)}`;
    return { event: arrow.sent, words };
  }
  const area = hits.areaAt(x, y);
  if (area !== null) {
    return { event: area.event, words: `${eventWords(scene, area.event)}\n${area.words}` };
  }
  return crowdAt(scene, x, y);
}

function wayWords(scene: LaneScene, arrow: { sent: number; received: number }): string {
  if (arrow.received === 0) return 'never arrived';
  const { store } = scene;
  return `on its way for ${durationOf(store.timeUs(arrow.received) - store.timeUs(arrow.sent))}`;
}

function flagAt(scene: LaneScene, verdicts: readonly Verdict[], x: number): Found | null {
  const { store, scale } = scene;
  const near = verdicts.filter(
    ({ at, verdict }) =>
      verdict !== 'holds' &&
      at !== null &&
      at >= 1 &&
      at <= store.count &&
      Math.abs(scale(store.timeUs(at)) - x) <= FLAG_REACH,
  );
  const [first] = near;
  if (first === undefined || first.at === null) return null;
  const words = near.map((one) => `${one.name}: ${verdictWords(one)}\n${one.explanation}`);
  return { event: first.at, words: words.join('\n') };
}

/** Too many to be single marks: how many there are around the pointer. */
function crowdAt(scene: LaneScene, x: number, y: number): Found | null {
  const lane = laneAt(scene.layout, y)?.lane;
  if (lane === undefined || lane.node < 0) return null;
  const fromUs = scene.scale.invert(x - COUNTED_PX / 2);
  const untilUs = scene.scale.invert(x + COUNTED_PX / 2);
  const [density = 0] = scene.index.density.of(lane.node, { fromUs, untilUs }, 1);
  const events = Math.round(density);
  const held = lane.role === 'broker' ? heldWords(scene, lane.node, x) : null;
  const span = durationOf(Math.round(untilUs - fromUs));
  const crowd = events < 2 ? null : `about ${count(events)} events in ${span}`;
  const told = [held, crowd].filter((one) => one !== null);
  return told.length === 0 ? null : { event: 0, words: `${lane.name}: ${told.join('\n')}` };
}

/** What the height of a broker's lane says there. */
function heldWords(scene: LaneScene, node: number, x: number): string | null {
  const { store, scale, index } = scene;
  const inHand = index.requests.at(node, store.eventAtTime(scale.invert(x)));
  return inHand === null ? null : inHandWords(inHand);
}

function eventWords(scene: LaneScene, event: number): string {
  const { store } = scene;
  const words = wordsOf(store.at(event), store.nodeNames);
  return `event ${count(event)}: ${words}`;
}
