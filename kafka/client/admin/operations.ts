/** What the admin client can ask of a cluster: one request each, and how its answer is read. */
import type { RpcChannel, RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import {
  creatableTopic,
  creatableTopicConfig,
  createTopicsRequest,
} from '../../wire/generated/create-topics-request.ts';
import type { CreateTopicsResponse } from '../../wire/generated/create-topics-response.ts';
import { metadataRequest, metadataRequestTopic } from '../../wire/generated/metadata-request.ts';
import type {
  MetadataResponse,
  MetadataResponseTopic,
} from '../../wire/generated/metadata-response.ts';
import type { CommandResult, NewTopic, TopicDescription, TopicResult } from '../commands.ts';

/** How one attempt ended. */
export type Verdict =
  | { readonly kind: 'done'; readonly result: CommandResult }
  | { readonly kind: 'retry'; readonly problem: string; readonly mayHaveHappened: boolean }
  /** No attempt can succeed. */
  | { readonly kind: 'refused'; readonly error: string; readonly message: string };

export interface Operation {
  readonly name: string;
  /** Sends one attempt on a ready channel; `ended` follows exactly once. */
  send(
    channel: RpcChannel,
    limits: { readonly timeoutMs: number },
    ended: (verdict: Verdict) => void,
  ): void;
}

/** Topics that a broker could not pass on to the controller are asked for again. */
export function createTopicsCall(topics: readonly NewTopic[]): Operation {
  const answers = new Map<string, TopicResult>();
  return {
    name: 'createTopics',
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

function toCreatable({ name, partitions, replicationFactor, config }: NewTopic) {
  const configs = Object.keys(config)
    .sort()
    .map((key) => creatableTopicConfig({ name: key, value: config[key] ?? null }));
  return creatableTopic({ name, numPartitions: partitions, replicationFactor, configs });
}

export function describeTopicsCall(topics: readonly string[]): Operation {
  const request = metadataRequest({
    topics: topics.map((name) => metadataRequestTopic({ name })),
    allowAutoTopicCreation: false,
  });
  return {
    name: 'describeTopics',
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

function unanswered(
  reply: Exclude<RpcReply<unknown>, { kind: 'response' }>,
  hasEffect: boolean,
): Verdict {
  if (reply.kind === 'unsupported') {
    const message = 'the broker speaks no version of this request that we speak too';
    return { kind: 'refused', error: 'UnsupportedVersionException', message };
  }
  return { kind: 'retry', problem: reply.kind, mayHaveHappened: hasEffect && reply.sent };
}
