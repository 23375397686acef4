/**
 * The quorum as its members see it (Kafka: QuorumState, `kafka-metadata-quorum describe`): what
 * each controller takes itself for, in which epoch, for whom it voted, whom it takes for the leader
 * and how far its metadata log goes. They may disagree: that is when it is worth a look.
 */
import type { ClusterState } from './state.ts';

const METADATA_LOG = '__cluster_metadata-0';

export interface QuorumMember {
  readonly node: string;
  /** `leader`, `follower`, `candidate`, …; `down` and `paused` of the process go before. */
  readonly standing: string;
  /** -1 = not told. */
  readonly epoch: number;
  /** Whom it gave its vote of this epoch; '' = nobody. */
  readonly voted: string;
  /** Whom it takes for the leader; '' = nobody. */
  readonly leader: string;
  /** What it knows to be committed, exclusive; -1 = nothing. */
  readonly committed: number;
  /** -1 = not told. */
  readonly logEnd: number;
}

/** By node.id; empty before any controller has told of itself. */
export function quorumMembers(state: ClusterState): QuorumMember[] {
  const replicas = state.partitions[METADATA_LOG]?.replicas ?? {};
  return Object.values(state.nodes)
    .filter((one) => one.role === 'controller' || one.quorumRole !== '')
    .sort((a, b) => a.id - b.id)
    .map((one): QuorumMember => {
      const role = one.quorumRole === '' ? 'starting' : one.quorumRole;
      return {
        node: one.name,
        standing: one.process === 'down' || one.process === 'paused' ? one.process : role,
        epoch: one.process === 'down' ? -1 : one.quorumEpoch,
        voted: nameOf(state, one.quorumVoted),
        leader: nameOf(state, one.quorumLeader),
        committed: one.metadataOffset,
        logEnd: replicas[String(one.id)]?.logEndOffset ?? -1,
      };
    });
}

function nameOf(state: ClusterState, id: number): string {
  if (id < 0) return '';
  return Object.values(state.nodes).find((one) => one.id === id)?.name ?? `node ${id}`;
}
