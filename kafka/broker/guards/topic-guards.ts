/**
 * What clients need to be allowed for requests about topics (Kafka: KafkaApis): of each topic apart,
 * what is not allowed is answered with TOPIC_AUTHORIZATION_FAILED.
 */
import { AclOperation } from '../../security/acl.ts';
import { ALL, divided, type Guard, refused } from '../../security/guard.ts';
import { ErrorCode, errorMessage } from '../../wire/errors.ts';
import type { DeleteRecordsRequest } from '../../wire/generated/delete-records-request.ts';
import {
  type DeleteRecordsResponse,
  deleteRecordsPartitionResult,
  deleteRecordsTopicResult,
} from '../../wire/generated/delete-records-response.ts';
import type { DescribeProducersRequest } from '../../wire/generated/describe-producers-request.ts';
import {
  type DescribeProducersResponse,
  partitionResponse,
  topicResponse,
} from '../../wire/generated/describe-producers-response.ts';
import type { FetchRequest, FetchTopic } from '../../wire/generated/fetch-request.ts';
import {
  type FetchResponse,
  fetchableTopicResponse,
  fetchResponse,
  partitionData,
} from '../../wire/generated/fetch-response.ts';
import type { ListOffsetsRequest } from '../../wire/generated/list-offsets-request.ts';
import {
  type ListOffsetsResponse,
  listOffsetsPartitionResponse,
  listOffsetsTopicResponse,
} from '../../wire/generated/list-offsets-response.ts';
import type { OffsetForLeaderEpochRequest } from '../../wire/generated/offset-for-leader-epoch-request.ts';
import {
  epochEndOffset,
  type OffsetForLeaderEpochResponse,
  offsetForLeaderTopicResult,
} from '../../wire/generated/offset-for-leader-epoch-response.ts';
import type { ProduceRequest } from '../../wire/generated/produce-request.ts';
import {
  type ProduceResponse,
  partitionProduceResponse,
  produceResponse,
  topicProduceResponse,
} from '../../wire/generated/produce-response.ts';
import type { GuardState } from './guard-state.ts';

type BrokerGuard<Req, Res> = Guard<Req, Res, GuardState>;

const FAILED = ErrorCode.TOPIC_AUTHORIZATION_FAILED;

export const guardProduce: BrokerGuard<ProduceRequest, ProduceResponse> = (may, request) => {
  const { transactionalId, topicData } = request;
  const { WRITE } = AclOperation;
  const silent = request.acks === 0;
  if (transactionalId !== null && !may.transactionalId(transactionalId, WRITE)) {
    const failed = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    const responses = topicData.map((one) => notWritten(one, failed));
    return { ...refused(produceResponse({ responses })), silent };
  }
  const [allowed, others] = divided(topicData, ({ name }) => may.topic(name, WRITE));
  if (others.length === 0) return ALL;
  const answers = others.map((one) => notWritten(one, FAILED));
  return {
    kind: 'part',
    request: { ...request, topicData: allowed },
    silent,
    complete: (response) => ({ ...response, responses: [...response.responses, ...answers] }),
  };
};

function notWritten(
  { name, partitionData: partitions }: ProduceRequest['topicData'][number],
  errorCode: ErrorCode,
): ProduceResponse['responses'][number] {
  return topicProduceResponse({
    name,
    partitionResponses: partitions.map(({ index }) =>
      partitionProduceResponse({
        index,
        errorCode,
        baseOffset: -1,
        errorMessage: errorMessage(errorCode),
      }),
    ),
  });
}

const FIRST_WITH_TOPIC_IDS = 13;
const FIRST_WITH_REPLICA_STATE = 15;
const NEW_SESSION = 0;
const NO_SESSION = -1;

/**
 * Followers may read everything if they may act for the cluster. Others get no fetch sessions: what
 * they may read is looked at in each request, and a session would go on with what it began with.
 */
export const guardFetch: BrokerGuard<FetchRequest, FetchResponse> = (may, request, state) => {
  const { apiVersion, image } = state;
  const isNamed = apiVersion >= FIRST_WITH_REPLICA_STATE;
  const replicaId = isNamed ? request.replicaState.replicaId : request.replicaId;
  const isFollower = replicaId >= 0;
  if (isFollower && may.cluster(AclOperation.CLUSTER_ACTION)) return ALL;
  const { sessionEpoch } = request;
  if (sessionEpoch !== NEW_SESSION && sessionEpoch !== NO_SESSION) {
    return refused(fetchResponse({ errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND }));
  }
  const nameOf = ({ topic, topicId }: FetchTopic): string | undefined =>
    apiVersion < FIRST_WITH_TOPIC_IDS ? topic : image.topicsById.get(topicId)?.name;
  const [allowed, others] = divided(request.topics, (topic) => {
    const name = nameOf(topic);
    // What is not known is told by who looks for it.
    return !isFollower && (name === undefined || may.topic(name, AclOperation.READ));
  });
  const answers = others.map(({ topic, topicId, partitions }) =>
    fetchableTopicResponse({
      topic,
      topicId,
      partitions: partitions.map(({ partition: partitionIndex }) =>
        partitionData({ partitionIndex, errorCode: FAILED, highWatermark: -1, records: null }),
      ),
    }),
  );
  if (allowed.length === 0 && others.length > 0) {
    return refused(fetchResponse({ responses: answers }));
  }
  return {
    kind: 'part',
    request: { ...request, topics: allowed, sessionId: 0, sessionEpoch: NO_SESSION },
    complete: (response) => ({ ...response, responses: [...response.responses, ...answers] }),
  };
};

export const guardListOffsets: BrokerGuard<ListOffsetsRequest, ListOffsetsResponse> = (
  may,
  request,
) => {
  const { DESCRIBE } = AclOperation;
  const [allowed, others] = divided(request.topics, ({ name }) => may.topic(name, DESCRIBE));
  if (others.length === 0) return ALL;
  const answers = others.map(({ name, partitions }) =>
    listOffsetsTopicResponse({
      name,
      partitions: partitions.map(({ partitionIndex }) =>
        listOffsetsPartitionResponse({ partitionIndex, errorCode: FAILED }),
      ),
    }),
  );
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => ({ ...response, topics: [...response.topics, ...answers] }),
  };
};

export const guardDeleteRecords: BrokerGuard<DeleteRecordsRequest, DeleteRecordsResponse> = (
  may,
  request,
) => {
  const { DELETE } = AclOperation;
  const [allowed, others] = divided(request.topics, ({ name }) => may.topic(name, DELETE));
  if (others.length === 0) return ALL;
  const answers = others.map(({ name, partitions }) =>
    deleteRecordsTopicResult({
      name,
      partitions: partitions.map(({ partitionIndex }) =>
        deleteRecordsPartitionResult({ partitionIndex, lowWatermark: -1, errorCode: FAILED }),
      ),
    }),
  );
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => ({ ...response, topics: [...response.topics, ...answers] }),
  };
};

type EpochGuard = BrokerGuard<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>;

export const guardOffsetForLeaderEpoch: EpochGuard = (may, request) => {
  if (may.cluster(AclOperation.CLUSTER_ACTION)) return ALL;
  const { DESCRIBE } = AclOperation;
  const [allowed, others] = divided(request.topics, ({ topic }) => may.topic(topic, DESCRIBE));
  if (others.length === 0) return ALL;
  const answers = others.map(({ topic, partitions }) =>
    offsetForLeaderTopicResult({
      topic,
      partitions: partitions.map(({ partition }) =>
        epochEndOffset({ partition, errorCode: FAILED }),
      ),
    }),
  );
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => ({ ...response, topics: [...response.topics, ...answers] }),
  };
};

type ProducersGuard = BrokerGuard<DescribeProducersRequest, DescribeProducersResponse>;

export const guardDescribeProducers: ProducersGuard = (may, request) => {
  const [allowed, others] = divided(request.topics, ({ name }) =>
    may.topic(name, AclOperation.READ),
  );
  if (others.length === 0) return ALL;
  const answers = others.map(({ name, partitionIndexes }) =>
    topicResponse({
      name,
      partitions: partitionIndexes.map((partitionIndex) =>
        partitionResponse({
          partitionIndex,
          errorCode: FAILED,
          errorMessage: errorMessage(FAILED),
        }),
      ),
    }),
  );
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => ({ ...response, topics: [...response.topics, ...answers] }),
  };
};
