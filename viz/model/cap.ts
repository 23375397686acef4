/**
 * What CAP means for one partition at one moment, derived from the state and from nothing that
 * anybody claims: could a write with acks=all be acknowledged now, could a reader read what is
 * committed, and would what was acknowledged survive the loss of one more replica?
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { missingFrom } from './reduce/acknowledged.ts';
import { isNetworkFault } from './reduce/faults.ts';
import {
  brokerOf,
  type ClusterState,
  holdsEnd,
  type PartitionState,
  type ReplicaState,
} from './state.ts';
import { Track } from './track.ts';

/**
 * `ok`; `waits`: the leader is paused, or a replica that counts as in sync does not answer, and the
 * write hangs until it leaves the ISR; `refused`: NOT_ENOUGH_REPLICAS; `no leader`: nobody to ask.
 */
export const writeStates = ['ok', 'waits', 'refused', 'no leader'] as const;
/**
 * `waits`: the leader is paused; `stale`: whom readers ask is not the leader any more, or is cut
 * off from its followers.
 */
export const readStates = ['ok', 'waits', 'stale', 'no leader'] as const;
/**
 * `at risk`: one more failure would lose it; `unknown`: it was sent with acks=0, or nobody has it
 * but machines without power, and what of it their disks kept is told at their recovery; `lost`:
 * the leader does not have it.
 */
export const durabilityStates = ['durable', 'at risk', 'unknown', 'lost'] as const;
export const electionStates = ['clean', 'unclean'] as const;

export interface CapState {
  readonly write: (typeof writeStates)[number];
  readonly read: (typeof readStates)[number];
  readonly durability: (typeof durabilityStates)[number];
  /** Whether the present leader was in sync when it was elected. */
  readonly election: (typeof electionStates)[number];
  /** Live replicas that hold everything that was acknowledged. */
  readonly copies: number;
  /** Acknowledged records that the leader does not have. */
  readonly lost: number;
}

/** @param replicas those of the partition, for callers that have them at hand. */
export function capOf(
  state: ClusterState,
  partition: PartitionState,
  replicas: readonly ReplicaState[] = Object.values(partition.replicas),
): CapState {
  const copies = copiesOf(state, partition, replicas);
  const lost = lostCount(partition) + (copies === 0 ? passedOver(partition) : 0);
  const safe = partition.assigned.length > 1 || replicas.length > 1 ? 2 : 1;
  const isUnknown = partition.unanswered > 0 || (copies === 0 && onlyUnproven(partition, replicas));
  const unclean = ['unclean', 'last-known-leader'].includes(partition.electedHow);
  return {
    write: writeState(state, partition),
    read: readState(state, partition),
    durability: lost > 0 ? 'lost' : isUnknown ? 'unknown' : copies < safe ? 'at risk' : 'durable',
    election: unclean ? 'unclean' : 'clean',
    copies,
    lost,
  };
}

function lostCount(partition: PartitionState): number {
  let count = 0;
  for (const one of partition.lost) count += one.endOffset - one.baseOffset;
  return count;
}

/**
 * Acknowledged records that an elected leader which does not lead yet lacks. Unless a replica that
 * is up has them, the election has decided that they are gone.
 */
function passedOver(partition: PartitionState): number {
  const elected = partition.replicas[String(partition.leader)];
  if (elected === undefined || elected.leaderEpoch >= partition.leaderEpoch) return 0;
  let count = 0;
  for (const acked of partition.acked) {
    for (const one of missingFrom(elected, acked)) count += one.endOffset - one.baseOffset;
  }
  return count;
}

/** Whoever had the newest acknowledged record lost its power before it was flushed, or may have. */
function onlyUnproven({ acked }: PartitionState, replicas: readonly ReplicaState[]): boolean {
  const newest = acked.at(-1);
  if (newest === undefined) return false;
  const holders = replicas.filter((one) => holdsEnd(one, newest));
  return holders.length > 0 && holders.every((one) => one.isUnproven);
}

/** The leader as the controller sees it, when it is up or paused and knows that it leads. */
function actingLeader(state: ClusterState, partition: PartitionState): ReplicaState | null {
  const replica = partition.replicas[String(partition.leader)];
  if (replica?.role !== 'leader' || replica.leaderEpoch !== partition.leaderEpoch) return null;
  const acts = isRunning(state, partition.leader) || isPaused(state, partition.leader);
  return acts ? replica : null;
}

function writeState(state: ClusterState, partition: PartitionState): CapState['write'] {
  const leader = actingLeader(state, partition);
  if (leader === null) return 'no leader';
  if (isPaused(state, partition.leader)) return 'waits';
  const isr = partition.heldIsr.length > 0 ? partition.heldIsr : partition.isr;
  if (isr.length < partition.minInSync) return 'refused';
  for (const broker of isr) {
    if (broker === partition.leader) continue;
    if (!isRunning(state, broker) || isCut(state, partition.leader, broker)) return 'waits';
  }
  return 'ok';
}

function readState(state: ClusterState, partition: PartitionState): CapState['read'] {
  const leader = actingLeader(state, partition);
  if (leader === null) {
    const former = Object.values(partition.replicas).some(
      (one) => one.role === 'leader' && isRunning(state, one.broker),
    );
    return former ? 'stale' : 'no leader';
  }
  if (isPaused(state, partition.leader)) return 'waits';
  return leader.highWatermark < partition.highWatermark ? 'stale' : 'ok';
}

/** Replicas that run and hold the newest acknowledged record, as its leader wrote it. */
function copiesOf(
  state: ClusterState,
  partition: PartitionState,
  replicas: readonly ReplicaState[],
): number {
  const newest = partition.acked.at(-1) ?? null;
  let copies = 0;
  for (const replica of replicas) {
    if (isRunning(state, replica.broker) && (newest === null || holdsEnd(replica, newest))) {
      copies += 1;
    }
  }
  return copies;
}

function isRunning(state: ClusterState, broker: number): boolean {
  const process = brokerOf(state, broker)?.process;
  return process === 'up' || process === 'stopping';
}

function isPaused(state: ClusterState, broker: number): boolean {
  return brokerOf(state, broker)?.process === 'paused';
}

/** Messages do not pass between two brokers, in one direction at least. */
export function isCut(state: ClusterState, a: number, b: number): boolean {
  if (state.faults.length === 0) return false;
  const [left, right] = [`broker-${a}`, `broker-${b}`];
  return state.faults.some(
    (one) =>
      isNetworkFault(one) &&
      (one.kind === 'cut' || one.kind === 'stall') &&
      ((one.from.includes(left) && one.to.includes(right)) ||
        (one.from.includes(right) && one.to.includes(left))),
  );
}

/** A cap state as one number, for a track. */
function encode(cap: CapState): number {
  return (
    writeStates.indexOf(cap.write) +
    4 * readStates.indexOf(cap.read) +
    16 * durabilityStates.indexOf(cap.durability) +
    64 * electionStates.indexOf(cap.election)
  );
}

export type CapValue = Pick<CapState, 'write' | 'read' | 'durability' | 'election'>;

/** @param value of a track of `Caps`. */
export function decodeCap(value: number): CapValue {
  return {
    write: writeStates[value % 4] ?? 'ok',
    read: readStates[Math.floor(value / 4) % 4] ?? 'ok',
    durability: durabilityStates[Math.floor(value / 16) % 4] ?? 'durable',
    election: electionStates[Math.floor(value / 64) % 2] ?? 'clean',
  };
}

const OF_PARTITION = [
  'leader.elected',
  'leader.started',
  'follower.started',
  'replicas.changed',
  'isr.changed',
  'isr.held',
  'log.appended',
  'log.truncated',
  'log.recovered',
  'log.started',
  'replica.deleted',
  'hw.advanced',
];
const OF_CLIENTS = ['command.completed'];
const OF_ALL = [
  'input.started',
  'fault.pause',
  'fault.resume',
  'fault.kill',
  'fault.powerCut',
  'node.exited',
  'node.halted',
  'node.crashed',
  'node.broken',
  'fault.cut',
  'fault.stall',
  'fault.heal',
  'fault.restoreNetwork',
  'config.changed',
];

/** The CAP state of every partition over time; values by `decodeCap`. */
export class Caps {
  readonly kinds: readonly string[] = [...OF_PARTITION, ...OF_CLIENTS, ...OF_ALL];
  private readonly tracks = new Map<string, Track>();
  /** As they were when something else than an append happened: appends make no new ones. */
  private readonly replicas = new Map<string, ReplicaState[]>();

  of(partition: string): Track {
    return this.tracks.get(partition) ?? NOTHING;
  }

  follow(event: TraceEvent, state: ClusterState): void {
    if (OF_ALL.includes(event.kind)) {
      for (const partition of Object.values(state.partitions)) this.set(event, state, partition);
      return;
    }
    if (changesNothing(event)) return;
    const field = event.kind === 'command.completed' ? 4 : 0;
    const partition = state.partitions[String(event.fields[field] ?? '')];
    if (partition !== undefined) this.set(event, state, partition);
  }

  private set(event: TraceEvent, state: ClusterState, partition: PartitionState): void {
    if (partition.electedEvent === 0) return;
    let track = this.tracks.get(partition.name);
    if (track === undefined) {
      track = new Track();
      this.tracks.set(partition.name, track);
    }
    let replicas = this.replicas.get(partition.name);
    if (replicas === undefined || event.kind !== 'log.appended') {
      replicas = Object.values(partition.replicas);
      this.replicas.set(partition.name, replicas);
    }
    track.set(event.event, event.timeUs, encode(capOf(state, partition, replicas)));
  }
}

/** A record that nobody was promised yet, a follower's view of the high watermark. */
function changesNothing({ kind, fields }: TraceEvent): boolean {
  if (kind === 'log.appended') return fields[4] === 'leader';
  return kind === 'hw.advanced' && fields[3] !== 'leader';
}

const NOTHING = new Track();
