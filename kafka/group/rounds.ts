/**
 * The rounds of a classic group: who may still join, when a round ends, what its members hear
 * (Kafka: GroupMetadataManager's classic half, whose steps these are one by one; KIP-134 for the
 * initial delay, KIP-345 for static members).
 */
import { Timer, type Timers } from '../base/timers.ts';
import { ErrorCode } from '../wire/errors.ts';
import { joinGroupResponse } from '../wire/generated/join-group-response.ts';
import { syncGroupResponse } from '../wire/generated/sync-group-response.ts';
import type { ClassicGroup, GroupState } from './classic-group.ts';
import { assignedPartitions } from './consumer-protocol.ts';
import { groupRecord } from './group-records.ts';
import { type GroupMember, NO_ASSIGNMENT } from './member.ts';
import { coordinatorError, type GroupShard } from './shard.ts';

export interface RoundSettings {
  readonly initialRebalanceDelayMs: number;
  readonly maxGroupSize: number;
}

/** A JoinGroup of somebody new is given up after this long: its client will have gone. */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

export class Rounds {
  readonly shard: GroupShard;
  readonly settings: RoundSettings;
  private readonly timers: Timers;
  private readonly joinTimers = new Map<ClassicGroup, Timer>();
  private readonly syncTimers = new Map<ClassicGroup, Timer>();

  constructor(shard: GroupShard, settings: RoundSettings, timers: Timers) {
    this.shard = shard;
    this.settings = settings;
    this.timers = timers;
  }

  private get clock() {
    return this.shard.context.clock;
  }
  private get trace() {
    return this.shard.context.trace;
  }

  /** On the monotonic clock. */
  private inMs(delayMs: number): number {
    return this.clock.monotonicMs() + delayMs;
  }

  private tell(group: ClassicGroup, why: string): void {
    const { groupId, state, generation, members } = group;
    this.trace.emit('group.changed', groupId, state, generation, members.size, why);
  }

  private transition(group: ClassicGroup, state: GroupState, why: string): void {
    group.transitionTo(state, this.clock.wallMs());
    this.tell(group, why);
  }

  /** The coordinator has been loaded: from now on its members must be heard from. */
  resume(group: ClassicGroup): void {
    for (const member of group.members.values()) this.expectHeartbeat(group, member);
    if (group.members.size > this.settings.maxGroupSize) {
      this.prepareRebalance(group, 'the group is larger than group.max.size');
    }
  }

  // Sessions

  /** Starts the member's session anew. */
  expectHeartbeat(
    group: ClassicGroup,
    member: GroupMember,
    timeoutMs = member.sessionTimeoutMs,
  ): void {
    member.session ??= new Timer(() => this.sessionExpired(group, member));
    this.timers.arm(member.session, this.inMs(timeoutMs));
  }

  endSession(member: GroupMember): void {
    this.timers.cancel(member.session);
  }

  private sessionExpired(group: ClassicGroup, member: GroupMember): void {
    if (group.members.get(member.memberId) !== member || member.isHeardFrom) return;
    this.removeMember(group, member, 'session timed out');
    this.afterRemoval(group, `${member.memberId} was not heard from`);
  }

  /** An id was handed out; it is forgotten when nobody comes back with it in time. */
  expectJoin(group: ClassicGroup, memberId: string, timeoutMs: number): void {
    group.pendingJoins.add(memberId);
    this.timers.at(this.inMs(timeoutMs), () => {
      if (group.state === 'Dead' || !group.pendingJoins.delete(memberId)) return;
      this.completeIfAllJoined(group);
    });
  }

  /** The member is out; a JoinGroup of its that still waits is told so. */
  removeMember(group: ClassicGroup, member: GroupMember, why: string): void {
    const errorCode = ErrorCode.UNKNOWN_MEMBER_ID;
    group.answerJoin(member, joinGroupResponse({ errorCode, protocolName: null }));
    this.dropMember(group, member, why);
  }

  private dropMember(group: ClassicGroup, member: GroupMember, why: string): void {
    this.endSession(member);
    group.remove(member.memberId);
    const { memberId, clientId } = member;
    this.trace.emit('group.left', group.groupId, group.generation, memberId, clientId, why);
  }

  /** What a removal means for the round. */
  afterRemoval(group: ClassicGroup, why: string): void {
    if (group.canRebalance && group.state !== 'Empty') this.prepareRebalance(group, why);
    else this.completeIfAllJoined(group);
  }

  private completeIfAllJoined(group: ClassicGroup): void {
    if (group.state === 'PreparingRebalance' && group.hasAllMembersJoined) this.completeJoin(group);
  }

  // Joining

  /** Begins a round, or looks whether the one under way may end. */
  rebalanceOrComplete(group: ClassicGroup, why: string): void {
    if (group.canRebalance) this.prepareRebalance(group, why);
    else this.maybeCompleteJoin(group);
  }

  /** A first round is left to its delay. */
  maybeCompleteJoin(group: ClassicGroup): void {
    if (group.previousState === 'Empty') return;
    this.completeIfAllJoined(group);
  }

  prepareRebalance(group: ClassicGroup, why: string): void {
    if (group.state === 'CompletingRebalance') {
      this.refuseSyncs(group, ErrorCode.REBALANCE_IN_PROGRESS);
    }
    group.pendingSyncs.clear();
    this.timers.cancel(this.syncTimers.get(group) ?? null);
    const isFirst = group.state === 'Empty';
    this.transition(group, 'PreparingRebalance', why);
    if (isFirst) {
      const delayMs = this.settings.initialRebalanceDelayMs;
      const remainingMs = Math.max(group.rebalanceTimeoutMs - delayMs, 0);
      this.armJoin(group, delayMs, () => this.initialDelayOver(group, delayMs, remainingMs));
    } else if (group.hasAllMembersJoined) this.completeJoin(group);
    else this.armJoin(group, group.rebalanceTimeoutMs, () => this.completeJoin(group));
  }

  private armJoin(group: ClassicGroup, delayMs: number, fire: () => void): void {
    this.timers.cancel(this.joinTimers.get(group) ?? null);
    this.joinTimers.set(group, this.timers.at(this.inMs(delayMs), fire));
  }

  /** While members keep coming a first round waits on, within the rebalance time-out. */
  private initialDelayOver(group: ClassicGroup, delayMs: number, remainingMs: number): void {
    if (!group.newMemberAdded || remainingMs === 0) return this.completeJoin(group);
    group.newMemberAdded = false;
    const nextMs = Math.min(this.settings.initialRebalanceDelayMs, remainingMs);
    const leftMs = Math.max(remainingMs - delayMs, 0);
    this.armJoin(group, nextMs, () => this.initialDelayOver(group, nextMs, leftMs));
  }

  /** The round ends: who has not joined anew is out, unless its membership is static. */
  completeJoin(group: ClassicGroup): void {
    if (group.state === 'Dead') return;
    this.timers.cancel(this.joinTimers.get(group) ?? null);
    for (const member of [...group.members.values()]) {
      if (member.awaitingJoin !== null || member.instanceId !== null) continue;
      this.dropMember(group, member, 'did not rejoin');
    }
    if (!group.electJoinedLeader() && group.members.size > 0) {
      // Only static members are left and none of them has come: their sessions decide.
      this.armJoin(group, group.rebalanceTimeoutMs, () => this.completeJoin(group));
      return;
    }
    group.beginGeneration(this.clock.wallMs());
    this.tell(group, group.state === 'Empty' ? 'nobody is left' : 'all have joined');
    if (group.state === 'Empty') this.store(group, new Map(), () => {});
    else this.beginSync(group);
  }

  private beginSync(group: ClassicGroup): void {
    for (const member of group.members.values()) {
      group.answerJoin(member, group.joined(member.memberId));
      this.expectHeartbeat(group, member);
      member.isNew = false;
      group.pendingSyncs.add(member.memberId);
    }
    const { generation } = group;
    this.timers.cancel(this.syncTimers.get(group) ?? null);
    const timer = this.timers.at(this.inMs(group.rebalanceTimeoutMs), () =>
      this.syncOverdue(group, generation),
    );
    this.syncTimers.set(group, timer);
  }

  /** Who never asks for its assignment is out. */
  private syncOverdue(group: ClassicGroup, generation: number): void {
    const waits = group.state === 'CompletingRebalance' || group.state === 'Stable';
    if (!waits || group.generation !== generation || group.pendingSyncs.size === 0) return;
    for (const memberId of [...group.pendingSyncs]) {
      const member = group.members.get(memberId);
      if (member !== undefined) this.dropMember(group, member, 'did not sync');
    }
    this.prepareRebalance(group, 'members did not fetch their assignment');
  }

  // Assignments

  /** Takes the leader's assignment to the log; members get theirs once it is replicated. */
  assign(group: ClassicGroup, assignments: ReadonlyMap<string, Uint8Array>): void {
    const { generation } = group;
    this.store(group, assignments, (error) => {
      // Somebody may have joined meanwhile.
      if (group.state !== 'CompletingRebalance' || group.generation !== generation) return;
      if (error !== ErrorCode.NONE) {
        this.refuseSyncs(group, coordinatorError(error));
        this.rebalanceOrComplete(group, 'the assignment could not be stored');
        return;
      }
      for (const member of group.members.values()) {
        member.assignment = assignments.get(member.memberId) ?? NO_ASSIGNMENT;
        this.tellAssignment(group, member);
      }
      this.answerSyncs(group);
      this.transition(group, 'Stable', 'the assignment is stored');
    });
  }

  private tellAssignment(group: ClassicGroup, member: GroupMember): void {
    const { memberId, clientId, assignment } = member;
    const partitions = assignedPartitions(assignment);
    const { groupId, generation } = group;
    this.trace.emit('group.assigned', groupId, generation, memberId, clientId, partitions);
  }

  private answerSyncs(group: ClassicGroup): void {
    const { protocolType, protocolName } = group;
    for (const member of group.members.values()) {
      const { assignment } = member;
      const answer = syncGroupResponse({ protocolType, protocolName, assignment });
      if (group.answerSync(member, answer)) this.expectHeartbeat(group, member);
    }
  }

  private refuseSyncs(group: ClassicGroup, errorCode: ErrorCode): void {
    for (const member of group.members.values()) {
      member.assignment = NO_ASSIGNMENT;
      if (!group.answerSync(member, syncGroupResponse({ errorCode }))) continue;
      this.expectHeartbeat(group, member);
    }
  }

  /** A member has fetched its assignment, or is about to. */
  synced(group: ClassicGroup, memberId: string): void {
    group.pendingSyncs.delete(memberId);
    if (group.pendingSyncs.size === 0) this.timers.cancel(this.syncTimers.get(group) ?? null);
  }

  /** Writes the group with these assignments. */
  store(
    group: ClassicGroup,
    assignments: ReadonlyMap<string, Uint8Array>,
    stored: (error: ErrorCode) => void,
  ): void {
    this.shard.write([groupRecord(group, assignments)], [], stored);
  }

  /** The group is deleted, or this broker coordinates it no more. */
  end(group: ClassicGroup, why: string): void {
    this.transition(group, 'Dead', why);
    const errorCode = ErrorCode.NOT_COORDINATOR;
    for (const member of group.members.values()) {
      this.endSession(member);
      const { memberId } = member;
      group.answerJoin(member, joinGroupResponse({ errorCode, memberId, protocolName: null }));
      group.answerSync(member, syncGroupResponse({ errorCode }));
    }
    this.timers.cancel(this.joinTimers.get(group) ?? null);
    this.timers.cancel(this.syncTimers.get(group) ?? null);
    this.joinTimers.delete(group);
    this.syncTimers.delete(group);
  }
}
