/**
 * The partition `__cluster_metadata-0` as the quorum uses it (Kafka: KafkaMetadataLog,
 * ReplicatedLog): an ordinary log, plus the checks of offset and epoch by which replicas find
 * where their logs part.
 */
import { assert } from '../base/assert.ts';
import type { Log } from '../log/log.ts';
import { batchSizeAt, validateBatch } from '../records/batch.ts';
import { ErrorCode } from '../wire/errors.ts';

export const METADATA_TOPIC = '__cluster_metadata';
export const METADATA_PARTITION = 0;

const NOTHING = new Uint8Array(0);

export interface OffsetAndEpoch {
  readonly offset: number;
  readonly epoch: number;
}

export class MetadataLog {
  readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  get endOffset(): number {
    return this.log.logEndOffset;
  }

  /** The epoch of the last batch, 0 for an empty log. */
  get lastFetchedEpoch(): number {
    return Math.max(this.log.latestEpoch, 0);
  }

  get highWatermark(): number {
    return this.log.highWatermark;
  }

  updateHighWatermark(offset: number): void {
    this.log.updateHighWatermark(offset);
  }

  /** The end of the largest epoch that is at most `epoch`; of an unknown one, our own end. */
  endOffsetForEpoch(epoch: number): OffsetAndEpoch {
    const end = this.log.endOffsetForEpoch(epoch);
    if (end.epoch === -1) return { offset: this.endOffset, epoch: this.lastFetchedEpoch };
    return { offset: end.endOffset, epoch: end.epoch };
  }

  /** Null when a replica that ends at `offset` in `epoch` holds a prefix of this log. */
  divergence(offset: number, epoch: number): OffsetAndEpoch | null {
    if (offset === 0 && epoch === 0) return null;
    const end = this.endOffsetForEpoch(epoch);
    return end.epoch === epoch && offset <= end.offset ? null : end;
  }

  /** Cuts what a leader's log, which ends `end.epoch` at `end.offset`, does not have. */
  truncateToEndOffset(end: OffsetAndEpoch): void {
    const local = this.endOffsetForEpoch(end.epoch);
    let offset = end.offset;
    if (end.epoch > 0) {
      offset = local.epoch === end.epoch ? Math.min(local.offset, end.offset) : local.offset;
    }
    this.log.truncateTo(offset);
  }

  /** False once its log directory has failed: the node is about to halt. */
  get online(): boolean {
    return this.log.logDirectory.online;
  }

  /** Appends one batch as leader. @returns the offset behind it, null when the disk fails. */
  appendAsLeader(batch: Uint8Array, epoch: number): number | null {
    const { error, errorMessage, lastOffset } = this.log.appendAsLeader(batch, epoch, 'raft');
    if (error === ErrorCode.KAFKA_STORAGE_ERROR) return null;
    assert(error === ErrorCode.NONE, `the metadata log refused a batch: ${errorMessage}`);
    return lastOffset + 1;
  }

  /** @returns false when the batches are not fit to append: fetch them again. */
  appendAsFollower(batches: Uint8Array, leaderEpoch: number): boolean {
    return this.log.appendAsFollower(batches, leaderEpoch).error === ErrorCode.NONE;
  }

  /**
   * Whole batches from the one that contains `offset` on; empty at the bound. Batches that their
   * disk has spoiled are a failure of its directory, for nobody may act on half a metadata log.
   */
  read(offset: number, maxBytes: number, bound: 'log_end' | 'high_watermark'): Uint8Array {
    const { records } = this.log.read(offset, maxBytes, bound, true);
    for (let at = 0; at < records.length; at += batchSizeAt(records, at)) {
      if (validateBatch(records, at, records.length) === null) continue;
      this.log.logDirectory.fail('EIO');
      return NOTHING;
    }
    return records;
  }

  /** Makes everything appended so far durable; `done` never comes when the disk fails. */
  flush(done: () => void): void {
    this.log.flush((error) => {
      if (error === null) done();
    });
  }
}
