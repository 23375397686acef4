/**
 * Answers to operators' requests that say the same error for every part: the controller is not
 * the active one, or a broker could not reach it (Kafka: AbstractRequest.getErrorResponse).
 */
import { ZERO_UUID } from '../base/uuid.ts';
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import type { AlterConfigsRequest } from '../wire/generated/alter-configs-request.ts';
import { alterConfigsResponse } from '../wire/generated/alter-configs-response.ts';
import type { AlterPartitionReassignmentsRequest } from '../wire/generated/alter-partition-reassignments-request.ts';
import { alterPartitionReassignmentsResponse } from '../wire/generated/alter-partition-reassignments-response.ts';
import type { AlterUserScramCredentialsRequest } from '../wire/generated/alter-user-scram-credentials-request.ts';
import {
  alterUserScramCredentialsResponse,
  alterUserScramCredentialsResult,
} from '../wire/generated/alter-user-scram-credentials-response.ts';
import type { CreateAclsRequest } from '../wire/generated/create-acls-request.ts';
import { aclCreationResult, createAclsResponse } from '../wire/generated/create-acls-response.ts';
import type { CreatePartitionsRequest } from '../wire/generated/create-partitions-request.ts';
import {
  createPartitionsResponse,
  createPartitionsTopicResult,
} from '../wire/generated/create-partitions-response.ts';
import type { CreateTopicsRequest } from '../wire/generated/create-topics-request.ts';
import {
  creatableTopicResult,
  createTopicsResponse,
} from '../wire/generated/create-topics-response.ts';
import type { DeleteAclsRequest } from '../wire/generated/delete-acls-request.ts';
import {
  deleteAclsFilterResult,
  deleteAclsResponse,
} from '../wire/generated/delete-acls-response.ts';
import type { DeleteTopicsRequest } from '../wire/generated/delete-topics-request.ts';
import {
  type DeleteTopicsResponse,
  deletableTopicResult,
  deleteTopicsResponse,
} from '../wire/generated/delete-topics-response.ts';
import type { ElectLeadersRequest } from '../wire/generated/elect-leaders-request.ts';
import {
  electLeadersResponse,
  partitionResult,
  replicaElectionResult,
} from '../wire/generated/elect-leaders-response.ts';
import type { IncrementalAlterConfigsRequest } from '../wire/generated/incremental-alter-configs-request.ts';
import {
  alterConfigsResourceResponse,
  incrementalAlterConfigsResponse,
} from '../wire/generated/incremental-alter-configs-response.ts';
import { listPartitionReassignmentsResponse } from '../wire/generated/list-partition-reassignments-response.ts';
import { unregisterBrokerResponse } from '../wire/generated/unregister-broker-response.ts';
import { updateFeaturesResponse } from '../wire/generated/update-features-response.ts';

export function refuseCreateTopics(request: CreateTopicsRequest, errorCode: ErrorCode) {
  const said = { errorCode, errorMessage: errorMessage(errorCode), configs: [] };
  const topics = request.topics.map(({ name }) => creatableTopicResult({ name, ...said }));
  return createTopicsResponse({ topics });
}

export function refuseDeleteTopics(
  request: DeleteTopicsRequest,
  errorCode: ErrorCode,
): DeleteTopicsResponse {
  const named = request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  const responses = [...named, ...request.topics].map(({ name, topicId }) =>
    deletableTopicResult({ name, topicId, ...said }),
  );
  return deleteTopicsResponse({ responses });
}

export function refuseCreatePartitions(request: CreatePartitionsRequest, errorCode: ErrorCode) {
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  const results = request.topics.map(({ name }) => createPartitionsTopicResult({ name, ...said }));
  return createPartitionsResponse({ results });
}

/** Version 0 says errors of partitions only. */
const FIRST_ELECTION_WITH_ERROR = 1;

export function refuseElectLeaders(
  request: ElectLeadersRequest,
  errorCode: ErrorCode,
  apiVersion: number,
) {
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  const results = (request.topicPartitions ?? []).map(({ topic, partitions }) =>
    replicaElectionResult({
      topic,
      partitionResult: partitions.map((partitionId) => partitionResult({ partitionId, ...said })),
    }),
  );
  const whole = apiVersion < FIRST_ELECTION_WITH_ERROR ? ErrorCode.NONE : errorCode;
  return electLeadersResponse({ errorCode: whole, replicaElectionResults: results });
}

export function refuseAlterConfigs(request: IncrementalAlterConfigsRequest, errorCode: ErrorCode) {
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  const responses = request.resources.map(({ resourceType, resourceName }) =>
    alterConfigsResourceResponse({ resourceType, resourceName, ...said }),
  );
  return incrementalAlterConfigsResponse({ responses });
}

export function refuseReplaceConfigs(request: AlterConfigsRequest, errorCode: ErrorCode) {
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  const responses = request.resources.map(({ resourceType, resourceName }) =>
    alterConfigsResourceResponse({ resourceType, resourceName, ...said }),
  );
  return alterConfigsResponse({ responses });
}

export function refuseReassignments(
  _request: AlterPartitionReassignmentsRequest,
  errorCode: ErrorCode,
) {
  return alterPartitionReassignmentsResponse({ errorCode, errorMessage: errorMessage(errorCode) });
}

export function refuseListReassignments(_request: unknown, errorCode: ErrorCode) {
  return listPartitionReassignmentsResponse({ errorCode, errorMessage: errorMessage(errorCode) });
}

export function refuseUpdateFeatures(_request: unknown, errorCode: ErrorCode) {
  return updateFeaturesResponse({ errorCode, errorMessage: errorMessage(errorCode) });
}

export function refuseUnregisterBroker(_request: unknown, errorCode: ErrorCode) {
  return unregisterBrokerResponse({ errorCode, errorMessage: errorMessage(errorCode) });
}

export function refuseScramCredentials(
  { deletions, upsertions }: AlterUserScramCredentialsRequest,
  errorCode: ErrorCode,
) {
  const users = new Set([...deletions, ...upsertions].map(({ name }) => name));
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  const results = [...users].map((user) => alterUserScramCredentialsResult({ user, ...said }));
  return alterUserScramCredentialsResponse({ results });
}

export function refuseCreateAcls({ creations }: CreateAclsRequest, errorCode: ErrorCode) {
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  return createAclsResponse({ results: creations.map(() => aclCreationResult(said)) });
}

export function refuseDeleteAcls({ filters }: DeleteAclsRequest, errorCode: ErrorCode) {
  const said = { errorCode, errorMessage: errorMessage(errorCode) };
  return deleteAclsResponse({ filterResults: filters.map(() => deleteAclsFilterResult(said)) });
}
