/**
 * Makes one log durable: which files need a flush, in which order flushes count, how far the
 * recovery point may rise, and which appends must wait for it (flush.messages). Kafka blocks in
 * fsync; here a flush ends in a later step, so the same promises are kept by waiting
 * (Kafka: UnifiedLog.flush, LocalLog.flush, LocalLog.markFlushed).
 */
import type { DiskErrorCode, FileId } from '../host.ts';
import { type LogEnvironment, startFlush } from './environment.ts';
import type { LeaderEpochCache } from './leader-epoch-cache.ts';
import type { LogDirectory } from './log-directory.ts';
import type { LogFiles } from './log-files.ts';
import type { Segment } from './segment.ts';
import type { SegmentList } from './segment-list.ts';

export type FlushDone = (error: DiskErrorCode | null) => void;

/** What became of records whose acknowledgement had to wait. */
export type AcknowledgeOutcome =
  | 'durable' // flushed as flush.messages demands: answer the client
  | 'truncated' // cut off the log again before that
  | 'failed'; // the log directory went offline

/** A file to be flushed along and closed then; not wanted any more = it was removed. */
export interface ExtraFile {
  readonly file: FileId;
  readonly isWanted: () => boolean;
}

/** One flush of everything below `endOffset`. Groups count in the order of their start. */
interface FlushGroup {
  endOffset: number;
  unfinished: number;
  readonly done: FlushDone | null;
}

interface Waiter {
  readonly endOffset: number;
  readonly done: (outcome: AcknowledgeOutcome) => void;
}

export class LogFlusher {
  /** Exclusive: everything below is durable. Recovery after an unclean stop begins there. */
  recoveryPoint: number;
  /** Wall clock of the last completed flush, for flush.ms. */
  lastFlushMs: number;
  /** Files were created, renamed or removed in the partition's directory and not yet synced. */
  directoryDirty = true;
  private startedEndOffset: number;
  private groups: FlushGroup[] = [];
  /** Base offset of the first append that waits for a flush by policy; -1 when none does. */
  private owedFromOffset = -1;
  /** The same, of appends that need another flush after the one that runs; -1 when none does. */
  private owedNextOffset = -1;
  private waiters: Waiter[] = [];
  private readonly environment: LogEnvironment;
  private readonly directory: LogDirectory;
  private readonly epochs: LeaderEpochCache;
  private readonly files: LogFiles;
  private readonly logEndOffset: () => number;

  constructor(
    files: LogFiles,
    log: { epochs: LeaderEpochCache; recoveryPoint: number; logEndOffset: () => number },
  ) {
    this.files = files;
    this.environment = files.environment;
    this.directory = files.directory;
    this.epochs = log.epochs;
    this.recoveryPoint = log.recoveryPoint;
    this.startedEndOffset = log.recoveryPoint;
    this.logEndOffset = log.logEndOffset;
    this.lastFlushMs = this.environment.clock.wallMs();
  }

  /** Whether a flush has been started for everything below `endOffset`. */
  isStartedFor(endOffset: number): boolean {
    return endOffset <= this.startedEndOffset;
  }

  /**
   * Flushes all segments below `endOffset`, and `extra` (closed afterwards, unless given up). When
   * it completes the recovery point rises to `endOffset`, then `done` runs: in a later step, or at
   * once if nothing needs a flush. It waits for the epoch checkpoint too, so that no epoch below
   * the recovery point can be missing from it.
   */
  flush(
    segments: SegmentList,
    endOffset: number,
    done: FlushDone | null,
    extra: ExtraFile | null = null,
  ): void {
    const group: FlushGroup = { endOffset, unfinished: 1, done };
    this.groups.push(group);
    if (endOffset > this.startedEndOffset) this.startedEndOffset = endOffset;
    const all = segments.all;
    // From the segment below the recovery point on: closing it has added to its time index.
    for (let slot = segments.floorSlot(this.recoveryPoint - 1); slot < all.length; slot++) {
      const segment = all[slot] as Segment;
      if (segment.baseOffset > endOffset) break;
      this.flushSegment(group, segment);
    }
    if (extra !== null) this.flushExtra(group, extra);
    this.syncDirectory();
    group.unfinished += 1;
    this.epochs.whenDurable(() => this.finishPart(group, null));
    this.finishPart(group, null);
  }

  private flushSegment(group: FlushGroup, segment: Segment): void {
    const files: FileId[] = [];
    segment.takeDirtyFiles(files);
    for (const file of files) {
      group.unfinished += 1;
      const isWanted = (): boolean => !segment.deleted;
      startFlush(this.environment, this.directory, file, isWanted, (error) =>
        this.finishPart(group, error),
      );
    }
  }

  private flushExtra(group: FlushGroup, extra: ExtraFile): void {
    group.unfinished += 1;
    startFlush(this.environment, this.directory, extra.file, extra.isWanted, (error) => {
      if (error === null) {
        this.directory.guard(() => this.environment.disk.close(extra.file), undefined);
      }
      this.finishPart(group, error);
    });
  }

  private syncDirectory(): void {
    if (!this.directoryDirty) return;
    this.environment.disk.syncDirectory(this.files.path);
    this.directoryDirty = false;
  }

  private finishPart(group: FlushGroup, error: DiskErrorCode | null): void {
    group.unfinished -= 1;
    if (error !== null) return;
    while (this.groups.length > 0 && (this.groups[0] as FlushGroup).unfinished === 0) {
      const finished = this.groups.shift() as FlushGroup;
      if (finished.endOffset > this.recoveryPoint) this.recoveryPoint = finished.endOffset;
      this.lastFlushMs = this.environment.clock.wallMs();
      finished.done?.(null);
    }
  }

  /**
   * Notes an append of `[baseOffset, endOffset)` and flushes when `flushMessages` records are not
   * covered by a flush yet. One flush by policy runs at a time; what is appended meanwhile shares
   * the next one, as a group commit.
   */
  appended(
    segments: SegmentList,
    baseOffset: number,
    endOffset: number,
    flushMessages: number,
  ): void {
    if (endOffset - this.startedEndOffset < flushMessages) return;
    if (this.owedFromOffset >= 0) {
      if (this.owedNextOffset < 0) this.owedNextOffset = baseOffset;
      return;
    }
    this.owedFromOffset = baseOffset;
    this.flushByPolicy(segments, endOffset);
  }

  private flushByPolicy(segments: SegmentList, endOffset: number): void {
    this.flush(segments, endOffset, (error) => {
      // The log was given up, or its directory: what is owed will never be flushed.
      if (error !== null) return;
      this.owedFromOffset = this.owedNextOffset;
      this.owedNextOffset = -1;
      this.releaseWaiters();
      if (this.owedFromOffset >= 0) this.directory.guard(() => this.flushOwed(segments), undefined);
    });
  }

  private flushOwed(segments: SegmentList): void {
    this.flushByPolicy(segments, this.logEndOffset());
  }

  /** See `Log.acknowledgedEndOffset`. */
  get acknowledgedEndOffset(): number {
    return this.owedFromOffset >= 0 ? this.owedFromOffset : this.logEndOffset();
  }

  whenAcknowledged(endOffset: number, done: (outcome: AcknowledgeOutcome) => void): void {
    if (!this.directory.online) done('failed');
    else if (this.acknowledgedEndOffset >= endOffset) done('durable');
    else this.waiters.push({ endOffset, done });
  }

  private releaseWaiters(): void {
    if (this.waiters.length === 0) return;
    const until = this.acknowledgedEndOffset;
    const due = this.waiters.filter((waiter) => waiter.endOffset <= until);
    this.waiters = this.waiters.filter((waiter) => waiter.endOffset > until);
    for (const waiter of due) waiter.done('durable');
  }

  /** The log was cut: what lies at or above `endOffset` is neither durable nor owed. */
  truncated(endOffset: number): void {
    this.recoveryPoint = Math.min(this.recoveryPoint, endOffset);
    this.startedEndOffset = Math.min(this.startedEndOffset, endOffset);
    for (const group of this.groups) group.endOffset = Math.min(group.endOffset, endOffset);
    if (this.owedFromOffset > endOffset) this.owedFromOffset = endOffset;
    if (this.owedNextOffset > endOffset) this.owedNextOffset = endOffset;
    const cut = this.waiters.filter((waiter) => waiter.endOffset > endOffset);
    this.waiters = this.waiters.filter((waiter) => waiter.endOffset <= endOffset);
    for (const waiter of cut) waiter.done('truncated');
  }

  /** The log directory went offline: nothing that runs will ever complete. */
  abandon(error: DiskErrorCode): void {
    const groups = this.groups;
    const waiters = this.waiters;
    this.groups = [];
    this.waiters = [];
    for (const group of groups) group.done?.(error);
    for (const waiter of waiters) waiter.done('failed');
  }
}
