/** What a cluster consists of, and its topics with their eligible leader replicas (KIP-966). */
import type { RpcChannel, RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import { describeTopicPartitionsRequest } from '../../wire/generated/describe-topic-partitions-request.ts';
import type {
  DescribeTopicPartitionsResponse,
  DescribeTopicPartitionsResponsePartition,
  DescribeTopicPartitionsResponseTopic,
} from '../../wire/generated/describe-topic-partitions-response.ts';
import { metadataRequest } from '../../wire/generated/metadata-request.ts';
import type { PartitionDescription, TopicDescription } from '../commands.ts';
import { done, type Operation, singleRequest, unanswered, type Verdict } from './operation.ts';

export function describeClusterCall(): Operation {
  return singleRequest({
    name: 'describeCluster',
    api: apis.Metadata,
    hasEffect: false,
    request: () => metadataRequest({ topics: [], allowAutoTopicCreation: false }),
    read: ({ clusterId, controllerId, brokers }) =>
      done({
        kind: 'clusterDescribed',
        clusterId,
        controller: controllerId,
        brokers: brokers
          .map(({ nodeId: id, host, port, rack }) => ({ id, host, port, rack }))
          .sort((a, b) => a.id - b.id),
      }),
  });
}

/** Page by page; brokers before 3.8 do not know this API. */
export function describeTopicPartitionsCall(topics: readonly string[]): Operation {
  return {
    name: 'describeTopicPartitions',
    broker: null,
    send(channel, limits, ended) {
      pages(channel, topics, limits, ended, new Map(), null);
    },
  };
}

type Cursor = DescribeTopicPartitionsResponse['nextCursor'];

function pages(
  channel: RpcChannel,
  names: readonly string[],
  limits: { readonly timeoutMs: number },
  ended: (verdict: Verdict) => void,
  known: Map<string, DescribeTopicPartitionsResponseTopic>,
  cursor: Cursor,
): void {
  const topics = names.map((name) => ({ name }));
  const request = describeTopicPartitionsRequest({ topics, cursor });
  const onReply = (reply: RpcReply<DescribeTopicPartitionsResponse>): void => {
    if (reply.kind !== 'response') return ended(unanswered(reply, false));
    for (const topic of reply.body.topics) {
      const name = topic.name ?? '';
      const before = known.get(name);
      if (before === undefined) known.set(name, topic);
      else before.partitions.push(...topic.partitions);
    }
    const { nextCursor } = reply.body;
    if (nextCursor !== null) return pages(channel, names, limits, ended, known, nextCursor);
    const described = [...known.values()].map(toDescription);
    ended(done({ kind: 'topicsDescribed', topics: described }));
  };
  channel.send(apis.DescribeTopicPartitions, request, onReply, limits);
}

function toDescription(topic: DescribeTopicPartitionsResponseTopic): TopicDescription {
  const partitions = topic.partitions.map(toPartition);
  return {
    name: topic.name ?? '',
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    error: errorName(topic.errorCode),
    partitions: partitions.sort((a, b) => a.partition - b.partition),
  };
}

function toPartition(one: DescribeTopicPartitionsResponsePartition): PartitionDescription {
  return {
    partition: one.partitionIndex,
    leader: one.errorCode === ErrorCode.LEADER_NOT_AVAILABLE ? -1 : one.leaderId,
    leaderEpoch: one.leaderEpoch,
    replicas: one.replicaNodes,
    inSyncReplicas: one.isrNodes,
    eligibleLeaderReplicas: one.eligibleLeaderReplicas ?? [],
    lastKnownEligible: one.lastKnownElr ?? [],
  };
}
