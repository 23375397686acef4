/**
 * For the APIs that clients live on: the response that says one error about everything that a
 * request asked for (Kafka: AbstractRequest.getErrorResponse).
 */

import type { ErrorCode } from '../wire/errors.ts';
import { apiVersionsResponse } from '../wire/generated/api-versions-response.ts';
import type { CreateTopicsRequest } from '../wire/generated/create-topics-request.ts';
import {
  creatableTopicResult,
  createTopicsResponse,
} from '../wire/generated/create-topics-response.ts';
import type { FetchRequest } from '../wire/generated/fetch-request.ts';
import {
  fetchableTopicResponse,
  fetchResponse,
  partitionData,
} from '../wire/generated/fetch-response.ts';
import type { FindCoordinatorRequest } from '../wire/generated/find-coordinator-request.ts';
import {
  coordinator,
  findCoordinatorResponse,
} from '../wire/generated/find-coordinator-response.ts';
import { heartbeatResponse } from '../wire/generated/heartbeat-response.ts';
import { initProducerIdResponse } from '../wire/generated/init-producer-id-response.ts';
import type { JoinGroupRequest } from '../wire/generated/join-group-request.ts';
import { joinGroupResponse } from '../wire/generated/join-group-response.ts';
import { leaveGroupResponse } from '../wire/generated/leave-group-response.ts';
import type { ListOffsetsRequest } from '../wire/generated/list-offsets-request.ts';
import {
  listOffsetsPartitionResponse,
  listOffsetsResponse,
  listOffsetsTopicResponse,
} from '../wire/generated/list-offsets-response.ts';
import type { MetadataRequest } from '../wire/generated/metadata-request.ts';
import { metadataResponse, metadataResponseTopic } from '../wire/generated/metadata-response.ts';
import type { OffsetCommitRequest } from '../wire/generated/offset-commit-request.ts';
import {
  offsetCommitResponse,
  offsetCommitResponsePartition,
  offsetCommitResponseTopic,
} from '../wire/generated/offset-commit-response.ts';
import type { OffsetFetchRequest } from '../wire/generated/offset-fetch-request.ts';
import {
  offsetFetchResponse,
  offsetFetchResponseGroup,
  offsetFetchResponsePartition,
  offsetFetchResponseTopic,
} from '../wire/generated/offset-fetch-response.ts';
import type { ProduceRequest } from '../wire/generated/produce-request.ts';
import {
  partitionProduceResponse,
  produceResponse,
  topicProduceResponse,
} from '../wire/generated/produce-response.ts';
import { saslHandshakeResponse } from '../wire/generated/sasl-handshake-response.ts';
import { syncGroupResponse } from '../wire/generated/sync-group-response.ts';
import type { RequestContext } from './request-server.ts';

/** A response; null: this request gets none, and its connection is closed instead. */
type ErrorAnswer = (request: never, errorCode: ErrorCode, context: RequestContext) => object | null;

/** First version with an error for the whole answer. */
const FETCH_WITH_ERROR = 7;
const OFFSET_FETCH_WITH_ERROR = 2;
const OFFSET_FETCH_WITH_GROUPS = 8;
const FIND_COORDINATOR_WITH_LIST = 4;
const JOIN_GROUP_WITHOUT_NAME = 7;
const NO_OFFSET = -1;

const ANSWERS: Readonly<Record<string, ErrorAnswer>> = {
  Produce: (request: ProduceRequest, errorCode) => {
    if (request.acks === 0) return null;
    const responses = request.topicData.map(({ name, partitionData: partitions }) =>
      topicProduceResponse({
        name,
        partitionResponses: partitions.map(({ index }) =>
          partitionProduceResponse({ index, errorCode, baseOffset: NO_OFFSET }),
        ),
      }),
    );
    return produceResponse({ responses });
  },
  Fetch: (request: FetchRequest, errorCode, { apiVersion }) => {
    // A session asks for partitions that it does not name again.
    if (request.topics.length === 0 && apiVersion >= FETCH_WITH_ERROR) {
      return fetchResponse({ errorCode });
    }
    const responses = request.topics.map(({ topic, topicId, partitions }) =>
      fetchableTopicResponse({
        topic,
        topicId,
        partitions: partitions.map(({ partition: partitionIndex }) =>
          partitionData({ partitionIndex, errorCode, highWatermark: NO_OFFSET }),
        ),
      }),
    );
    return fetchResponse({ responses });
  },
  ListOffsets: (request: ListOffsetsRequest, errorCode) =>
    listOffsetsResponse({
      topics: request.topics.map(({ name, partitions }) =>
        listOffsetsTopicResponse({
          name,
          partitions: partitions.map(({ partitionIndex }) =>
            listOffsetsPartitionResponse({ partitionIndex, errorCode }),
          ),
        }),
      ),
    }),
  Metadata: (request: MetadataRequest, errorCode) =>
    metadataResponse({
      topics: (request.topics ?? []).map(({ name, topicId }) =>
        metadataResponseTopic({ errorCode, name: name ?? '', topicId }),
      ),
    }),
  OffsetCommit: (request: OffsetCommitRequest, errorCode) =>
    offsetCommitResponse({
      topics: request.topics.map(({ name, partitions }) =>
        offsetCommitResponseTopic({
          name,
          partitions: partitions.map(({ partitionIndex }) =>
            offsetCommitResponsePartition({ partitionIndex, errorCode }),
          ),
        }),
      ),
    }),
  OffsetFetch: (request: OffsetFetchRequest, errorCode, { apiVersion }) => {
    if (apiVersion >= OFFSET_FETCH_WITH_GROUPS) {
      const groups = request.groups.map(({ groupId }) =>
        offsetFetchResponseGroup({ groupId, errorCode }),
      );
      return offsetFetchResponse({ groups });
    }
    if (apiVersion >= OFFSET_FETCH_WITH_ERROR) return offsetFetchResponse({ errorCode });
    const topics = (request.topics ?? []).map(({ name, partitionIndexes }) =>
      offsetFetchResponseTopic({
        name,
        partitions: partitionIndexes.map((partitionIndex) =>
          offsetFetchResponsePartition({
            partitionIndex,
            committedOffset: NO_OFFSET,
            metadata: '',
            errorCode,
          }),
        ),
      }),
    );
    return offsetFetchResponse({ topics });
  },
  FindCoordinator: (request: FindCoordinatorRequest, errorCode, { apiVersion }) => {
    const nobody = { errorCode, nodeId: -1, host: '', port: -1 };
    if (apiVersion < FIND_COORDINATOR_WITH_LIST) return findCoordinatorResponse(nobody);
    const coordinators = request.coordinatorKeys.map((key) => coordinator({ ...nobody, key }));
    return findCoordinatorResponse({ coordinators });
  },
  JoinGroup: ({ memberId }: JoinGroupRequest, errorCode, { apiVersion }) =>
    joinGroupResponse({
      errorCode,
      memberId,
      generationId: -1,
      protocolName: apiVersion >= JOIN_GROUP_WITHOUT_NAME ? null : '',
    }),
  ApiVersions: (_: object, errorCode) => apiVersionsResponse({ errorCode }),
  SaslHandshake: (_: object, errorCode) => saslHandshakeResponse({ errorCode }),
  SyncGroup: (_: object, errorCode) => syncGroupResponse({ errorCode }),
  Heartbeat: (_: object, errorCode) => heartbeatResponse({ errorCode }),
  LeaveGroup: (_: object, errorCode) => leaveGroupResponse({ errorCode }),
  InitProducerId: (_: object, errorCode) =>
    initProducerIdResponse({ errorCode, producerId: -1, producerEpoch: -1 }),
  CreateTopics: (request: CreateTopicsRequest, errorCode) =>
    createTopicsResponse({
      topics: request.topics.map(({ name }) => creatableTopicResult({ name, errorCode })),
    }),
};

/** APIs that can be answered with an error. */
export const APIS_WITH_ERRORS: readonly string[] = Object.keys(ANSWERS);

/** Answers the whole request with one error; nothing of it is done. */
export function answerWithError(
  context: RequestContext,
  request: unknown,
  errorCode: ErrorCode,
): void {
  const answer = ANSWERS[context.api.name];
  const response = answer?.(request as never, errorCode, context) ?? null;
  if (response === null) context.close();
  else context.respond(response);
}
