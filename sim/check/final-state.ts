/**
 * The end of a run: the records in each partition's log as its leader has them on disk, and
 * whether the cluster came to rest. A partition without a leader is judged by the log of the
 * in-sync or eligible replica that has most of what was committed; of a run that ended early by
 * that of any replica, for nobody knows yet who will lead.
 */
import type { Column } from './history/column.ts';

export interface FinalPartition {
  readonly partition: string;
  /** Whose log it is: the last leader, or who could best lead when there is none. */
  readonly node: string;
  /** First offset of the log; records before it were deleted. */
  readonly logStartOffset: number;
  /** The end of what is committed; the log may go on behind it. */
  readonly highWatermark: number;
  /** Record ids by index and their offsets, in log order; control records are left out. */
  readonly records: Column;
  readonly offsets: Column;
  /** Of the batch that each record stands in; -1 without idempotence. */
  readonly producerIds: Column;
  readonly producerEpochs: Column;
  /** The same: where that batch begins, and the sequence number of its first record. */
  readonly batchOffsets: Column;
  readonly baseSequences: Column<Int32Array>;
}

/** Something that did not come to rest after healing. */
export interface Behind {
  readonly kind: 'node' | 'metadata' | 'replica' | 'consumer';
  /** The node that it hangs on, if it is one. */
  readonly node: string | null;
  readonly partition: string | null;
  readonly words: string;
  /** It goes on and is only slow; absent: false. */
  readonly progresses?: boolean;
}

export interface FinalState {
  readonly partitions: ReadonlyMap<string, FinalPartition>;
  /** Sends that no one answered, by client. */
  readonly unanswered: readonly { readonly client: string; readonly count: number }[];
  /** What did not catch up, or did not come back. */
  readonly behind: readonly Behind[];
  /** When everything had come to rest; null: it never did. */
  readonly restedAt: number | null;
  /** Clients that have sent what nobody has read yet: a slow link may hold it for long. */
  readonly stillSending: ReadonlySet<string>;
  /** The event at which the run ended. */
  readonly event: number;
}
