/**
 * Where the lanes lie: heights by role, fitted into the room there is, scrolled when it does not
 * suffice. A lane is divided into a strip for leadership, room for marks and bars, and a thin band
 * of the node's state at its foot.
 */
import type { Lane } from '../model/lanes.ts';
import type { Size } from './pen.ts';

/** A node's lane, or a filter that is kept as one: its node is below 0, its name the filter. */
export type LaneRow = Lane | (Omit<Lane, 'role'> & { readonly role: 'filter' });

export interface LaneBox {
  readonly lane: LaneRow;
  readonly top: number;
  readonly height: number;
  /** Leadership; no height on lanes that never lead. */
  readonly leadTop: number;
  readonly leadHeight: number;
  /** Marks, bars, density. */
  readonly bodyTop: number;
  readonly bodyHeight: number;
  /** The band of the node's state. */
  readonly bandTop: number;
  readonly bandHeight: number;
}

export interface LanesLayout {
  readonly lanes: readonly LaneBox[];
  readonly byNode: ReadonlyMap<number, LaneBox>;
  readonly left: number;
  readonly right: number;
  /** Under the axis. */
  readonly top: number;
  readonly bottom: number;
  /** Height of all lanes together; more than `bottom - top` when they have to be scrolled. */
  readonly contentHeight: number;
}

/** The axis with its flags. */
export const AXIS_HEIGHT = 24;

const WISHED: Readonly<Record<LaneRow['role'], number>> = {
  lab: 20,
  controller: 44,
  broker: 60,
  producer: 46,
  consumer: 38,
  admin: 26,
  client: 30,
  filter: 30,
};
/** Lanes of the laboratory's own clients, who are seldom looked at. */
const OWN_CLIENT = 22;
const SMALLEST = 0.6;
/** A name needs this much. */
const LOWEST = 17;
const LARGEST = 1.7;
const GAP = 1;

export function lanesLayout(
  lanes: readonly LaneRow[],
  size: Size,
  place: { readonly gutter: number; readonly scrollY: number },
): LanesLayout {
  const top = AXIS_HEIGHT;
  const free = Math.max(1, size.height - top);
  const stretch = stretchOf(lanes, free);
  const boxes: LaneBox[] = [];
  let y = top - place.scrollY;
  for (const lane of lanes) {
    const height = heightOf(lane, stretch);
    boxes.push(laneBox(lane, y, height));
    y += height + GAP;
  }
  return {
    lanes: boxes,
    byNode: new Map(boxes.map((box) => [box.lane.node, box])),
    left: place.gutter,
    right: size.width - 8,
    top,
    bottom: size.height,
    contentHeight: y + place.scrollY - top,
  };
}

/** The largest with which all lanes fit, as far as it goes. */
function stretchOf(lanes: readonly LaneRow[], free: number): number {
  const steps = 22;
  for (let step = steps; step > 0; step--) {
    const stretch = SMALLEST + ((LARGEST - SMALLEST) * step) / steps;
    let needed = 0;
    for (const lane of lanes) needed += heightOf(lane, stretch) + GAP;
    if (needed <= free) return stretch;
  }
  return SMALLEST;
}

function heightOf(lane: LaneRow, stretch: number): number {
  return Math.max(LOWEST, Math.floor(wishedHeight(lane) * stretch));
}

function wishedHeight(lane: LaneRow): number {
  return lane.name.startsWith('lab-') ? OWN_CLIENT : WISHED[lane.role];
}

function laneBox(lane: LaneRow, top: number, height: number): LaneBox {
  const leads = lane.role === 'broker' || lane.role === 'controller';
  const leadHeight = leads ? Math.min(14, Math.round(height * 0.24)) : 0;
  const bandHeight = lane.role === 'lab' || lane.role === 'filter' ? 0 : 4;
  const bodyTop = top + 2 + leadHeight + (leads ? 2 : 0);
  const bandTop = top + height - bandHeight;
  return {
    lane,
    top,
    height,
    leadTop: top + 2,
    leadHeight,
    bodyTop,
    bodyHeight: Math.max(6, bandTop - bodyTop - 1),
    bandTop,
    bandHeight,
  };
}

/** The lane at a height; null between and outside. */
export function laneAt(layout: LanesLayout, y: number): LaneBox | null {
  if (y < layout.top) return null;
  return layout.lanes.find((box) => y >= box.top && y < box.top + box.height + GAP) ?? null;
}

/** The node.id of a broker's or controller's lane; -1 for others. */
export function nodeId(lane: LaneRow): number {
  const isKafka = lane.role === 'broker' || lane.role === 'controller';
  return isKafka ? Number(lane.name.split('-').at(-1)) : -1;
}
