/** DescribeQuorum, as the leader of the quorum answers it (KIP-836, KIP-853). */
import type { ReplicaProgress } from '../raft/leader-state.ts';
import { METADATA_PARTITION, METADATA_TOPIC } from '../raft/metadata-log.ts';
import type { RaftClient } from '../raft/raft-client.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { DescribeQuorumRequest } from '../wire/generated/describe-quorum-request.ts';
import {
  type DescribeQuorumResponse,
  describeQuorumResponse,
  listener,
  node,
  partitionData,
  replicaState,
} from '../wire/generated/describe-quorum-response.ts';

/** From version 2 on replicas have directories, and it is told where the voters listen. */
const FIRST_WITH_NODES = 2;

/** @param nowMs on the monotonic clock. */
export function describeQuorum(
  raft: RaftClient,
  request: DescribeQuorumRequest,
  { apiVersion, nowMs }: { readonly apiVersion: number; readonly nowMs: number },
): DescribeQuorumResponse {
  const tellsNodes = apiVersion >= FIRST_WITH_NODES;
  const described = (replica: ReplicaProgress) => describe(replica, tellsNodes);
  const leader = raft.leading;
  const topics = request.topics.map((topic) => ({
    topicName: topic.topicName,
    partitions: topic.partitions.map(({ partitionIndex }) => {
      const isOurs = topic.topicName === METADATA_TOPIC && partitionIndex === METADATA_PARTITION;
      if (!isOurs) {
        const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        return partitionData({ partitionIndex, errorCode });
      }
      if (leader === null) {
        const errorCode = ErrorCode.NOT_LEADER_OR_FOLLOWER;
        return partitionData({ partitionIndex, errorCode });
      }
      return partitionData({
        partitionIndex,
        leaderId: leader.local.id,
        leaderEpoch: leader.epoch,
        highWatermark: leader.highWatermark,
        currentVoters: [...leader.voters.values()].map(described),
        observers: leader.activeObservers(nowMs).map(described),
      });
    }),
  }));
  if (!tellsNodes) return describeQuorumResponse({ topics });
  const nodes = raft.voters.voters.map(({ id, endpoints }) =>
    node({ nodeId: id, listeners: endpoints.map((at) => listener(at)) }),
  );
  return describeQuorumResponse({ topics, nodes });
}

function describe(replica: ReplicaProgress, withDirectory: boolean) {
  return replicaState({
    replicaId: replica.id,
    ...(withDirectory ? { replicaDirectoryId: replica.directoryId } : {}),
    logEndOffset: replica.endOffset,
    lastFetchTimestamp: replica.lastFetchTimestampMs,
    lastCaughtUpTimestamp: replica.lastCaughtUpTimestampMs,
  });
}
