/**
 * The stored side of one partition replica: its segments, offsets and epochs, rolling, retention,
 * truncation and durability (Kafka: LocalLog, and the parts of UnifiedLog around it). `Log` adds
 * appending and reading.
 *
 * Disk errors never leave it: the log directory goes offline, and this call and every later one
 * does nothing (`isOnline` tells). Offsets named end… are exclusive.
 */
import { assert } from '../base/assert.ts';
import type { Uuid } from '../base/uuid.ts';
import type { DiskErrorCode, FileId } from '../host.ts';
import {
  baseOffsetAt,
  batchSizeAt,
  lastOffsetAt,
  maxTimestampAt,
  NO_PRODUCER_ID,
  producerIdAt,
} from '../records/batch.ts';
import type { LogEnvironment } from './environment.ts';
import type { EpochEndOffset, LeaderEpochCache } from './leader-epoch-cache.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import type { LogFiles } from './log-files.ts';
import {
  type AcknowledgeOutcome,
  type ExtraFile,
  type FlushDone,
  LogFlusher,
} from './log-flusher.ts';
import { type LoadedLog, replayProducers } from './log-loader.ts';
import type { ProducerStateManager } from './producer-state-manager.ts';
import { deletableSegments } from './retention.ts';
import { isTimeToRoll } from './roll.ts';
import type { Segment } from './segment.ts';
import { SegmentList } from './segment-list.ts';
import type { TruncationMarkers } from './truncation-marker.ts';

/** What `openLog` has put together. */
export interface LogParts {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: Uuid | null;
  readonly config: LogConfig;
  readonly files: LogFiles;
  readonly epochs: LeaderEpochCache;
  readonly producers: ProducerStateManager;
  readonly markers: TruncationMarkers;
  readonly loaded: LoadedLog;
  readonly checkpointOffsets: (done: () => void) => void;
}

export class LocalLog {
  readonly topic: string;
  readonly partition: number;
  /** `orders-0` */
  readonly name: string;
  /** Null only for a log found on disk whose id is not known. */
  topicId: Uuid | null;
  config: LogConfig;
  /** logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset. */
  logStartOffset: number;
  logEndOffset: number;
  highWatermark: number;
  readonly epochs: LeaderEpochCache;
  readonly producers: ProducerStateManager;
  readonly segments: SegmentList;
  protected readonly files: LogFiles;
  protected readonly flusher: LogFlusher;
  private readonly markers: TruncationMarkers;
  protected readonly environment: LogEnvironment;
  private readonly checkpointOffsets: (done: () => void) => void;
  /** The segment whose cut is not durable yet: nothing may be appended to it. */
  private cutSegment: Segment | null = null;
  /** Counts cuts: an earlier one that became durable says nothing of a later one. */
  private cuts = 0;
  private readonly whenDirectoryFails: () => void;

  constructor(parts: LogParts) {
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.name = `${parts.topic}-${parts.partition}`;
    this.topicId = parts.topicId;
    this.config = parts.config;
    this.files = parts.files;
    this.environment = parts.files.environment;
    this.epochs = parts.epochs;
    this.producers = parts.producers;
    this.markers = parts.markers;
    this.checkpointOffsets = parts.checkpointOffsets;
    this.segments = new SegmentList(parts.loaded.segments);
    this.logStartOffset = parts.loaded.logStartOffset;
    this.logEndOffset = parts.loaded.logEndOffset;
    this.highWatermark = parts.loaded.logStartOffset;
    this.flusher = new LogFlusher(parts.files, {
      epochs: parts.epochs,
      recoveryPoint: parts.loaded.recoveryPoint,
      logEndOffset: () => this.logEndOffset,
    });
    this.whenDirectoryFails = () => this.flusher.abandon(this.directoryFailure);
    this.logDirectory.watch(this.whenDirectoryFails);
    if (parts.loaded.needsMark) this.markers.mark(this.logEndOffset);
    // What recovery found may lie in the page cache only: flush.messages holds for it too.
    const { recoveryPoint } = parts.loaded;
    const { flushMessages } = parts.config;
    this.flusher.appended(this.segments, recoveryPoint, this.logEndOffset, flushMessages);
    if (this.markers.any) this.makeCutDurable(this.segments.active);
  }

  /** The entry of `log.dirs` that the log lies in. */
  get logDirectory(): LogDirectory {
    return this.files.directory;
  }

  /** The partition's directory. */
  get directory(): string {
    return this.files.path;
  }

  get isOnline(): boolean {
    return this.logDirectory.online;
  }

  /** Without transactions, the high watermark. */
  get lastStableOffset(): number {
    return this.highWatermark;
  }

  /** Everything below is durable. */
  get recoveryPoint(): number {
    return this.flusher.recoveryPoint;
  }

  get lastFlushMs(): number {
    return this.flusher.lastFlushMs;
  }

  get sizeBytes(): number {
    return this.segments.sizeBytes;
  }

  /** -1 when no epoch is known. */
  get latestEpoch(): number {
    return this.epochs.latestEpoch;
  }

  updateConfig(config: LogConfig): void {
    this.config = config;
  }

  // Writing

  /** Writes checked, stamped batches; rolls before if they do not fit. */
  protected write(batches: Uint8Array, nowMs: number): void {
    let maxTimestampMs = -1;
    let lastOffset = -1;
    for (let at = 0; at < batches.length; at += batchSizeAt(batches, at)) {
      const timestampMs = maxTimestampAt(batches, at);
      if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs;
      lastOffset = lastOffsetAt(batches, at);
    }
    const active = this.segments.active;
    const incoming = { sizeBytes: batches.length, maxTimestampMs, lastOffset };
    if (active === this.cutSegment || isTimeToRoll(active, incoming, this.config, nowMs)) {
      this.roll(baseOffsetAt(batches, 0));
    }
    this.segments.active.append(batches, this.config.indexIntervalBytes, nowMs);
    this.logEndOffset = lastOffset + 1;
    this.noteProducers(batches);
  }

  private noteProducers(batches: Uint8Array): void {
    for (let at = 0; at < batches.length; at += batchSizeAt(batches, at)) {
      if (producerIdAt(batches, at) !== NO_PRODUCER_ID) this.producers.append(batches, at);
    }
    this.producers.mapEndOffset = this.logEndOffset;
  }

  /** Closes the active segment and begins one at `baseOffset`; flushes the old one behind. */
  private roll(atOffset: number): void {
    const old = this.segments.active;
    const baseOffset = Math.max(atOffset, this.logEndOffset);
    if (old.baseOffset === baseOffset) return this.replaceSegments([old], baseOffset);
    old.becomeInactive();
    this.segments.push(this.files.create(baseOffset));
    this.environment.trace.emit('segment.rolled', this.name, baseOffset, old.sizeBytes);
    this.flusher.directoryDirty = true;
    this.producers.mapEndOffset = baseOffset;
    const snapshot = this.producers.takeSnapshot();
    this.flusher.flush(this.segments, baseOffset, null, this.snapshotToFlush(snapshot));
  }

  private snapshotToFlush(file: FileId | null): ExtraFile | null {
    if (file === null) return null;
    const offset = this.producers.mapEndOffset;
    return { file, isWanted: () => this.producers.isSnapshotFile(offset, file) };
  }

  /** Newest first: a crash on the way leaves a beginning of the log, without a hole. */
  private retireFromEnd(gone: readonly Segment[]): void {
    this.files.retire([...gone].reverse(), this.config.fileDeleteDelayMs);
  }

  /** Gives segments up and begins an empty one in their place. */
  private replaceSegments(gone: readonly Segment[], baseOffset: number): void {
    this.retireFromEnd(gone);
    this.segments.remove(gone, this.files.create(baseOffset));
    this.environment.disk.syncDirectory(this.directory);
  }

  // Watermarks and epochs

  /** Sets the high watermark, clamped into the log; a follower's may go down. Returns it. */
  updateHighWatermark(offset: number): number {
    this.highWatermark = Math.min(Math.max(offset, this.logStartOffset), this.logEndOffset);
    return this.highWatermark;
  }

  /** Raises the high watermark of a leader; true when it moved. */
  maybeIncrementHighWatermark(offset: number): boolean {
    assert(offset <= this.logEndOffset, 'high watermark beyond the log end');
    if (offset <= this.highWatermark) return false;
    this.highWatermark = offset;
    return true;
  }

  /** Notes that a leader's epoch begins, before any write of it (KAFKA-7415). */
  assignEpochStart(epoch: number, startOffset: number): void {
    this.logDirectory.guard(() => this.epochs.assign(epoch, startOffset), false);
  }

  endOffsetForEpoch(epoch: number): EpochEndOffset {
    return this.epochs.endOffsetFor(epoch, this.logEndOffset);
  }

  /**
   * Raises the log start offset; records below are no longer readable, segments wholly below go at
   * the next retention pass. False when it did not move; it never passes the high watermark.
   * @param why who wants it: `request` (DeleteRecords), `leader`, `snapshot`, or a retention rule.
   */
  maybeIncrementLogStartOffset(offset: number, why = 'request'): boolean {
    if (offset <= this.logStartOffset || offset > this.highWatermark) return false;
    return this.logDirectory.guard(() => {
      this.logStartOffset = offset;
      this.epochs.truncateFromStart(offset);
      this.producers.logBegins(offset);
      this.environment.trace.emit('log.started', this.name, offset, why);
      return true;
    }, false);
  }

  /** Applies retention; returns how many segments were deleted. */
  deleteOldSegments(): number {
    return this.logDirectory.guard(() => this.deleteSegmentsByRetention(), 0);
  }

  private deleteSegmentsByRetention(): number {
    const verdict = deletableSegments({
      name: this.name,
      segments: this.segments.all,
      logStartOffset: this.logStartOffset,
      highWatermark: this.highWatermark,
      logEndOffset: this.logEndOffset,
      retentionMs: this.config.delete ? this.config.retentionMs : -1,
      retentionBytes: this.config.delete ? this.config.retentionBytes : -1,
      nowMs: this.environment.clock.wallMs(),
      rule: this.environment.rules.retentionTime,
    });
    if (verdict.count === 0) return 0;
    if (verdict.count === this.segments.all.length) this.roll(this.logEndOffset);
    const gone = this.segments.all.slice(0, verdict.count);
    const first = this.segments.all[verdict.count] as Segment;
    // First nobody may read them any more, then they go.
    this.maybeIncrementLogStartOffset(first.baseOffset, verdict.why ?? 'retention');
    this.files.retire(gone, this.config.fileDeleteDelayMs);
    this.segments.remove(gone, null);
    gone.forEach(({ baseOffset }, i) => {
      this.producers.removeSnapshotAt(baseOffset);
      const endOffset = (gone[i + 1] ?? first).baseOffset;
      const why = verdict.why ?? '';
      this.environment.trace.emit('segment.deleted', this.name, baseOffset, endOffset, why);
    });
    return gone.length;
  }

  // Truncation

  /**
   * Cuts the batch that contains `offset` and all behind it (a cut inside a batch leaves the log
   * shorter than asked). The epoch cache is trimmed even when there is nothing to cut
   * (KAFKA-10706). Returns whether records went.
   */
  truncateTo(offset: number, why = 'diverged'): boolean {
    return this.logDirectory.guard(() => this.truncate(offset, why), false);
  }

  private truncate(offset: number, why: string): boolean {
    assert(offset >= 0, 'truncation below offset 0');
    if (offset >= this.logEndOffset) {
      this.epochs.truncateFromEnd(this.logEndOffset);
      return false;
    }
    if (offset < this.segments.first.baseOffset) {
      this.restartAt(offset, why);
      return true;
    }
    const oldEndOffset = this.logEndOffset;
    this.markers.mark(offset);
    const cut = this.cutSegments(offset);
    this.afterTruncation(oldEndOffset, cut, why);
    return true;
  }

  /** Returns the segment whose file was cut; null when new files took the place of old ones. */
  private cutSegments(offset: number): Segment | null {
    const all = this.segments.all;
    const slot = this.segments.floorSlot(offset);
    const segment = all[slot] as Segment;
    if (segment.baseOffset === offset) {
      this.replaceSegments(all.slice(slot), offset);
      this.logEndOffset = offset;
      return null;
    }
    const gone = all.slice(slot + 1);
    this.retireFromEnd(gone);
    this.segments.remove(gone, null);
    const end = segment.truncateTo(offset, this.environment.clock.wallMs());
    this.logEndOffset = end === null ? offset : (segment.nextOffset() ?? segment.baseOffset);
    segment.expectFrom(this.logEndOffset);
    return segment;
  }

  /** Empties the log: it begins again at `offset`, which may lie below or above the old one. */
  truncateFullyAndStartAt(offset: number, why = 'restarted'): void {
    this.logDirectory.guard(() => this.restartAt(offset, why), undefined);
  }

  protected restartAt(offset: number, why: string): void {
    const oldEndOffset = this.logEndOffset;
    this.markers.mark(offset);
    this.replaceSegments(this.segments.all, offset);
    this.logEndOffset = offset;
    this.logStartOffset = offset;
    this.highWatermark = offset;
    this.epochs.clear();
    this.afterTruncation(oldEndOffset, null, why);
  }

  private afterTruncation(oldEndOffset: number, cut: Segment | null, why: string): void {
    const endOffset = this.logEndOffset;
    this.logStartOffset = Math.min(this.logStartOffset, endOffset);
    this.epochs.truncateFromEnd(endOffset);
    this.producers.restart(this.logStartOffset, endOffset, this.environment.clock.wallMs());
    replayProducers(this.producers, this.segments.all, endOffset);
    // A cut inside a batch ends lower; the sync also makes the removal of snapshots durable.
    this.markers.mark(endOffset);
    this.updateHighWatermark(this.highWatermark);
    this.environment.trace.emit('log.truncated', this.name, endOffset, oldEndOffset, why);
    this.flusher.truncated(endOffset);
    this.makeCutDurable(cut);
  }

  /** Flushes what was cut and the lowered offsets; only then the active segment grows again. */
  private makeCutDurable(cut: Segment | null): void {
    const marked = this.markers.all;
    this.cuts += 1;
    const number = this.cuts;
    this.cutSegment = cut;
    this.flusher.flush(this.segments, this.logEndOffset, (error) => {
      if (error !== null) return;
      this.checkpointOffsets(() => {
        this.logDirectory.guard(() => this.markers.unmark(marked), undefined);
        if (this.cuts === number) this.cutSegment = null;
      });
    });
  }

  // Durability

  /**
   * Flushes everything up to the log end; on success the recovery point rises there. `done` runs
   * in a later step, or at once when nothing needs a flush or the directory is offline.
   */
  flush(done: FlushDone | null = null): void {
    const started = this.logDirectory.guard(() => {
      this.flusher.flush(this.segments, this.logEndOffset, done);
      return true;
    }, false);
    if (!started) done?.(this.directoryFailure);
  }

  /**
   * The end of what this replica may vouch for. It is the log end offset, except while an append
   * waits for the flush that flush.messages demands: then it is where that append began.
   *
   * Kafka's append returns only after that flush, so nobody could act on the records before. To
   * keep the same promise: a leader answers acks=0 and 1, and counts its own log end towards the
   * high watermark, only up to here; a follower sends no fetch for the partition while this lies
   * below its log end, since the fetch offset tells the leader what it has.
   */
  get acknowledgedEndOffset(): number {
    return this.flusher.acknowledgedEndOffset;
  }

  /**
   * Calls back once `acknowledgedEndOffset` has reached `endOffset`, or the records below it were
   * cut off again, or the directory failed; at once when it is so already.
   */
  whenAcknowledged(endOffset: number, done: (outcome: AcknowledgeOutcome) => void): void {
    this.flusher.whenAcknowledged(endOffset, done);
  }

  /** As `flush`, with the ends of the indexes and a producer snapshot, for a clean stop. */
  flushForShutdown(done: () => void): void {
    const started = this.logDirectory.guard(() => {
      this.segments.active.becomeInactive();
      this.producers.mapEndOffset = this.logEndOffset;
      const snapshot = this.producers.takeSnapshot();
      const extra = this.snapshotToFlush(snapshot);
      this.flusher.flush(this.segments, this.logEndOffset, done, extra);
      return true;
    }, false);
    if (!started) done();
  }

  private get directoryFailure(): DiskErrorCode {
    return this.logDirectory.failure ?? 'EIO';
  }

  /** Gives the log up: its files are closed, what still runs no longer matters. */
  close(): void {
    this.logDirectory.unwatch(this.whenDirectoryFails);
    this.epochs.close();
    for (const segment of this.segments.all) {
      segment.deleted = true;
      segment.close();
    }
    this.flusher.abandon(this.directoryFailure);
  }
}
