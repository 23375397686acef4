/** Describing and deleting groups, at their coordinators. */
import { Reader, WireError } from '../../base/reader.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import { decodeConsumerProtocolAssignment } from '../../wire/generated/consumer-protocol-assignment.ts';
import { deleteGroupsRequest } from '../../wire/generated/delete-groups-request.ts';
import { describeGroupsRequest } from '../../wire/generated/describe-groups-request.ts';
import type { DescribedGroupMember } from '../../wire/generated/describe-groups-response.ts';
import type { TopicPartition } from '../commands.ts';
import type { GroupMember } from '../group-commands.ts';
import { CoordinatorOperation, coordinatorError, refusal } from './coordinator-operation.ts';
import { done, type Operation, resultOf } from './operation.ts';

export function describeGroupCall(group: string): Operation {
  return new CoordinatorOperation({
    name: 'describeGroup',
    group,
    api: apis.DescribeGroups,
    hasEffect: false,
    request: () => describeGroupsRequest({ groups: [group] }),
    read: ({ groups }, coordinator) => {
      const one = groups[0];
      if (one === undefined) return refusal(ErrorCode.GROUP_ID_NOT_FOUND);
      if (one.errorCode !== ErrorCode.NONE) {
        return coordinatorError(one.errorCode) ?? refusal(one.errorCode);
      }
      const { groupState: state, protocolType, protocolData: protocol } = one;
      const members = one.members.map(toMember);
      const description = { group, state, protocolType, protocol, coordinator, members };
      return done({ kind: 'groupDescribed', description });
    },
  });
}

function toMember(member: DescribedGroupMember): GroupMember {
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    host: member.clientHost,
    assignment: assignedTo(member.memberAssignment),
  };
}

/** None while the group rebalances, and of members that are no consumers. */
function assignedTo(bytes: Uint8Array): TopicPartition[] {
  try {
    const reader = new Reader(bytes);
    if (bytes.length === 0 || reader.int16() < 0) return [];
    const { assignedPartitions } = decodeConsumerProtocolAssignment(reader, 0);
    return assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return [];
  }
}

export function deleteGroupCall(group: string): Operation {
  return new CoordinatorOperation({
    name: 'deleteGroup',
    group,
    api: apis.DeleteGroups,
    hasEffect: true,
    request: () => deleteGroupsRequest({ groupsNames: [group] }),
    read: ({ results }) => {
      const errorCode = results[0]?.errorCode ?? ErrorCode.UNKNOWN_SERVER_ERROR;
      const result = resultOf(group, { errorCode, errorMessage: null });
      return coordinatorError(errorCode) ?? done({ kind: 'operated', results: [result] });
    },
  });
}
