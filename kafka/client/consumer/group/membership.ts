/**
 * A consumer's membership in its group: joining, syncing, heartbeats, leaving (Kafka:
 * AbstractCoordinator). Joining goes on only while the application polls; heartbeats go on by
 * themselves, until the application has not polled for max.poll.interval.ms: then it leaves.
 */
import { Timer } from '../../../base/timers.ts';
import type { RandomStream } from '../../../host.ts';
import type { NodeRuntime } from '../../../rpc/node-runtime.ts';
import type { RpcReply } from '../../../rpc/rpc-channel.ts';
import { apis } from '../../../wire/apis.ts';
import { ErrorCode, errorMessage, errorName } from '../../../wire/errors.ts';
import { heartbeatRequest } from '../../../wire/generated/heartbeat-request.ts';
import {
  joinGroupRequest,
  joinGroupRequestProtocol,
} from '../../../wire/generated/join-group-request.ts';
import type {
  JoinGroupResponse,
  JoinGroupResponseMember,
} from '../../../wire/generated/join-group-response.ts';
import { leaveGroupRequest, memberIdentity } from '../../../wire/generated/leave-group-request.ts';
import {
  syncGroupRequest,
  syncGroupRequestAssignment,
} from '../../../wire/generated/sync-group-request.ts';
import type { SyncGroupResponse } from '../../../wire/generated/sync-group-response.ts';
import { backoffMs } from '../../backoff.ts';
import type { ConsumerSettings, GroupSettings } from '../consumer-settings.ts';
import type { ConsumerError } from '../partition-state.ts';
import { PROTOCOL_TYPE } from './consumer-protocol.ts';
import type { CoordinatorLink } from './coordinator-link.ts';

/** The first version of LeaveGroup that names several members (KIP-345). */
const LEAVES_TOGETHER = 3;

export interface Generation {
  readonly id: number;
  readonly memberId: string;
  readonly protocolName: string;
}

const NO_GENERATION: Generation = { id: -1, memberId: '', protocolName: '' };
/** A JoinGroup is answered when the round ends; the network needs a little more. */
const JOIN_GRACE_MS = 5_000;

/** What membership needs of the consumer that it is a part of. */
export interface GroupMember {
  /** Whether the application waits in a poll. */
  readonly isPolling: boolean;
  /** What it says of itself, for each of its assignors. */
  subscriptions(): readonly { readonly name: string; readonly metadata: Uint8Array }[];
  /** Commits and gives up what it must before it joins; false: not done yet. */
  prepareJoin(generation: Generation): boolean;
  /** As the leader of a generation; by member id. null: metadata is missing, it is asked for. */
  assign(
    protocolName: string,
    members: readonly JoinGroupResponseMember[],
  ): ReadonlyMap<string, Uint8Array> | null;
  /** It is in a generation, as its leader or not. */
  follows(isLeader: boolean): void;
  joined(generation: Generation, assignment: Uint8Array): void;
  /** Something that a waiting poll should look at. */
  changed(): void;
}

type JoinOutcome =
  | { readonly kind: 'assigned'; readonly assignment: Uint8Array }
  | { readonly kind: 'again'; readonly wait: boolean }
  | { readonly kind: 'fatal'; readonly error: ConsumerError };

export class Membership {
  state: 'unjoined' | 'preparing' | 'completing' | 'stable' = 'unjoined';
  generation: Generation = NO_GENERATION;
  /** Reported by the next poll. */
  error: ConsumerError | null = null;
  private readonly runtime: NodeRuntime;
  private readonly settings: ConsumerSettings;
  private readonly group: GroupSettings;
  private readonly link: CoordinatorLink;
  private readonly member: GroupMember;
  private readonly random: RandomStream;
  private rejoinNeeded = true;
  private rejoinReason = '';
  private needsPrepare = true;
  /** A join is under way; its outcome waits for the next poll. */
  private joining = false;
  private outcome: JoinOutcome | null = null;
  /** Tells answers to this join from those to an earlier one. */
  private attempt = 0;
  /** The leader of a generation waits for metadata to assign by. */
  private toAssign: JoinGroupResponse | null = null;
  private failures = 0;
  private joinAtMs = 0;
  private readonly joinTimer = new Timer(() => this.member.changed());
  private readonly heartbeatTimer = new Timer(() => this.tick());
  private heartbeatsOn = false;
  private heartbeatInFlight = false;
  private heartbeatAtMs = 0;
  private sessionEndMs = 0;
  private pollEndMs = 0;

  constructor(
    runtime: NodeRuntime,
    settings: ConsumerSettings & { readonly group: GroupSettings },
    link: CoordinatorLink,
    member: GroupMember,
  ) {
    this.runtime = runtime;
    this.settings = settings;
    this.group = settings.group;
    this.link = link;
    this.member = member;
    this.random = runtime.host.random.stream('group-backoff');
  }

  get isRebalancing(): boolean {
    return this.state === 'preparing' || this.state === 'completing';
  }

  /** A round is needed or under way. */
  get isJoining(): boolean {
    return this.rejoinNeeded || this.joining;
  }

  /** The application polls: brings joining on as far as it comes. */
  poll(): void {
    this.pollEndMs = this.runtime.nowMs + this.group.maxPollIntervalMs;
    while (this.error === null && this.isJoining && this.joinStep());
    this.armHeartbeats();
  }

  /** @returns whether there is more to do at once. */
  private joinStep(): boolean {
    if (this.outcome !== null) return this.take(this.outcome);
    if (this.joining) return false;
    const { nowMs, timers } = this.runtime;
    if (!this.link.isReady) {
      this.link.look();
      return false;
    }
    if (nowMs < this.joinAtMs) {
      timers.arm(this.joinTimer, this.joinAtMs);
      return false;
    }
    if (this.needsPrepare) {
      this.needsPrepare = false;
      if (!this.member.prepareJoin(this.generation)) {
        this.needsPrepare = true;
        return false;
      }
    }
    this.join();
    return false;
  }

  private take(outcome: JoinOutcome): boolean {
    this.outcome = null;
    this.joining = false;
    if (outcome.kind === 'assigned') {
      if (this.state !== 'stable' || this.generation.id < 0) {
        this.resetAndRejoin('the membership was lost before it began', true);
        return true;
      }
      this.failures = 0;
      this.needsPrepare = true;
      this.member.joined(this.generation, outcome.assignment);
      return true;
    }
    if (outcome.kind === 'fatal') {
      this.error = outcome.error;
      return false;
    }
    if (outcome.wait) {
      const { retryBackoffMs, retryBackoffMaxMs } = this.settings;
      const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, this.failures, this.random);
      this.joinAtMs = this.runtime.nowMs + waitMs;
      this.failures += 1;
    }
    return true;
  }

  private settle(outcome: JoinOutcome): void {
    this.outcome = outcome;
    this.member.changed();
  }

  private again(why: string, wait: boolean): void {
    this.requestRejoin(why);
    this.settle({ kind: 'again', wait });
  }

  private fail(code: ErrorCode): void {
    this.requestRejoin(`the round failed: ${errorName(code)}`);
    this.settle({ kind: 'fatal', error: errorOf(code) });
  }

  // Joining

  private join(): void {
    const { groupId, instanceId, sessionTimeoutMs, maxPollIntervalMs } = this.group;
    this.state = 'preparing';
    this.toAssign = null;
    this.heartbeatsOn = false;
    this.joining = true;
    const request = joinGroupRequest({
      groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs: maxPollIntervalMs,
      memberId: this.generation.memberId,
      groupInstanceId: instanceId,
      protocolType: PROTOCOL_TYPE,
      protocols: this.member.subscriptions().map((one) => joinGroupRequestProtocol(one)),
      reason: this.rejoinReason,
    });
    const timeoutMs = Math.max(this.settings.requestTimeoutMs, maxPollIntervalMs + JOIN_GRACE_MS);
    const sent = this.generation;
    this.attempt += 1;
    const { attempt } = this;
    const onReply = (reply: RpcReply<JoinGroupResponse>): void => {
      if (this.joining && this.attempt === attempt) this.joinAnswered(reply, sent);
    };
    this.link.send(apis.JoinGroup, request, onReply, timeoutMs);
  }

  private joinAnswered(reply: RpcReply<JoinGroupResponse>, sent: Generation): void {
    if (reply.kind === 'unsupported') return this.fail(ErrorCode.UNSUPPORTED_VERSION);
    if (reply.kind !== 'response') return this.lost();
    const { body } = reply;
    const { errorCode } = body;
    switch (errorCode) {
      case ErrorCode.NONE:
        return this.sync(body);
      case ErrorCode.UNKNOWN_MEMBER_ID:
        if (this.generation === sent) this.resetAndRejoin('the coordinator does not know it', true);
        return this.again('the coordinator does not know it', false);
      case ErrorCode.MEMBER_ID_REQUIRED:
        this.generation = { ...NO_GENERATION, memberId: body.memberId };
        this.requestRejoin(`need to re-join with the given member-id: ${body.memberId}`);
        return this.settle({ kind: 'again', wait: false });
      case ErrorCode.COORDINATOR_LOAD_IN_PROGRESS:
        return this.again('the coordinator is loading', true);
      case ErrorCode.REBALANCE_IN_PROGRESS:
        return this.again('a round is going on', false);
      case ErrorCode.COORDINATOR_NOT_AVAILABLE:
      case ErrorCode.NOT_COORDINATOR:
        this.link.markUnknown();
        return this.again('the coordinator has moved', true);
      default:
        return this.fail(errorCode);
    }
  }

  private lost(): void {
    this.again('the connection to the coordinator was lost', true);
  }

  private sync(joined: JoinGroupResponse): void {
    if (this.state !== 'preparing') return this.again('it has left the group meanwhile', true);
    this.state = 'completing';
    const { generationId: id, memberId, protocolName, leader, skipAssignment } = joined;
    this.generation = { id, memberId, protocolName: protocolName ?? '' };
    this.enableHeartbeats();
    const isLeader = leader === memberId;
    this.member.follows(isLeader);
    if (!isLeader || skipAssignment) return this.sendSync(new Map());
    this.toAssign = joined;
    this.metadataChanged();
  }

  /** The leader may know now how many partitions there are to assign. */
  metadataChanged(): void {
    const { toAssign, generation } = this;
    if (toAssign === null || this.state !== 'completing') return;
    const assignments = this.member.assign(generation.protocolName, toAssign.members);
    if (assignments === null) return;
    this.toAssign = null;
    this.sendSync(assignments);
  }

  private sendSync(assignments: ReadonlyMap<string, Uint8Array>): void {
    const { id: generationId, memberId, protocolName } = this.generation;
    const request = syncGroupRequest({
      groupId: this.group.groupId,
      generationId,
      memberId,
      groupInstanceId: this.group.instanceId,
      protocolType: PROTOCOL_TYPE,
      protocolName,
      assignments: [...assignments].map(([member, assignment]) =>
        syncGroupRequestAssignment({ memberId: member, assignment }),
      ),
    });
    const sent = this.generation;
    const { attempt } = this;
    const isSent = this.link.send(apis.SyncGroup, request, (reply) => {
      if (this.joining && this.attempt === attempt) this.syncAnswered(reply, sent);
    });
    if (!isSent) this.lost();
  }

  private syncAnswered(reply: RpcReply<SyncGroupResponse>, sent: Generation): void {
    if (reply.kind === 'unsupported') return this.fail(ErrorCode.UNSUPPORTED_VERSION);
    if (reply.kind !== 'response') return this.lost();
    const { errorCode, protocolName, assignment } = reply.body;
    switch (errorCode) {
      case ErrorCode.NONE:
        if (this.generation !== sent || this.state !== 'completing') {
          return this.again('the generation was lost meanwhile', false);
        }
        if (protocolName !== null && protocolName !== sent.protocolName) {
          return this.fail(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        this.state = 'stable';
        this.rejoinNeeded = false;
        this.rejoinReason = '';
        return this.settle({ kind: 'assigned', assignment: assignment.slice() });
      case ErrorCode.REBALANCE_IN_PROGRESS:
        return this.again('another round has begun', false);
      case ErrorCode.UNKNOWN_MEMBER_ID:
      case ErrorCode.ILLEGAL_GENERATION: {
        const forgotten = errorCode === ErrorCode.UNKNOWN_MEMBER_ID;
        if (this.generation === sent) this.resetAndRejoin(errorName(errorCode), forgotten);
        return this.again('another round has ended', false);
      }
      case ErrorCode.COORDINATOR_NOT_AVAILABLE:
      case ErrorCode.NOT_COORDINATOR:
        this.link.markUnknown();
        return this.again('the coordinator has moved', true);
      case ErrorCode.COORDINATOR_LOAD_IN_PROGRESS:
        return this.again('the coordinator is loading', true);
      default:
        return this.fail(errorCode);
    }
  }

  /** The next poll joins anew. */
  requestRejoin(why: string): void {
    if (!this.rejoinNeeded) {
      this.runtime.host.trace.emit('consumer.rejoins', this.group.groupId, why);
    }
    this.rejoinNeeded = true;
    this.rejoinReason = why;
  }

  /** It is in no generation any more; what it held counts as lost. */
  resetAndRejoin(why: string, forgetsMemberId: boolean): void {
    this.state = 'unjoined';
    const { memberId } = this.generation;
    this.generation = forgetsMemberId ? NO_GENERATION : { ...NO_GENERATION, memberId };
    this.requestRejoin(why);
    this.needsPrepare = true;
  }

  // Heartbeats

  private enableHeartbeats(): void {
    const { nowMs } = this.runtime;
    this.heartbeatsOn = true;
    this.heartbeatInFlight = false;
    this.heartbeatAtMs = nowMs + this.group.heartbeatIntervalMs;
    this.sessionEndMs = nowMs + this.group.sessionTimeoutMs;
    this.pollEndMs = nowMs + this.group.maxPollIntervalMs;
    this.armHeartbeats();
  }

  private armHeartbeats(): void {
    const { timers } = this.runtime;
    if (!this.heartbeatsOn) return timers.cancel(this.heartbeatTimer);
    const heartbeatAtMs = this.heartbeatInFlight ? Number.POSITIVE_INFINITY : this.heartbeatAtMs;
    // What is overdue needs the coordinator, whose coming tells.
    const earliest = this.link.isReady
      ? Math.min(heartbeatAtMs, this.sessionEndMs, this.pollEndMs)
      : Number.POSITIVE_INFINITY;
    timers.arm(this.heartbeatTimer, earliest);
  }

  private tick(): void {
    if (!this.heartbeatsOn || this.state === 'unjoined' || this.state === 'preparing') {
      this.heartbeatsOn = false;
      return;
    }
    const { nowMs } = this.runtime;
    if (!this.link.isReady) this.link.look();
    else if (nowMs >= this.sessionEndMs) this.link.markUnknown();
    else if (nowMs >= this.pollEndMs) this.pollOverdue();
    else if (nowMs >= this.heartbeatAtMs && !this.heartbeatInFlight) this.beat();
    this.armHeartbeats();
  }

  private pollOverdue(): void {
    if (this.member.isPolling) this.pollEndMs = this.runtime.nowMs + this.group.maxPollIntervalMs;
    else this.leave('consumer poll timeout has expired.');
  }

  private beat(): void {
    const { groupId, instanceId, heartbeatIntervalMs } = this.group;
    this.heartbeatInFlight = true;
    this.heartbeatAtMs = this.runtime.nowMs + heartbeatIntervalMs;
    const sent = this.generation;
    const request = heartbeatRequest({
      groupId,
      generationId: sent.id,
      memberId: sent.memberId,
      groupInstanceId: instanceId,
    });
    this.link.send(apis.Heartbeat, request, (reply) => {
      this.heartbeatInFlight = false;
      this.beatAnswered(reply.kind === 'response' ? reply.body.errorCode : null, sent);
      this.armHeartbeats();
    });
  }

  /** @param code null: no answer. */
  private beatAnswered(code: ErrorCode | null, sent: Generation): void {
    const isCurrent = this.generation === sent;
    switch (code) {
      case ErrorCode.NONE:
        this.sessionEndMs = this.runtime.nowMs + this.group.sessionTimeoutMs;
        return;
      case ErrorCode.REBALANCE_IN_PROGRESS:
        this.sessionEndMs = this.runtime.nowMs + this.group.sessionTimeoutMs;
        if (this.state !== 'stable') return;
        this.requestRejoin('group is already rebalancing');
        break;
      case ErrorCode.COORDINATOR_NOT_AVAILABLE:
      case ErrorCode.NOT_COORDINATOR:
        this.link.markUnknown();
        break;
      case ErrorCode.ILLEGAL_GENERATION:
      case ErrorCode.UNKNOWN_MEMBER_ID:
        if (!isCurrent) return;
        this.resetAndRejoin(errorName(code), code === ErrorCode.UNKNOWN_MEMBER_ID);
        break;
      case ErrorCode.FENCED_INSTANCE_ID:
        if (!isCurrent) return;
        this.error = errorOf(code);
        this.heartbeatsOn = false;
        break;
      default:
        break;
    }
    this.heartbeatAtMs = this.runtime.nowMs + this.settings.retryBackoffMs;
    this.member.changed();
  }

  /** The coordinator is known, or is not any more. */
  linkChanged(): void {
    const { nowMs } = this.runtime;
    if (!this.heartbeatsOn) return;
    if (this.link.isReady) this.sessionEndMs = nowMs + this.group.sessionTimeoutMs;
    else this.link.look();
    this.armHeartbeats();
  }

  // Leaving

  /** Static members are not told of: their place is kept for the session time-out. */
  leave(why: string, onReply: () => void = () => {}): void {
    const { groupId, instanceId } = this.group;
    const { memberId } = this.generation;
    const tells = instanceId === null && this.state !== 'unjoined' && memberId !== '';
    const request = leaveGroupRequest(
      this.link.versionOf(apis.LeaveGroup) < LEAVES_TOGETHER
        ? { groupId, memberId }
        : { groupId, members: [memberIdentity({ memberId, reason: why })] },
    );
    this.resetAndRejoin(why, true);
    this.heartbeatsOn = false;
    this.joining = false;
    this.outcome = null;
    this.toAssign = null;
    this.member.changed();
    const sent = tells && this.link.isReady && this.link.send(apis.LeaveGroup, request, onReply);
    if (!sent) onReply();
  }

  close(): void {
    this.heartbeatsOn = false;
    this.joining = false;
    this.runtime.timers.cancel(this.heartbeatTimer);
    this.runtime.timers.cancel(this.joinTimer);
  }
}

function errorOf(code: ErrorCode): ConsumerError {
  return { error: errorName(code), message: errorMessage(code) };
}
