/**
 * What the checks keep in hand for one node, one partition, one replica, so that an event that
 * names node and partition costs one look-up, however many checks it concerns.
 */
import type { Uuid } from '../../kafka/base/uuid.ts';
import type { PartitionRegistration } from '../../kafka/metadata/partition-registration.ts';
import type { CommittedLog } from './committed-log.ts';
import type { Election } from './elections.ts';
import type { ReplicaLog } from './replica-log.ts';

export interface NodeWatch {
  readonly name: string;
  /** Its process runs, or is paused. */
  alive: boolean;
  /** When its process began; -1: never. */
  startedAt: number;
  /** It was told to stop cleanly. */
  stopAsked: boolean;
  /** The quorum has registered the broker that runs now; a voter needs none. */
  registered: boolean;
  /** Up to where it knows the metadata log to be committed, since its start. */
  metadataHighWatermark: number;
  /** Up to where its disk says that its metadata log is durable. */
  metadataFlushedTo: number;
  /** What last ended, paused or spoiled it: a fault, a stop, its own end; -1: nothing did. */
  stoppedAt: number;
}

/** A leader's own view of its ISR. */
export interface HeldIsr {
  readonly event: number;
  readonly node: string;
  readonly isr: readonly number[];
  readonly maximalIsr: readonly number[];
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

export interface PartitionWatch {
  readonly name: string;
  readonly committed: CommittedLog;
  /** What the quorum has committed of it; null before it is created. After its end: the last. */
  registration: PartitionRegistration | null;
  readonly topicId: Uuid | null;
  /** When nobody was left who may lead, with a change of min.insync.replicas; else -1. */
  elrClearedAt: number;
  /** The quorum's newest decision. */
  current: Election | null;
  /** In the ISR or eligible, as the quorum has it. */
  members: readonly ReplicaWatch[];
  /** The leader that the quorum names leads, in the process that runs now. */
  leading: boolean;
  /** Of the broker that last told it, while its process lives. */
  held: HeldIsr | null;
  /** All that were ever seen. */
  readonly replicas: ReplicaWatch[];
}

export interface ReplicaWatch {
  /** 0, 1, 2 … in the order of first sight: a place in the checks' own arrays. */
  readonly id: number;
  readonly node: string;
  readonly process: NodeWatch;
  readonly partition: PartitionWatch;
  log: ReplicaLog;
  /** Where the node says that its log ends: it may not know what became of it on its disk. */
  toldEndOffset: number;
  /** Below it the log is known to be the committed log. Ask `Witness.agreesUpTo`. */
  agreedUpTo: number;
  /** The newest that the node told. */
  highWatermark: number;
  logStartOffset: number;
  /** When it last lost records with power or disk that it has not replaced since; else -1. */
  lossyAt: number;
  /** Its process ended, and none has recovered the log since: it may end in a torn batch. */
  awaitsRecovery: boolean;
  /** A process that nobody had told to stop ended, and none has loaded the log since. */
  endedUncleanly: boolean;
}

/** Its process runs, and the quorum knows of it. */
export function isRunning({ process }: ReplicaWatch): boolean {
  return process.alive && process.registered;
}
