/**
 * What the leader of the quorum knows of the others: how far each has the log, and from the
 * voters' offsets the high watermark; who has been heard of lately (Kafka: raft/…/LeaderState).
 */
import { assert } from '../base/assert.ts';
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import type { RaftCommitRule } from '../protocol/raft-commit.ts';
import { type ReplicaKey, sameReplica, type VoterSet } from './voter-set.ts';

/** An observer that has not fetched for so long is forgotten (Kafka: OBSERVER_SESSION_TIMEOUT). */
const OBSERVER_SESSION_MS = 300_000;
/** A replica counts as caught up for AddRaftVoter when it has fetched within this time. */
const CAUGHT_UP_MS = 3_600_000;

export interface ReplicaProgress {
  readonly id: number;
  /** ZERO_UUID: not known. */
  directoryId: Uuid;
  /** The directory that its last fetch came from; ZERO_UUID before the first in this epoch. */
  seenDirectoryId: Uuid;
  /** The offset of its last fetch; of a voter: everything below it is durable there. */
  endOffset: number;
  /** Wall clock, -1 before the first fetch; for DescribeQuorum. */
  lastFetchTimestampMs: number;
  lastCaughtUpTimestampMs: number;
  /** Monotonic clock, -1 before the first fetch in this epoch. */
  lastFetchMs: number;
  /** The log end at its last fetch. */
  lastFetchLogEndOffset: number;
  /** The high watermark it was last told, -1 if none on its present connection. */
  toldHighWatermark: number;
  /** The connection that its last fetch came on. */
  connection: unknown;
}

export interface ReplicaFetch {
  readonly offset: number;
  readonly logEndOffset: number;
  readonly nowMs: number;
  readonly wallMs: number;
}

export class LeaderState {
  readonly epoch: number;
  readonly local: ReplicaKey;
  /** The offset of this epoch's LeaderChange record. */
  readonly epochStartOffset: number;
  /** -1 until a majority has this epoch's LeaderChange record. */
  highWatermark = -1;
  voters = new Map<number, ReplicaProgress>();
  private observers: ReplicaProgress[] = [];
  private readonly rule: RaftCommitRule;
  /** Voters that fetched since a majority last had. */
  private readonly fetchedVoters = new Set<number>();
  /** Our own progress, in `voters` or (after we were removed) beside it. */
  private own: ReplicaProgress;

  constructor(parts: {
    epoch: number;
    local: ReplicaKey;
    epochStartOffset: number;
    voters: VoterSet;
    rule: RaftCommitRule;
  }) {
    this.rule = parts.rule;
    this.epoch = parts.epoch;
    this.local = parts.local;
    this.epochStartOffset = parts.epochStartOffset;
    for (const key of parts.voters.voters) this.voters.set(key.id, progress(key));
    const own = this.voters.get(this.local.id);
    assert(own !== undefined, 'the leader is no voter');
    this.own = own;
  }

  isVoter(replica: ReplicaProgress): boolean {
    return this.voters.get(replica.id) === replica;
  }

  /** The replica that fetches; one that is no voter is an observer. */
  replica(key: ReplicaKey): ReplicaProgress {
    const voter = this.voters.get(key.id);
    if (voter !== undefined && matches(voter, key)) {
      voter.seenDirectoryId = key.directoryId;
      return voter;
    }
    const known = this.observers.find((one) => sameReplica(one, key));
    if (known !== undefined) return known;
    const observer = progress(key);
    this.observers.push(observer);
    return observer;
  }

  /** By ascending id, without those that have not fetched for five minutes. */
  activeObservers(nowMs: number): readonly ReplicaProgress[] {
    this.observers = this.observers.filter(
      (one) => one === this.own || nowMs - one.lastFetchMs < OBSERVER_SESSION_MS,
    );
    return this.observers.sort((a, b) => a.id - b.id);
  }

  isCaughtUp(key: ReplicaKey, nowMs: number): boolean {
    const replica = this.observers.find((one) => sameReplica(one, key));
    if (replica === undefined || replica.lastCaughtUpTimestampMs < 0) return false;
    return replica.lastFetchMs >= 0 && replica.lastFetchMs > nowMs - CAUGHT_UP_MS;
  }

  /** Our own log is durable up to here. @returns whether the high watermark moved. */
  flushedTo(endOffset: number): boolean {
    if (endOffset <= this.own.endOffset) return false;
    this.own.endOffset = endOffset;
    return this.advance();
  }

  /** @returns whether the high watermark moved. */
  fetchedAt(replica: ReplicaProgress, fetch: ReplicaFetch): boolean {
    // Caught up with what the leader had at the fetch before: it was so at that time.
    if (fetch.offset >= fetch.logEndOffset) replica.lastCaughtUpTimestampMs = fetch.wallMs;
    else if (replica.lastFetchMs >= 0 && fetch.offset >= replica.lastFetchLogEndOffset) {
      replica.lastCaughtUpTimestampMs = replica.lastFetchTimestampMs;
    }
    replica.lastFetchLogEndOffset = fetch.logEndOffset;
    replica.lastFetchTimestampMs = fetch.wallMs;
    replica.lastFetchMs = fetch.nowMs;
    replica.endOffset = fetch.offset;
    return this.isVoter(replica) && this.advance();
  }

  /**
   * Notes that a replica fetches the log or a snapshot.
   * @returns whether a majority, we included, has done so since this last said true.
   */
  heardFrom(replica: ReplicaProgress): boolean {
    if (!this.isVoter(replica)) return false;
    this.fetchedVoters.add(replica.id);
    const majority = (this.voters.size >> 1) + 1;
    const others = this.isVoter(this.own) ? majority - 1 : majority;
    if (this.fetchedVoters.size < others) return false;
    this.fetchedVoters.clear();
    return true;
  }

  /** Voters other than us that have not fetched since `sinceMs` (monotonic). */
  silentVoters(sinceMs: number): ReplicaProgress[] {
    return this.others().filter((one) => one.lastFetchMs < sinceMs);
  }

  /** The voters other than us, those with the longest logs first. */
  successors(): ReplicaKey[] {
    const others = this.others();
    others.sort((a, b) => b.endOffset - a.endOffset || a.id - b.id);
    return others.map(({ id, directoryId }) => ({ id, directoryId }));
  }

  private others(): ReplicaProgress[] {
    return [...this.voters.values()].filter((one) => one !== this.own);
  }

  /**
   * Another set of voters holds from now on (it need not be committed).
   * @returns whether the high watermark moved.
   */
  votersChanged(voters: VoterSet): boolean {
    const before = this.voters;
    this.voters = new Map();
    for (const key of voters.voters) {
      const old = before.get(key.id);
      let replica = old !== undefined && matches(old, key) ? old : undefined;
      replica ??= this.observers.find((one) => sameReplica(one, key));
      replica ??= progress(key);
      if (key.directoryId !== ZERO_UUID) replica.directoryId = key.directoryId;
      this.voters.set(key.id, replica);
    }
    this.observers = this.observers.filter((one) => !this.isVoter(one));
    for (const old of before.values()) if (!this.isVoter(old)) this.observers.push(old);
    for (const id of this.fetchedVoters) if (!this.voters.has(id)) this.fetchedVoters.delete(id);
    return this.advance();
  }

  /**
   * The offset that a majority has, once it lies beyond the LeaderChange record of this epoch:
   * records of earlier epochs are only then committed for good (KAFKA-12619). Never goes down.
   */
  private advance(): boolean {
    const offsets: number[] = [];
    for (const voter of this.voters.values()) offsets.push(voter.endOffset);
    offsets.sort((a, b) => b - a);
    const majority = offsets[offsets.length >> 1] as number;
    if (majority < this.epochStartOffset || majority <= this.highWatermark) return false;
    if (majority === this.epochStartOffset && !this.isCommittedAtStart()) return false;
    this.highWatermark = majority;
    return true;
  }

  /** By the rule of old; a leader commits nothing before it has written its LeaderChange record. */
  private isCommittedAtStart(): boolean {
    return this.own.endOffset > this.epochStartOffset && this.rule.commitsAtEpochStart();
  }
}

function matches(replica: ReplicaProgress, key: ReplicaKey): boolean {
  if (replica.id !== key.id) return false;
  return replica.directoryId === ZERO_UUID || replica.directoryId === key.directoryId;
}

function progress({ id, directoryId }: ReplicaKey): ReplicaProgress {
  return {
    id,
    directoryId,
    seenDirectoryId: directoryId,
    endOffset: -1,
    lastFetchTimestampMs: -1,
    lastCaughtUpTimestampMs: -1,
    lastFetchMs: -1,
    lastFetchLogEndOffset: -1,
    toldHighWatermark: -1,
    connection: null,
  };
}
