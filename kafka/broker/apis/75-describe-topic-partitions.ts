/**
 * DescribeTopicPartitions (key 75): topics by name with their partitions, in pages
 * (KIP-966; Kafka: DescribeTopicPartitionsRequestHandler).
 */

import type { PartitionRegistration } from '../../metadata/partition-registration.ts';
import { topicNameProblem } from '../../metadata/topic-names.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { DescribeTopicPartitionsRequest } from '../../wire/generated/describe-topic-partitions-request.ts';
import {
  type Cursor,
  cursor,
  type DescribeTopicPartitionsResponseTopic,
  describeTopicPartitionsResponse,
  describeTopicPartitionsResponsePartition,
  describeTopicPartitionsResponseTopic,
} from '../../wire/generated/describe-topic-partitions-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { isInternalTopic } from '../metadata-view.ts';

/** max.request.partition.size.limit. */
const MAX_PARTITIONS = 2000;

export function describeTopicPartitions(broker: BrokerServices) {
  return (context: RequestContext, request: DescribeTopicPartitionsRequest): void => {
    const { image } = broker.metadata;
    const asked = request.topics.map((topic) => topic.name);
    const all = asked.length === 0 ? [...image.topicsByName.keys()] : [...new Set(asked)];
    const from = request.cursor;
    const names = all.sort().filter((name) => from === null || name >= from.topicName);
    const topics: DescribeTopicPartitionsResponseTopic[] = [];
    let left = Math.min(Math.max(request.responsePartitionLimit, 1), MAX_PARTITIONS);
    let nextCursor: Cursor | null = null;
    for (const name of names) {
      const start = name === from?.topicName ? Math.max(from.partitionIndex, 0) : 0;
      if (left === 0) {
        nextCursor = cursor({ topicName: name, partitionIndex: start });
        break;
      }
      const topic = describe(broker, context.listener, name, start, left);
      topics.push(topic);
      left -= topic.partitions.length;
      const count = image.topicsByName.get(name)?.partitions.length ?? 0;
      const next = start + topic.partitions.length;
      if (next < count) {
        nextCursor = cursor({ topicName: name, partitionIndex: next });
        break;
      }
    }
    context.respond(describeTopicPartitionsResponse({ topics, nextCursor }));
  };
}

function describe(
  broker: BrokerServices,
  listener: string,
  name: string,
  start: number,
  limit: number,
): DescribeTopicPartitionsResponseTopic {
  const topic = broker.metadata.image.topicsByName.get(name);
  const isInternal = isInternalTopic(name);
  if (topic === undefined) {
    const errorCode =
      topicNameProblem(name) === null
        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        : ErrorCode.INVALID_TOPIC_EXCEPTION;
    return describeTopicPartitionsResponseTopic({ errorCode, name, isInternal });
  }
  return describeTopicPartitionsResponseTopic({
    name,
    topicId: topic.id,
    isInternal,
    partitions: topic.partitions
      .slice(start, start + limit)
      .map((partition, at) => describePartition(broker, listener, partition, start + at)),
  });
}

function describePartition(
  broker: BrokerServices,
  listener: string,
  partition: PartitionRegistration,
  partitionIndex: number,
) {
  const reachable = broker.metadata.endpoint(partition.leader, listener) !== null;
  return describeTopicPartitionsResponsePartition({
    errorCode: reachable ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE,
    partitionIndex,
    leaderId: reachable ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: [...partition.replicas],
    isrNodes: [...partition.isr],
    eligibleLeaderReplicas: [...partition.elr],
    lastKnownElr: [...partition.lastKnownElr],
    offlineReplicas: broker.metadata.offlineReplicas(partition, listener),
  });
}
