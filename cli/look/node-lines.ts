/** One node after an event in a few lines: its part, what it replicates, what it waits for. */
import { count } from '../../sim/run/words.ts';
import {
  brokerNameOf,
  type ClusterState,
  type PartitionState,
  type ReplicaState,
} from '../../viz/model/state.ts';
import { columns } from '../report/columns.ts';
import { nodeWords } from './cluster-lines.ts';
import type { InFlight } from './in-flight.ts';

interface NodeLook {
  readonly state: ClusterState;
  readonly inFlight: readonly InFlight[];
  readonly width: number;
}

export function nodeLines(name: string, { state, inFlight, width }: NodeLook): string[] {
  const node = state.nodes[name];
  const lines = node === undefined ? [] : [`${name}  ${nodeWords(node, state)}`];
  if (node?.role === 'broker') {
    const { lifecycle, brokerEpoch, metadataOffset } = node;
    const known = lifecycle === '' ? 'not begun' : lifecycle;
    const metadata = `metadata up to ${count(metadataOffset)}`;
    lines.push(`  ${known} · broker epoch ${brokerEpoch} · ${metadata}`);
  }
  const rows = Object.values(state.partitions).flatMap((partition) =>
    Object.values(partition.replicas)
      .filter((one) => brokerNameOf(one.broker) === name)
      .map((one) => [`  ${partition.name}`, replicaWords(partition, one)]),
  );
  if (rows.length > 0) lines.push('replicas', columns(rows, width));
  const waits = inFlight.map(({ peer, api, correlationId, sent }) => [
    `  ${api}`,
    sent ? `to ${peer} · correlation id ${correlationId}` : `to ${peer} · not sent yet`,
  ]);
  lines.push(`requests in flight${waits.length === 0 ? ': none' : ''}`);
  if (waits.length > 0) lines.push(columns(waits, width));
  return lines;
}

function replicaWords({ leader, isr }: PartitionState, replica: ReplicaState): string {
  const { role, leaderEpoch, logStartOffset, logEndOffset, highWatermark } = replica;
  const whom = leader >= 0 ? brokerNameOf(leader) : 'nobody';
  const what = { leader: 'leads', follower: `follows ${whom}`, none: 'neither leads nor follows' }[
    role
  ];
  const epoch = leaderEpoch < 0 ? '' : ` in epoch ${leaderEpoch}`;
  const log = `log ${count(logStartOffset)} to ${count(logEndOffset)}`;
  const inSync = isr.length === 0 ? 'no ISR' : `in sync ${isr.join(', ')}`;
  return `${what}${epoch} · ${inSync} · ${log} · high watermark ${count(highWatermark)}`;
}
