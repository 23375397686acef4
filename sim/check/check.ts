/**
 * What a check is: it may listen to the run while it goes on and gives its verdict at the end.
 * `highWatermark` and the other calls come in the order of events, after the witness has taken
 * the event in itself (the exception is said).
 */
import type { FinalState } from './final-state.ts';
import type { ReplicaWatch } from './replica-watch.ts';
import type { Verdict } from './verdict.ts';

/** One object for all calls: read it at once, keep nothing of it but the replica. */
export interface HighWatermarkEvent {
  event: number;
  replica: ReplicaWatch;
  highWatermark: number;
  leaderEpoch: number;
  role: string;
}

export interface LeaderStartedEvent {
  readonly event: number;
  readonly node: string;
  readonly partition: string;
  readonly leaderEpoch: number;
  /** Where the leader's log ended when it began to lead. */
  readonly epochStartOffset: number;
  /** The controller's newest decision is that it leads in this epoch. */
  readonly legitimate: boolean;
  /** Up to here, at most the true high watermark, its log is the committed log. */
  readonly agreesUpTo: number;
}

export interface CheckKind {
  /** The zoo's invariant name in kebab case. */
  readonly NAME: string;
  /** One line for lists and the reference. */
  readonly DOC: string;
}

export interface Check {
  /** Told after the committed log took in what a legitimate leader adds. */
  highWatermark?(event: HighWatermarkEvent): void;
  /** Told before the committed log is cut back to the new leader's log. */
  leaderStarted?(event: LeaderStartedEvent): void;
  leaderElected?(event: {
    event: number;
    partition: string;
    leader: string | null;
    leaderEpoch: number;
  }): void;
  verdict(final: FinalState): Verdict;
}
