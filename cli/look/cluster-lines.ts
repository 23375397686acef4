/** The whole cluster after an event in a few lines: who is up, who leads, how far the logs are. */
import { count } from '../../sim/run/words.ts';
import { isInternal } from '../../viz/model/facts.ts';
import {
  brokerNameOf,
  type ClusterState,
  type NodeState,
  type PartitionState,
} from '../../viz/model/state.ts';
import { columns } from '../report/columns.ts';

export function clusterLines(state: ClusterState, width: number): string[] {
  const nodes = Object.values(state.nodes).map((node) => [
    `  ${node.name}`,
    nodeWords(node, state),
  ]);
  const partitions = Object.values(state.partitions).filter((one) => !isInternal(one.name));
  const rows = partitions.flatMap((one) => [
    [`  ${one.name}`, '', partitionWords(one)],
    ...Object.values(one.replicas).map((replica) => {
      const { logStartOffset, logEndOffset, highWatermark, role, leaderEpoch } = replica;
      const epoch = leaderEpoch < 0 ? '' : ` in epoch ${leaderEpoch}`;
      const log = `log ${count(logStartOffset)} to ${count(logEndOffset)}`;
      const words = `${role}${epoch} · ${log} · high watermark ${count(highWatermark)}`;
      return ['', brokerNameOf(replica.broker), words];
    }),
  ]);
  const faults = state.faults.map((one) => {
    const to = one.to.length === 0 ? '' : ` | ${one.to.join(', ')}`;
    return [`  ${one.kind}`, `${one.from.join(', ')}${to} (since event ${count(one.event)})`];
  });
  return [
    'nodes',
    columns(nodes, width),
    ...(rows.length === 0 ? [] : ['partitions', columns(rows, width)]),
    ...(faults.length === 0 ? [] : ['faults that last', columns(faults, width)]),
  ];
}

export function nodeWords(node: NodeState, state: ClusterState): string {
  const why = node.why === '' || node.process === 'up' ? '' : ` (${node.why})`;
  const words = [`${node.process}${why}`];
  if (node.role === 'broker') words.push(node.fenced ? 'fenced' : 'unfenced');
  if (node.quorumRole !== '') words.push(`${node.quorumRole} in epoch ${node.quorumEpoch}`);
  if (state.controller.active === node.name) words.push('active controller');
  const client = state.clients[node.name];
  if (client !== undefined) {
    const { ok, failed, unknown, inFlight } = client;
    words.push(`${count(ok)} ok · ${count(failed)} failed · ${count(unknown)} unknown`);
    words.push(`${count(inFlight)} in flight`);
  }
  return words.join(' · ');
}

function partitionWords(partition: PartitionState): string {
  const { leader, leaderEpoch, isr, elr, highWatermark } = partition;
  const leads = leader < 0 ? 'nobody leads' : `broker-${leader} leads in epoch ${leaderEpoch}`;
  const eligible = elr.length === 0 ? '' : ` · eligible ${elr.join(', ')}`;
  const committed = `committed up to ${count(highWatermark)}`;
  return `${leads} · in sync ${isr.join(', ') || 'nobody'}${eligible} · ${committed}`;
}
