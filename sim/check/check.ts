/**
 * What a check is: it may listen to the run while it goes on and gives its verdict at the end.
 * `highWatermark` and the other calls come in the order of events, after the witness has taken
 * the event in itself (the exception is said).
 */
import type { ControlChange } from './control-watch.ts';
import type { FinalState } from './final-state.ts';
import type { HeldIsr, PartitionWatch, ReplicaWatch } from './replica-watch.ts';
import type { Judged } from './verdict.ts';

/** One object for all calls: read it at once, keep nothing of it but the replica. */
export interface HighWatermarkEvent {
  event: number;
  /** Simulated µs. */
  timeUs: number;
  replica: ReplicaWatch;
  highWatermark: number;
  leaderEpoch: number;
  role: string;
  /** It comes from the leader that the quorum named last, in its epoch. */
  legitimate: boolean;
  /** A running in-sync or eligible replica whose log does not agree so far; told of such only. */
  lacking: ReplicaWatch | null;
}

/** A node of the quorum tells how far the metadata log is committed, or that it leads. */
export interface QuorumEvent {
  readonly event: number;
  readonly replica: ReplicaWatch;
  readonly epoch: number;
}

export interface QuorumCommitted extends QuorumEvent {
  readonly highWatermark: number;
  /** leader, follower, observer */
  readonly role: string;
}

/**
 * A decision of the quorum; once its log is lost, what a controller tells. Controllers that start
 * again tell all of theirs again, of topics too that have been deleted.
 */
export interface LeaderElectedEvent {
  readonly event: number;
  readonly partition: string;
  readonly topicId: string | null;
  readonly leader: string | null;
  readonly leaderEpoch: number;
}

export interface LeaderStartedEvent {
  readonly event: number;
  readonly node: string;
  readonly partition: string;
  /** Of the topic that the broker leads a partition of; null: not known. */
  readonly topicId: string | null;
  readonly leaderEpoch: number;
  /** Where the leader's log ended when it began to lead. */
  readonly epochStartOffset: number;
  /** The controller's newest decision is that it leads in this epoch. */
  readonly legitimate: boolean;
  /** Up to here, at most the true high watermark, its log is the committed log. */
  readonly agreesUpTo: number;
}

/** A consumer will read a partition from another offset on. */
export interface ConsumerMoved {
  readonly event: number;
  readonly client: string;
  readonly partition: string;
  readonly offset: number;
  /** polled, reset, seek, truncated */
  readonly how: string;
  /** Of the leader that the consumer knows: a reset asked that one. */
  readonly leaderEpoch: number;
  /** auto.offset.reset */
  readonly reset: string;
}

export interface IsrShrinkProposed {
  readonly event: number;
  /** Simulated µs. */
  readonly timeUs: number;
  readonly replica: ReplicaWatch;
  /** Who stays. */
  readonly isr: string;
}

/** A replica's log begins at a later offset than it did before. */
export interface LogBegan {
  readonly event: number;
  /** Simulated µs. */
  readonly timeUs: number;
  readonly node: string;
  readonly partition: string;
  /** Of this replica, records [fromOffset, offset) are readable no more. */
  readonly fromOffset: number;
  readonly offset: number;
  /** The latest offset that any replica's log ever began at before. */
  readonly latestBefore: number;
  /** request, leader, snapshot, or a rule of retention. */
  readonly why: string;
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
  leaderElected?(event: LeaderElectedEvent): void;
  /** One batch of the metadata log was committed; the watches have taken it in. */
  controlChanged?(change: ControlChange): void;
  /** A leader's own view of its ISR; `partition.held` is it already. */
  isrHeld?(partition: PartitionWatch, held: HeldIsr): void;
  /** Batches have left a replica's log, by whatever cause: `fromOffset` is the lowest of them. */
  logShrank?(replica: ReplicaWatch, event: number, fromOffset: number): void;
  /**
   * A step has ended that changed a log which lost committed batches, in this step or before, and
   * does not hold all that is committed: `fromOffset` is the lowest that left.
   */
  logWasCut?(replica: ReplicaWatch, event: number, fromOffset: number): void;
  /** Told before a leader's commit is taken in. */
  quorumCommitted?(committed: QuorumCommitted): void;
  quorumLed?(led: QuorumEvent): void;
  logBegan?(began: LogBegan): void;
  /** A start has loaded the replica's log; `uncleanly`: the process before it just ended. */
  logLoaded?(replica: ReplicaWatch, event: number, uncleanly: boolean): void;
  /** A leader asks that followers leave the ISR because they lag. */
  isrShrinkProposed?(proposed: IsrShrinkProposed): void;
  clientStarted?(client: string, event: number): void;
  consumerMoved?(moved: ConsumerMoved): void;
  verdict(final: FinalState): Judged;
}
