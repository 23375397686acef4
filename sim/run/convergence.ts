/**
 * Has the cluster come to rest after healing? Every broker is back and unfenced, the quorum has a
 * leader and everybody knows what it decided, no reassignment or ISR change is under way, every
 * partition has a leader that leads, all replicas are in sync, all logs end where the leader's
 * does, with everything committed, and every consumer has read to the end.
 */
import type { Behind } from '../check/final-state.ts';
import type { PartitionWatch } from '../check/replica-watch.ts';
import type { Witness } from '../check/witness.ts';
import type { ClusterView, PartitionView } from '../cluster/cluster-view.ts';
import { brokerIdOf, partitionsOf } from '../cluster/names.ts';
import type { RunWorld } from '../run-world.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Workload } from '../workload/workload.ts';

/** Who lacks a decision for longer does not come to know it by itself. */
const STALLED_AFTER_US = 5_000_000;

/** What is still missing, in clauses; empty = at rest. */
export function behind(
  world: RunWorld,
  view: ClusterView,
  parts: LiveParts & { readonly workload: Workload },
): Behind[] {
  const { witness, workload } = parts;
  const missing = [...nodesBehind(world, view, witness), ...metadataBehind(world, witness)];
  for (const live of livePartitions(parts)) {
    const partition = partitionBehind(view, witness, live);
    if (partition !== null) missing.push(partition);
    const change = changeUnderWay(witness.partition(live.name));
    if (change !== null) missing.push(change);
  }
  for (const consumer of workload.consumers) {
    for (const { partition, given } of consumer.unread((name) => readable(view, name))) {
      const { endOffset } = readable(view, partition);
      const words = `${consumer.client} has read ${partition} to ${given} of ${endOffset}`;
      const { client: node, progresses } = consumer;
      missing.push({ kind: 'consumer', node, partition, words, progresses });
    }
  }
  missing.push(...groupsBehind(view, workload));
  return missing;
}

/** A group has processed everything when its members, whoever they are by now, have. */
function groupsBehind(view: ClusterView, { members }: Workload): Behind[] {
  const missing: Behind[] = [];
  const seen = new Set<string>();
  const tooSlow = members.filter((one) => one.takesPart && !one.pollsInTime);
  const late = new Set(tooSlow.map(({ entry }) => entry.group));
  for (const member of members) {
    const { group, client: node, progresses } = member;
    // Who does not begin by itself, or never comes to an end, is not asked.
    if (!member.takesPart || member.reset === 'none' || late.has(group.group)) continue;
    for (const topic of member.entry.topics) {
      for (const partition of view.partitionsOf(topic)) {
        const key = `${group.group} ${partition}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const { startOffset, endOffset } = readable(view, partition);
        const given = group.position.get(partition) ?? startOffset;
        if (given >= endOffset) continue;
        const words = `group ${group.group} has processed ${partition} to ${given} of ${endOffset}`;
        missing.push({ kind: 'consumer', node, partition, words, progresses });
      }
    }
  }
  return missing;
}

function nodesBehind(world: RunWorld, view: ClusterView, witness: Witness): Behind[] {
  const missing: Behind[] = [];
  for (const { name: node, role, state, bootCount } of world.nodes) {
    if (role === 'client' || bootCount === 0) continue;
    const fenced = role === 'broker' && isFenced(node, view, witness);
    const problem = state !== 'running' ? state : fenced ? 'fenced' : null;
    if (problem === null) continue;
    missing.push({ kind: 'node', node, partition: null, words: `${node} is ${problem}` });
  }
  return missing;
}

/**
 * By what the quorum committed, as far as that is seen: nobody may have told of it (see
 * `ClusterView.committed`). A registration that a former process of the broker had is no sign of
 * the one that runs now.
 */
function isFenced(node: string, view: ClusterView, witness: Witness): boolean {
  const { sound, image } = witness.control;
  const registration = sound ? image.brokers.get(brokerIdOf(node)) : undefined;
  const toldFenced = !view.unfenced.has(node);
  if (registration === undefined) return toldFenced;
  return registration.fenced || (toldFenced && !witness.node(node).registered);
}

function metadataBehind(world: RunWorld, witness: Witness): Behind[] {
  if (!witness.control.sound) return [];
  const missing: Behind[] = [];
  const about = { kind: 'metadata', partition: null } as const;
  if (witness.quorumLeader === null) {
    missing.push({ ...about, node: null, words: 'the quorum has no leader' });
  }
  const { lastChange } = witness.control;
  for (const { name, role, state } of world.nodes) {
    if (role === 'client' || state !== 'running') continue;
    const { metadataHighWatermark: known } = witness.node(name);
    const sinceUs = witness.control.unknownSinceUs(known);
    if (sinceUs === null) continue;
    const words = `${name} knows the metadata up to ${Math.max(known, 0)} of ${lastChange + 1}`;
    // Where decisions never end, the newest is still on its way to somebody.
    const progresses = world.nowUs - sinceUs < STALLED_AFTER_US;
    missing.push({ ...about, node: name, words, progresses });
  }
  return missing;
}

export interface LivePartition {
  readonly name: string;
  /** How many it has. */
  readonly replicas: number;
}

/** What says which partitions there are. */
export interface LiveParts {
  readonly scenario: Scenario;
  readonly witness: Witness;
  /** Absent: what the witness saw the quorum decide. */
  readonly live?: () => readonly LivePartition[];
}

/** Those that exist now. */
export function livePartitions(parts: LiveParts): readonly LivePartition[] {
  if (parts.live !== undefined) return parts.live();
  const { control } = parts.witness;
  if (!control.sound) {
    return partitionsOf(parts.scenario).map(({ name, topic }) => ({
      name,
      replicas: topic.replicationFactor,
    }));
  }
  const live: LivePartition[] = [];
  control.image.forEachPartition(({ replicas }, { name }, index) => {
    live.push({ name: `${name}-${index}`, replicas: replicas.length });
  });
  return live;
}

function changeUnderWay({ name, registration, held }: PartitionWatch): Behind | null {
  const moving = [
    ...(registration?.addingReplicas ?? []),
    ...(registration?.removingReplicas ?? []),
  ];
  const node = held?.node ?? null;
  if (moving.length > 0) {
    return { kind: 'metadata', node, partition: name, words: `${name} is still being reassigned` };
  }
  if (held === null || held.maximalIsr.length === held.isr.length) return null;
  // Who was deposed waits for nothing: it may have asked before it heard of that.
  if (registration !== null && held.leaderEpoch < registration.leaderEpoch) return null;
  const words = `${name}: ${held.node} still waits for its change of the ISR`;
  return { kind: 'metadata', node, partition: name, words };
}

function partitionBehind(
  view: ClusterView,
  witness: Witness,
  { name, replicas }: LivePartition,
): Behind | null {
  const { registration, topicId } = witness.partition(name);
  if (witness.control.sound && registration !== null && topicId !== null) {
    view.committed(name, topicId, registration);
  }
  return seenBehind(view, name, replicas);
}

function seenBehind(view: ClusterView, partition: string, replicas: number): Behind | null {
  const about = (node: string | null, words: string): Behind => ({
    kind: 'replica',
    node,
    partition,
    words,
  });
  const seen = view.partition(partition);
  if (seen === null || seen.leader === null) return about(null, `${partition} has no leader`);
  if (!seen.leading) return about(seen.leader, `${partition}: ${seen.leader} does not lead yet`);
  if (seen.inSyncReplicas.length < replicas) {
    const out = seen.replicas.find((node) => !seen.inSyncReplicas.includes(node)) ?? null;
    return about(out, `${partition}: only ${seen.inSyncReplicas.join(', ')} in sync`);
  }
  return logBehind(seen);
}

function logBehind(seen: PartitionView): Behind | null {
  const { name, leader, byNode, inSyncReplicas } = seen;
  const about = (node: string | null, words: string): Behind => ({
    kind: 'replica',
    node,
    partition: name,
    words,
  });
  const end = byNode.get(leader ?? '')?.logEndOffset ?? 0;
  // A follower that was told to truncate may learn the high watermark only when it moves again:
  // the leader's fetch session takes it for known.
  const committed = byNode.get(leader ?? '')?.highWatermark ?? 0;
  if (committed !== end) return about(leader, `${name} is committed up to ${committed} of ${end}`);
  for (const node of inSyncReplicas) {
    const replicaEnd = byNode.get(node)?.logEndOffset ?? 0;
    if (replicaEnd !== end) return about(node, `${name}: ${node} ends at ${replicaEnd} of ${end}`);
  }
  return null;
}

function readable(view: ClusterView, partition: string) {
  const seen = view.partition(partition);
  const leading = seen?.byNode.get(seen.leader ?? '');
  return {
    startOffset: leading?.logStartOffset ?? 0,
    endOffset: leading?.highWatermark ?? 0,
  };
}
