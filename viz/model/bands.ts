/**
 * The long stretches of a run, for drawing: what state each node was in, who led each partition,
 * how many partitions each broker led, which faults lasted from when to when.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { partitionParts } from './facts.ts';
import type { ActiveFault, ClusterState, NodeState } from './state.ts';
import type { TraceStore } from './trace-store.ts';
import { Track } from './track.ts';

/** The values of a node's track. */
export const nodeBands = ['down', 'starting', 'up', 'fenced', 'paused', 'stopping'] as const;
export type NodeBand = (typeof nodeBands)[number];

export interface FaultBand {
  /** `cut`, `delay`, `disk lost`, …; of nodes also `pause`, `kill`, `power cut`, `crash`, `halt`. */
  readonly kind: string;
  readonly family: 'process' | 'network' | 'disk' | 'clock';
  /** Node names; `to` is empty for faults of one node. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay: boolean;
  readonly value: number;
  readonly fromEvent: number;
  readonly fromUs: number;
  /** null: it is still on. A fault that ends by itself has a time without an event. */
  endEvent: number | null;
  endUs: number | null;
}

const LIFE = [
  'input.started',
  'input.stopping',
  'fault.pause',
  'fault.resume',
  'fault.kill',
  'fault.powerCut',
  'node.exited',
  'node.halted',
  'node.crashed',
  'node.broken',
  'broker.state',
  'broker.fenced',
  'broker.unfenced',
  'broker.registered',
  'broker.unregistered',
];
const FAULTS = [
  'fault.cut',
  'fault.stall',
  'fault.heal',
  'fault.delay',
  'fault.slowLink',
  'fault.hold',
  'fault.release',
  'fault.restoreNetwork',
  'fault.slowCpu',
  'fault.clockDrift',
  'fault.clockOffset',
  'fault.disk',
];
const CONTROLLERS = ['controller.activated', 'controller.resigned'];

export class Bands {
  readonly kinds: readonly string[] = [...LIFE, ...FAULTS, ...CONTROLLERS, 'leader.elected'];
  /** In the order of their beginning. */
  readonly faults: FaultBand[] = [];
  /** The node.id of the active controller, -1 = nobody, and its epoch. */
  readonly controller = new Track();
  readonly controllerEpoch = new Track();
  private readonly store: TraceStore;
  private readonly nodes = new Map<string, Track>();
  private readonly leaders = new Map<string, Track>();
  private readonly leaderEpochs = new Map<string, Track>();
  private readonly leads = new Map<number, Track>();
  private readonly open = new Map<ActiveFault, FaultBand>();
  private readonly openByNode = new Map<string, FaultBand>();
  private known: ActiveFault[] = [];
  private leadCounts = new Map<number, number>();

  constructor(store: TraceStore) {
    this.store = store;
  }

  /** Values are places in `nodeBands`; a node is `down` before its first entry. */
  node(node: number): Track {
    return this.nodes.get(this.store.nodeName(node)) ?? NOTHING;
  }
  /** The leader's node.id, -1 = nobody. */
  leader(partition: string): Track {
    return this.leaders.get(partition) ?? NOTHING;
  }
  leaderEpoch(partition: string): Track {
    return this.leaderEpochs.get(partition) ?? NOTHING;
  }
  /** How many partitions the controller lets a broker lead. */
  leadCount(broker: number): Track {
    return this.leads.get(broker) ?? NOTHING;
  }
  /** Partitions that ever had a leader, by topic and number. */
  partitions(): string[] {
    return [...this.leaders.keys()].sort(byTopicAndNumber);
  }

  follow(event: TraceEvent, state: ClusterState): void {
    if (event.kind === 'leader.elected') return this.elected(event, state);
    if (event.kind.startsWith('fault.')) this.faultsChanged(event, state);
    if (LIFE.includes(event.kind)) this.nodesChanged(event, state);
    this.controllerChanged(event, state);
  }

  private controllerChanged(event: TraceEvent, state: ClusterState): void {
    const { active, epoch } = state.controller;
    this.controller.set(event.event, event.timeUs, state.nodes[active]?.id ?? -1);
    this.controllerEpoch.set(event.event, event.timeUs, epoch);
  }

  private elected(event: TraceEvent, state: ClusterState): void {
    const partition = state.partitions[String(event.fields[0])];
    if (partition === undefined) return;
    const { name, leader, leaderEpoch } = partition;
    const before = trackOf(this.leaders, name);
    const former = before.valueAt(event.event, -1);
    before.set(event.event, event.timeUs, leader);
    trackOf(this.leaderEpochs, name).set(event.event, event.timeUs, leaderEpoch);
    if (former === leader) return;
    for (const [broker, change] of [
      [former, -1],
      [leader, 1],
    ] as const) {
      if (broker < 0) continue;
      const count = (this.leadCounts.get(broker) ?? 0) + change;
      this.leadCounts.set(broker, count);
      trackOf(this.leads, broker).set(event.event, event.timeUs, count);
    }
  }

  private nodesChanged(event: TraceEvent, state: ClusterState): void {
    for (const node of Object.values(state.nodes)) {
      const band = bandOf(node);
      const track = trackOf(this.nodes, node.name);
      track.set(event.event, event.timeUs, nodeBands.indexOf(band));
      this.nodeFault(event, node, band);
    }
  }

  /** Being down or paused by force is a fault of a node. */
  private nodeFault(event: TraceEvent, node: NodeState, band: NodeBand): void {
    const kind = band === 'paused' ? 'pause' : band === 'down' ? downBy(node) : '';
    const known = this.openByNode.get(node.name);
    if (known?.kind === kind || (known === undefined && kind === '')) return;
    if (known !== undefined) close(known, event);
    this.openByNode.delete(node.name);
    if (kind === '') return;
    const band_ = fault({ kind, from: [node.name], to: [], oneWay: false, value: 0 }, event);
    this.openByNode.set(node.name, band_);
    this.faults.push(band_);
  }

  private faultsChanged(event: TraceEvent, state: ClusterState): void {
    if (state.faults === this.known) return;
    const now = state.faults.map((one) => ({ ...one }));
    const left = [...this.open.keys()];
    this.open.forEach((band, one) => {
      if (now.some((other) => isSame(one, other))) return;
      const ended = one.untilUs >= 0 && one.untilUs <= event.timeUs;
      if (ended) band.endUs = one.untilUs;
      else close(band, event);
      this.open.delete(one);
    });
    for (const one of now) {
      if (left.some((other) => isSame(one, other))) continue;
      const band = fault(one, event);
      if (one.untilUs >= 0) band.endUs = one.untilUs;
      this.open.set(one, band);
      this.faults.push(band);
    }
    this.known = state.faults;
  }
}

export function bandOf(node: NodeState): NodeBand {
  if (node.process !== 'up') return node.process;
  if (node.role !== 'broker') return 'up';
  if (node.lifecycle !== '' && node.lifecycle !== 'RUNNING') return 'starting';
  return node.fenced ? 'fenced' : 'up';
}

/** How a node that is down came to be so, if it was not of its own will. */
function downBy(node: NodeState): string {
  return ['kill', 'power cut', 'crash', 'halt', 'mistake'].includes(node.why) ? node.why : '';
}

function isSame(a: ActiveFault, b: ActiveFault): boolean {
  return (
    a.event === b.event &&
    a.kind === b.kind &&
    a.from.join() === b.from.join() &&
    a.to.join() === b.to.join()
  );
}

function fault(
  one: Pick<ActiveFault, 'kind' | 'from' | 'to' | 'oneWay' | 'value'>,
  event: TraceEvent,
): FaultBand {
  const { kind, from, to, oneWay, value } = one;
  return {
    kind,
    family: familyOf(kind),
    from: [...from],
    to: [...to],
    oneWay,
    value,
    fromEvent: event.event,
    fromUs: event.timeUs,
    endEvent: null,
    endUs: null,
  };
}

function close(band: FaultBand, event: TraceEvent): void {
  band.endEvent = event.event;
  band.endUs = Math.min(band.endUs ?? event.timeUs, event.timeUs);
}

function familyOf(kind: string): FaultBand['family'] {
  if (kind.startsWith('disk') || kind === 'lost flush') return 'disk';
  if (kind.startsWith('clock')) return 'clock';
  return ['cut', 'stall', 'delay', 'slow link', 'hold'].includes(kind) ? 'network' : 'process';
}

function trackOf<K>(tracks: Map<K, Track>, key: K): Track {
  let track = tracks.get(key);
  if (track === undefined) {
    track = new Track();
    tracks.set(key, track);
  }
  return track;
}

function byTopicAndNumber(a: string, b: string): number {
  const [left, right] = [partitionParts(a), partitionParts(b)];
  if (left === null || right === null || left.topic !== right.topic) return a < b ? -1 : 1;
  return left.number - right.number;
}

const NOTHING = new Track();
