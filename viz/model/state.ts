/**
 * The cluster as the trace tells it, after any event: a plain tree that the reducer folds events
 * into. Offsets are Kafka's: end offsets are exclusive, -1 is "not known". Brokers go by node.id
 * where Kafka does so, nodes by name. Batches, operations and ghosts of the whole run are not in
 * here (`replica-logs.ts`, `bands.ts`): the tree stays small, however long the run.
 */
import { type NodeRole, type RunFacts, roleOf } from './facts.ts';

export type ProcessState = 'down' | 'up' | 'paused' | 'stopping';

export interface NodeState {
  name: string;
  role: NodeRole;
  /** node.id of brokers and controllers, else -1. */
  id: number;
  process: ProcessState;
  /** What made it so: `kill`, `power cut`, `halt`, `crash`, `exit`, `start`, `pause`, … */
  why: string;
  /** The event that made it so; 0 = from the beginning. */
  since: number;
  boots: number;
  /** Brokers: Kafka's BrokerState as told, '' before. */
  lifecycle: string;
  /** Brokers: as the controller has committed it. */
  fenced: boolean;
  fencedWhy: string;
  brokerEpoch: number;
  /** Metadata up to here (exclusive) has been applied: how fresh the node's view is. */
  metadataOffset: number;
  /** Quorum members: `leader`, `follower`, `candidate`, …; '' when not told. */
  quorumRole: string;
  quorumEpoch: number;
  /** node.id of the leader that it knows; -1 = none. */
  quorumLeader: number;
  /** Who has its vote of the epoch; -1 = nobody, or not told. */
  quorumVoted: number;
  /** The last error that its disk gave to it. */
  logDirFailed: string;
  /** A crash that was armed will take the power too. */
  crashCutsPower: boolean;
}

/** Offsets [baseOffset, endOffset) that were written by one leader epoch. */
export interface Extent {
  baseOffset: number;
  endOffset: number;
  leaderEpoch: number;
}

/** Records that a replica had and has lost. */
export interface Ghost extends Extent {
  /** The event that took them. */
  event: number;
  why: string;
}

export interface ReplicaState {
  broker: number;
  role: 'leader' | 'follower' | 'none';
  /** The epoch it leads or follows in; -1 = neither. */
  leaderEpoch: number;
  logStartOffset: number;
  logEndOffset: number;
  /** As this replica knows it. */
  highWatermark: number;
  /** In rising order, without gaps between them; also the leader-epoch cache as it must look. */
  extents: Extent[];
  /** The newest few, oldest first. */
  ghosts: Ghost[];
  /** What it was told last about where its log parts from the leader's; -1 = nothing. */
  divergedFrom: number;
  /** When it last appended. */
  appendedEvent: number;
  /** Its machine lost power with bytes unflushed: where the log ends is told at its recovery. */
  isUnproven: boolean;
}

export interface OutOfSync {
  broker: number;
  /** In words: `did not keep up`, `session timed out`, … */
  why: string;
  event: number;
}

export interface PartitionState {
  name: string;
  topic: string;
  number: number;
  /** node.id; -1 = nobody. */
  leader: number;
  leaderEpoch: number;
  partitionEpoch: number;
  /** node.ids as the controller committed them. */
  isr: number[];
  /** node.ids of all its replicas, the preferred leader first; empty: not told. */
  assigned: number[];
  /** Of these, on their way in; and those on their way out (a reassignment). */
  adding: number[];
  removing: number[];
  /** KIP-966: eligible leader replicas. */
  elr: number[];
  /** Replicas that are not in sync and since when. */
  out: OutOfSync[];
  minInSync: number;
  /** How the present leader came to be. */
  electedHow: string;
  electedEvent: number;
  /** The highest that any leader reached: what consumers may have read. */
  highWatermark: number;
  /** The in-sync replicas that the leader itself counts on; empty: not told. */
  heldIsr: number[];
  /** Acknowledged to a producer, by the epoch that wrote it: a stretch from the first to the last. */
  acked: Extent[];
  /** Of these, what a later leader did not have when it began to lead. */
  lost: Extent[];
  /** Records sent with acks=0: nobody told whether and where they were written. */
  unanswered: number;
  /** By node.id. */
  replicas: Record<string, ReplicaState>;
}

export interface ClientState {
  name: string;
  /** Operations by outcome: asked for, and answered. */
  asked: number;
  ok: number;
  failed: number;
  /** May or may not have happened; those of a client that died count here. */
  unknown: number;
  inFlight: number;
  lastError: string;
  /** The newest acknowledged record; '' and -1 before. */
  lastPartition: string;
  lastOffset: number;
  lastEvent: number;
  /** By partition: the next offset to read. */
  positions: Record<string, number>;
  /** By partition: committed by its group. */
  commits: Record<string, number>;
}

export interface ActiveFault {
  /** The event of its strike. */
  event: number;
  /** `cut`, `delay`, `pause`, `disk lost`, … */
  kind: string;
  /** Node names; `to` is empty for faults of nodes. */
  from: string[];
  to: string[];
  oneWay: boolean;
  /** Its number as the trace has it: hold id, added µs, factor; 0 = none. */
  value: number;
  /** When it ends by itself; -1 = when it is ended. */
  untilUs: number;
}

/** Counters since the beginning; `metrics.ts` has their names in Kafka. */
export interface Counters {
  elections: number;
  uncleanElections: number;
  isrShrinks: number;
  isrExpands: number;
  fencings: number;
  truncations: number;
  truncatedRecords: number;
  producesRefused: number;
  duplicates: number;
  retries: number;
  appends: number;
  appendedRecords: number;
  controllerChanges: number;
  offlineDirectories: number;
}

export interface ControllerState {
  /** Name of the active controller; '' = nobody. */
  active: string;
  epoch: number;
  /** Where its log ended when it was activated. */
  endOffset: number;
}

export interface ClusterState {
  nodes: Record<string, NodeState>;
  partitions: Record<string, PartitionState>;
  controller: ControllerState;
  /** By node name. */
  clients: Record<string, ClientState>;
  faults: ActiveFault[];
  counters: Counters;
  /** Settings that were changed since the start, by resource (`topic orders`, `all brokers`). */
  configs: Record<string, Record<string, string>>;
}

export function initialState(nodeNames: readonly string[], facts: RunFacts): ClusterState {
  const nodes: Record<string, NodeState> = {};
  const clients: Record<string, ClientState> = {};
  for (const name of nodeNames) {
    const role = roleOf(name, facts);
    nodes[name] = newNode(name, role);
    if (role !== 'broker' && role !== 'controller') clients[name] = newClient(name);
  }
  return {
    nodes,
    partitions: {},
    controller: { active: '', epoch: -1, endOffset: 0 },
    clients,
    faults: [],
    counters: noCounts(),
    configs: {},
  };
}

function newNode(name: string, role: NodeRole): NodeState {
  const id = role === 'broker' || role === 'controller' ? Number(name.split('-').at(-1)) : -1;
  return {
    name,
    role,
    id,
    process: 'down',
    why: '',
    since: 0,
    boots: 0,
    lifecycle: '',
    fenced: false,
    fencedWhy: '',
    brokerEpoch: -1,
    metadataOffset: -1,
    quorumRole: '',
    quorumEpoch: -1,
    quorumLeader: -1,
    quorumVoted: -1,
    logDirFailed: '',
    crashCutsPower: false,
  };
}

function newClient(name: string): ClientState {
  return {
    name,
    asked: 0,
    ok: 0,
    failed: 0,
    unknown: 0,
    inFlight: 0,
    lastError: '',
    lastPartition: '',
    lastOffset: -1,
    lastEvent: 0,
    positions: {},
    commits: {},
  };
}

export function newReplica(broker: number): ReplicaState {
  return {
    broker,
    role: 'none',
    leaderEpoch: -1,
    logStartOffset: 0,
    logEndOffset: 0,
    highWatermark: 0,
    extents: [],
    ghosts: [],
    divergedFrom: -1,
    appendedEvent: 0,
    isUnproven: false,
  };
}

function noCounts(): Counters {
  return {
    elections: 0,
    uncleanElections: 0,
    isrShrinks: 0,
    isrExpands: 0,
    fencings: 0,
    truncations: 0,
    truncatedRecords: 0,
    producesRefused: 0,
    duplicates: 0,
    retries: 0,
    appends: 0,
    appendedRecords: 0,
    controllerChanges: 0,
    offlineDirectories: 0,
  };
}

/** How many replicas it should have. */
export function replicaCount(partition: PartitionState): number {
  const { assigned, replicas } = partition;
  return assigned.length > 0 ? assigned.length : Object.keys(replicas).length;
}

/** The high watermark that the present leader tells, and so what can be read; -1 = no leader. */
export function leaderHighWatermark(partition: PartitionState): number {
  return partition.replicas[String(partition.leader)]?.highWatermark ?? -1;
}

/** Without open transactions the last stable offset is the high watermark. */
export function lastStableOffset(replica: ReplicaState): number {
  return replica.highWatermark;
}

/** Whether the replica has the last record of the extent, from the same epoch. */
export function holdsEnd(replica: ReplicaState, { endOffset, leaderEpoch }: Extent): boolean {
  const { extents } = replica;
  for (let i = extents.length - 1; i >= 0; i--) {
    const extent = extents[i] as Extent;
    if (extent.endOffset < endOffset) return false;
    if (extent.baseOffset < endOffset) return extent.leaderEpoch === leaderEpoch;
  }
  return false;
}

/** `broker-3` by node.id, made once: this is asked at every append. */
const brokerNames: string[] = [];

export function brokerNameOf(id: number): string {
  if (id < 0) return 'nobody';
  brokerNames[id] ??= `broker-${id}`;
  return brokerNames[id];
}

export function brokerOf(state: ClusterState, id: number): NodeState | undefined {
  return state.nodes[brokerNameOf(id)];
}
