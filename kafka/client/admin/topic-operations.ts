/** Creating, describing, growing and deleting topics. */
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import {
  createPartitionsAssignment,
  createPartitionsRequest,
  createPartitionsTopic,
} from '../../wire/generated/create-partitions-request.ts';
import {
  creatableReplicaAssignment,
  creatableTopic,
  creatableTopicConfig,
  createTopicsRequest,
} from '../../wire/generated/create-topics-request.ts';
import type { CreateTopicsResponse } from '../../wire/generated/create-topics-response.ts';
import {
  deleteTopicState,
  deleteTopicsRequest,
} from '../../wire/generated/delete-topics-request.ts';
import { metadataRequest, metadataRequestTopic } from '../../wire/generated/metadata-request.ts';
import type {
  MetadataResponse,
  MetadataResponseTopic,
} from '../../wire/generated/metadata-response.ts';
import type { MorePartitions, NewTopic, TopicDescription, TopicResult } from '../commands.ts';
import { done, type Operation, resultOf, singleRequest, unanswered } from './operation.ts';

/** Topics that a broker could not pass on to the controller are asked for again. */
export function createTopicsCall(topics: readonly NewTopic[]): Operation {
  const answers = new Map<string, TopicResult>();
  return {
    name: 'createTopics',
    broker: null,
    send(channel, { timeoutMs }, ended) {
      const open = topics.filter(({ name }) => !answers.has(name));
      const request = createTopicsRequest({ topics: open.map(toCreatable), timeoutMs });
      const onReply = (reply: RpcReply<CreateTopicsResponse>) => {
        if (reply.kind !== 'response') return ended(unanswered(reply, true));
        for (const { name, errorCode, errorMessage } of reply.body.topics) {
          if (errorCode === ErrorCode.NOT_CONTROLLER) continue;
          const message = errorMessage === '' ? null : errorMessage;
          answers.set(name, { name, error: errorName(errorCode), message });
        }
        const results = topics.map(({ name }) => answers.get(name));
        if (results.includes(undefined)) {
          ended({ kind: 'retry', problem: 'NOT_CONTROLLER', mayHaveHappened: false });
        } else {
          const complete = results as TopicResult[];
          ended({ kind: 'done', result: { kind: 'topicsCreated', results: complete } });
        }
      };
      channel.send(apis.CreateTopics, request, onReply, { timeoutMs });
    },
  };
}

function toCreatable(topic: NewTopic) {
  const { name, partitions, replicationFactor, config } = topic;
  const configs = Object.keys(config)
    .sort()
    .map((key) => creatableTopicConfig({ name: key, value: config[key] ?? null }));
  const assignments = (topic.assignments ?? []).map((brokerIds, partitionIndex) =>
    creatableReplicaAssignment({ partitionIndex, brokerIds: [...brokerIds] }),
  );
  const numPartitions = partitions;
  return creatableTopic({ name, numPartitions, replicationFactor, configs, assignments });
}

/** null: all topics. */
export function describeTopicsCall(topics: readonly string[] | null): Operation {
  const request = metadataRequest({
    topics: topics === null ? null : topics.map((name) => metadataRequestTopic({ name })),
    allowAutoTopicCreation: false,
  });
  return {
    name: 'describeTopics',
    broker: null,
    send(channel, { timeoutMs }, ended) {
      const onReply = (reply: RpcReply<MetadataResponse>) => {
        if (reply.kind !== 'response') return ended(unanswered(reply, false));
        const described = reply.body.topics.map(toDescription);
        ended({ kind: 'done', result: { kind: 'topicsDescribed', topics: described } });
      };
      channel.send(apis.Metadata, request, onReply, { timeoutMs });
    },
  };
}

function toDescription(topic: MetadataResponseTopic): TopicDescription {
  return {
    name: topic.name ?? '',
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    error: errorName(topic.errorCode),
    partitions: topic.partitions
      .map((one) => ({
        partition: one.partitionIndex,
        leader: one.leaderId,
        leaderEpoch: one.leaderEpoch,
        replicas: one.replicaNodes,
        inSyncReplicas: one.isrNodes,
      }))
      .sort((a, b) => a.partition - b.partition),
  };
}

export function deleteTopicsCall(topics: readonly string[]): Operation {
  return singleRequest({
    name: 'deleteTopics',
    api: apis.DeleteTopics,
    hasEffect: true,
    request: (timeoutMs) =>
      deleteTopicsRequest({
        topics: topics.map((name) => deleteTopicState({ name })),
        timeoutMs,
      }),
    read: ({ responses }) =>
      done({
        kind: 'operated',
        results: responses.map((one) => resultOf(one.name ?? one.topicId, one)),
      }),
  });
}

export function createPartitionsCall(topics: readonly MorePartitions[]): Operation {
  return singleRequest({
    name: 'createPartitions',
    api: apis.CreatePartitions,
    hasEffect: true,
    request: (timeoutMs) => createPartitionsRequest({ topics: topics.map(toGrowing), timeoutMs }),
    read: ({ results }) =>
      done({ kind: 'operated', results: results.map((one) => resultOf(one.name, one)) }),
  });
}

function toGrowing({ name, count, assignments }: MorePartitions) {
  const given = assignments?.map((ids) => createPartitionsAssignment({ brokerIds: [...ids] }));
  return createPartitionsTopic({ name, count, assignments: given ?? null });
}
