/**
 * Operations of clients as bars from being asked for to being answered, in the colours of Jepsen's
 * three outcomes. The cap at the end says what an acknowledgement promised: filled with acks=all,
 * hollow with acks=1, none with acks=0. Too many to be seen: only when those ended that did not
 * go well.
 */
import { max } from 'd3';

import type { ClientOperations, Operation, OperationOutcome } from '../model/operations.ts';
import type { LaneScene } from './lane-scene.ts';
import type { LaneBox } from './lanes-layout.ts';
import type { Pen, Token } from './pen.ts';

const outcomeColours: Readonly<Record<OperationOutcome, Token>> = {
  open: 'open',
  ok: 'ok',
  unknown: 'unknown',
  failed: 'fail',
};

const CLIENTS = ['producer', 'consumer', 'admin', 'client'];
/** More bars than this on one lane would lie on top of each other. */
const MOST_BARS = 900;
const MOST_TROUBLES = 12_000;
const CAP_PX = 5;

/** @returns the nodes whose bars were drawn: they need no marks for asking and answering. */
export function drawOperations(pen: Pen, scene: LaneScene): Set<number> {
  const drawn = new Set<number>();
  const { range, layout } = scene;
  for (const box of layout.lanes) {
    if (!CLIENTS.includes(box.lane.role)) continue;
    const operations = scene.index.operations.of(box.lane.node);
    if (operations.count === 0) continue;
    const rows = rowsIn(operations, range.fromUs, range.toUs);
    if (rows.length > MOST_BARS) {
      drawTroubles(pen, scene, box, operations);
      continue;
    }
    drawn.add(box.lane.node);
    const bars = rows.map((row) => operations.at(row));
    const slots = 1 + (max(bars, (bar) => bar.slot) ?? 0);
    for (const bar of bars) drawBar(pen, scene, box, bar, slots);
  }
  return drawn;
}

/** Of very many, when those ended that may not have happened (above) or failed (below). */
function drawTroubles(
  pen: Pen,
  scene: LaneScene,
  box: LaneBox,
  operations: ClientOperations,
): void {
  const { store, scale } = scene;
  const half = box.bodyHeight / 2;
  for (const [outcome, y] of [
    ['unknown', box.bodyTop],
    ['failed', box.bodyTop + half],
  ] as const) {
    const list = operations.ended(outcome);
    const first = list.placeFrom(scene.first);
    const end = list.placeFrom(scene.last + 1);
    const stride = Math.max(1, Math.ceil((end - first) / MOST_TROUBLES));
    let before = Number.NEGATIVE_INFINITY;
    for (let place = first; place < end; place += stride) {
      const x = Math.floor(scale(store.timeUs(list.at(place))));
      if (x - before < 2) continue;
      before = x;
      pen.box(x - 1, y, 2, half - 1, outcomeColours[outcome]);
    }
  }
}

function rowsIn(operations: ClientOperations, fromUs: number, toUs: number): number[] {
  const rows: number[] = [];
  operations.visit(fromUs, toUs, (row) => {
    if (rows.length <= MOST_BARS) rows.push(row);
  });
  return rows;
}

function drawBar(
  pen: Pen,
  scene: LaneScene,
  box: LaneBox,
  operation: Operation,
  slots: number,
): void {
  const { range, scale } = scene;
  const pitch = Math.min(9, box.bodyHeight / slots);
  const height = Math.max(2, pitch - 1.5);
  const y = box.bodyTop + Math.min(operation.slot * pitch, box.bodyHeight - height);
  const x = scale(Math.max(operation.startUs, range.fromUs));
  const end = scale(Math.min(operation.endUs, range.toUs));
  const width = Math.max(1.5, end - x);
  const colour = outcomeColours[operation.outcome];
  const isQuiet = operation.command === 'poll' && operation.outcome === 'ok';
  pen.box(x, y, width, height, colour, isQuiet ? 0.35 : 0.9);
  scene.hits.addBar({ node: box.lane.node, row: operation.row, x, width, y, height });
  if (operation.outcome === 'unknown') pen.hatch({ x, y, width, height }, 'panel', 0.7);
  if (operation.outcome === 'open') pen.frame({ x, y, width, height }, 'text-3');
  const isSend = operation.command === 'send' && operation.outcome === 'ok';
  if (!isSend || width < CAP_PX + 1 || height < 4 || operation.endUs > range.toUs) return;
  if (box.lane.acks === 'all') pen.mark('dot', end, y + height / 2, CAP_PX, colour);
  else if (box.lane.acks === '1') {
    pen.mark('dot', end, y + height / 2, CAP_PX + 1, 'panel');
    pen.mark('dot', end, y + height / 2, CAP_PX, colour, true);
  }
}
