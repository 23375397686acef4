/**
 * Who is behind, and by how many records: consumers behind the high watermark of the leader,
 * replicas behind the leader's log end; now, and over time.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import {
  brokerNameOf,
  type ClusterState,
  holdsEnd,
  leaderHighWatermark,
  type PartitionState,
  type ReplicaState,
} from './state.ts';
import type { TraceStore } from './trace-store.ts';
import { Track } from './track.ts';

export interface Lag {
  /** A client's name, or `broker-2`. */
  readonly who: string;
  readonly kind: 'consumer' | 'replica';
  readonly partition: string;
  /** Where it is: the next offset to read, or the log end. */
  readonly position: number;
  /** Records behind; 0 when nobody leads, -1 where the replica's log has parted from the leader's. */
  readonly records: number;
}

export function lagsOf(state: ClusterState): Lag[] {
  const lags: Lag[] = [];
  for (const client of Object.values(state.clients)) {
    for (const [name, position] of Object.entries(client.positions)) {
      const partition = state.partitions[name];
      if (partition === undefined) continue;
      const records = consumerLag(partition, position);
      lags.push({ who: client.name, kind: 'consumer', partition: name, position, records });
    }
  }
  for (const partition of Object.values(state.partitions)) {
    for (const replica of Object.values(partition.replicas)) {
      if (replica.broker === partition.leader) continue;
      lags.push({
        who: `broker-${replica.broker}`,
        kind: 'replica',
        partition: partition.name,
        position: replica.logEndOffset,
        records: replicaLag(partition, replica),
      });
    }
  }
  return lags;
}

function consumerLag(partition: PartitionState, position: number): number {
  return Math.max(0, leaderHighWatermark(partition) - position);
}

function replicaLag(partition: PartitionState, replica: ReplicaState): number {
  const leader = partition.replicas[String(partition.leader)];
  if (leader === undefined) return 0;
  return hasDiverged(replica, leader) ? -1 : leader.logEndOffset - replica.logEndOffset;
}

/** The end of its log is none that the leader has: it will be cut, and no number says how far behind. */
export function hasDiverged(replica: ReplicaState, leader: ReplicaState): boolean {
  const last = replica.extents.at(-1);
  if (last === undefined || replica === leader) return false;
  if (last.endOffset <= leader.logStartOffset) return false;
  return !holdsEnd(leader, last);
}

/** Lag over time, by `who` and partition, in records. */
export class Lags {
  readonly kinds: readonly string[] = [
    'consumer.position',
    'hw.advanced',
    'log.appended',
    'log.truncated',
    'log.recovered',
    'leader.elected',
  ];
  private readonly store: TraceStore;
  /** By partition, then by name. */
  private readonly tracks = new Map<string, Map<string, Track>>();

  constructor(store: TraceStore) {
    this.store = store;
  }

  /** Empty when it was never behind nor ahead. */
  of(who: string, partition: string): Track {
    return this.tracks.get(partition)?.get(who) ?? NOTHING;
  }

  /** Everybody who ever had a lag, in the order of appearance. */
  all(): { readonly who: string; readonly partition: string; readonly track: Track }[] {
    return [...this.tracks].flatMap(([partition, tracks]) =>
      [...tracks].map(([who, track]) => ({ who, partition, track })),
    );
  }

  follow(event: TraceEvent, state: ClusterState): void {
    const partition = state.partitions[String(event.fields[0])];
    if (partition === undefined || partition.electedEvent === 0) return;
    if (event.kind === 'consumer.position') return this.consumers(event, state, partition);
    if (event.kind === 'hw.advanced') {
      if (event.fields[3] === 'leader') this.consumers(event, state, partition);
      return;
    }
    // A follower's append changes the follower's lag only.
    const isFollower = event.kind === 'log.appended' && event.fields[4] === 'follower';
    const own = isFollower ? this.store.nodeName(event.node) : '';
    for (const key in partition.replicas) {
      const replica = partition.replicas[key] as ReplicaState;
      const who = brokerNameOf(replica.broker);
      if (isFollower && who !== own) continue;
      const records = replica.broker === partition.leader ? 0 : replicaLag(partition, replica);
      this.set(event, who, partition.name, records);
    }
  }

  private consumers(event: TraceEvent, state: ClusterState, partition: PartitionState): void {
    for (const client of Object.values(state.clients)) {
      const position = client.positions[partition.name];
      if (position === undefined) continue;
      this.set(event, client.name, partition.name, consumerLag(partition, position));
    }
  }

  private set(event: TraceEvent, who: string, partition: string, records: number): void {
    let ofPartition = this.tracks.get(partition);
    if (ofPartition === undefined) {
      ofPartition = new Map();
      this.tracks.set(partition, ofPartition);
    }
    let track = ofPartition.get(who);
    if (track === undefined) {
      track = new Track();
      ofPartition.set(who, track);
    }
    track.set(event.event, event.timeUs, records);
  }
}

const NOTHING = new Track();
