/** Reads the fields of an event, and finds what they speak of in the state. */
import type { TraceEvent } from '../../../sim/trace/rows.ts';
import { partitionParts, type RunFacts } from '../facts.ts';
import type { RunContext } from '../reducer.ts';
import {
  type ClusterState,
  type NodeState,
  newReplica,
  type PartitionState,
  type ReplicaState,
} from '../state.ts';

/** 0 when the event has no such field, as those of older tables may. */
export function num(event: TraceEvent, field: number): number {
  const value = event.fields[field];
  return typeof value === 'number' ? value : 0;
}

/** '' when the event has no such field. */
export function text(event: TraceEvent, field: number): string {
  const value = event.fields[field];
  return typeof value === 'string' ? value : '';
}

/** `1,3` → [1, 3] */
export function ids(list: string): number[] {
  return list === '' ? [] : list.split(',').map(Number);
}

/** `broker-1,p1` → its names. */
export function names(list: string): string[] {
  return list === '' ? [] : list.split(',');
}

export function nodeOf(
  state: ClusterState,
  event: TraceEvent,
  context: RunContext,
): NodeState | undefined {
  return state.nodes[context.nodeNames[event.node - 1] ?? ''];
}

/** Known from now on, if it was not. */
export function partitionOf(state: ClusterState, name: string, facts: RunFacts): PartitionState {
  const known = state.partitions[name];
  if (known !== undefined) return known;
  const { topic, number } = partitionParts(name) ?? { topic: name, number: 0 };
  const partition: PartitionState = {
    name,
    topic,
    number,
    leader: -1,
    leaderEpoch: -1,
    partitionEpoch: -1,
    isr: [],
    assigned: [],
    adding: [],
    removing: [],
    elr: [],
    out: [],
    minInSync: minInSyncOf(state, topic, facts),
    electedHow: '',
    electedEvent: 0,
    highWatermark: 0,
    heldIsr: [],
    acked: [],
    lost: [],
    unanswered: 0,
    replicas: {},
  };
  state.partitions[name] = partition;
  return state.partitions[name] as PartitionState;
}

/** min.insync.replicas of a topic now; can ask for more than there are replicas (KAFKA-15583). */
export function minInSyncOf(state: ClusterState, topic: string, facts: RunFacts): number {
  const key = 'min.insync.replicas';
  const changed = state.configs[`topic ${topic}`]?.[key];
  const known = facts.topics.find((one) => one.name === topic);
  const own = changed === undefined ? (known?.ownMinInSync ?? null) : numberOrNull(changed);
  const ofBrokers = numberOrNull(state.configs['all brokers']?.[key] ?? '') ?? facts.minInSync;
  return Math.min(own ?? ofBrokers, known?.replicationFactor ?? Number.POSITIVE_INFINITY);
}

/** '' is a setting that was taken back. */
function numberOrNull(text: string): number | null {
  return text === '' ? null : Number(text);
}

export function replicaOf(partition: PartitionState, broker: number): ReplicaState {
  const key = String(broker);
  partition.replicas[key] ??= newReplica(broker);
  return partition.replicas[key] as ReplicaState;
}

/** The replica on the event's own node; null when that is no broker or controller. */
export function ownReplica(
  state: ClusterState,
  event: TraceEvent,
  context: RunContext,
): { partition: PartitionState; replica: ReplicaState } | null {
  const id = nodeOf(state, event, context)?.id ?? -1;
  if (id < 0) return null;
  const partition = partitionOf(state, text(event, 0), context.facts);
  return { partition, replica: replicaOf(partition, id) };
}
