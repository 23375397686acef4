/**
 * LeaveGroup (key 13): members go (Kafka: KafkaApis.handleLeaveGroupRequest). Up to version 2 it
 * is one member, and its error is the answer's; a list of members must not be in it then.
 */
import { leaveGroup as leave } from '../../group/member-requests.ts';
import { coordinatorError } from '../../group/shard.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import {
  type LeaveGroupRequest,
  memberIdentity,
} from '../../wire/generated/leave-group-request.ts';
import { leaveGroupResponse } from '../../wire/generated/leave-group-response.ts';
import type { BrokerServices } from '../broker-services.ts';

const FIRST_WITH_MEMBERS = 3;

export function leaveGroup(broker: BrokerServices) {
  return (context: RequestContext, request: LeaveGroupRequest): void => {
    const { groupId, memberId } = request;
    const refuse = (errorCode: ErrorCode): void =>
      context.respond(leaveGroupResponse({ errorCode }));
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID);
    const served = broker.groups.find(groupId);
    if (typeof served === 'number') return refuse(served);
    const isList = context.apiVersion >= FIRST_WITH_MEMBERS;
    const leaving = isList ? request.members : [memberIdentity({ memberId })];
    const { errorCode, members } = leave(served.rounds, groupId, leaving);
    served.shard.afterWrites((error) => {
      if (error !== ErrorCode.NONE) refuse(coordinatorError(error));
      else if (errorCode !== ErrorCode.NONE) refuse(errorCode);
      else if (isList) context.respond(leaveGroupResponse({ members }));
      else refuse(members[0]?.errorCode ?? ErrorCode.NONE);
    });
  };
}
