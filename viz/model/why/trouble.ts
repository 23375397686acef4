/**
 * What kept a node from doing its part around an event: that it was down or paused, cut off from
 * those it had to talk to, slow, or just starting; each with the event that made it so.
 */
import { faultsOn, isNetworkFault } from '../reduce/faults.ts';
import type { ActiveFault, ClusterState, NodeState } from '../state.ts';
import { listed, type Scene } from './scene.ts';

export interface Trouble {
  /** A clause: `broker-2 had lost power`. */
  readonly words: string;
  /** What was done to it, and what came of that. */
  readonly events: readonly number[];
}

/** A fault may be over when its consequences come: sessions and lags run out later. */
const LOOK_BACK_US = [0, 500_000, 3_000_000, 10_000_000, 30_000_000];

export interface Around {
  readonly event: number;
  /** Whom it had to reach; empty: anybody. */
  readonly peers: readonly string[];
  /** For so long nobody minds: a delay that is nothing to it does not count. Absent: any does. */
  readonly patienceMs?: number;
}

export function troubleOf(scene: Scene, node: string, around: Around): Trouble | null {
  const { store } = scene;
  const timeUs = store.timeUs(Math.max(1, around.event));
  const spanUs = (around.patienceMs ?? 0) * 1_000;
  let last = -1;
  for (const backUs of LOOK_BACK_US) {
    const position = backUs === 0 ? around.event : store.eventAtTime(timeUs - backUs);
    if (position === last || position < 1) continue;
    last = position;
    const found = troubleAt(scene, node, { position, peers: around.peers, spanUs });
    if (found !== null) return found;
  }
  return null;
}

/**
 * What kept a node from its part within a stretch of events: a trouble that lasted into it, or else
 * the first that began in it.
 */
export function troubleWithin(
  scene: Scene,
  node: string,
  stretch: { readonly from: number; readonly until: number; readonly peers: readonly string[] },
): Trouble | null {
  const { store } = scene;
  const { from, until, peers } = stretch;
  const spanUs = store.timeUs(until) - store.timeUs(from);
  for (const position of [from, ...strikesWithin(scene, from, until)]) {
    const found = troubleAt(scene, node, { position, peers, spanUs });
    if (found !== null) return found;
  }
  return null;
}

const MOST_STRIKES = 50;

/** Events between two others after which a node may be in trouble. */
function strikesWithin({ store }: Scene, from: number, until: number): number[] {
  const events: number[] = [];
  for (const { name } of store.kinds) {
    if (!name.startsWith('fault.') && !name.startsWith('node.')) continue;
    const list = store.listOf(name);
    for (let place = list.placeFrom(from + 1); place < list.count; place++) {
      if (list.at(place) > until) break;
      events.push(list.at(place));
    }
  }
  return events.sort((a, b) => a - b).slice(0, MOST_STRIKES);
}

interface Look {
  readonly position: number;
  readonly peers: readonly string[];
  /** In this time it had to do its part; 0: whatever delays it, counts. */
  readonly spanUs: number;
}

function troubleAt(scene: Scene, name: string, { position, peers, spanUs }: Look): Trouble | null {
  const state = scene.state(position);
  const node = state.nodes[name];
  if (node === undefined) return null;
  return (
    ofProcess(scene, node, position) ??
    ofLinks(scene, name, { position, peers, spanUs }) ??
    ofNode(state, name, scene.store.timeUs(position)) ??
    ofStart(scene, node, position)
  );
}

function ofProcess(scene: Scene, node: NodeState, position: number): Trouble | null {
  if (node.process === 'up') return null;
  // Before its first start a node is down, and nobody is to blame.
  if (node.since === 0) return null;
  const { name, since } = node;
  if (node.process === 'paused') return { words: `${name} was paused`, events: [since] };
  if (node.process === 'stopping' || node.why === 'exit') {
    const asked = scene.last('fault.stop', since + 1, (one) => one.fields[0] === name);
    return { words: `${name} had been told to stop`, events: [asked?.event ?? since] };
  }
  if (node.why === 'kill') return { words: `${name} had been killed`, events: [since] };
  if (node.why === 'power cut') return { words: `${name} had lost power`, events: [since] };
  if (node.why === 'crash') {
    const armed = scene.last('fault.crashInStep', since, (one) => one.fields[0] === name);
    return { words: `${name} had crashed`, events: [armed?.event ?? since, since] };
  }
  const gaveUp = scene.last('node.halted', position + 1, (one) => scene.nodeName(one) === name);
  const disk = scene.last('fault.disk', since, (one) => one.fields[0] === name);
  const reason = gaveUp === null ? '' : ` (${gaveUp.fields[0]})`;
  const events = disk === null ? [since] : [disk.event, since];
  return { words: `${name} had given up${reason}`, events };
}

const LINK_WORDS: readonly (readonly [kind: string, words: string])[] = [
  ['cut', 'was cut off from'],
  ['stall', 'stood still towards'],
  ['hold', 'had messages held between it and'],
  ['slow link', 'had a slow link to'],
  ['delay', 'had a delayed link to'],
];

function ofLinks(scene: Scene, name: string, { position, peers, spanUs }: Look): Trouble | null {
  const on = faultsOn(scene.state(position), scene.store.timeUs(position)).filter(
    (one) => isNetworkFault(one) && !isTooShort(scene, one, spanUs),
  );
  for (const [kind, words] of LINK_WORDS) {
    const found = on.find((one) => one.kind === kind && othersOf(one, name, peers).length > 0);
    if (found === undefined) continue;
    const others = othersOf(found, name, peers);
    return { words: `${name} ${words} ${listed(others)}`, events: [found.event] };
  }
  return null;
}

/** A question and its answer that were under way, and the next ones. */
const WAYS = 4;

function isTooShort(scene: Scene, fault: ActiveFault, spanUs: number): boolean {
  if (fault.kind !== 'delay') return false;
  const [, , , addUs, jitterUs] = scene.at(fault.event).fields;
  return WAYS * (Number(addUs) + Number(jitterUs)) < spanUs;
}

/** Whom of `peers` the fault parts from the node. */
function othersOf(fault: ActiveFault, name: string, peers: readonly string[]): string[] {
  const others = fault.from.includes(name) ? fault.to : fault.to.includes(name) ? fault.from : [];
  return others.filter((one) => one !== name && (peers.length === 0 || peers.includes(one)));
}

const NODE_WORDS: Readonly<Record<string, string>> = {
  'disk lost': 'had lost its disk',
  'disk error': 'had errors from its disk',
  'disk full': 'had a full disk',
  'disk stall': 'had a disk that stood still',
  'slow CPU': 'ran slowly',
  'disk slow': 'had a slow disk',
};

function ofNode(state: ClusterState, name: string, timeUs: number): Trouble | null {
  for (const [kind, words] of Object.entries(NODE_WORDS)) {
    const on = faultsOn(state, timeUs);
    const found = on.find((one) => one.kind === kind && one.from[0] === name);
    if (found !== undefined) return { words: `${name} ${words}`, events: [found.event] };
  }
  return null;
}

/** Just back from being down: what took it down is the trouble. */
function ofStart(scene: Scene, node: NodeState, position: number): Trouble | null {
  const isStarting = node.lifecycle !== '' && node.lifecycle !== 'RUNNING';
  if (node.role !== 'broker' || node.boots < 2 || !(isStarting || node.fenced)) return null;
  const before = endOf(scene, node.name, position);
  const events = before === null ? [node.since] : [before, node.since];
  return { words: `${node.name} had only just started again`, events };
}

const ENDS = ['fault.kill', 'fault.powerCut', 'node.crashed', 'node.halted', 'fault.stop'];

/** The last event before `position` that ended the node's process; null when there is none. */
export function endOf(scene: Scene, name: string, position: number): number | null {
  let latest: number | null = null;
  for (const kind of ENDS) {
    const found = scene.last(kind, position + 1, (one) =>
      kind.startsWith('fault.') ? one.fields[0] === name : scene.nodeName(one) === name,
    );
    if (found !== null && (latest === null || found.event > latest)) latest = found.event;
  }
  return latest;
}
