/** What clients need to be allowed for requests about groups (Kafka: KafkaApis). */
import { AclOperation } from '../../security/acl.ts';
import { ALL, divided, type Guard, refused } from '../../security/guard.ts';
import { ErrorCode, errorMessage } from '../../wire/errors.ts';
import type { DeleteGroupsRequest } from '../../wire/generated/delete-groups-request.ts';
import {
  type DeleteGroupsResponse,
  deletableGroupResult,
  deleteGroupsResponse,
} from '../../wire/generated/delete-groups-response.ts';
import type { DescribeGroupsRequest } from '../../wire/generated/describe-groups-request.ts';
import {
  type DescribeGroupsResponse,
  describedGroup,
} from '../../wire/generated/describe-groups-response.ts';
import type { FindCoordinatorRequest } from '../../wire/generated/find-coordinator-request.ts';
import {
  coordinator,
  type FindCoordinatorResponse,
  findCoordinatorResponse,
} from '../../wire/generated/find-coordinator-response.ts';
import type { HeartbeatRequest } from '../../wire/generated/heartbeat-request.ts';
import {
  type HeartbeatResponse,
  heartbeatResponse,
} from '../../wire/generated/heartbeat-response.ts';
import type { JoinGroupRequest } from '../../wire/generated/join-group-request.ts';
import {
  type JoinGroupResponse,
  joinGroupResponse,
} from '../../wire/generated/join-group-response.ts';
import type { LeaveGroupRequest } from '../../wire/generated/leave-group-request.ts';
import {
  type LeaveGroupResponse,
  leaveGroupResponse,
} from '../../wire/generated/leave-group-response.ts';
import type { ListGroupsRequest } from '../../wire/generated/list-groups-request.ts';
import type { ListGroupsResponse } from '../../wire/generated/list-groups-response.ts';
import type { SyncGroupRequest } from '../../wire/generated/sync-group-request.ts';
import {
  type SyncGroupResponse,
  syncGroupResponse,
} from '../../wire/generated/sync-group-response.ts';
import type { GuardState } from './guard-state.ts';

type BrokerGuard<Req, Res> = Guard<Req, Res, GuardState>;

const { READ, DESCRIBE, DELETE } = AclOperation;
const errorCode = ErrorCode.GROUP_AUTHORIZATION_FAILED;
const FIRST_WITH_SEVERAL_KEYS = 4;
const FIRST_WITH_NO_PROTOCOL = 7;
const GROUP_KEY = 0;
const TRANSACTION_KEY = 1;
const NOWHERE = { nodeId: -1, host: '', port: -1 };

export const guardFindCoordinator: BrokerGuard<FindCoordinatorRequest, FindCoordinatorResponse> = (
  may,
  request,
  { apiVersion },
) => {
  const { keyType } = request;
  const mayFind = (key: string): boolean => {
    if (keyType === GROUP_KEY) return may.group(key, DESCRIBE);
    return keyType !== TRANSACTION_KEY || may.transactionalId(key, DESCRIBE);
  };
  const failed =
    keyType === GROUP_KEY ? errorCode : ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  const told = { errorCode: failed, errorMessage: errorMessage(failed), ...NOWHERE };
  if (apiVersion < FIRST_WITH_SEVERAL_KEYS) {
    return mayFind(request.key) ? ALL : refused(findCoordinatorResponse(told));
  }
  const [allowed, others] = divided(request.coordinatorKeys, mayFind);
  if (others.length === 0) return ALL;
  const answers = others.map((key) => coordinator({ key, ...told }));
  return {
    kind: 'part',
    request: { ...request, coordinatorKeys: allowed },
    complete: (response) => ({
      ...response,
      coordinators: [...response.coordinators, ...answers],
    }),
  };
};

export const guardJoinGroup: BrokerGuard<JoinGroupRequest, JoinGroupResponse> = (
  may,
  { groupId, memberId },
  { apiVersion },
) => {
  if (may.group(groupId, READ)) return ALL;
  const protocolName = apiVersion < FIRST_WITH_NO_PROTOCOL ? '' : null;
  return refused(joinGroupResponse({ memberId, errorCode, protocolName }));
};

export const guardSyncGroup: BrokerGuard<SyncGroupRequest, SyncGroupResponse> = (
  may,
  { groupId },
) => (may.group(groupId, READ) ? ALL : refused(syncGroupResponse({ errorCode })));

export const guardHeartbeat: BrokerGuard<HeartbeatRequest, HeartbeatResponse> = (
  may,
  { groupId },
) => (may.group(groupId, READ) ? ALL : refused(heartbeatResponse({ errorCode })));

export const guardLeaveGroup: BrokerGuard<LeaveGroupRequest, LeaveGroupResponse> = (
  may,
  { groupId },
) => (may.group(groupId, READ) ? ALL : refused(leaveGroupResponse({ errorCode })));

export const guardDescribeGroups: BrokerGuard<DescribeGroupsRequest, DescribeGroupsResponse> = (
  may,
  request,
) => {
  const [allowed, others] = divided(request.groups, (group) => may.group(group, DESCRIBE));
  const answers = others.map((groupId) => describedGroup({ groupId, errorCode }));
  return {
    kind: 'part',
    request: { ...request, groups: allowed },
    complete: (response) => {
      const groups = !request.includeAuthorizedOperations
        ? response.groups
        : response.groups.map((group) => ({
            ...group,
            authorizedOperations: may.operationsOn('GROUP', group.groupId),
          }));
      return { ...response, groups: [...groups, ...answers] };
    },
  };
};

/** Whoever may describe the cluster sees all groups. */
export const guardListGroups: BrokerGuard<ListGroupsRequest, ListGroupsResponse> = (
  may,
  request,
) => {
  if (may.cluster(DESCRIBE)) return ALL;
  return {
    kind: 'part',
    request,
    complete: (response) => ({
      ...response,
      groups: response.groups.filter(({ groupId }) => may.group(groupId, DESCRIBE)),
    }),
  };
};

export const guardDeleteGroups: BrokerGuard<DeleteGroupsRequest, DeleteGroupsResponse> = (
  may,
  request,
) => {
  const names = [...new Set(request.groupsNames)];
  const [allowed, others] = divided(names, (group) => may.group(group, DELETE));
  if (others.length === 0) return ALL;
  const answers = others.map((groupId) => deletableGroupResult({ groupId, errorCode }));
  if (allowed.length === 0) return refused(deleteGroupsResponse({ results: answers }));
  return {
    kind: 'part',
    request: { ...request, groupsNames: allowed },
    complete: (response) => ({ ...response, results: [...response.results, ...answers] }),
  };
};
