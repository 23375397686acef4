/**
 * Has the cluster come to rest after healing? Every broker is back and unfenced, every partition
 * has a leader that leads, all replicas are in sync, and all logs end where the leader's does,
 * with everything committed.
 */
import type { ClusterView } from '../cluster/cluster-view.ts';
import { partitionsOf } from '../cluster/names.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { World } from '../world.ts';

/** What is still missing, in clauses; empty = at rest. */
export function behind(world: World, view: ClusterView, scenario: Scenario): string[] {
  const missing: string[] = [];
  for (const node of world.nodes) {
    if (node.role === 'client') continue;
    if (node.state !== 'running') missing.push(`${node.name} is ${node.state}`);
    else if (node.role === 'broker' && !view.unfenced.has(node.name)) {
      missing.push(`${node.name} is fenced`);
    }
  }
  for (const { name, topic } of partitionsOf(scenario)) {
    const words = partitionBehind(view, name, topic.replicationFactor);
    if (words !== null) missing.push(words);
  }
  return missing;
}

function partitionBehind(view: ClusterView, partition: string, replicas: number): string | null {
  const seen = view.partition(partition);
  if (seen === null || seen.leader === null) return `${partition} has no leader`;
  if (!seen.leading) return `${partition}: ${seen.leader} does not lead yet`;
  if (seen.inSyncReplicas.length < replicas) {
    return `${partition}: only ${seen.inSyncReplicas.join(', ')} in sync`;
  }
  const end = seen.byNode.get(seen.leader)?.logEndOffset ?? 0;
  // A follower that was told to truncate may learn the high watermark only when it moves again:
  // the leader's fetch session takes it for known.
  const committed = seen.byNode.get(seen.leader)?.highWatermark ?? 0;
  if (committed !== end) return `${partition} is committed up to ${committed} of ${end}`;
  for (const node of seen.replicas) {
    const replicaEnd = seen.byNode.get(node)?.logEndOffset ?? 0;
    if (replicaEnd !== end) return `${partition}: ${node} ends at ${replicaEnd} of ${end}`;
  }
  return null;
}
