/**
 * One segment of a log: its `.log` file of record batches with the two sparse indexes
 * (Kafka: LogSegment, FileRecords). It knows bytes and batches; offsets' meaning, epochs and
 * producers are the log's business. Disk errors pass through.
 */
import type { Disk, FileId } from '../host.ts';
import {
  batchSizeAt,
  checkBatchFrame,
  lastOffsetAt,
  maxTimestampAt,
  RECORD_BATCH_HEADER_BYTES,
} from '../records/batch.ts';
import { AT_END, type BatchVisitor, scanBatches, scanHeaders } from './batch-scan.ts';
import { fileName, INDEX_SUFFIX, LOG_SUFFIX, TIME_INDEX_SUFFIX } from './file-names.ts';
import { OffsetIndex } from './offset-index.ts';
import { BEYOND_LAST, RecentBatches } from './recent-batches.ts';
import { TimeIndex } from './time-index.ts';

const MAX_INT32 = 2_147_483_647;
const NO_BYTES: Uint8Array = new Uint8Array(0);
/** No batch of the segment ends at or above the offset. */
export const NOT_HERE = -1;

export class Segment {
  readonly baseOffset: number;
  /** Directory of the partition. */
  readonly directoryPath: string;
  readonly file: FileId;
  sizeBytes: number;
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  /** Wall clock at creation or opening: stands in for Kafka's file time where no record has one. */
  createdAtMs: number;
  /** Wall clock of the last write. */
  lastModifiedMs: number;
  /** Largest batch timestamp, -1 when there is none, and the last offset of its batch. */
  maxTimestampMs = -1;
  offsetOfMaxTimestamp = -1;
  /** Max timestamp of the first batch, from which time-based roll counts; null while empty. */
  rollingBasedTimestampMs: number | null = null;
  /** Whether the log file has bytes (or a new length) that no flush was started for. */
  dirty = false;
  /** Its files are given up: flushes of them no longer matter. */
  deleted = false;
  private bytesSinceIndexEntry = 0;
  private readonly recent: RecentBatches;
  private readonly disk: Disk;

  constructor(
    disk: Disk,
    place: { directoryPath: string; baseOffset: number; createdAtMs: number },
    files: { log: FileId; sizeBytes: number; offsetIndex: OffsetIndex; timeIndex: TimeIndex },
  ) {
    this.disk = disk;
    this.baseOffset = place.baseOffset;
    this.directoryPath = place.directoryPath;
    this.createdAtMs = place.createdAtMs;
    this.lastModifiedMs = place.createdAtMs;
    this.file = files.log;
    this.sizeBytes = files.sizeBytes;
    this.offsetIndex = files.offsetIndex;
    this.timeIndex = files.timeIndex;
    const known = files.sizeBytes === 0 ? place.baseOffset : Number.POSITIVE_INFINITY;
    this.recent = new RecentBatches(known);
  }

  path(suffix: string): string {
    return `${this.directoryPath}/${fileName(this.baseOffset, suffix)}`;
  }

  /** Whether the offset fits the 32 bits that the indexes have for it. */
  canHold(offset: number): boolean {
    return offset >= this.baseOffset && offset - this.baseOffset <= MAX_INT32;
  }

  /**
   * Writes whole batches behind the last one. An index entry is added per batch, before that
   * batch counts (KAFKA-806 and Kafka 4.1).
   */
  append(batches: Uint8Array, indexIntervalBytes: number, nowMs: number): void {
    this.disk.write(this.file, this.sizeBytes, batches);
    const start = this.sizeBytes;
    if (start === 0) this.rollingBasedTimestampMs = maxTimestampAt(batches, 0);
    this.dirty = true;
    this.lastModifiedMs = nowMs;
    // The file has the bytes, whatever becomes of the index entries.
    this.sizeBytes = start + batches.length;
    let at = 0;
    while (at < batches.length) {
      const size = batchSizeAt(batches, at);
      this.noteBatch(batches, at, size, start + at, indexIntervalBytes);
      at += size;
    }
  }

  /** Brings timestamps and indexes up to date with one batch that lies at `position`. */
  noteBatch(
    bytes: Uint8Array,
    at: number,
    size: number,
    position: number,
    indexIntervalBytes: number,
  ): void {
    const lastOffset = lastOffsetAt(bytes, at);
    const maxTimestampMs = maxTimestampAt(bytes, at);
    if (maxTimestampMs > this.maxTimestampMs) {
      this.maxTimestampMs = maxTimestampMs;
      this.offsetOfMaxTimestamp = lastOffset;
    }
    if (this.bytesSinceIndexEntry > indexIntervalBytes) {
      this.offsetIndex.append(lastOffset - this.baseOffset, position);
      this.appendTimeIndexEntry();
      this.bytesSinceIndexEntry = 0;
    }
    this.bytesSinceIndexEntry += size;
    this.recent.note(lastOffset, position);
  }

  private appendTimeIndexEntry(): void {
    this.timeIndex.maybeAppend(this.maxTimestampMs, this.offsetOfMaxTimestamp - this.baseOffset);
  }

  /** A closed segment ends its time index with its largest timestamp. */
  becomeInactive(): void {
    this.ensureTimestamps();
    this.appendTimeIndexEntry();
  }

  /** Position of the first batch that ends at or above `offset`; `NOT_HERE` or `ROTTEN`. */
  positionOf(offset: number): number {
    const recent = this.recent.find(offset);
    if (recent >= 0) return recent;
    if (recent === BEYOND_LAST || this.sizeBytes === 0) return NOT_HERE;
    const relativeOffset = Math.min(offset - this.baseOffset, MAX_INT32);
    return this.scanFor(offset, this.offsetIndex.lookup(relativeOffset));
  }

  private scanFor(offset: number, startPosition: number): number {
    const found = this.scan(startPosition, (bytes, at) => lastOffsetAt(bytes, at) >= offset);
    return found === AT_END ? NOT_HERE : found;
  }

  /** Shows the headers of the batches from `startPosition` on; see `scanHeaders`. */
  scan(startPosition: number, stop: BatchVisitor): number {
    const range = { start: startPosition, end: this.sizeBytes };
    return scanHeaders(this.disk, this.file, range, stop);
  }

  /** Shows the whole batches from `startPosition` on; see `scanBatches`. */
  scanWhole(startPosition: number, stop: BatchVisitor): number {
    const range = { start: startPosition, end: this.sizeBytes };
    return scanBatches(this.disk, this.file, range, stop);
  }

  /**
   * Whole batches from `position`, at most `maxBytes` of them, none beyond `endPosition` (a batch
   * boundary). With `minOneBatch` the first batch comes even when it is larger than `maxBytes`.
   * Null when the bytes are no batches.
   */
  readBatches(
    position: number,
    endPosition: number,
    maxBytes: number,
    minOneBatch: boolean,
  ): Uint8Array | null {
    const available = endPosition - position;
    if (available <= maxBytes) return this.disk.read(this.file, position, available);
    const wanted = Math.max(maxBytes, minOneBatch ? RECORD_BATCH_HEADER_BYTES : 0);
    const bytes = this.disk.read(this.file, position, Math.min(wanted, available));
    let end = 0;
    for (;;) {
      const problem = checkBatchFrame(bytes, end, bytes.length);
      if (problem === null) end += batchSizeAt(bytes, end);
      else if (problem === 'truncated') break;
      else return null;
    }
    if (end > 0 && (end <= maxBytes || minOneBatch)) return bytes.subarray(0, end);
    if (!minOneBatch) return NO_BYTES;
    const firstSize = batchSizeAt(bytes, 0);
    if (firstSize > available) return null;
    return this.disk.read(this.file, position, firstSize);
  }

  /**
   * The exclusive end offset of the last batch, found from the last index entry on; null when
   * the bytes there are no batches.
   */
  nextOffset(): number | null {
    let next = this.baseOffset;
    const end = this.scan(this.offsetIndex.lookup(MAX_INT32), (bytes, at) => {
      next = lastOffsetAt(bytes, at) + 1;
      return false;
    });
    return end === AT_END ? next : null;
  }

  /**
   * Cuts the batch that contains `offset` and all behind it.
   * @returns the position of the cut, or null when nothing was cut.
   */
  truncateTo(offset: number, nowMs: number): number | null {
    const position = this.positionOf(offset);
    if (position < 0) return null;
    this.offsetIndex.truncateTo(offset - this.baseOffset);
    this.timeIndex.truncateTo(offset - this.baseOffset);
    this.cutAt(position, offset);
    if (this.sizeBytes === 0) {
      this.createdAtMs = nowMs;
      this.rollingBasedTimestampMs = null;
    }
    this.restoreTimestamps();
    return position;
  }

  /** Cuts the log file alone; recovery, which rebuilds the indexes itself. */
  cutAt(position: number, endOffset: number): void {
    this.disk.truncate(this.file, position);
    this.sizeBytes = position;
    this.dirty = true;
    this.bytesSinceIndexEntry = 0;
    this.recent.reset(position === 0 ? this.baseOffset : endOffset);
  }

  /** Says that every batch which is still to come ends at or above `logEndOffset`. */
  expectFrom(logEndOffset: number): void {
    this.recent.reset(logEndOffset);
  }

  /** Forgets what recovery is about to find out again. */
  clearIndexes(): void {
    this.offsetIndex.clear();
    this.timeIndex.clear();
    this.maxTimestampMs = -1;
    this.offsetOfMaxTimestamp = -1;
    this.bytesSinceIndexEntry = 0;
    this.recent.reset(this.baseOffset);
  }

  /** Learns the largest timestamp of a segment that was opened, from its time index and tail. */
  ensureTimestamps(): void {
    if (this.maxTimestampMs < 0 && this.sizeBytes > 0) this.restoreTimestamps();
  }

  private restoreTimestamps(): void {
    this.maxTimestampMs = -1;
    this.offsetOfMaxTimestamp = -1;
    const entries = this.timeIndex.entryCount;
    if (entries > 0) {
      this.maxTimestampMs = this.timeIndex.timestamp(entries - 1);
      this.offsetOfMaxTimestamp = this.baseOffset + this.timeIndex.relativeOffset(entries - 1);
    }
    const from = entries === 0 ? 0 : this.timeIndex.relativeOffset(entries - 1);
    this.scan(entries === 0 ? 0 : this.offsetIndex.lookup(from), (bytes, at) => {
      if (maxTimestampAt(bytes, at) > this.maxTimestampMs) {
        this.maxTimestampMs = maxTimestampAt(bytes, at);
        this.offsetOfMaxTimestamp = lastOffsetAt(bytes, at);
      }
      return false;
    });
  }

  /** The timestamp from which time-based roll counts; -1 while the segment is empty. */
  firstBatchTimestampMs(): number {
    if (this.rollingBasedTimestampMs !== null) return this.rollingBasedTimestampMs;
    if (this.sizeBytes < RECORD_BATCH_HEADER_BYTES) return -1;
    const header = this.disk.read(this.file, 0, RECORD_BATCH_HEADER_BYTES);
    this.rollingBasedTimestampMs = maxTimestampAt(header, 0);
    return this.rollingBasedTimestampMs;
  }

  /** What retention by time compares: the newest record, or the last write if none has a time. */
  largestTimestampMs(): number {
    this.ensureTimestamps();
    return this.maxTimestampMs >= 0 ? this.maxTimestampMs : this.lastModifiedMs;
  }

  /** The files that need a flush; they count as flushed from here on. */
  takeDirtyFiles(into: FileId[]): void {
    if (this.dirty) into.push(this.file);
    if (this.offsetIndex.dirty) into.push(this.offsetIndex.file);
    if (this.timeIndex.dirty) into.push(this.timeIndex.file);
    this.dirty = false;
    this.offsetIndex.dirty = false;
    this.timeIndex.dirty = false;
  }

  close(): void {
    this.disk.close(this.file);
    this.disk.close(this.offsetIndex.file);
    this.disk.close(this.timeIndex.file);
  }
}

/** Creates (or opens anew) the three files of a segment. */
export function openSegment(
  disk: Disk,
  place: { directoryPath: string; baseOffset: number; createdAtMs: number },
): Segment {
  const path = (suffix: string): string =>
    `${place.directoryPath}/${fileName(place.baseOffset, suffix)}`;
  const log = disk.open(path(LOG_SUFFIX), 'create');
  const index = disk.open(path(INDEX_SUFFIX), 'create');
  const timeIndex = disk.open(path(TIME_INDEX_SUFFIX), 'create');
  const sizeBytes = disk.size(log);
  return new Segment(disk, place, {
    log,
    sizeBytes,
    offsetIndex: new OffsetIndex(
      disk,
      path(INDEX_SUFFIX),
      index,
      sizeBytes === 0 && disk.size(index) === 0,
    ),
    timeIndex: new TimeIndex(
      disk,
      path(TIME_INDEX_SUFFIX),
      timeIndex,
      sizeBytes === 0 && disk.size(timeIndex) === 0,
    ),
  });
}
