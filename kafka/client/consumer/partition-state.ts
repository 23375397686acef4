/**
 * Where the consumer stands in one assigned partition (Kafka: SubscriptionState). The position is
 * the next offset to return, with the epoch of the record before it and the leader that it was
 * checked against; when the leader changes, the position must be validated first (KIP-320).
 */
import type { ConsumerPositionRule } from '../../protocol/consumer-position.ts';
import type { PartitionMetadata } from '../metadata.ts';
import type { CompletedFetch } from './completed-fetch.ts';

/** An error that the next poll reports. */
export interface ConsumerError {
  /** Kafka's exception or error name. */
  readonly error: string;
  readonly message: string;
}

export type PositionState =
  | 'initializing' // no position yet
  | 'awaiting-reset' // asks the leader for its earliest or latest offset
  | 'awaiting-validation' // asks the leader whether its log still has what was read
  | 'fetching';

export type PositionMove =
  | 'seek'
  | 'reset' // to the earliest or latest offset
  | 'polled'
  | 'committed' // where the group stood
  | 'truncated'; // back to where the log diverges from what was read

export class PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** `orders-0` */
  readonly name: string;
  state: PositionState = 'initializing';
  /** The next offset to return. */
  offset = -1;
  /** How it came to be there. */
  movedBy: PositionMove = 'seek';
  /** The position that the trace was told last. */
  toldOffset = -1;
  /** Leader epoch of the record before it; -1: unknown, nothing to validate by. */
  offsetEpoch = -1;
  leaderId = -1;
  leaderEpoch = -1;
  /** The follower that the leader sends it to (KIP-392); -1: none. */
  preferredReplica = -1;
  /** For how long it stays with that follower before it asks the leader again. */
  preferredUntilMs = 0;
  /** No reset or validation is asked for before. */
  requestAtMs = 0;
  /** No fetch before: the last one failed and nothing has changed since. */
  fetchAtMs = 0;
  /** Fetched and not returned yet. */
  buffered: CompletedFetch | null = null;
  /** Its group was asked and has committed nothing here. */
  hasNoCommitted = false;
  /** Reported by the next poll that has no records. */
  error: ConsumerError | null = null;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
    this.name = `${topic}-${partition}`;
  }

  /** Moves the position to an offset that needs no validation; what was fetched is dropped. */
  seek(offset: number, movedBy: PositionMove = 'seek'): void {
    this.offset = offset;
    this.movedBy = movedBy;
    this.offsetEpoch = -1;
    this.state = 'fetching';
    this.buffered = null;
    this.error = null;
    this.fetchAtMs = 0;
  }

  /** Moves to where the group stands; the leader must confirm it if the group told the epoch. */
  startAt(
    committed: { readonly offset: number; readonly leaderEpoch: number },
    leader: PartitionMetadata | undefined,
    rule: ConsumerPositionRule,
  ): void {
    this.seek(committed.offset, 'committed');
    this.offsetEpoch = committed.leaderEpoch;
    this.leaderId = -1;
    this.leaderEpoch = -1;
    this.followLeader(leader, rule);
  }

  requestReset(): void {
    this.state = 'awaiting-reset';
    this.buffered = null;
    this.offset = -1;
    this.offsetEpoch = -1;
    this.requestAtMs = 0;
  }

  /** Records were returned up to `offset` (exclusive). */
  advance(offset: number, offsetEpoch: number): void {
    this.offset = offset;
    this.movedBy = 'polled';
    this.offsetEpoch = offsetEpoch;
  }

  /** The log ends before the position: goes back to where it diverges. */
  truncateTo(offset: number, epoch: number): void {
    this.seek(offset, 'truncated');
    this.offsetEpoch = epoch;
  }

  completeValidation(): void {
    this.state = 'fetching';
  }

  /** Takes note of the current leader; another one than before must confirm the position. */
  followLeader(metadata: PartitionMetadata | undefined, rule: ConsumerPositionRule): void {
    if (metadata === undefined || metadata.leader < 0) return;
    if (metadata.leader === this.leaderId && metadata.leaderEpoch === this.leaderEpoch) return;
    this.leaderId = metadata.leader;
    this.leaderEpoch = metadata.leaderEpoch;
    this.requestAtMs = 0;
    this.fetchAtMs = 0;
    if (this.state !== 'fetching' && this.state !== 'awaiting-validation') return;
    const canValidate = this.offsetEpoch >= 0 && this.leaderEpoch >= 0;
    const validates = canValidate && rule.validates(this.name);
    this.state = validates ? 'awaiting-validation' : 'fetching';
  }
}
