/**
 * The sparse time index of one segment, file and copy in memory: entries of 12 bytes, (timestamp
 * i64, offset relative to the base i32), meaning "no record up to that offset is newer"; both
 * rise (Kafka: TimeIndex).
 */
import type { Disk, FileId } from '../host.ts';
import { int32At, int64At, putInt32, putInt64 } from '../records/batch.ts';

const ENTRY_BYTES = 12;
const INITIAL_ENTRIES = 16;

export class TimeIndex {
  readonly file: FileId;
  readonly path: string;
  /** Whether the file has bytes (or a new length) that no flush was started for. */
  dirty = false;
  private readonly disk: Disk;
  private count = 0;
  private timestamps = new Float64Array(INITIAL_ENTRIES);
  private relativeOffsets = new Int32Array(INITIAL_ENTRIES);
  private loaded: boolean;

  /** @param loaded true for a new, empty file. */
  constructor(disk: Disk, path: string, file: FileId, loaded: boolean) {
    this.disk = disk;
    this.path = path;
    this.file = file;
    this.loaded = loaded;
  }

  get entryCount(): number {
    this.load();
    return this.count;
  }

  /** One entry stays free for the forced one at roll or close. */
  isFull(maxIndexBytes: number): boolean {
    return this.entryCount >= Math.floor(maxIndexBytes / ENTRY_BYTES) - 1;
  }

  timestamp(slot: number): number {
    return this.timestamps[slot] as number;
  }

  relativeOffset(slot: number): number {
    return this.relativeOffsets[slot] as number;
  }

  /** Adds an entry when the timestamp is larger than every one before. */
  maybeAppend(timestampMs: number, relativeOffset: number): void {
    this.load();
    const slot = this.count;
    if (timestampMs < 0) return;
    if (slot > 0 && timestampMs <= (this.timestamps[slot - 1] as number)) return;
    if (slot === this.timestamps.length) this.grow(slot * 2);
    this.timestamps[slot] = timestampMs;
    this.relativeOffsets[slot] = relativeOffset;
    this.count = slot + 1;
    const bytes = new Uint8Array(ENTRY_BYTES);
    putInt64(bytes, 0, timestampMs);
    putInt32(bytes, 8, relativeOffset);
    this.disk.write(this.file, slot * ENTRY_BYTES, bytes);
    this.dirty = true;
  }

  /** The relative offset of the last entry not newer than the timestamp; 0 when there is none. */
  lookup(timestampMs: number): number {
    this.load();
    let slot = this.count;
    while (slot > 0 && (this.timestamps[slot - 1] as number) > timestampMs) slot -= 1;
    return slot === 0 ? 0 : (this.relativeOffsets[slot - 1] as number);
  }

  /** Drops the entries at or above the offset. */
  truncateTo(relativeOffset: number): void {
    this.load();
    let keep = this.count;
    while (keep > 0 && (this.relativeOffsets[keep - 1] as number) >= relativeOffset) keep -= 1;
    this.keepEntries(keep);
  }

  clear(): void {
    this.loaded = true;
    this.keepEntries(0);
  }

  /** A file of whole entries; a torn one must be rebuilt. */
  hasWholeEntries(): boolean {
    return this.disk.size(this.file) % ENTRY_BYTES === 0;
  }

  private keepEntries(count: number): void {
    this.count = count;
    this.disk.truncate(this.file, count * ENTRY_BYTES);
    this.dirty = true;
  }

  private load(): void {
    if (this.loaded) return;
    this.loaded = true;
    const bytes = this.disk.read(this.file, 0, this.disk.size(this.file));
    this.count = Math.floor(bytes.length / ENTRY_BYTES);
    if (this.count > this.timestamps.length) this.grow(this.count);
    for (let slot = 0; slot < this.count; slot++) {
      this.timestamps[slot] = int64At(bytes, slot * ENTRY_BYTES);
      this.relativeOffsets[slot] = int32At(bytes, slot * ENTRY_BYTES + 8);
    }
  }

  private grow(capacity: number): void {
    const timestamps = new Float64Array(capacity);
    timestamps.set(this.timestamps);
    this.timestamps = timestamps;
    const relativeOffsets = new Int32Array(capacity);
    relativeOffsets.set(this.relativeOffsets);
    this.relativeOffsets = relativeOffsets;
  }
}
