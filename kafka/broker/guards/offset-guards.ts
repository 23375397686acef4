/**
 * What clients need to be allowed for requests about committed offsets (Kafka: KafkaApis): first of
 * the group, then of each topic.
 */
import { AclOperation } from '../../security/acl.ts';
import type { Permissions } from '../../security/authorizer.ts';
import { ALL, divided, type Guard, refused } from '../../security/guard.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  OffsetCommitRequest,
  OffsetCommitRequestTopic,
} from '../../wire/generated/offset-commit-request.ts';
import {
  type OffsetCommitResponse,
  offsetCommitResponse,
  offsetCommitResponsePartition,
  offsetCommitResponseTopic,
} from '../../wire/generated/offset-commit-response.ts';
import type { OffsetDeleteRequest } from '../../wire/generated/offset-delete-request.ts';
import {
  type OffsetDeleteResponse,
  offsetDeleteResponse,
  offsetDeleteResponsePartition,
  offsetDeleteResponseTopic,
} from '../../wire/generated/offset-delete-response.ts';
import type { OffsetFetchRequest } from '../../wire/generated/offset-fetch-request.ts';
import {
  type OffsetFetchResponse,
  type OffsetFetchResponseGroup,
  offsetFetchResponse,
  offsetFetchResponseGroup,
  offsetFetchResponsePartitions,
  offsetFetchResponseTopics,
} from '../../wire/generated/offset-fetch-response.ts';
import type { GuardState } from './guard-state.ts';

type BrokerGuard<Req, Res> = Guard<Req, Res, GuardState>;

const { READ, DESCRIBE, DELETE } = AclOperation;
const { GROUP_AUTHORIZATION_FAILED, TOPIC_AUTHORIZATION_FAILED } = ErrorCode;
const FIRST_FETCH_WITH_GROUPS = 8;
const FIRST_FETCH_WITH_TOP_ERROR = 2;

export const guardOffsetCommit: BrokerGuard<OffsetCommitRequest, OffsetCommitResponse> = (
  may,
  request,
) => {
  const { groupId, topics } = request;
  if (!may.group(groupId, READ)) {
    const answers = topics.map((topic) => notCommitted(topic, GROUP_AUTHORIZATION_FAILED));
    return refused(offsetCommitResponse({ topics: answers }));
  }
  const [allowed, others] = divided(topics, ({ name }) => may.topic(name, READ));
  if (others.length === 0) return ALL;
  const answers = others.map((topic) => notCommitted(topic, TOPIC_AUTHORIZATION_FAILED));
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) => ({ ...response, topics: [...response.topics, ...answers] }),
  };
};

function notCommitted({ name, partitions }: OffsetCommitRequestTopic, errorCode: ErrorCode) {
  return offsetCommitResponseTopic({
    name,
    partitions: partitions.map(({ partitionIndex }) =>
      offsetCommitResponsePartition({ partitionIndex, errorCode }),
    ),
  });
}

interface AskedTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export const guardOffsetFetch: BrokerGuard<OffsetFetchRequest, OffsetFetchResponse> = (
  may,
  request,
  { apiVersion },
) => {
  if (apiVersion < FIRST_FETCH_WITH_GROUPS) return guardOneGroup(may, request, apiVersion);
  const [allowed, others] = divided(request.groups, ({ groupId }) => may.group(groupId, DESCRIBE));
  const answers = others.map(({ groupId }) =>
    offsetFetchResponseGroup({ groupId, errorCode: GROUP_AUTHORIZATION_FAILED }),
  );
  const split = allowed.map((group) => {
    const topics = group.topics;
    const [seen, hidden] = divided(topics ?? [], ({ name }) => may.topic(name, DESCRIBE));
    return {
      group: topics === null ? group : { ...group, topics: seen },
      hidden,
      all: topics === null,
    };
  });
  return {
    kind: 'part',
    request: { ...request, groups: split.map((one) => one.group) },
    complete: (response) => {
      const groups = response.groups.map((answer, i): OffsetFetchResponseGroup => {
        const { all = false, hidden = [] } = split[i] ?? {};
        if (answer.errorCode !== ErrorCode.NONE) return answer;
        const topics = all
          ? answer.topics.filter(({ name }) => may.topic(name, DESCRIBE))
          : [...answer.topics, ...hidden.map((one) => unread(one, TOPIC_AUTHORIZATION_FAILED))];
        return { ...answer, topics };
      });
      return { ...response, groups: [...groups, ...answers] };
    },
  };
};

function guardOneGroup(may: Permissions, request: OffsetFetchRequest, apiVersion: number) {
  const { groupId, topics } = request;
  if (!may.group(groupId, DESCRIBE)) {
    const errorCode = GROUP_AUTHORIZATION_FAILED;
    if (apiVersion >= FIRST_FETCH_WITH_TOP_ERROR)
      return refused(offsetFetchResponse({ errorCode }));
    const answers = (topics ?? []).map((one) => unread(one, errorCode));
    return refused(offsetFetchResponse({ topics: answers }));
  }
  const [seen, hidden] = divided(topics ?? [], ({ name }) => may.topic(name, DESCRIBE));
  const answers = hidden.map((one) => unread(one, TOPIC_AUTHORIZATION_FAILED));
  return {
    kind: 'part' as const,
    request: topics === null ? request : { ...request, topics: seen },
    complete: (response: OffsetFetchResponse): OffsetFetchResponse => {
      if (response.errorCode !== ErrorCode.NONE) return response;
      const all = response.topics.filter(({ name }) => may.topic(name, DESCRIBE));
      return { ...response, topics: [...all, ...answers] };
    },
  };
}

function unread({ name, partitionIndexes }: AskedTopic, errorCode: ErrorCode) {
  return offsetFetchResponseTopics({
    name,
    partitions: partitionIndexes.map((partitionIndex) =>
      offsetFetchResponsePartitions({
        partitionIndex,
        committedOffset: -1,
        metadata: '',
        errorCode,
      }),
    ),
  });
}

export const guardOffsetDelete: BrokerGuard<OffsetDeleteRequest, OffsetDeleteResponse> = (
  may,
  request,
) => {
  const { groupId, topics } = request;
  if (!may.group(groupId, DELETE)) {
    return refused(offsetDeleteResponse({ errorCode: GROUP_AUTHORIZATION_FAILED }));
  }
  const [allowed, others] = divided(topics, ({ name }) => may.topic(name, READ));
  if (others.length === 0) return ALL;
  const errorCode = TOPIC_AUTHORIZATION_FAILED;
  const answers = others.map(({ name, partitions }) =>
    offsetDeleteResponseTopic({
      name,
      partitions: partitions.map(({ partitionIndex }) =>
        offsetDeleteResponsePartition({ partitionIndex, errorCode }),
      ),
    }),
  );
  return {
    kind: 'part',
    request: { ...request, topics: allowed },
    complete: (response) =>
      response.errorCode === ErrorCode.NONE
        ? { ...response, topics: [...response.topics, ...answers] }
        : response,
  };
};
