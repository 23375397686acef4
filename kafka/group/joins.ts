/**
 * JoinGroup at the coordinator: who asks, whether the group takes it, and whether that begins a
 * round (Kafka: GroupMetadataManager.classicGroupJoin…; KIP-394 for member ids, KIP-345 and
 * KIP-814 for static members).
 */
import type { RandomStream } from '../host.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { JoinGroupRequest } from '../wire/generated/join-group-request.ts';
import { joinGroupResponse } from '../wire/generated/join-group-response.ts';
import { ClassicGroup } from './classic-group.ts';
import { newGroupRecord } from './group-records.ts';
import { GroupMember, type JoinReply } from './member.ts';
import { NEW_MEMBER_JOIN_TIMEOUT_MS, type Rounds } from './rounds.ts';
import { coordinatorError } from './shard.ts';

/** Who sent a request. */
export interface Requester {
  readonly clientId: string;
  /** `/10.0.0.1`, as Kafka writes addresses. */
  readonly host: string;
  readonly apiVersion: number;
}

export const UNKNOWN_MEMBER = '';
/** From here on a new member must come again with the id that it is given. */
const FIRST_WITH_MEMBER_ID_REQUIRED = 4;
/** From here on a leader can be told to hand out no new assignment (KIP-814). */
const FIRST_WITH_SKIP_ASSIGNMENT = 9;

interface Join {
  readonly request: JoinGroupRequest;
  readonly by: Requester;
  readonly reply: JoinReply;
  readonly why: string;
}

export class Joins {
  private readonly rounds: Rounds;
  private readonly random: RandomStream;
  /** Whether the request under way has written anything. */
  private wrote = false;

  constructor(rounds: Rounds, random: RandomStream) {
    this.rounds = rounds;
    this.random = random;
  }

  join(request: JoinGroupRequest, by: Requester, reply: JoinReply): void {
    const { shard } = this.rounds;
    const { groupId, memberId } = request;
    const isUnknown = memberId === UNKNOWN_MEMBER;
    let group = shard.groups.get(groupId);
    const isNewGroup = group === undefined;
    if (group === undefined) {
      if (!isUnknown) return refuse(reply, memberId, ErrorCode.UNKNOWN_MEMBER_ID);
      group = ClassicGroup.empty(groupId, shard.context.clock.wallMs());
      shard.groups.set(groupId, group);
    }
    this.wrote = false;
    const join: Join = { request, by, reply, why: request.reason || 'not provided' };
    if (!this.accepts(group, memberId)) {
      group.remove(memberId);
      refuse(reply, UNKNOWN_MEMBER, ErrorCode.GROUP_MAX_SIZE_REACHED);
    } else if (isUnknown) this.joinNew(group, join);
    else this.joinAgain(group, join);
    if (isNewGroup && !this.wrote) this.storeNew(group, join);
  }

  /** A group that has just come to be is written, so that it is known after a fail-over. */
  private storeNew(group: ClassicGroup, { reply, request }: Join): void {
    const { shard } = this.rounds;
    shard.write([newGroupRecord(group)], [], (error) => {
      if (error === ErrorCode.NONE || group.state === 'Dead') return;
      if (group.members.size > 0 || group.pendingJoins.size > 0) return;
      shard.groups.delete(group.groupId);
      refuse(reply, request.memberId, coordinatorError(error));
    });
  }

  private accepts(group: ClassicGroup, memberId: string): boolean {
    const { maxGroupSize } = this.rounds.settings;
    const member = group.members.get(memberId);
    switch (group.state) {
      case 'Empty':
      case 'Dead':
        return true;
      case 'PreparingRebalance':
        return member?.awaitingJoin != null || group.awaitingJoinCount < maxGroupSize;
      default:
        return member !== undefined || group.members.size < maxGroupSize;
    }
  }

  private joinNew(group: ClassicGroup, join: Join): void {
    const { request, by, reply } = join;
    if (group.state === 'Dead') {
      return refuse(reply, UNKNOWN_MEMBER, ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }
    if (!group.supports(request.protocolType, request.protocols)) {
      return refuse(reply, UNKNOWN_MEMBER, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    const instanceId = request.groupInstanceId;
    const memberId = `${instanceId ?? by.clientId}-${randomUuid(this.random)}`;
    const known = instanceId === null ? undefined : group.staticMembers.get(instanceId);
    if (known !== undefined) this.joinInPlaceOf(group, known, memberId, join);
    else if (instanceId !== null || by.apiVersion < FIRST_WITH_MEMBER_ID_REQUIRED) {
      this.add(group, memberId, join);
    } else {
      this.rounds.expectJoin(group, memberId, request.sessionTimeoutMs);
      refuse(reply, memberId, ErrorCode.MEMBER_ID_REQUIRED);
    }
  }

  private joinAgain(group: ClassicGroup, join: Join): void {
    const { request, reply, why } = join;
    const { memberId, groupInstanceId } = request;
    if (group.state === 'Dead') {
      return refuse(reply, memberId, ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }
    if (!group.supports(request.protocolType, request.protocols)) {
      return refuse(reply, memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (group.pendingJoins.has(memberId)) return this.add(group, memberId, join);
    const error = group.checkMember(memberId, groupInstanceId);
    if (error !== ErrorCode.NONE) return refuse(reply, memberId, error);
    const member = group.members.get(memberId) as GroupMember;
    const saysTheSame = member.matches(request.protocols);
    switch (group.state) {
      case 'PreparingRebalance':
        return this.update(group, member, join, `${memberId} joins; ${why}`);
      case 'CompletingRebalance':
        // It may not have got the answer to its JoinGroup.
        if (saysTheSame) reply(group.joined(memberId));
        else this.update(group, member, join, `${memberId} says something new; ${why}`);
        return;
      case 'Stable':
        // Whoever leads may ask for another assignment, for more partitions perhaps.
        if (group.leaderId === memberId) {
          this.update(group, member, join, `the leader joins again; ${why}`);
        } else if (!saysTheSame) {
          this.update(group, member, join, `${memberId} says something new; ${why}`);
        } else reply({ ...group.joined(memberId), members: [] });
        return;
      default:
        refuse(reply, memberId, ErrorCode.UNKNOWN_MEMBER_ID);
    }
  }

  private update(group: ClassicGroup, member: GroupMember, join: Join, why: string): void {
    group.update(member, saidBy(join.request), join.reply);
    this.rounds.rebalanceOrComplete(group, why);
  }

  private add(group: ClassicGroup, memberId: string, join: Join): void {
    const { request, by, reply, why } = join;
    const member = new GroupMember({
      memberId,
      instanceId: request.groupInstanceId,
      clientId: by.clientId,
      clientHost: by.host,
      protocolType: request.protocolType,
      ...saidBy(request),
    });
    member.isNew = true;
    const isFirstRound = group.state === 'PreparingRebalance' && group.previousState === 'Empty';
    if (isFirstRound) group.newMemberAdded = true;
    group.add(member, reply);
    this.tellJoined(group, member);
    // It cannot send heartbeats before it knows its id.
    this.rounds.expectHeartbeat(group, member, NEW_MEMBER_JOIN_TIMEOUT_MS);
    this.rounds.rebalanceOrComplete(group, `${memberId} joins; ${why}`);
  }

  private tellJoined(group: ClassicGroup, { memberId, clientId, instanceId }: GroupMember): void {
    const { groupId, generation } = group;
    const { trace } = this.rounds.shard.context;
    trace.emit('group.joined', groupId, generation, memberId, clientId, instanceId ?? '');
  }

  /**
   * A static member comes back as another process. In a stable group whose protocol stays the
   * same it gets the old one's assignment without a round, once its new id is stored.
   */
  private joinInPlaceOf(group: ClassicGroup, oldId: string, newId: string, join: Join): void {
    const { request, reply, why } = join;
    const instanceId = request.groupInstanceId as string;
    const old = group.members.get(oldId) as GroupMember;
    const leaderBefore = group.leaderId;
    this.rounds.endSession(old);
    const member = group.replaceStatic(instanceId, oldId, newId);
    this.rounds.expectHeartbeat(group, member);
    const before = saidByMember(member);
    group.update(member, saidBy(request), reply);
    this.tellJoined(group, member);
    if (group.state === 'CompletingRebalance') {
      // The old id may be with the leader already, for an assignment.
      return this.rounds.prepareRebalance(group, `static member ${instanceId} is back; ${why}`);
    }
    if (group.state !== 'Stable') return this.rounds.maybeCompleteJoin(group);
    if (group.protocolName !== group.selectProtocol()) {
      const words = `static member ${instanceId} is back with other protocols; ${why}`;
      return this.rounds.rebalanceOrComplete(group, words);
    }
    this.wrote = true;
    this.rounds.store(group, new Map(), (error) => {
      if (error === ErrorCode.NONE) {
        group.answerJoin(member, this.backInPlace(group, newId, leaderBefore, join.by));
        return;
      }
      if (group.state === 'Dead' || group.members.get(newId) !== member) return;
      group.update(member, before, null);
      this.rounds.endSession(member);
      const restored = group.replaceStatic(instanceId, newId, oldId);
      this.rounds.expectHeartbeat(group, restored);
      const errorCode = coordinatorError(error);
      const said = { ...group.joined(UNKNOWN_MEMBER), members: [], leader: leaderBefore ?? '' };
      reply({ ...said, errorCode });
    });
  }

  private backInPlace(
    group: ClassicGroup,
    memberId: string,
    leaderBefore: string | null,
    by: Requester,
  ) {
    const joined = group.joined(memberId);
    if (by.apiVersion >= FIRST_WITH_SKIP_ASSIGNMENT) {
      return { ...joined, skipAssignment: group.leaderId === memberId };
    }
    // Told of the former leader, it does not take itself for the one that assigns.
    return { ...joined, members: [], leader: leaderBefore ?? '' };
  }
}

function refuse(reply: JoinReply, memberId: string, errorCode: ErrorCode): void {
  reply(joinGroupResponse({ memberId, errorCode, protocolName: null }));
}

/** Request bytes are views into a frame that goes away. */
function copied({ protocols }: JoinGroupRequest) {
  return protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() }));
}

function saidBy(request: JoinGroupRequest) {
  const { sessionTimeoutMs, rebalanceTimeoutMs } = request;
  return {
    protocols: copied(request),
    sessionTimeoutMs,
    // Version 0 has no rebalance time-out.
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
  };
}

function saidByMember({ protocols, sessionTimeoutMs, rebalanceTimeoutMs }: GroupMember) {
  return { protocols, sessionTimeoutMs, rebalanceTimeoutMs };
}

/** Random (version 4), in the form of java.util.UUID. */
function randomUuid(random: RandomStream): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += (bytes[i] as number).toString(16).padStart(2, '0');
  }
  return text;
}
