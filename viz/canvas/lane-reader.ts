/**
 * What belongs to the reader and moves with the position: names and states of the lanes, the axis
 * with its flags, the line of the position, what is selected, what is marked, what checks found.
 * Drawn over the run in a layer of its own, so that stepping does not paint the run anew.
 */

import type { Verdict } from '../../sim/check/verdict.ts';
import type { AppState } from '../app/state.ts';
import { bandOf } from '../model/bands.ts';
import type { Shape } from '../model/legend.ts';
import { type InHand, inHandWords } from '../model/request-queues.ts';
import type { ClusterState, NodeState } from '../model/state.ts';
import type { Highlight } from './highlight.ts';
import { drawArrow } from './lane-arrows.ts';
import { drawHighlight } from './lane-highlight.ts';
import type { LaneScene } from './lane-scene.ts';
import { AXIS_HEIGHT, type LaneBox } from './lanes-layout.ts';
import type { Pen, Token } from './pen.ts';
import { fitting, nodeNames, statusForms } from './short-names.ts';
import { tickWords, timeTicks } from './time-axis.ts';

interface ReaderLook {
  readonly state: AppState;
  readonly cluster: ClusterState;
  readonly verdicts: readonly Verdict[];
  readonly hovered: number;
  readonly highlight: Highlight | null;
}

export const verdictLooks: Readonly<Record<Verdict['verdict'], { shape: Shape; colour: Token }>> = {
  holds: { shape: 'dot', colour: 'holds' },
  allowed: { shape: 'triangle-up', colour: 'allowed' },
  violated: { shape: 'cross', colour: 'violated' },
  unknown: { shape: 'diamond', colour: 'undecided' },
};

export function drawReader(pen: Pen, scene: LaneScene, look: ReaderLook, width: number): void {
  const { layout } = scene;
  const stage = {
    x: layout.left,
    y: 0,
    width: layout.right - layout.left,
    height: layout.bottom,
  };
  pen.clip(stage, () => {
    drawFuture(pen, scene, look);
    drawRange(pen, scene, look);
    if (look.highlight !== null) drawHighlight(pen, scene, look.highlight);
    drawWitnesses(pen, scene, look);
    drawSelected(pen, scene, look);
  });
  drawGutter(pen, scene, look);
  pen.box(0, 0, width, AXIS_HEIGHT, 'panel');
  pen.box(0, AXIS_HEIGHT - 1, width, 1, 'line-strong');
  pen.clip({ ...stage, width: stage.width + 8 }, () => {
    drawAxis(pen, scene);
    drawVerdicts(pen, scene, look);
    drawNamedMarks(pen, scene, look);
    drawCursor(pen, scene, look);
  });
}

/** Right of the run, before the edge of the panel. */
const AXIS_MARGIN = 8;

function drawAxis(pen: Pen, scene: LaneScene): void {
  for (const tick of timeTicks(scene.scale, scene.originUs)) {
    const x = scene.scale(tick.timeUs);
    pen.line(x, AXIS_HEIGHT - 6, x, AXIS_HEIGHT - 1, 'line-strong');
    const style = { mono: true } as const;
    if (x + 4 + pen.textWidth(tick.label, style) > scene.layout.right + AXIS_MARGIN) continue;
    pen.text(tick.label, x + 4, 9, 'text-3', style);
  }
}

/** What has not happened yet at the position is a little fainter. */
function drawFuture(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { layout, scale, store } = scene;
  const { position } = look.state;
  if (position === 0 || position >= store.count) return;
  const x = Math.max(layout.left, scale(store.timeUs(position)));
  if (x >= layout.right) return;
  pen.box(x, layout.top, layout.right - x, layout.bottom - layout.top, 'panel', 0.3);
}

function drawRange(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { range } = look.state.selection;
  if (range === null) return;
  const { layout, scale } = scene;
  const x = scale(range.fromUs);
  const width = Math.max(1, scale(range.toUs) - x);
  pen.box(x, layout.top, width, layout.bottom - layout.top, 'range');
  pen.line(x, layout.top, x, layout.bottom, 'accent');
  pen.line(x + width, layout.top, x + width, layout.bottom, 'accent');
}

function drawCursor(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { store, scale, layout, originUs } = scene;
  const { position } = look.state;
  const timeUs = position === 0 ? 0 : store.timeUs(Math.min(position, store.count));
  const x = scale(timeUs);
  if (x < layout.left - 1 || x > layout.right + 1) return;
  pen.line(x, 0, x, layout.bottom, 'cursor', { width: 1.5 });
  const spanUs = scene.range.toUs - scene.range.fromUs;
  const words = tickWords(timeUs - originUs, Math.max(1, spanUs / 2_000));
  const style = { mono: true, strong: true } as const;
  const width = pen.textWidth(words, style) + 10;
  const left = Math.min(Math.max(layout.left, x - width / 2), layout.right - width);
  pen.box(left, 1, width, 16, 'cursor');
  pen.text(words, left + 5, 9.5, 'panel', style);
}

function drawVerdicts(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { store, scale, layout } = scene;
  for (const verdict of look.verdicts) {
    const { at } = verdict;
    if (verdict.verdict === 'holds' || at === null || at < 1 || at > store.count) continue;
    const x = scale(store.timeUs(at));
    if (x < layout.left - 6 || x > layout.right + 6) continue;
    const { shape, colour } = verdictLooks[verdict.verdict];
    pen.line(x, AXIS_HEIGHT, x, layout.bottom, colour, { dash: [3, 3], alpha: 0.8 });
    pen.mark('dot', x, AXIS_HEIGHT - 7, 13, 'panel');
    pen.mark(shape, x, AXIS_HEIGHT - 7, 10, colour);
  }
}

/** The events that a verdict rests on, tied to it while it is looked at. */
function drawWitnesses(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { store } = scene;
  for (const verdict of look.verdicts) {
    if (verdict.verdict === 'holds' || verdict.at === null) continue;
    const { colour } = verdictLooks[verdict.verdict];
    const isLookedAt = look.state.selection.event === verdict.at;
    const end = isLookedAt && verdict.at <= store.count ? placeOf(scene, verdict.at) : null;
    for (const event of verdict.evidence) {
      if (event < 1 || event > store.count) continue;
      const place = placeOf(scene, event);
      if (place === null) continue;
      pen.mark('diamond', place.x, place.y, 9, colour, true);
      if (end === null || event === verdict.at) continue;
      pen.path(
        (path) => {
          path.moveTo(place.x, place.y);
          const middle = (place.x + end.x) / 2;
          path.bezierCurveTo(middle, place.y, middle, end.y, end.x, end.y);
        },
        { stroke: colour, width: 1.5, dash: [5, 3] },
      );
    }
  }
}

function drawNamedMarks(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { store, scale, layout } = scene;
  for (const mark of look.state.marks) {
    if (mark.event < 1 || mark.event > store.count) continue;
    const x = scale(store.timeUs(mark.event));
    pen.line(x, AXIS_HEIGHT, x, layout.bottom, 'accent', { dash: [1, 3] });
    pen.mark('square', x, AXIS_HEIGHT - 6, 8, 'accent');
    if (mark.name !== '') pen.text(mark.name, x + 7, AXIS_HEIGHT - 6, 'accent', { size: 10 });
  }
}

/** The selected event, and the message that it sent or was brought. */
function drawSelected(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { store } = scene;
  const { event } = look.state.selection;
  for (const [one, colour] of [
    [event ?? 0, 'selected'],
    [look.hovered, 'text-2'],
  ] as const) {
    if (one < 1 || one > store.count) continue;
    drawOwnMessage(pen, scene, one, colour);
    const place = placeOf(scene, one);
    if (place === null) continue;
    pen.mark('dot', place.x, place.y, 15, colour, true);
    pen.mark('dot', place.x, place.y, 4, colour);
  }
}

function drawOwnMessage(pen: Pen, scene: LaneScene, event: number, colour: Token): void {
  const { store, index } = scene;
  const kind = store.kindName(event);
  const look = { colour, width: 1.75, alpha: 1, labelled: true };
  if (kind === 'frame.sent') {
    const arrival = index.messages.arrivalOf(event);
    const received = arrival?.receivedEvent ?? 0;
    drawArrow(pen, scene, { sent: event, received }, look);
  } else if (kind === 'input.received') {
    for (const one of index.messages.broughtBy(event)) {
      drawArrow(pen, scene, { sent: one.sentEvent, received: event }, look);
    }
  }
}

/** Where its mark was drawn, else the middle of its lane; null: off screen. */
export function placeOf(scene: LaneScene, event: number): { x: number; y: number } | null {
  const { store, layout, scale, hits } = scene;
  const box = layout.byNode.get(store.node(event));
  if (box === undefined) return null;
  const x = scale(store.timeUs(event));
  if (x < layout.left - 8 || x > layout.right + 8) return null;
  const drawn = hits.place(event);
  return { x, y: drawn?.y ?? box.bodyTop + box.bodyHeight / 2 };
}

function drawGutter(pen: Pen, scene: LaneScene, look: ReaderLook): void {
  const { layout } = scene;
  pen.box(0, 0, layout.left, layout.bottom, 'panel');
  pen.box(layout.left - 1, 0, 1, layout.bottom, 'line-strong');
  for (const box of layout.lanes) {
    const selected = look.state.selection.node === box.lane.node;
    if (selected) pen.box(0, box.top, layout.left - 1, box.height, 'accent-soft');
    pen.box(0, box.top + box.height, layout.left - 1, 1, 'line', 0.7);
    const inHand = scene.index.requests.at(box.lane.node, look.state.position);
    drawLabel(pen, box, { look, inHand, maxWidth: layout.left - 26 });
    if (look.state.pinned.includes(box.lane.node)) {
      pen.mark('triangle-down', layout.left - 9, box.top + 9, 7, 'accent');
    }
  }
  drawScrolled(pen, scene);
}

/** Which part of the lanes is in sight, when they do not all fit. */
function drawScrolled(pen: Pen, scene: LaneScene): void {
  const { left, top, bottom, contentHeight, lanes } = scene.layout;
  const room = bottom - top;
  if (contentHeight <= room) return;
  const scrolled = top - (lanes[0]?.top ?? top);
  const y = top + (scrolled / contentHeight) * room;
  pen.box(left - 5, y, 3, (room / contentHeight) * room, 'line-strong');
}

function drawLabel(
  pen: Pen,
  box: LaneBox,
  at: { readonly look: ReaderLook; readonly inHand: InHand | null; readonly maxWidth: number },
): void {
  const { look, inHand, maxWidth } = at;
  const node = look.cluster.nodes[box.lane.name];
  const lines = node === undefined ? [] : statusLines(node, box, { ...look, inHand });
  const shown = lines.slice(0, box.height >= 54 ? 2 : box.height >= 30 ? 1 : 0);
  const y = box.top + box.height / 2 - shown.length * 7;
  if (node !== undefined) drawStanding(pen, node, 12, y);
  const isDown = node !== undefined && node.process === 'down';
  const name = fitting(pen, nodeNames(box.lane.name), maxWidth);
  pen.text(name, 22, y, isDown ? 'text-3' : 'text', { size: 12, maxWidth });
  shown.forEach((words, place) => {
    const said = fitting(pen, statusForms(words), maxWidth);
    pen.text(said, 22, y + 14 * (place + 1), 'text-2', { maxWidth });
  });
}

function drawStanding(pen: Pen, node: NodeState, x: number, y: number): void {
  switch (bandOf(node)) {
    case 'down':
      return pen.mark('cross', x, y, 8, 'down');
    case 'paused':
      pen.mark('tick', x - 2, y, 7, 'paused');
      return pen.mark('tick', x + 2, y, 7, 'paused');
    case 'fenced':
      return pen.mark('square', x, y, 8, 'fenced', true);
    case 'starting':
    case 'stopping':
      return pen.mark('dot', x, y, 8, 'starting', true);
    case 'up':
      return pen.mark('dot', x, y, 8, 'up');
  }
}

/** What the node is and does at the position, the most telling first. */
function statusLines(
  node: NodeState,
  box: LaneBox,
  { cluster, inHand }: { readonly cluster: ClusterState; readonly inHand: InHand | null },
): string[] {
  const band = bandOf(node);
  if (band === 'down' || band === 'paused') {
    return [node.why === '' ? band : `${band}: ${node.why}`];
  }
  switch (box.lane.role) {
    case 'broker':
      return brokerLines(node, cluster, inHand);
    case 'controller':
      return controllerLines(node, cluster);
    default: {
      const client = cluster.clients[node.name];
      if (client === undefined) return [];
      const acks = box.lane.acks === '' ? '' : `acks=${box.lane.acks}, `;
      const trouble = client.failed + client.unknown;
      const troubles = `${client.failed} failed, ${client.unknown} unknown`;
      const done = box.lane.acks === '0' ? 'sent' : 'ok';
      return [`${acks}${client.ok} ${done}`, trouble > 0 ? troubles : `${client.inFlight} open`];
    }
  }
}

/** Whom it leads, and how far its view of the metadata is behind the active controller's. */
function brokerLines(node: NodeState, cluster: ClusterState, inHand: InHand | null): string[] {
  const band = bandOf(node);
  const leads = Object.values(cluster.partitions).filter((one) => one.leader === node.id);
  const [first] = leads;
  const words: string[] = band === 'up' ? [] : [band];
  if (leads.length === 1 && first !== undefined) words.push(`leads ${first.name}`);
  else if (leads.length > 1) words.push(`leads ${leads.length}`);
  else if (band === 'up') words.push('leads nothing');
  const held =
    inHand === null || inHand.requests === 0 ? [] : [inHandWords({ ...inHand, fetches: 0 })];
  return [words.join(', '), ...behindWords(node, cluster), ...held];
}

function controllerLines(node: NodeState, cluster: ClusterState): string[] {
  if (cluster.controller.active === node.name) return [`active, epoch ${cluster.controller.epoch}`];
  const epoch = node.quorumEpoch < 0 ? '' : `, epoch ${node.quorumEpoch}`;
  const role = node.quorumRole === '' ? [] : [`${node.quorumRole}${epoch}`];
  return [...role, ...behindWords(node, cluster)];
}

function behindWords(node: NodeState, cluster: ClusterState): string[] {
  const newest = cluster.nodes[cluster.controller.active]?.metadataOffset ?? -1;
  const behind = newest - node.metadataOffset;
  return node.metadataOffset >= 0 && behind > 0 ? [`metadata ${behind} behind`] : [];
}
