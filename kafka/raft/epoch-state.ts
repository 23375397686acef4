/**
 * What a replica of the metadata log is in its present epoch (Kafka: EpochState and its classes).
 * Only Quorum makes these.
 */
import type { Address } from '../host.ts';
import type { LeaderState } from './leader-state.ts';
import type { ReplicaKey, VoterSet } from './voter-set.ts';

/** Counts the votes of one round; the set of voters is the one that it began with. */
export class VoteTally {
  readonly granted = new Set<number>();
  readonly rejected = new Set<number>();
  readonly voters: VoterSet;

  constructor(voters: VoterSet) {
    this.voters = voters;
  }

  private get majority(): number {
    return (this.voters.size >> 1) + 1;
  }
  get isGranted(): boolean {
    return this.granted.size >= this.majority;
  }
  /** Nobody else's vote could win it any more. */
  get isRejected(): boolean {
    return this.voters.size - this.rejected.size < this.majority;
  }

  isUnrecorded(voter: number): boolean {
    return !this.granted.has(voter) && !this.rejected.has(voter);
  }
}

interface InEpoch {
  readonly epoch: number;
  /** Whom it voted for in this epoch; null: nobody. */
  readonly voted: ReplicaKey | null;
}

export interface Unattached extends InEpoch {
  readonly kind: 'unattached';
  /** Known by id only: where it listens is not; -1: nobody. */
  readonly leaderId: number;
}

/** Asks whether it would be elected, without raising the epoch (KIP-996). */
export interface Prospective extends InEpoch {
  readonly kind: 'prospective';
  readonly leaderId: number;
  readonly leaderAddress: Address | null;
  readonly tally: VoteTally;
  /** Elections lost in a row. */
  readonly retries: number;
}

export interface Candidate extends InEpoch {
  readonly kind: 'candidate';
  readonly tally: VoteTally;
  readonly retries: number;
  /** Lost: it waits before it tries again. */
  backingOff: boolean;
}

export interface Follower extends InEpoch {
  readonly kind: 'follower';
  readonly leaderId: number;
  readonly leaderAddress: Address;
  /** A fetch of this epoch was answered: it refuses pre-votes while the leader is heard. */
  hasFetched: boolean;
}

export interface Leader extends InEpoch {
  readonly kind: 'leader';
  readonly leader: LeaderState;
  /** Granted by whom, for the LeaderChange record. */
  readonly grantedBy: readonly number[];
}

/** Led this epoch and does so no more; begins no election and votes for nobody in it. */
export interface Resigned extends InEpoch {
  readonly kind: 'resigned';
  /** Who should lead next, best first. */
  readonly successors: readonly ReplicaKey[];
  /** Voters that have not heard of it yet. */
  readonly unacknowledged: Set<number>;
}

export type EpochState = Unattached | Prospective | Candidate | Follower | Leader | Resigned;
