/**
 * One replica's part in the metadata quorum: its state, the transitions between states, the time
 * each may last, and what must be durable before anybody hears of it (Kafka: QuorumState and the
 * poll methods of KafkaRaftClient; KIP-595, pre-vote by KIP-996).
 *
 * Kafka blocks while `quorum-state` is written. Here a transition holds at once, and whatever
 * would tell of it (a request, a response, a first record) waits in `whenDurable`.
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import type { Address } from '../host.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { ErrorCode } from '../wire/errors.ts';
import { type EpochState, VoteTally } from './epoch-state.ts';
import { LeaderState } from './leader-state.ts';
import type { MetadataLog } from './metadata-log.ts';
import type { PartitionState } from './partition-state.ts';
import type { QuorumStateFile } from './quorum-state-file.ts';
import type { RaftTimeouts } from './raft-config.ts';
import { addressIn, type ReplicaKey, type VoterNode, type VoterSet } from './voter-set.ts';

/** Base of the exponential back-off after a lost election (Kafka: RETRY_BACKOFF_BASE_MS). */
const RETRY_BACKOFF_BASE_MS = 100;

/** Who this node is to the quorum. */
export interface LocalReplica {
  readonly key: ReplicaKey;
  /** This node as it should stand among the voters. */
  readonly voter: VoterNode;
  /** The node has the controller role; brokers alone never vote. */
  readonly canVote: boolean;
  /** The listener by which voters reach each other. */
  readonly listener: string;
  readonly clusterId: string;
}

/** What a response says of the leader, besides what was asked. */
export interface LeaderNotice {
  readonly error: number;
  readonly epoch: number;
  /** -1: not known. */
  readonly leaderId: number;
  readonly leaderAddress: Address | null;
}

export class Quorum {
  readonly local: LocalReplica;
  readonly timeouts: RaftTimeouts;
  state: EpochState = { kind: 'unattached', epoch: 0, voted: null, leaderId: -1 };
  /** Counts transitions: what was begun under an earlier one is of no use. */
  term = 0;
  private readonly runtime: NodeRuntime;
  private readonly log: MetadataLog;
  private readonly stateFile: QuorumStateFile;
  private readonly partition: PartitionState;
  /** Told after every transition. */
  private readonly entered: (before: EpochState) => void;
  private readonly timer: Timer;
  private stopping = false;

  constructor(parts: {
    runtime: NodeRuntime;
    local: LocalReplica;
    log: MetadataLog;
    stateFile: QuorumStateFile;
    partition: PartitionState;
    timeouts: RaftTimeouts;
    entered: (before: EpochState) => void;
  }) {
    this.runtime = parts.runtime;
    this.local = parts.local;
    this.log = parts.log;
    this.stateFile = parts.stateFile;
    this.partition = parts.partition;
    this.timeouts = parts.timeouts;
    this.entered = parts.entered;
    this.timer = new Timer(() => this.expired());
  }

  get epoch(): number {
    return this.state.epoch;
  }

  /** -1 while none is known. */
  get leaderId(): number {
    const { state } = this;
    switch (state.kind) {
      case 'leader':
      case 'resigned':
        return this.local.key.id;
      case 'candidate':
        return -1;
      default:
        return state.leaderId;
    }
  }

  /** Null while none is known, or not where it is. */
  get leaderAddress(): Address | null {
    const { state } = this;
    if (state.kind === 'follower' || state.kind === 'prospective') return state.leaderAddress;
    if (state.kind === 'leader' || state.kind === 'resigned') return this.localAddress;
    return null;
  }

  private get localAddress(): Address | null {
    return addressIn(this.local.voter.endpoints, this.local.listener);
  }

  /** The voters that hold now. */
  get voters(): VoterSet {
    return this.partition.voters;
  }

  get isVoter(): boolean {
    return this.local.canVote && this.voters.isVoter(this.local.key);
  }

  get isOnlyVoter(): boolean {
    return this.isVoter && this.voters.size === 1;
  }

  /** The voters are in the log, and what it says of this one is not so. */
  get isOutOfDate(): boolean {
    if (!this.isVoter || this.partition.kraftVersion === 0) return false;
    return this.voters.needsUpdate(this.local.voter);
  }

  /** The voters other than this node. */
  get otherVoterIds(): number[] {
    return this.voters.ids.filter((id) => id !== this.local.key.id);
  }

  /** Runs `action` once every state entered so far is durable: at once, or in a later step. */
  whenDurable(action: () => void): void {
    this.stateFile.whenDurable(action);
  }

  /** As `whenDurable`, unless another state has been entered by then. */
  whenDurablyIn(action: () => void): void {
    const { term } = this;
    this.whenDurable(() => {
      if (this.term === term) action();
    });
  }

  // Beginning and end

  /** Continues where the last process of this node ended. */
  start(): void {
    const stored = this.stateFile.read();
    const logEpoch = this.log.lastFetchedEpoch;
    const { local } = this;
    if (stored === null || stored.leaderEpoch < logEpoch) {
      this.enter({ kind: 'unattached', epoch: logEpoch, voted: null, leaderId: -1 });
    } else {
      const { leaderEpoch: epoch, leaderId, voted } = stored;
      const address = this.voters.addressOf(leaderId, local.listener);
      if (local.canVote && leaderId === local.key.id) this.resignIn(epoch, []);
      else if (leaderId < 0 && voted?.id === local.key.id && this.isVoter) this.campaign(epoch, 0);
      else if (address !== null && leaderId !== local.key.id) {
        this.enter({
          kind: 'follower',
          epoch,
          voted,
          leaderId,
          leaderAddress: address,
          hasFetched: false,
        });
      } else this.enter({ kind: 'unattached', epoch, voted, leaderId: -1 });
    }
    if (this.state.kind === 'follower') this.armFetchTimeout();
    if (this.state.kind === 'unattached') this.armElectionTimeout();
    if (this.isOnlyVoter && this.state.kind !== 'leader') this.campaign(this.epoch + 1, 0);
  }

  /** Begins no election any more. */
  stop(): void {
    this.stopping = true;
    this.runtime.timers.cancel(this.timer);
  }

  // Transitions

  private enter(state: EpochState): void {
    const before = this.state;
    assert(state.epoch >= before.epoch, 'the epoch goes back');
    this.state = state;
    this.term += 1;
    this.runtime.timers.cancel(this.timer);
    const { epoch: leaderEpoch, voted } = state;
    this.stateFile.write(
      { leaderEpoch, leaderId: this.leaderId, voted },
      { kraftVersion: this.partition.kraftVersion, voterIds: this.voters.ids },
    );
    if (this.local.canVote) {
      const { trace } = this.runtime.host;
      trace.emit('quorum.state', state.kind, leaderEpoch, this.leaderId, voted?.id ?? -1);
    }
    this.entered(before);
  }

  /** A higher epoch is known, and not (yet) who leads it. An election time-out goes on running. */
  becomeUnattached(epoch: number): void {
    assert(epoch > this.epoch, 'unattached in an epoch that is not new');
    const before = this.state;
    const remainingAtMs = this.timer.armed ? this.timer.atMs : null;
    this.enter({ kind: 'unattached', epoch, voted: null, leaderId: -1 });
    if (!this.isVoter) return;
    const continues = before.kind === 'unattached' || before.kind === 'candidate';
    if (continues && remainingAtMs !== null) this.armAt(remainingAtMs);
    else this.armElectionTimeout();
  }

  becomeFollower(epoch: number, leaderId: number, leaderAddress: Address): void {
    assert(epoch >= this.epoch && leaderId !== this.local.key.id, 'cannot follow that leader');
    const voted = epoch === this.epoch ? this.state.voted : null;
    this.enter({ kind: 'follower', epoch, voted, leaderId, leaderAddress, hasFetched: false });
    this.armFetchTimeout();
  }

  /** Has granted its vote of this epoch. The candidate is at least as fit, so the time starts anew. */
  addVote(candidate: ReplicaKey): void {
    const { state } = this;
    assert(state.voted === null, 'a second vote in one epoch');
    assert(state.kind === 'unattached' || state.kind === 'prospective', 'no vote in this state');
    this.enter({ kind: 'unattached', epoch: state.epoch, voted: candidate, leaderId: -1 });
    this.armElectionTimeout();
  }

  private becomeProspective(retries: number): void {
    if (!this.isVoter) return;
    if (this.isOnlyVoter) return this.campaign(this.epoch + 1, retries);
    const { state } = this;
    assert(state.kind !== 'leader' && state.kind !== 'resigned', 'a leader seeks election');
    const tally = new VoteTally(this.voters);
    tally.granted.add(this.local.key.id);
    const { epoch, voted } = state;
    const { leaderId, leaderAddress } = this;
    this.enter({ kind: 'prospective', epoch, voted, leaderId, leaderAddress, tally, retries });
    this.armElectionTimeout();
  }

  private campaign(epoch: number, retries: number): void {
    const tally = new VoteTally(this.voters);
    tally.granted.add(this.local.key.id);
    const voted = this.local.key;
    this.enter({ kind: 'candidate', epoch, voted, tally, retries, backingOff: false });
    this.armElectionTimeout();
    if (tally.isGranted) this.lead();
  }

  /** Votes have been counted: goes on if they decide. */
  tallied(): void {
    const { state } = this;
    if (state.kind === 'prospective') {
      if (state.tally.isGranted) this.campaign(state.epoch + 1, state.retries);
      else if (state.tally.isRejected) this.loseProspects();
    } else if (state.kind === 'candidate') {
      if (state.tally.isGranted) this.lead();
      else if (state.tally.isRejected && !state.backingOff) this.backOff();
    }
  }

  private loseProspects(): void {
    const { state } = this;
    if (state.kind !== 'prospective') return;
    const { epoch, voted, leaderId, leaderAddress } = state;
    if (leaderAddress !== null) this.becomeFollower(epoch, leaderId, leaderAddress);
    else {
      this.enter({ kind: 'unattached', epoch, voted, leaderId });
      this.armElectionTimeout();
    }
  }

  private backOff(): void {
    const { state, timeouts } = this;
    if (state.kind !== 'candidate') return;
    state.backingOff = true;
    const slots = 2 << Math.min(state.retries, 20);
    const random = this.runtime.host.random.stream('election-backoff').int(0, slots - 1);
    const backoffMs = Math.min(RETRY_BACKOFF_BASE_MS * random, timeouts.electionBackoffMaxMs);
    this.armAt(this.runtime.nowMs + backoffMs);
  }

  private lead(): void {
    const { state } = this;
    assert(state.kind === 'candidate' && state.tally.isGranted, 'leads without a majority');
    const { epoch, voted } = state;
    const leader = new LeaderState({
      rule: this.runtime.rules.raftCommit,
      epoch,
      local: this.local.key,
      epochStartOffset: this.log.endOffset,
      voters: this.voters,
    });
    this.enter({ kind: 'leader', epoch, voted, leader, grantedBy: [...state.tally.granted] });
  }

  /** A leader gives up; `successors` are asked to hold an election soon. */
  resign(): void {
    const { state } = this;
    assert(state.kind === 'leader', 'resigns without leading');
    this.resignIn(state.epoch, state.leader.successors());
  }

  private resignIn(epoch: number, successors: readonly ReplicaKey[]): void {
    const unacknowledged = new Set(this.otherVoterIds);
    const voted = epoch === this.epoch ? this.state.voted : null;
    this.enter({ kind: 'resigned', epoch, voted, successors, unacknowledged });
    this.armElectionTimeout();
  }

  // Time

  private expired(): void {
    const { state } = this;
    if (this.stopping) return;
    switch (state.kind) {
      case 'unattached':
        return this.becomeProspective(0);
      case 'follower':
        return this.becomeProspective(0);
      case 'prospective':
        return this.loseProspects();
      case 'candidate':
        if (state.backingOff) this.becomeProspective(state.retries + 1);
        else this.backOff();
        return;
      case 'resigned':
        // In this epoch it has led, so whatever comes next is of another.
        this.becomeUnattached(state.epoch + 1);
        return this.becomeProspective(0);
      default:
    }
  }

  private armElectionTimeout(): void {
    if (!this.isVoter && this.state.kind !== 'resigned') return;
    const { electionTimeoutMs } = this.timeouts;
    const random = this.runtime.host.random.stream('election-timeout');
    const jitterMs = random.int(0, Math.max(electionTimeoutMs - 1, 0));
    this.armAt(this.runtime.nowMs + electionTimeoutMs + jitterMs);
  }

  private armFetchTimeout(): void {
    if (this.isVoter) this.armAt(this.runtime.nowMs + this.timeouts.fetchTimeoutMs);
  }

  private armAt(atMs: number): void {
    if (!this.stopping) this.runtime.timers.arm(this.timer, atMs);
  }

  /** The leader answered a fetch. */
  fetched(): void {
    if (this.state.kind !== 'follower') return;
    this.state.hasFetched = true;
    this.armFetchTimeout();
  }

  /** The leader has resigned and asks for an election after `delayMs`. */
  leaderResigned(delayMs: number): void {
    if (this.state.kind === 'follower' && this.isVoter) this.armAt(this.runtime.nowMs + delayMs);
  }

  /** The voters have changed: those who became one must have a time-out, others none. */
  votersChanged(): void {
    const { state } = this;
    if (state.kind !== 'follower' && state.kind !== 'unattached') return;
    if (!this.isVoter) this.runtime.timers.cancel(this.timer);
    else if (!this.timer.armed && state.kind === 'follower') this.armFetchTimeout();
    else if (!this.timer.armed) this.armElectionTimeout();
  }

  // Learning from others

  /**
   * Takes in what a message says of epoch and leader (Kafka: maybeTransition). Two leaders in one
   * epoch mean that a voter forgot its vote: the node gives up, as Kafka's does.
   */
  learn(epoch: number, leaderId: number, leaderAddress: Address | null): void {
    if (epoch < this.epoch) return;
    const known = this.leaderId;
    if (leaderId === this.local.key.id) {
      if (epoch > this.epoch && this.local.canVote) this.resignIn(epoch, []);
      return;
    }
    if (epoch === this.epoch && known >= 0 && leaderId >= 0 && known !== leaderId) {
      this.runtime.host.halt(`nodes ${known} and ${leaderId} both lead epoch ${epoch}`);
      return;
    }
    const address = leaderAddress ?? this.voters.addressOf(leaderId, this.local.listener);
    if (epoch > this.epoch) {
      if (leaderId >= 0 && address !== null) this.becomeFollower(epoch, leaderId, address);
      else this.becomeUnattached(epoch);
    } else if (leaderId >= 0 && address !== null && this.leaderAddress === null) {
      this.becomeFollower(epoch, leaderId, address);
    }
  }

  /** The leader itself has spoken: whoever was about to seek election follows it again. */
  heardLeader(epoch: number, leaderId: number, address: Address | null): void {
    this.learn(epoch, leaderId, address);
    const { state } = this;
    if (state.kind !== 'prospective' || state.epoch !== epoch) return;
    const known = state.leaderId === leaderId ? state.leaderAddress : null;
    if (known !== null) this.becomeFollower(epoch, leaderId, known);
  }

  /**
   * What every response of the quorum tells besides (Kafka: maybeHandleCommonResponse).
   * @returns whether the response is of use for what was asked.
   */
  accepts(response: LeaderNotice): boolean {
    const { error, epoch, leaderId, leaderAddress } = response;
    if (epoch < this.epoch || error === ErrorCode.UNKNOWN_LEADER_EPOCH) return false;
    const isOutdated =
      epoch > this.epoch ||
      error === ErrorCode.FENCED_LEADER_EPOCH ||
      error === ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (isOutdated || (leaderId >= 0 && this.leaderId < 0)) {
      this.learn(epoch, leaderId, leaderAddress);
      return !isOutdated && error === ErrorCode.NONE;
    }
    return true;
  }

  /** What a request of a leader or candidate is refused with; NONE: it is heard. */
  voterRequestProblem(epoch: number, senderId: number): ErrorCode {
    if (epoch < this.epoch) return ErrorCode.FENCED_LEADER_EPOCH;
    return senderId < 0 ? ErrorCode.INVALID_REQUEST : ErrorCode.NONE;
  }

  /** What a request to the leader is refused with; NONE: this node leads that epoch. */
  leaderRequestProblem(epoch: number): ErrorCode {
    if (epoch < this.epoch) return ErrorCode.FENCED_LEADER_EPOCH;
    if (epoch > this.epoch) return ErrorCode.UNKNOWN_LEADER_EPOCH;
    return this.state.kind === 'leader' ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER;
  }

  /** The request was meant for this replica, not for another disk or node at its address. */
  isMeant(voterId: number, directoryId: Uuid): boolean {
    const { key } = this.local;
    if (voterId < 0) return true;
    return voterId === key.id && (directoryId === ZERO_UUID || directoryId === key.directoryId);
  }
}
