/**
 * What clients may see of a cluster (Kafka: KafkaApis, DescribeTopicPartitionsRequestHandler): of
 * all topics those that they may describe; of topics that they name, the others are refused, whether
 * they exist or not.
 */
import { ZERO_UUID } from '../../base/uuid.ts';
import type { MetadataImage } from '../../metadata/image.ts';
import { AclOperation, CLUSTER_NAME } from '../../security/acl.ts';
import type { Permissions } from '../../security/authorizer.ts';
import { ALL, divided, type Guard } from '../../security/guard.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { DescribeClusterRequest } from '../../wire/generated/describe-cluster-request.ts';
import type { DescribeClusterResponse } from '../../wire/generated/describe-cluster-response.ts';
import type { DescribeTopicPartitionsRequest } from '../../wire/generated/describe-topic-partitions-request.ts';
import {
  type DescribeTopicPartitionsResponse,
  describeTopicPartitionsResponseTopic,
} from '../../wire/generated/describe-topic-partitions-response.ts';
import type {
  MetadataRequest,
  MetadataRequestTopic,
} from '../../wire/generated/metadata-request.ts';
import {
  type MetadataResponse,
  metadataResponseTopic,
} from '../../wire/generated/metadata-response.ts';
import type { GuardState } from './guard-state.ts';

type BrokerGuard<Req, Res> = Guard<Req, Res, GuardState>;

const { CREATE, DESCRIBE } = AclOperation;
const errorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;

export const guardMetadata: BrokerGuard<MetadataRequest, MetadataResponse> = (
  may,
  request,
  state,
) => {
  const { topics } = request;
  const isOfAll = topics === null || (state.apiVersion === 0 && topics.length === 0);
  if (isOfAll) {
    return {
      kind: 'part',
      request,
      complete: (response) => {
        const seen = response.topics.filter(({ name }) => may.topic(name ?? '', DESCRIBE));
        return withOperations(may, request, { ...response, topics: seen });
      },
    };
  }
  const [allowed, others] = divided(topics, (topic) => maySee(may, request, state, topic));
  const answers = others.map(({ name, topicId }) =>
    // Ids are no secret, names are.
    topicId === ZERO_UUID
      ? metadataResponseTopic({ errorCode, name: name ?? '' })
      : metadataResponseTopic({ errorCode, name: null, topicId }),
  );
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => {
      // In version 0 a list that has become empty asks for all.
      const seen = allowed.length === 0 ? [] : response.topics;
      return withOperations(may, request, { ...response, topics: [...seen, ...answers] });
    },
  };
};

function maySee(
  may: Permissions,
  request: MetadataRequest,
  { image, config }: GuardState,
  { name, topicId }: MetadataRequestTopic,
): boolean {
  if (topicId !== ZERO_UUID) {
    const known = image.topicsById.get(topicId);
    return known === undefined || may.topic(known.name, DESCRIBE);
  }
  if (!may.topic(name ?? '', DESCRIBE)) return false;
  const creates = request.allowAutoTopicCreation && config.get('auto.create.topics.enable');
  if (!creates || image.topic(name ?? '') !== undefined) return true;
  return may.cluster(CREATE) || may.topic(name ?? '', CREATE);
}

/** KIP-430. */
function withOperations(
  may: Permissions,
  request: MetadataRequest,
  response: MetadataResponse,
): MetadataResponse {
  const { includeClusterAuthorizedOperations, includeTopicAuthorizedOperations } = request;
  const topics = !includeTopicAuthorizedOperations
    ? response.topics
    : response.topics.map((topic) =>
        topic.errorCode === errorCode || topic.name === null
          ? topic
          : { ...topic, topicAuthorizedOperations: may.operationsOn('TOPIC', topic.name) },
      );
  if (!includeClusterAuthorizedOperations) return { ...response, topics };
  return { ...response, topics, clusterAuthorizedOperations: clusterOperations(may) };
}

function clusterOperations(may: Permissions): number {
  return may.cluster(DESCRIBE) ? may.operationsOn('CLUSTER', CLUSTER_NAME) : 0;
}

export const guardDescribeCluster: BrokerGuard<DescribeClusterRequest, DescribeClusterResponse> = (
  may,
  request,
) => {
  if (!request.includeClusterAuthorizedOperations) return ALL;
  return {
    kind: 'part',
    request,
    complete: (response) => ({ ...response, clusterAuthorizedOperations: clusterOperations(may) }),
  };
};

type PartitionsGuard = BrokerGuard<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>;

/** All topics are asked for by naming none: those that may be seen are named instead. */
export const guardDescribeTopicPartitions: PartitionsGuard = (may, request, { image }) => {
  const asked = request.topics.map(({ name }) => name);
  const isOfAll = asked.length === 0;
  const names = isOfAll ? namesOf(image) : asked;
  const [allowed, others] = divided(names, (name) => may.topic(name, DESCRIBE));
  const answers = isOfAll
    ? []
    : others.map((name) => describeTopicPartitionsResponseTopic({ errorCode, name }));
  return {
    kind: 'part',
    // A name that no topic can have stands for none at all.
    request: {
      ...request,
      topics: (allowed.length === 0 ? [''] : allowed).map((name) => ({ name })),
    },
    complete: (response) => {
      const seen = allowed.length === 0 ? [] : response.topics;
      const operations = (name: string | null) => may.operationsOn('TOPIC', name ?? '');
      const topics = seen.map((topic) => ({
        ...topic,
        topicAuthorizedOperations: operations(topic.name),
      }));
      return { ...response, topics: [...topics, ...answers] };
    },
  };
};

function namesOf(image: MetadataImage): string[] {
  return [...image.topicsByName.keys()];
}
