/**
 * What the checks keep in hand for one replica, so that an event that names node and partition
 * costs one look-up, however many checks it concerns.
 */
import type { CommittedLog } from './committed-log.ts';
import type { Election } from './elections.ts';
import type { ReplicaLog } from './replica-log.ts';

export interface PartitionWatch {
  readonly name: string;
  readonly committed: CommittedLog;
  /** The controller's newest decision. */
  current: Election | null;
  /** Of the newest ISR change that the controller told. */
  partitionEpoch: number;
  /** The leader that it names leads, in the process that runs now. */
  leading: boolean;
  /** All that were ever seen. */
  readonly replicas: ReplicaWatch[];
}

export interface ReplicaWatch {
  /** 0, 1, 2 … in the order of first sight: a place in the checks' own arrays. */
  readonly id: number;
  readonly node: string;
  readonly partition: PartitionWatch;
  readonly log: ReplicaLog;
  /** The newest that the node told. */
  highWatermark: number;
  logStartOffset: number;
}
