/**
 * The partition `__cluster_metadata-0` as the quorum uses it (Kafka: KafkaMetadataLog,
 * ReplicatedLog): an ordinary log, the snapshots that may stand for its beginning, and the checks
 * of offset and epoch by which replicas find where their logs part.
 */
import { assert } from '../base/assert.ts';
import type { Log } from '../log/log.ts';
import { batchSizeAt, lastOffsetAt, maxTimestampAt, validateBatch } from '../records/batch.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export const METADATA_TOPIC = '__cluster_metadata';
export const METADATA_PARTITION = 0;
/**
 * What `kafka-storage format` leaves for the first start; it is never sent to others, and the
 * first leader writes what it says into the log (Kafka: BOOTSTRAP_SNAPSHOT_ID).
 */
export const BOOTSTRAP_SNAPSHOT: OffsetAndEpoch = { offset: 0, epoch: 0 };

const NOTHING = new Uint8Array(0);

export interface OffsetAndEpoch {
  readonly offset: number;
  readonly epoch: number;
}

/** How a replica that ends at some offset and epoch compares to this log. */
export type Comparison =
  /** It has a beginning of this log. */
  | { readonly kind: 'valid' }
  /** It must cut what lies behind the end of this epoch, and ask again. */
  | { readonly kind: 'diverging'; readonly end: OffsetAndEpoch }
  /** What it lacks is here no more: it needs this snapshot. */
  | { readonly kind: 'snapshot'; readonly id: OffsetAndEpoch };

/** When old snapshots, and with them the log before them, are given up. */
export interface MetadataRetention {
  /** metadata.max.retention.bytes: of log and snapshots together; -1: no limit. */
  readonly retentionBytes: number;
  /** metadata.max.retention.ms; -1: no limit. */
  readonly retentionMs: number;
}

export class MetadataLog {
  readonly log: Log;
  readonly snapshots: SnapshotStore;

  constructor(log: Log, snapshots: SnapshotStore) {
    this.log = log;
    this.snapshots = snapshots;
  }

  get startOffset(): number {
    return this.log.logStartOffset;
  }

  get endOffset(): number {
    return this.log.logEndOffset;
  }

  /** The epoch of the last batch, or of the snapshot that an empty log begins with; else 0. */
  get lastFetchedEpoch(): number {
    const { latestEpoch } = this.log;
    return latestEpoch >= 0 ? latestEpoch : (this.snapshots.latest?.epoch ?? 0);
  }

  get highWatermark(): number {
    return this.log.highWatermark;
  }

  updateHighWatermark(offset: number): void {
    this.log.updateHighWatermark(offset);
  }

  latestSnapshotId(): OffsetAndEpoch | null {
    return this.snapshots.latest;
  }

  /** A whole snapshot, checked; null when the disk fails or has spoiled it: the node halts. */
  snapshotBytes(id: OffsetAndEpoch): Uint8Array | null {
    const size = this.snapshots.sizeOf(id);
    const bytes = size === null ? null : this.snapshots.read(id, 0, size);
    return bytes !== null && this.isSound(bytes) ? bytes : null;
  }

  /** The end of the largest epoch that is at most `epoch`; of an unknown one, our own end. */
  endOffsetForEpoch(epoch: number): OffsetAndEpoch {
    const end = this.log.endOffsetForEpoch(epoch);
    if (end.epoch === -1) return { offset: this.endOffset, epoch: this.lastFetchedEpoch };
    const { earliest } = this.snapshots;
    if (earliest !== null && end.endOffset === earliest.offset && end.epoch === epoch) {
      return earliest;
    }
    return { offset: end.endOffset, epoch: end.epoch };
  }

  /** How a replica that ends at `offset` in `epoch` compares to this log. */
  compare(offset: number, epoch: number): Comparison {
    if (this.startOffset === 0 && offset === 0 && epoch === 0) return { kind: 'valid' };
    const { earliest, latest } = this.snapshots;
    if (earliest !== null && latest !== null) {
      const lacks =
        offset < this.startOffset ||
        (offset === this.startOffset && epoch !== earliest.epoch) ||
        epoch < earliest.epoch;
      if (lacks) return { kind: 'snapshot', id: latest };
    }
    const end = this.endOffsetForEpoch(epoch);
    const isPrefix = end.epoch === epoch && offset <= end.offset;
    return isPrefix ? { kind: 'valid' } : { kind: 'diverging', end };
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

  /**
   * Empties a log that ends below the newest snapshot and begins it again behind that.
   * @returns whether it was so.
   */
  truncateToLatestSnapshot(): boolean {
    const { latest } = this.snapshots;
    if (latest === null) return false;
    const epoch = Math.max(this.log.latestEpoch, 0);
    const isBehind =
      latest.epoch > epoch || (latest.epoch === epoch && latest.offset > this.endOffset);
    if (!isBehind) return false;
    this.log.truncateFullyAndStartAt(latest.offset, 'snapshot');
    this.snapshots.removeBefore(latest.offset);
    return true;
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
    return this.isSound(records) ? records : NOTHING;
  }

  private isSound(records: Uint8Array): boolean {
    for (let at = 0; at < records.length; at += batchSizeAt(records, at)) {
      if (validateBatch(records, at, records.length) === null) continue;
      this.log.logDirectory.fail('EIO');
      return false;
    }
    return true;
  }

  /** Behind the last of whole batches; 0 of none. */
  endOffsetOf(batches: Uint8Array): number {
    let end = 0;
    for (let at = 0; at < batches.length; at += batchSizeAt(batches, at)) {
      end = lastOffsetAt(batches, at) + 1;
    }
    return end;
  }

  /** Makes everything appended so far durable; `done` never comes when the disk fails. */
  flush(done: () => void): void {
    this.log.flush((error) => {
      if (error === null) done();
    });
  }

  /**
   * Gives up snapshots that are too old or, with the log, too many bytes, and the segments that
   * the next snapshot stands for. The newest snapshot always stays.
   * @returns whether anything went.
   */
  clean(retention: MetadataRetention, wallMs: number): boolean {
    let cleaned = false;
    while (this.snapshots.all.length >= 2) {
      const [oldest, next] = this.snapshots.all as [OffsetAndEpoch, OffsetAndEpoch];
      if (!this.isExcess(retention) && !this.isTooOld(oldest, retention, wallMs)) break;
      if (!this.deleteBefore(next)) break;
      cleaned = true;
    }
    return cleaned;
  }

  private isExcess({ retentionBytes }: MetadataRetention): boolean {
    if (retentionBytes < 0) return false;
    let total = this.log.sizeBytes;
    for (const id of this.snapshots.all) total += this.snapshots.sizeOf(id) ?? 0;
    return total > retentionBytes;
  }

  private isTooOld(id: OffsetAndEpoch, { retentionMs }: MetadataRetention, wallMs: number) {
    if (retentionMs < 0) return false;
    const head = this.snapshots.read(id, 0, 61);
    // The batch of the header bears the time of the last record that the snapshot contains.
    return head !== null && head.length === 61 && wallMs - maxTimestampAt(head, 0) > retentionMs;
  }

  /** False where the log begins there already: of two snapshots with one end neither goes. */
  private deleteBefore(id: OffsetAndEpoch): boolean {
    if (id.offset > this.highWatermark || id.offset <= this.log.logStartOffset) return false;
    this.log.maybeIncrementLogStartOffset(id.offset, 'snapshot');
    this.log.deleteOldSegments();
    this.snapshots.removeBefore(id.offset);
    return true;
  }
}
