/**
 * Opens a log's files at start and brings them back to a state the log once had
 * (Kafka: LogLoader, LogSegment.recover).
 *
 * After an unclean stop the segments from the recovery point on are read batch by batch. The log
 * ends before the first batch that is torn, fails its checksum, leaves a gap in the offsets, or has
 * an older leader epoch than the one before it (stale bytes that a power cut brought back); later
 * segments go. Indexes, epochs and producers are rebuilt from what remains. Below the recovery
 * point nothing is checked, as in Kafka: whoever reads it finds out.
 */
import { defined } from '../base/assert.ts';
import { baseOffsetAt, lastOffsetAt, leaderEpochAt, validateBatch } from '../records/batch.ts';
import type { LogEnvironment } from './environment.ts';
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  fileName,
  INDEX_SUFFIX,
  LOG_SUFFIX,
  offsetOfFile,
  TEMPORARY_SUFFIX,
  TIME_INDEX_SUFFIX,
} from './file-names.ts';
import type { LeaderEpochCache } from './leader-epoch-cache.ts';
import type { ProducerStateManager } from './producer-state-manager.ts';
import { openSegment, type Segment } from './segment.ts';
import type { TruncationMarkers } from './truncation-marker.ts';

export interface LoadRequest {
  readonly path: string;
  readonly indexIntervalBytes: number;
  readonly epochs: LeaderEpochCache;
  readonly producers: ProducerStateManager;
  readonly markers: TruncationMarkers;
  /** As checkpointed; 0 without a checkpoint. */
  readonly logStartOffset: number;
  /** As checkpointed; 0 without a checkpoint. */
  readonly recoveryPoint: number;
  /** The directory has the marker of a clean stop: everything is flushed and whole. */
  readonly cleanShutdown: boolean;
}

export interface LoadedLog {
  readonly segments: readonly Segment[];
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly recoveryPoint: number;
  /** The end lies lower than the files or the recovery point said: see truncation-marker.ts. */
  readonly needsMark: boolean;
  /** How many bytes recovery took away, of all segments. */
  readonly cutBytes: number;
}

export function loadLog(environment: LogEnvironment, request: LoadRequest): LoadedLog {
  const { disk } = environment;
  disk.mkdir(request.path);
  removeLeftovers(environment, request.path);
  const names = disk.list(request.path);
  request.markers.load(names);
  request.producers.loadSnapshotNames(names);
  const epochsKnown = request.epochs.load();
  const clean = request.cleanShutdown && epochsKnown && !request.markers.any;
  const loading = new Loading(environment, request);
  loading.openSegments(names);
  if (!clean) {
    // A marked cut lies at the end of the segment before it.
    const lowestCut = request.markers.lowest - 1;
    loading.recover(epochsKnown ? Math.min(request.recoveryPoint, lowestCut) : 0);
  } else if (loading.endOffset === null) {
    loading.recover(Number.MAX_SAFE_INTEGER);
  }
  return loading.finish(clean);
}

/** What an interrupted deletion or checkpoint left behind. */
function removeLeftovers(environment: LogEnvironment, path: string): void {
  for (const name of environment.disk.list(path)) {
    const leftover =
      name.endsWith(DELETED_SUFFIX) ||
      name.endsWith(CLEANED_SUFFIX) ||
      name.endsWith(TEMPORARY_SUFFIX);
    if (leftover) environment.disk.remove(`${path}/${name}`);
  }
}

class Loading {
  private segments: Segment[] = [];
  private wasCut = false;
  private cutBytes = 0;
  private filesRemoved = false;
  private readonly environment: LogEnvironment;
  private readonly request: LoadRequest;
  private readonly nowMs: number;

  constructor(environment: LogEnvironment, request: LoadRequest) {
    this.environment = environment;
    this.request = request;
    this.nowMs = environment.clock.wallMs();
  }

  openSegments(names: readonly string[]): void {
    const present = new Set(names);
    for (const name of names) {
      const baseOffset = offsetOfFile(name, LOG_SUFFIX);
      if (baseOffset === null) continue;
      const segment = this.open(baseOffset);
      this.segments.push(segment);
      const indexes = [fileName(baseOffset, INDEX_SUFFIX), fileName(baseOffset, TIME_INDEX_SUFFIX)];
      const whole = segment.offsetIndex.hasWholeEntries() && segment.timeIndex.hasWholeEntries();
      if (!whole || !indexes.every((index) => present.has(index))) this.rebuildIndexes(segment);
    }
    for (const name of names) {
      const offset = offsetOfFile(name, INDEX_SUFFIX) ?? offsetOfFile(name, TIME_INDEX_SUFFIX);
      if (offset === null || present.has(fileName(offset, LOG_SUFFIX))) continue;
      this.environment.disk.remove(`${this.request.path}/${name}`);
    }
  }

  private open(baseOffset: number): Segment {
    return openSegment(this.environment.disk, {
      directoryPath: this.request.path,
      baseOffset,
      createdAtMs: this.nowMs,
    });
  }

  private rebuildIndexes(segment: Segment): void {
    segment.clearIndexes();
    segment.scanWhole(0, (bytes, at, size, position) => {
      segment.noteBatch(bytes, at, size, position, this.request.indexIntervalBytes);
      return false;
    });
    segment.becomeInactive();
  }

  /** Exclusive end of the last segment's batches; null when rotten bytes hide it. */
  get endOffset(): number | null {
    const last = this.segments[this.segments.length - 1];
    return last === undefined ? 0 : last.nextOffset();
  }

  /** Reads everything from the segment that holds `recoveryPoint` on. */
  recover(recoveryPoint: number): void {
    const segments = this.segments;
    // A recovery point above the end is of a log that lay here before: it says nothing.
    const { endOffset } = this;
    const fromOffset = endOffset !== null && recoveryPoint > endOffset ? 0 : recoveryPoint;
    let slot = segments.length - 1;
    while (slot > 0 && (segments[slot] as Segment).baseOffset > fromOffset) slot -= 1;
    const first = segments[slot];
    if (first === undefined) return this.request.epochs.forgetFrom(0);
    this.request.epochs.forgetFrom(first.baseOffset);
    let expectedOffset = first.baseOffset;
    for (; slot < segments.length; slot++) {
      const segment = segments[slot] as Segment;
      if (segment.baseOffset !== expectedOffset) break;
      const nextBase = segments[slot + 1]?.baseOffset ?? Number.POSITIVE_INFINITY;
      const limit = Math.min(nextBase, this.request.markers.limitFor(segment.baseOffset));
      expectedOffset = this.recoverSegment(segment, limit);
    }
    const beyond = segments.slice(slot);
    for (const segment of beyond) this.cutBytes += segment.sizeBytes;
    this.removeSegments(beyond);
    this.segments = segments.slice(0, slot);
  }

  /**
   * Keeps the valid batches of a segment below `limit` and rebuilds its indexes.
   * @returns the exclusive end offset of what remains.
   */
  private recoverSegment(segment: Segment, limit: number): number {
    const { epochs, indexIntervalBytes } = this.request;
    let expectedOffset = segment.baseOffset;
    segment.clearIndexes();
    const end = segment.scanWhole(0, (bytes, at, size, position) => {
      if (validateBatch(bytes, at, at + size) !== null) return true;
      const baseOffset = baseOffsetAt(bytes, at);
      const lastOffset = lastOffsetAt(bytes, at);
      const leaderEpoch = leaderEpochAt(bytes, at);
      if (baseOffset !== expectedOffset || lastOffset < baseOffset) return true;
      if (lastOffset >= limit || leaderEpoch < epochs.latestEpoch) return true;
      if (leaderEpoch >= 0) epochs.noteWithoutCheckpoint(leaderEpoch, baseOffset);
      segment.noteBatch(bytes, at, size, position, indexIntervalBytes);
      expectedOffset = lastOffset + 1;
      return false;
    });
    this.wasCut = end < segment.sizeBytes;
    this.cutBytes += segment.sizeBytes - end;
    if (this.wasCut) segment.cutAt(end, expectedOffset);
    segment.becomeInactive();
    // Bytes that a killed process left in the page cache are no more durable now than then.
    segment.dirty = true;
    return expectedOffset;
  }

  private removeSegments(gone: readonly Segment[]): void {
    for (const segment of gone) {
      segment.deleted = true;
      segment.close();
      for (const suffix of [LOG_SUFFIX, INDEX_SUFFIX, TIME_INDEX_SUFFIX]) {
        this.environment.disk.remove(segment.path(suffix));
      }
      this.filesRemoved = true;
    }
  }

  finish(clean: boolean): LoadedLog {
    const { epochs, markers } = this.request;
    let logStartOffset = Math.min(this.request.logStartOffset, markers.lowest);
    let logEndOffset = defined(this.endOffset, 'recovery left rotten bytes');
    if (this.segments.length === 0 || logEndOffset < logStartOffset) {
      this.removeSegments(this.segments);
      this.segments = [this.open(logStartOffset)];
      this.wasCut = false;
      logEndOffset = logStartOffset;
    }
    const first = this.segments[0] as Segment;
    logStartOffset = Math.max(logStartOffset, first.baseOffset);
    const active = this.segments[this.segments.length - 1] as Segment;
    active.ensureTimestamps();
    active.expectFrom(logEndOffset);
    epochs.truncateFromStart(logStartOffset);
    epochs.forgetFrom(logEndOffset);
    epochs.checkpoint();
    this.rebuildProducers(logStartOffset, logEndOffset);
    if (this.filesRemoved) this.environment.disk.syncDirectory(this.request.path);
    const { recoveryPoint } = this.request;
    const flushed = clean ? logEndOffset : Math.min(recoveryPoint, logEndOffset, markers.lowest);
    return {
      segments: this.segments,
      logStartOffset,
      logEndOffset,
      recoveryPoint: flushed,
      needsMark: this.wasCut || recoveryPoint > logEndOffset,
      cutBytes: this.cutBytes,
    };
  }

  private rebuildProducers(logStartOffset: number, logEndOffset: number): void {
    const { producers } = this.request;
    const snapshotsRemoved = producers.restart(logStartOffset, logEndOffset, this.nowMs);
    if (snapshotsRemoved) this.filesRemoved = true;
    if (producers.mapEndOffset >= logEndOffset) return;
    replayProducers(producers, this.segments, logEndOffset);
    const snapshot = producers.takeSnapshot();
    if (snapshot !== null) this.environment.disk.close(snapshot);
  }
}

/** Takes the batches in [`mapEndOffset`, `endOffset`) into the producers' state. */
export function replayProducers(
  producers: ProducerStateManager,
  segments: readonly Segment[],
  endOffset: number,
): void {
  for (let slot = 0; slot < segments.length; slot++) {
    const segment = segments[slot] as Segment;
    const nextBase = segments[slot + 1]?.baseOffset ?? endOffset;
    if (nextBase <= producers.mapEndOffset || segment.baseOffset >= endOffset) continue;
    const position = segment.positionOf(producers.mapEndOffset);
    if (position < 0) continue;
    segment.scanWhole(position, (bytes, at) => {
      if (lastOffsetAt(bytes, at) >= endOffset) return true;
      producers.append(bytes, at);
      return false;
    });
  }
  producers.mapEndOffset = endOffset;
}
