/**
 * The state of a classic group: who is in it, which generation it is in, and whether a round of
 * rebalancing goes on (Kafka: ClassicGroup; KIP-62, KIP-345). It knows no clock, no log and no
 * network; `rebalances.ts` moves it.
 */
import { assert } from '../base/assert.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  type JoinGroupResponse,
  type JoinGroupResponseMember,
  joinGroupResponse,
  joinGroupResponseMember,
} from '../wire/generated/join-group-response.ts';
import {
  type SyncGroupResponse,
  syncGroupResponse,
} from '../wire/generated/sync-group-response.ts';
import { CONSUMER_PROTOCOL, subscribedTopics } from './consumer-protocol.ts';
import { GroupMember, type JoinReply, type MemberProtocol } from './member.ts';

export type GroupState = 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead' | 'Empty';

/** From which states each state may be entered. */
const PREVIOUS: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Stable', 'PreparingRebalance', 'CompletingRebalance', 'Empty', 'Dead'],
};

/** What a group is loaded as. */
export interface GroupOutline {
  readonly state: 'Empty' | 'Stable';
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string | null;
  /** null: not known (old records). */
  readonly stateSinceMs: number | null;
}

export class ClassicGroup {
  readonly groupId: string;
  state: GroupState;
  previousState: GroupState = 'Dead';
  stateSinceMs: number | null;
  generation: number;
  /** null: nobody has ever joined; its offsets are a standalone consumer's. */
  protocolType: string | null;
  protocolName: string | null;
  leaderId: string | null;
  /** In the order of joining. */
  readonly members = new Map<string, GroupMember>();
  /** By group.instance.id. */
  readonly staticMembers = new Map<string, string>();
  /** Were given an id and have not come back with it yet. */
  readonly pendingJoins = new Set<string>();
  /** Have joined the generation and not fetched their assignment yet. */
  readonly pendingSyncs = new Set<string>();
  /** null: not known. */
  subscribed: ReadonlySet<string> | null = null;
  /** Somebody came while the first round waited for more. */
  newMemberAdded = false;
  awaitingJoinCount = 0;

  constructor(groupId: string, outline: GroupOutline) {
    this.groupId = groupId;
    this.state = outline.state;
    this.generation = outline.generation;
    this.protocolType = outline.protocolType;
    this.protocolName = outline.protocolName;
    this.leaderId = outline.leaderId;
    this.stateSinceMs = outline.stateSinceMs;
  }

  /** A group that nobody has joined yet. */
  static empty(groupId: string, nowMs: number): ClassicGroup {
    return new ClassicGroup(groupId, {
      state: 'Empty',
      generation: 0,
      protocolType: null,
      protocolName: null,
      leaderId: null,
      stateSinceMs: nowMs,
    });
  }

  get isConsumerGroup(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL;
  }

  get hasAllMembersJoined(): boolean {
    return this.members.size === this.awaitingJoinCount && this.pendingJoins.size === 0;
  }

  get canRebalance(): boolean {
    return PREVIOUS.PreparingRebalance.includes(this.state);
  }

  get isRebalancing(): boolean {
    return this.state === 'PreparingRebalance' || this.state === 'CompletingRebalance';
  }

  /** The longest that any member asks for. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const { rebalanceTimeoutMs } of this.members.values()) {
      longest = Math.max(longest, rebalanceTimeoutMs);
    }
    return longest;
  }

  transitionTo(state: GroupState, nowMs: number): void {
    const words = `group ${this.groupId} cannot become ${state}, it is ${this.state}`;
    assert(PREVIOUS[state].includes(this.state), words);
    this.previousState = this.state;
    this.state = state;
    this.stateSinceMs = nowMs;
  }

  add(member: GroupMember, awaitingJoin: JoinReply | null): void {
    const { memberId, instanceId } = member;
    if (instanceId !== null) {
      assert(!this.staticMembers.has(instanceId), `${instanceId} is a member already`);
      this.staticMembers.set(instanceId, memberId);
    }
    if (this.members.size === 0) this.protocolType = member.protocolType;
    this.leaderId ??= memberId;
    this.members.set(memberId, member);
    this.setAwaitingJoin(member, awaitingJoin);
    this.pendingJoins.delete(memberId);
  }

  /** The next in order leads in its place. */
  remove(memberId: string): void {
    const member = this.members.get(memberId);
    if (member !== undefined) {
      this.members.delete(memberId);
      this.setAwaitingJoin(member, null);
      if (member.instanceId !== null) this.staticMembers.delete(member.instanceId);
    }
    if (this.leaderId === memberId) {
      const [next] = this.members.keys();
      this.leaderId = next ?? null;
    }
    this.pendingJoins.delete(memberId);
    this.pendingSyncs.delete(memberId);
  }

  /** Replaces what the member says of itself. */
  update(
    member: GroupMember,
    said: {
      protocols: readonly MemberProtocol[];
      rebalanceTimeoutMs: number;
      sessionTimeoutMs: number;
    },
    awaitingJoin: JoinReply | null,
  ): void {
    member.protocols = said.protocols;
    member.rebalanceTimeoutMs = said.rebalanceTimeoutMs;
    member.sessionTimeoutMs = said.sessionTimeoutMs;
    this.setAwaitingJoin(member, awaitingJoin);
  }

  private setAwaitingJoin(member: GroupMember, reply: JoinReply | null): void {
    if (member.awaitingJoin !== null) this.awaitingJoinCount -= 1;
    if (reply !== null) this.awaitingJoinCount += 1;
    member.awaitingJoin = reply;
  }

  /**
   * Another process with the same group.instance.id takes the member's place; whatever the old
   * one still waits for is fenced. @returns the member under its new id.
   */
  replaceStatic(instanceId: string, oldMemberId: string, newMemberId: string): GroupMember {
    const old = this.members.get(oldMemberId);
    assert(old !== undefined, `${oldMemberId} cannot be replaced, it is no member`);
    const errorCode = ErrorCode.FENCED_INSTANCE_ID;
    this.answerJoin(old, joinGroupResponse({ errorCode, memberId: oldMemberId }));
    this.answerSync(old, syncGroupResponse({ errorCode }));
    const { clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs } = old;
    const { protocolType, protocols, assignment } = old;
    const timeouts = { rebalanceTimeoutMs, sessionTimeoutMs };
    const details = { memberId: newMemberId, instanceId, clientId, clientHost, ...timeouts };
    const member = new GroupMember({ ...details, protocolType, protocols }, assignment);
    this.members.delete(oldMemberId);
    this.members.set(newMemberId, member);
    if (this.leaderId === oldMemberId) this.leaderId = newMemberId;
    this.staticMembers.set(instanceId, newMemberId);
    return member;
  }

  /** Whether somebody who has joined this round leads now; none may be left who could. */
  electJoinedLeader(): boolean {
    if (this.leaderId === null) return false;
    if (this.members.get(this.leaderId)?.awaitingJoin) return true;
    for (const member of this.members.values()) {
      if (member.awaitingJoin === null) continue;
      this.leaderId = member.memberId;
      return true;
    }
    return false;
  }

  answerJoin(member: GroupMember, response: JoinGroupResponse): boolean {
    const reply = member.awaitingJoin;
    if (reply === null) return false;
    this.setAwaitingJoin(member, null);
    reply(response);
    return true;
  }

  answerSync(member: GroupMember, response: SyncGroupResponse): boolean {
    const reply = member.awaitingSync;
    if (reply === null) return false;
    member.awaitingSync = null;
    reply(response);
    return true;
  }

  /** Whether the one who asks is who the group knows by that id. */
  checkMember(memberId: string, instanceId: string | null): ErrorCode {
    if (instanceId !== null) {
      const known = this.staticMembers.get(instanceId);
      if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
      if (known !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
    }
    return this.members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
  }

  /** Whether some protocol of the joining one is supported by everybody. */
  supports(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0;
    if (this.protocolType !== protocolType) return false;
    if (this.members.size === 0) return protocols.length > 0;
    const common = this.commonProtocols();
    return protocols.some(({ name }) => common.has(name));
  }

  /** Those that all members support. */
  private commonProtocols(): Set<string> {
    const [first, ...others] = this.members.values();
    const names = (first?.protocols ?? []).map(({ name }) => name);
    const inAll = (name: string): boolean =>
      others.every((one) => one.protocols.some((protocol) => protocol.name === name));
    return new Set(names.filter(inAll));
  }

  /** The common protocol with the most votes; of equals, the one voted for first. */
  selectProtocol(): string {
    const candidates = this.commonProtocols();
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const name = member.vote(candidates);
      votes.set(name, (votes.get(name) ?? 0) + 1);
    }
    let chosen = '';
    let most = 0;
    for (const [name, count] of votes) {
      if (count <= most) continue;
      chosen = name;
      most = count;
    }
    assert(most > 0, `group ${this.groupId} has no member to vote`);
    return chosen;
  }

  beginGeneration(nowMs: number): void {
    this.generation += 1;
    const isEmpty = this.members.size === 0;
    this.protocolName = isEmpty ? null : this.selectProtocol();
    this.learnSubscription();
    this.transitionTo(isEmpty ? 'Empty' : 'CompletingRebalance', nowMs);
    this.pendingSyncs.clear();
  }

  /** Looks up to which topics the members of a consumer group have subscribed. */
  learnSubscription(): void {
    this.subscribed = this.isConsumerGroup ? this.subscriptionOfAll() : null;
  }

  private subscriptionOfAll(): ReadonlySet<string> | null {
    const all = new Set<string>();
    for (const member of this.members.values()) {
      if (this.protocolName === null) return null;
      const topics = subscribedTopics(member.metadataOf(this.protocolName));
      if (topics === null) return null;
      for (const topic of topics) all.add(topic);
    }
    return all;
  }

  /** What is not known counts as subscribed. */
  isSubscribedTo(topic: string): boolean {
    return this.subscribed?.has(topic) ?? this.isConsumerGroup;
  }

  /** What a member hears of its generation; whoever leads also hears of all the others. */
  joined(memberId: string): JoinGroupResponse {
    return joinGroupResponse({
      generationId: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader: this.leaderId ?? '',
      memberId,
      members: this.leaderId === memberId ? this.currentMembers() : [],
    });
  }

  currentMembers(): JoinGroupResponseMember[] {
    return [...this.members.values()].map((member) =>
      joinGroupResponseMember({
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        metadata: member.metadataOf(this.protocolName ?? ''),
      }),
    );
  }
}
