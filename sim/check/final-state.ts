/**
 * The end of a run: the records in each partition's log as its last leader has them on disk,
 * and whether the cluster came to rest.
 */
import type { Column } from './history/history.ts';

export interface FinalPartition {
  readonly partition: string;
  /** Node name of the last leader; null when there is none and the log is another's. */
  readonly leader: string | null;
  /** First offset of the log; records before it were deleted. */
  readonly logStartOffset: number;
  /** The end of what is committed. */
  readonly highWatermark: number;
  /** Record ids by index and their offsets, in log order; control records are left out. */
  readonly records: Column;
  readonly offsets: Column;
}

export interface FinalState {
  readonly partitions: ReadonlyMap<string, FinalPartition>;
  /** Sends that no one answered, by client. */
  readonly unanswered: readonly { readonly client: string; readonly count: number }[];
  /** Replicas that did not catch up with their leader, or brokers that did not come back. */
  readonly behind: readonly string[];
  /** The event at which the run ended. */
  readonly event: number;
}
