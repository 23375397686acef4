/**
 * SyncGroup, Heartbeat and LeaveGroup at the coordinator (Kafka: GroupMetadataManager's
 * classicGroupSync, classicGroupHeartbeat, classicGroupLeave).
 */
import { ErrorCode } from '../wire/errors.ts';
import type { HeartbeatRequest } from '../wire/generated/heartbeat-request.ts';
import type { MemberIdentity } from '../wire/generated/leave-group-request.ts';
import { type MemberResponse, memberResponse } from '../wire/generated/leave-group-response.ts';
import type { SyncGroupRequest } from '../wire/generated/sync-group-request.ts';
import { syncGroupResponse } from '../wire/generated/sync-group-response.ts';
import type { ClassicGroup } from './classic-group.ts';
import { UNKNOWN_MEMBER } from './joins.ts';
import type { GroupMember, SyncReply } from './member.ts';
import type { Rounds } from './rounds.ts';

/** The leader hands in the assignment, the others ask for theirs; all wait for it to be stored. */
export function syncGroup(rounds: Rounds, request: SyncGroupRequest, reply: SyncReply): void {
  const group = rounds.shard.groups.get(request.groupId);
  const refuse = (errorCode: ErrorCode): void => reply(syncGroupResponse({ errorCode }));
  if (group === undefined || group.state === 'Empty') return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
  const error = checkSync(group, request);
  if (error !== ErrorCode.NONE) return refuse(error);
  const { memberId } = request;
  const member = group.members.get(memberId) as GroupMember;
  if (group.state === 'PreparingRebalance') return refuse(ErrorCode.REBALANCE_IN_PROGRESS);
  rounds.synced(group, memberId);
  if (group.state === 'Stable') {
    const { protocolType, protocolName } = group;
    const { assignment } = member;
    return reply(syncGroupResponse({ protocolType, protocolName, assignment }));
  }
  member.awaitingSync = reply;
  if (group.leaderId !== memberId) return;
  const assignments = new Map<string, Uint8Array>();
  for (const one of request.assignments) assignments.set(one.memberId, one.assignment.slice());
  rounds.assign(group, assignments);
}

function checkSync(group: ClassicGroup, request: SyncGroupRequest): ErrorCode {
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  const error = group.checkMember(request.memberId, request.groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  if (request.generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
  const differs = (said: string | null, known: string | null): boolean =>
    said !== null && known !== null && said !== known;
  return differs(request.protocolType, group.protocolType) ||
    differs(request.protocolName, group.protocolName)
    ? ErrorCode.INCONSISTENT_GROUP_PROTOCOL
    : ErrorCode.NONE;
}

/** The member is alive; told REBALANCE_IN_PROGRESS, it is to join the round that has begun. */
export function heartbeat(rounds: Rounds, request: HeartbeatRequest): ErrorCode {
  const group = rounds.shard.groups.get(request.groupId);
  if (group === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  const error = group.checkMember(request.memberId, request.groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  if (request.generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
  if (group.state === 'Empty') return ErrorCode.UNKNOWN_MEMBER_ID;
  rounds.expectHeartbeat(group, group.members.get(request.memberId) as GroupMember);
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}

/** Members go, or an operator removes static ones, of whom only the instance id is known. */
export function leaveGroup(
  rounds: Rounds,
  groupId: string,
  leaving: readonly MemberIdentity[],
): { errorCode: ErrorCode; members: MemberResponse[] } {
  const group = rounds.shard.groups.get(groupId);
  const answer = (one: MemberIdentity, errorCode: ErrorCode): MemberResponse =>
    memberResponse({ memberId: one.memberId, groupInstanceId: one.groupInstanceId, errorCode });
  if (group === undefined) {
    const members = leaving.map((one) => answer(one, ErrorCode.UNKNOWN_MEMBER_ID));
    return { errorCode: ErrorCode.NONE, members };
  }
  if (group.state === 'Dead') {
    return { errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, members: [] };
  }
  const members = leaving.map((one) => answer(one, leave(rounds, group, one)));
  const left = members.filter((one) => one.errorCode === ErrorCode.NONE);
  if (left.length > 0)
    afterLeaving(
      rounds,
      group,
      left.map(({ memberId }) => memberId),
    );
  return { errorCode: ErrorCode.NONE, members };
}

function leave(rounds: Rounds, group: ClassicGroup, one: MemberIdentity): ErrorCode {
  const { memberId, groupInstanceId } = one;
  const isStatic = memberId === UNKNOWN_MEMBER;
  if (isStatic && groupInstanceId === null) return ErrorCode.UNKNOWN_MEMBER_ID;
  const known = isStatic ? group.staticMembers.get(groupInstanceId as string) : memberId;
  if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (!isStatic && group.pendingJoins.delete(known)) return ErrorCode.NONE;
  const error = isStatic ? ErrorCode.NONE : group.checkMember(memberId, groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  const why = one.reason ?? 'left';
  rounds.removeMember(group, group.members.get(known) as GroupMember, why);
  return ErrorCode.NONE;
}

function afterLeaving(rounds: Rounds, group: ClassicGroup, ids: readonly string[]): void {
  if (group.state === 'PreparingRebalance') rounds.maybeCompleteJoin(group);
  else if (group.state !== 'Empty') rounds.rebalanceOrComplete(group, `${ids.join(', ')} left`);
}
