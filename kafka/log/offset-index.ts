/**
 * The sparse offset index of one segment, file and copy in memory: entries of 8 bytes, (offset
 * relative to the segment's base i32, byte position of that batch i32), the offset being the last
 * one of its batch (Kafka: OffsetIndex). A file that does not fit its log is rebuilt by the
 * segment. Read lazily: closed segments that nobody searches cost nothing.
 */
import type { Disk, FileId } from '../host.ts';
import { int32At, putInt32 } from '../records/batch.ts';

const ENTRY_BYTES = 8;
const INITIAL_ENTRIES = 16;

export class OffsetIndex {
  readonly file: FileId;
  readonly path: string;
  /** Whether the file has bytes (or a new length) that no flush was started for. */
  dirty = false;
  private readonly disk: Disk;
  private count = 0;
  private relativeOffsets = new Int32Array(INITIAL_ENTRIES);
  private positions = new Int32Array(INITIAL_ENTRIES);
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

  isFull(maxIndexBytes: number): boolean {
    return this.entryCount >= Math.floor(maxIndexBytes / ENTRY_BYTES);
  }

  relativeOffset(slot: number): number {
    return this.relativeOffsets[slot] as number;
  }

  position(slot: number): number {
    return this.positions[slot] as number;
  }

  append(relativeOffset: number, position: number): void {
    this.load();
    const slot = this.count;
    if (slot > 0 && relativeOffset <= (this.relativeOffsets[slot - 1] as number)) return;
    if (slot === this.positions.length) this.grow(slot * 2);
    this.relativeOffsets[slot] = relativeOffset;
    this.positions[slot] = position;
    this.count = slot + 1;
    const bytes = new Uint8Array(ENTRY_BYTES);
    putInt32(bytes, 0, relativeOffset);
    putInt32(bytes, 4, position);
    this.disk.write(this.file, slot * ENTRY_BYTES, bytes);
    this.dirty = true;
  }

  /** The position of the last indexed batch that ends at or below the offset; 0 when none does. */
  lookup(relativeOffset: number): number {
    this.load();
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.relativeOffsets[middle] as number) <= relativeOffset) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (this.positions[low - 1] as number);
  }

  /** Drops the entries of batches that end at or above the offset. */
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
    if (this.count > this.positions.length) this.grow(this.count);
    for (let slot = 0; slot < this.count; slot++) {
      this.relativeOffsets[slot] = int32At(bytes, slot * ENTRY_BYTES);
      this.positions[slot] = int32At(bytes, slot * ENTRY_BYTES + 4);
    }
  }

  private grow(capacity: number): void {
    const relativeOffsets = new Int32Array(capacity);
    relativeOffsets.set(this.relativeOffsets);
    this.relativeOffsets = relativeOffsets;
    const positions = new Int32Array(capacity);
    positions.set(this.positions);
    this.positions = positions;
  }
}
