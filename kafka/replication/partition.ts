/**
 * One replica of a partition on this broker, as leader or follower (Kafka: cluster/Partition).
 * The leader side keeps its followers' positions, decides the high watermark, and proposes ISR
 * changes (KIP-497); both sides follow leader and partition epochs from the metadata log.
 * What becomes possible by a change is only marked; waiting requests are completed at the end
 * of the step, so that no append or fetch is ever re-entered.
 */
import { assert, defined } from '../base/assert.ts';
import type { Uuid } from '../base/uuid.ts';
import { type LeaderAppend, refusedLeaderAppend } from '../log/append.ts';
import type { Log } from '../log/log.ts';
import type { Rules } from '../protocol/rules.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { PartitionAssignment } from './cluster-view.ts';
import type { FetchIsolation } from './fetch-read.ts';
import { FollowerState } from './follower-state.ts';
import { isEligible, isrMember } from './isr-members.ts';
import {
  afterRefusal,
  committedIsr,
  type IsrMember,
  type IsrProposal,
  type IsrState,
  isNews,
  NO_ISR,
  pendingIsr,
} from './isr-state.ts';
import { deleteRecords, type LowWatermark, lowWatermark } from './low-watermark.ts';
import { lookUpOffset, type OffsetLookup } from './offset-lookup.ts';
import type { PartitionContext } from './partition-context.ts';
import { preferredReplica } from './preferred-replica.ts';
import { RECHECK_DELETIONS, RECHECK_FETCHES, RECHECK_PRODUCES, Waiters } from './waiters.ts';

/** What an AlterPartition response says of a partition it changed (or found unchanged). */
export interface CommittedPartition {
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
}

/** What a follower does in the leader epoch that it was told of. */
export type Following = 'as-before' | 'anew' | 'goes-on';

/** Not replicated far enough yet: go on waiting. No error code is below -1. */
export const STILL_WAITING = -2;

export class Partition {
  readonly topic: string;
  readonly topicId: Uuid;
  readonly index: number;
  /** `orders-0`, as traces tell it. */
  readonly name: string;
  /** null while it cannot be used; `unavailable` then says why. */
  log: Log | null = null;
  /** KAFKA_STORAGE_ERROR: its directory is offline; others: the replica has left this broker. */
  unavailable: ErrorCode = ErrorCode.KAFKA_STORAGE_ERROR;
  /** -1: none known. */
  leader = -1;
  leaderEpoch = -1;
  partitionEpoch = -1;
  replicas: readonly number[] = [];
  /** Where this broker's log ended when it began the current leader epoch; -1 unless leader. */
  epochStartOffset = -1;
  isrState: IsrState = NO_ISR;
  /** The other replicas, while leader. */
  followers: FollowerState[] = [];
  readonly waiters = new Waiters();
  /** What the trace was last told. */
  private toldHighWatermark = 0;
  private readonly context: PartitionContext;
  readonly rules: Rules;

  constructor(context: PartitionContext, topic: string, topicId: Uuid, index: number) {
    this.context = context;
    this.rules = context.rules;
    this.topic = topic;
    this.topicId = topicId;
    this.index = index;
    this.name = `${topic}-${index}`;
  }

  get isLeader(): boolean {
    return this.leader === this.context.brokerId;
  }

  /** The log while this broker leads the partition and its directory works, else null. */
  get leaderLog(): Log | null {
    return this.leader === this.context.brokerId ? this.log : null;
  }

  /**
   * Leads from now on, or goes on leading with other replicas or another ISR. State that belongs
   * to an epoch is reset only when the leader epoch rises (KAFKA-13790).
   * @returns false when the assignment is older than what is known.
   */
  makeLeader(assignment: PartitionAssignment): boolean {
    if (assignment.partitionEpoch < this.partitionEpoch) return false;
    const log = defined(this.log, `${this.name} leads without a log`);
    const nowMs = this.context.clock.wallMs();
    const newLeader = !this.isLeader;
    this.replicas = assignment.replicas;
    this.followers = this.followersOf(assignment.replicas);
    const toldAnew = isNews(this.isrState, assignment);
    if (toldAnew) this.setIsr(committedIsr(assignment.isr));
    const newEpoch = assignment.leaderEpoch > this.leaderEpoch;
    if (newEpoch) {
      this.epochStartOffset = log.logEndOffset;
      this.rules.epochStart.begin(log, assignment.leaderEpoch, this.epochStartOffset);
      for (const follower of this.followers) {
        const inSync = assignment.isr.includes(follower.brokerId);
        follower.reset(nowMs, this.epochStartOffset, newLeader, inSync);
      }
      this.leaderEpoch = assignment.leaderEpoch;
      this.context.trace.emit('leader.started', this.name, this.leaderEpoch, this.epochStartOffset);
    }
    this.partitionEpoch = assignment.partitionEpoch;
    this.leader = this.context.brokerId;
    if (toldAnew) this.tellIsr();
    const looks = newEpoch || this.rules.shrinkApplied.looksAgain(this.name);
    const moved = looks && this.maybeIncrementHighWatermark(log, nowMs);
    // Not moved, it may be one that the log was loaded with and nobody was told of.
    const { highWatermark } = log;
    if (!moved && highWatermark !== this.toldHighWatermark) {
      this.tellHighWatermark(highWatermark, 'leader');
    }
    // What the log has already may owe a flush still.
    if (newEpoch) log.whenAcknowledged(log.logEndOffset, () => this.flushed());
    this.markAll();
    return true;
  }

  /**
   * Follows from now on (or stands by: no leader is known).
   * @returns what that means for fetching: nothing when the leader epoch is the same.
   */
  makeFollower(assignment: PartitionAssignment): Following {
    if (assignment.partitionEpoch < this.partitionEpoch) return 'as-before';
    const newEpoch = assignment.leaderEpoch > this.leaderEpoch;
    const sameLeader = assignment.leader === this.leader;
    this.leader = assignment.leader;
    this.leaderEpoch = assignment.leaderEpoch;
    this.partitionEpoch = assignment.partitionEpoch;
    this.epochStartOffset = -1;
    this.replicas = assignment.replicas;
    this.followers = [];
    this.isrState = NO_ISR;
    if (newEpoch) {
      this.context.trace.emit('follower.started', this.name, this.leaderEpoch, this.leader);
    }
    this.markAll();
    if (!newEpoch) return 'as-before';
    return this.rules.followerRestart.beginsAnew(this.name, sameLeader) ? 'anew' : 'goes-on';
  }

  private followersOf(replicas: readonly number[]): FollowerState[] {
    const followers: FollowerState[] = [];
    for (const id of replicas) {
      if (id !== this.context.brokerId) followers.push(this.follower(id) ?? new FollowerState(id));
    }
    return followers;
  }

  follower(brokerId: number): FollowerState | null {
    const followers = this.followers;
    for (let i = 0; i < followers.length; i++) {
      const follower = followers[i] as FollowerState;
      if (follower.brokerId === brokerId) return follower;
    }
    return null;
  }

  private setIsr(state: IsrState): void {
    this.isrState = state;
    for (const follower of this.followers) {
      follower.inMaximalIsr = state.maximalIsr.includes(follower.brokerId);
    }
  }

  private tellIsr(): void {
    const { isr, maximalIsr } = this.isrState;
    const { leaderEpoch, partitionEpoch } = this;
    const isrs = [isr.join(','), maximalIsr.join(',')] as const;
    this.context.trace.emit('isr.held', this.name, ...isrs, leaderEpoch, partitionEpoch);
  }

  /** Compares a request's leader epoch with ours; -1 = the request says none. */
  checkLeaderEpoch(requestEpoch: number): ErrorCode {
    if (requestEpoch === this.leaderEpoch || requestEpoch < 0) return ErrorCode.NONE;
    return requestEpoch < this.leaderEpoch
      ? ErrorCode.FENCED_LEADER_EPOCH
      : ErrorCode.UNKNOWN_LEADER_EPOCH;
  }

  /** As `checkAccess`; a follower may be in another epoch if the rules let it. */
  checkFetch(requestEpoch: number, byFollower: boolean, leaderOnly: boolean): ErrorCode {
    const error = this.checkAccess(requestEpoch, leaderOnly);
    if (error === ErrorCode.NONE || !byFollower || this.log === null) return error;
    if (this.checkLeaderEpoch(requestEpoch) === ErrorCode.NONE) return error;
    if (this.rules.fetchFencing.refuses(this.name)) return error;
    return this.isLeader ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER;
  }

  /** Whether a request with this epoch may use the log here; `leaderOnly`: not from a follower. */
  checkAccess(requestEpoch: number, leaderOnly: boolean): ErrorCode {
    if (this.log === null) return this.unavailable;
    const error = this.checkLeaderEpoch(requestEpoch);
    if (error !== ErrorCode.NONE) return error;
    return leaderOnly && !this.isLeader ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE;
  }

  /** min.insync.replicas, but never more than there are replicas. */
  private effectiveMinIsr(log: Log): number {
    const configured = log.config.minInsyncReplicas;
    const count = this.followers.length + 1;
    return configured < count ? configured : count;
  }

  get isUnderMinIsr(): boolean {
    const log = this.leaderLog;
    return log !== null && this.isBelowMinIsr(log);
  }

  private isBelowMinIsr(log: Log): boolean {
    return this.isrState.isr.length < this.effectiveMinIsr(log);
  }

  /**
   * Appends a client's batch, or a coordinator's. With acks=all it is refused while the committed
   * ISR is below min.insync.replicas, and nothing is written.
   */
  appendAsLeader(
    batches: Uint8Array,
    acks: number,
    origin: 'client' | 'coordinator' = 'client',
  ): LeaderAppend {
    const { log } = this;
    if (log === null) return refused(this.unavailable, 'the replica is not available here');
    if (!this.isLeader) {
      return refused(ErrorCode.NOT_LEADER_OR_FOLLOWER, 'this broker does not lead the partition');
    }
    if (acks === -1 && this.isBelowMinIsr(log)) {
      const message = `the ISR [${this.isrState.isr.join(',')}] is smaller than min.insync.replicas`;
      return refused(ErrorCode.NOT_ENOUGH_REPLICAS, message);
    }
    const appended = log.appendAsLeader(batches, this.leaderEpoch, origin);
    if (appended.error !== ErrorCode.NONE) return appended;
    if (!appended.acknowledged) {
      log.whenAcknowledged(appended.lastOffset + 1, () => this.flushed());
    }
    if (appended.duplicate) return appended;
    // Followers may be waiting for it, and the ISR may be this broker alone.
    if (!this.maybeIncrementHighWatermark(log, this.context.clock.wallMs())) {
      this.context.rechecks.mark(this.waiters, RECHECK_FETCHES);
    }
    return appended;
  }

  /** Whether the flush policy owes nothing for records below `endOffset` (exclusive). */
  isDurable(endOffset: number): boolean {
    return this.log === null || this.log.acknowledgedEndOffset >= endOffset;
  }

  /** How a produce without acks=all stands that waits for the flush policy. */
  localAcknowledgement(requiredOffset: number): number {
    const { log } = this;
    if (log === null) return this.unavailable;
    if (log.acknowledgedEndOffset >= requiredOffset) return ErrorCode.NONE;
    return this.isLeader ? STILL_WAITING : ErrorCode.NOT_LEADER_OR_FOLLOWER;
  }

  /**
   * How an acks=all produce ending at `requiredOffset` (exclusive) stands.
   * @returns NONE or the error to answer with, STILL_WAITING while it is not replicated.
   */
  acknowledgement(requiredOffset: number): number {
    const { log } = this;
    if (log === null) return this.unavailable;
    if (!this.isLeader) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (log.highWatermark < requiredOffset) return STILL_WAITING;
    return this.effectiveMinIsr(log) <= this.isrState.maximalIsr.length
      ? ErrorCode.NONE
      : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
  }

  /**
   * Raises the high watermark to the smallest log end offset among this replica, the maximal ISR
   * and the replicas about to join it (caught up in time and eligible: they must not be
   * overtaken); as a rule not while the committed ISR is below min.insync.replicas. A follower
   * that has not fetched in this leadership counts as at -1.
   * @returns whether it moved.
   */
  private maybeIncrementHighWatermark(log: Log, nowMs: number): boolean {
    if (this.isBelowMinIsr(log) && !this.rules.commitBelowMinIsr.mayCommit(this.name)) return false;
    const logEndOffset = log.logEndOffset;
    let highWatermark = log.acknowledgedEndOffset;
    const followers = this.followers;
    for (let i = 0; i < followers.length; i++) {
      const follower = followers[i] as FollowerState;
      if (follower.logEndOffset >= highWatermark) continue;
      if (follower.inMaximalIsr || this.isJoining(follower, logEndOffset, nowMs)) {
        highWatermark = follower.logEndOffset;
      }
    }
    if (!log.maybeIncrementHighWatermark(highWatermark)) return false;
    this.tellHighWatermark(log.highWatermark, 'leader');
    this.markAll();
    return true;
  }

  private tellHighWatermark(highWatermark: number, role: 'leader' | 'follower'): void {
    this.toldHighWatermark = highWatermark;
    this.context.trace.emit('hw.advanced', this.name, highWatermark, this.leaderEpoch, role);
  }

  private isJoining(follower: FollowerState, logEndOffset: number, nowMs: number): boolean {
    const { context, rules } = this;
    return (
      rules.isrInFlight.waitsForJoining &&
      follower.isCaughtUp(logEndOffset, nowMs, context.replicaLagTimeMaxMs) &&
      isEligible(context, follower)
    );
  }

  /**
   * Takes a follower's fetch into account: its position, then the ISR, then the high watermark.
   * `leaderLogEndOffset` is what the read saw.
   * @returns NOT_LEADER_OR_FOLLOWER for a fetch of an older incarnation of that broker.
   */
  recordFollowerFetch(
    follower: FollowerState,
    fetchOffset: number,
    logStartOffset: number,
    leaderLogEndOffset: number,
    brokerEpoch: number,
  ): ErrorCode {
    const { clock, cluster } = this.context;
    if (brokerEpoch !== -1 && cluster.aliveBrokerEpoch(follower.brokerId) > brokerEpoch) {
      return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    }
    const nowMs = clock.wallMs();
    const moved = follower.logEndOffset !== fetchOffset;
    const deleted = follower.logStartOffset !== logStartOffset;
    follower.recordFetch(fetchOffset, logStartOffset, nowMs, leaderLogEndOffset, brokerEpoch);
    const log = this.leaderLog;
    if (log === null) return ErrorCode.NONE;
    if (!follower.inMaximalIsr) this.maybeExpandIsr(follower, log);
    if (moved) this.maybeIncrementHighWatermark(log, nowMs);
    if (deleted) this.context.rechecks.mark(this.waiters, RECHECK_DELETIONS);
    return ErrorCode.NONE;
  }

  /** The log became durable up to a later offset (flush policy). */
  private flushed(): void {
    const { log } = this;
    if (log === null) return;
    if (this.isLeader) this.maybeIncrementHighWatermark(log, this.context.clock.wallMs());
    this.context.rechecks.mark(this.waiters, RECHECK_PRODUCES);
  }

  /** A fetch was told to truncate. */
  diverged(follower: number, diverging: { epoch: number; endOffset: number }): void {
    if (follower < 0) return;
    const { epoch, endOffset } = diverging;
    this.context.trace.emit('fetch.diverged', this.name, follower, epoch, endOffset);
  }

  /**
   * Admits a follower that has all below the high watermark and reaches into this leader's epoch.
   */
  private maybeExpandIsr(follower: FollowerState, log: Log): void {
    const { isr, proposal } = this.isrState;
    if (proposal !== null || isr.includes(follower.brokerId)) return;
    if (follower.logEndOffset < log.highWatermark) return;
    const { logEndOffset } = follower;
    if (!this.rules.isrJoin.mayJoin(this.name, logEndOffset, this.epochStartOffset)) return;
    if (!isEligible(this.context, follower)) return;
    this.propose('expand', isr.concat(follower.brokerId));
  }

  /** Drops followers from the ISR that were not caught up for replica.lag.time.max.ms. */
  maybeShrinkIsr(): void {
    const log = this.leaderLog;
    const { isr, proposal } = this.isrState;
    if (log === null || proposal !== null) return;
    const nowMs = this.context.clock.wallMs();
    const { brokerId, replicaLagTimeMaxMs: maxLagMs } = this.context;
    const leader = { logEndOffset: log.logEndOffset, nowMs, maxLagMs };
    const kept = isr.filter((id) => {
      if (id === brokerId) return true;
      const follower = this.follower(id);
      return follower !== null && this.rules.isrLag.staysInSync(this.name, follower, leader);
    });
    if (kept.length < isr.length) this.propose('shrink', kept);
  }

  private propose(kind: 'expand' | 'shrink', newIsr: readonly number[]): void {
    const proposal: IsrProposal = {
      kind,
      leaderEpoch: this.leaderEpoch,
      partitionEpoch: this.partitionEpoch,
      newIsr: newIsr.map((brokerId) => this.isrMember(brokerId)),
    };
    const { isr } = this.isrState;
    const maximalOf = (added: readonly number[]): readonly number[] =>
      this.rules.isrInFlight.maximalIsr(this.name, isr, added);
    this.setIsr(pendingIsr(isr, proposal, maximalOf));
    this.tellIsr();
    this.context.trace.emit('isr.proposed', this.name, newIsr.join(','), kind);
    this.context.proposeIsr(this, proposal);
  }

  private isrMember(brokerId: number): IsrMember {
    const { context } = this;
    if (brokerId === context.brokerId) return { brokerId, brokerEpoch: context.brokerEpoch() };
    return isrMember(brokerId, this.follower(brokerId));
  }

  /** The controller answered that the ISR is as told; out-of-date answers change nothing. */
  isrAltered(proposal: IsrProposal, committed: CommittedPartition): void {
    if (this.isrState.proposal !== proposal) return;
    if (committed.leaderEpoch !== this.leaderEpoch) return;
    if (committed.partitionEpoch < this.partitionEpoch) return;
    this.setIsr(committedIsr(committed.isr));
    this.partitionEpoch = committed.partitionEpoch;
    this.tellIsr();
    const log = this.leaderLog;
    if (log === null || !this.rules.shrinkApplied.looksAgain(this.name)) return;
    this.maybeIncrementHighWatermark(log, this.context.clock.wallMs());
  }

  /**
   * The controller refused. Only where it says that nothing was and nothing will be applied does
   * the leader fall back to the committed ISR; where newer metadata must be on its way it stays
   * pending; any other error leaves the outcome unknown and the same proposal is sent again.
   */
  isrRefused(proposal: IsrProposal, error: ErrorCode): void {
    if (this.isrState.proposal !== proposal) return;
    const next = afterRefusal(error);
    if (next === 'again') this.context.proposeIsr(this, proposal);
    if (next !== 'fall-back') return;
    this.setIsr(committedIsr(this.isrState.isr));
    this.tellIsr();
  }

  /** What a leader said its high watermark is; kept within this replica's own log. */
  followHighWatermark(leaderHighWatermark: number): void {
    const log = defined(this.log, `${this.name} follows without a log`);
    assert(!this.isLeader, `${this.name} leads and was told a high watermark`);
    const before = log.highWatermark;
    const highWatermark = log.updateHighWatermark(leaderHighWatermark);
    if (highWatermark === before) return;
    this.tellHighWatermark(highWatermark, 'follower');
    this.context.rechecks.mark(this.waiters, RECHECK_FETCHES);
  }

  /** Records below `offset` (exclusive; -1: the high watermark) may be read by nobody any more. */
  deleteRecords(offset: number): LowWatermark {
    return deleteRecords(this, offset);
  }

  /** The smallest log start offset of the replicas that are alive, while this broker leads. */
  get lowWatermark(): number {
    return lowWatermark(this, this.context.cluster);
  }

  /** The replica that a consumer in a rack had better read from; -1: this one. */
  preferredReplica(rack: string, fetchOffset: number): number {
    return preferredReplica(this, { rack, fetchOffset }, this.context.cluster);
  }

  /** `timestamp` or -1 latest, -2 earliest, -3 the largest, as ListOffsets asks. */
  lookUpOffset(timestamp: number, isolation: FetchIsolation): OffsetLookup {
    const log = defined(this.log, `${this.name} has no log to look an offset up in`);
    return lookUpOffset(this, log, timestamp, isolation);
  }

  /** Gives the replica its log. */
  open(log: Log): void {
    this.log = log;
    this.unavailable = ErrorCode.NONE;
  }

  /** The log directory failed, or the replica leaves this broker; whoever waits is told why. */
  close(why: ErrorCode): void {
    this.log = null;
    this.unavailable = why;
    this.markAll();
  }

  private markAll(): void {
    this.context.rechecks.mark(
      this.waiters,
      RECHECK_PRODUCES | RECHECK_FETCHES | RECHECK_DELETIONS,
    );
  }
}

function refused(error: ErrorCode, message: string): LeaderAppend {
  return refusedLeaderAppend({ error, message }, -1);
}
