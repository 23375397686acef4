/**
 * Two runs side by side: the events that are the same in both. An event's identity is its node,
 * its kind, its subject (the first field when that is a text; of a frame also its API) and the
 * how-manieth of these it is; the longest common beginning is matched event by event, the rest by identity.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import type { TraceStore } from './trace-store.ts';

export interface Alignment {
  /** Events 1 … prefix are the same in both runs, in every field and at the same time. */
  readonly prefix: number;
  /** By event of the left run: its partner in the right one, 0 = only here. Index 0 is unused. */
  readonly toRight: Uint32Array;
  readonly toLeft: Uint32Array;
  readonly onlyLeft: number;
  readonly onlyRight: number;
}

/** How an event of the left run and its partner compare. */
export type Likeness = 'same' | 'moved' | 'different' | 'only';

/** Told now and then how many events of both runs have been looked at. */
export type Progress = (events: number) => void;

/** @param told of as many events as both runs have together, in the end. */
export function align(left: TraceStore, right: TraceStore, told: Progress = silent): Alignment {
  const prefix = commonPrefix(left, right, told);
  const toRight = new Uint32Array(left.count + 1);
  const toLeft = new Uint32Array(right.count + 1);
  for (let event = 1; event <= prefix; event++) {
    toRight[event] = event;
    toLeft[event] = event;
  }
  const keys = new Keys(left, right);
  // By identity: the events of the right run that carry it, as a chain in their order.
  const heads = new Map<number, number>();
  const tails = new Map<number, number>();
  const next = new Uint32Array(right.count + 1);
  for (let event = prefix + 1; event <= right.count; event++) {
    if (event % TOLD_EVERY === 0) told(prefix + event);
    const key = keys.ofRight(event);
    const tail = tails.get(key);
    if (tail === undefined) heads.set(key, event);
    else next[tail] = event;
    tails.set(key, event);
  }
  let onlyLeft = 0;
  for (let event = prefix + 1; event <= left.count; event++) {
    if (event % TOLD_EVERY === 0) told(right.count + event);
    const key = keys.ofLeft(event);
    const partner = heads.get(key);
    if (partner === undefined || partner === 0) {
      onlyLeft += 1;
      continue;
    }
    toRight[event] = partner;
    toLeft[partner] = event;
    heads.set(key, next[partner] as number);
  }
  const onlyRight = right.count - (left.count - onlyLeft);
  return { prefix, toRight, toLeft, onlyLeft, onlyRight };
}

/** How the left run's event compares with its partner. */
export function likeness(
  runs: { readonly left: TraceStore; readonly right: TraceStore },
  alignment: Alignment,
  event: number,
): Likeness {
  if (event <= alignment.prefix) return 'same';
  const partner = alignment.toRight[event] as number;
  if (partner === 0) return 'only';
  const [a, b] = [runs.left.at(event), runs.right.at(partner)];
  if (!sameFields(a, b)) return 'different';
  return a.timeUs === b.timeUs ? 'same' : 'moved';
}

/** The first events that differ, one of each run; 0 where a run has ended. */
export interface FirstDifference {
  readonly left: number;
  readonly right: number;
}

/** Null when the runs are the same. */
export function firstDifference(
  left: TraceStore,
  right: TraceStore,
  alignment: Alignment,
): FirstDifference | null {
  const { prefix } = alignment;
  if (prefix === left.count && prefix === right.count) return null;
  return {
    left: prefix < left.count ? prefix + 1 : 0,
    right: prefix < right.count ? prefix + 1 : 0,
  };
}

export const TOLD_EVERY = 65_536;

function silent(): void {}

function commonPrefix(left: TraceStore, right: TraceStore, told: Progress): number {
  const count = Math.min(left.count, right.count);
  if (!left.kinds.every((kind, id) => right.kinds[id]?.name === kind.name)) return 0;
  const nodes = nodesOf(left, right);
  let event = 1;
  while (event <= count && sameRow(left, right, event, nodes)) {
    if (event % TOLD_EVERY === 0) told(2 * event);
    event += 1;
  }
  return event - 1;
}

/** @param nodes by number in the right run: the node's number in the left one. */
function sameRow(
  left: TraceStore,
  right: TraceStore,
  event: number,
  nodes: readonly number[],
): boolean {
  return (
    left.timeUs(event) === right.timeUs(event) &&
    left.kindId(event) === right.kindId(event) &&
    left.node(event) === nodes[right.node(event)] &&
    left.parentA(event) === right.parentA(event) &&
    left.parentB(event) === right.parentB(event) &&
    sameFields(left.at(event), right.at(event))
  );
}

/** Nodes are numbered as they were declared: one may have another number in the other run. */
function nodesOf(left: TraceStore, right: TraceStore): number[] {
  return [0, ...translated(left.nodeNames, right.nodeNames).map((place) => place + 1)];
}

function sameFields(a: TraceEvent, b: TraceEvent): boolean {
  if (a.fields.length !== b.fields.length) return false;
  for (let i = 0; i < a.fields.length; i++) if (a.fields[i] !== b.fields[i]) return false;
  return true;
}

/** Identities as numbers that mean the same in both runs: names of the right one are looked up. */
class Keys {
  private readonly left: TraceStore;
  private readonly right: TraceStore;
  /** By id in the right run: the id of the same name in the left one, or one beyond its names. */
  private readonly nodes: number[];
  private readonly kinds: number[];
  private readonly texts: number[];
  private readonly nodeCount: number;
  private readonly kindCount: number;
  private readonly sentId: number;

  constructor(left: TraceStore, right: TraceStore) {
    this.left = left;
    this.right = right;
    this.nodes = nodesOf(left, right);
    this.kinds = translated(
      left.kinds.map((kind) => kind.name),
      right.kinds.map((kind) => kind.name),
    );
    this.texts = translated(left.texts, right.texts);
    this.nodeCount = left.nodeNames.length + right.nodeNames.length + 1;
    this.kindCount = left.kinds.length + right.kinds.length;
    this.sentId = left.kindIdOf('frame.sent');
  }

  ofLeft(event: number): number {
    const { left } = this;
    const kind = left.kindId(event);
    const detail = kind === this.sentId ? frameDetail(left, event) : 0;
    return this.key(left.node(event), kind, left.subjectId(event), detail);
  }

  ofRight(event: number): number {
    const { right } = this;
    const text = right.subjectId(event);
    const kind = this.kinds[right.kindId(event)] as number;
    return this.key(
      this.nodes[right.node(event)] as number,
      kind,
      text < 0 ? -1 : (this.texts[text] as number),
      kind === this.sentId ? frameDetail(right, event) : 0,
    );
  }

  private key(node: number, kind: number, subject: number, detail: number): number {
    const place = ((subject + 1) * this.kindCount + kind) * this.nodeCount + node;
    return place * FRAME_DETAILS + detail;
  }
}

const FRAME_DETAILS = 512;

/** Which message a frame is: API and direction. */
function frameDetail(store: TraceStore, event: number): number {
  const api = store.rawField(event, 2) + 1;
  const isResponse = store.texts[store.rawField(event, 1)] === 'response';
  return (2 * api + (isResponse ? 1 : 0)) % FRAME_DETAILS;
}

/** Where each of `names` stands in `known`; those that do not get places behind its end. */
function translated(known: readonly string[], names: readonly string[]): number[] {
  const places = new Map(known.map((name, place) => [name, place]));
  return names.map((name, place) => places.get(name) ?? known.length + place);
}
