/**
 * The bytes of one file: what the page cache holds now and, beside it, what the platter would
 * still give after a power cut. Every unfinished flush is a snapshot; a write below a snapshot's
 * end first saves the page it hits, so that no flush ever copies a file.
 */
import { assert } from '../../kafka/base/assert.ts';

export const PAGE_BYTES = 4_096;
export const SECTOR_BYTES = 512;
const CHUNK_BYTES = 262_144;
const FIRST_CHUNK_BYTES = 4_096;

/** The file at some moment: its size then, and the pages that were overwritten since. */
export class Snapshot {
  readonly size: number;
  /** Page index → its content (`PAGE_BYTES`) before the first write after this moment. */
  readonly pages = new Map<number, Uint8Array>();
  constructor(size: number) {
    this.size = size;
  }
}

export class FilePages {
  size = 0;
  /** Bytes written since the last flush began. */
  unflushedBytes = 0;
  /** A flush failed: pages that it should have written are clean in the cache, lost on power cut. */
  poisoned = false;
  /** [0] is durable; the others are flushes under way, oldest first. */
  readonly snapshots: Snapshot[] = [new Snapshot(0)];
  /** The largest size of any snapshot: a write below it may have to save pages. */
  private protectedSize = 0;
  /** null: zeros. A chunk may be shorter than CHUNK_BYTES; the rest is zeros. */
  private readonly chunks: (Uint8Array | null)[] = [];
  /** Per chunk, the end of what was ever handed out as a view of the present buffer. */
  private readonly sharedUpTo: number[] = [];

  /** A view where it can be, never written to again; a copy where the range spans chunks. */
  read(position: number, length: number): Uint8Array {
    const end = position + length < this.size ? position + length : this.size;
    if (position >= end) return new Uint8Array(0);
    const index = Math.floor(position / CHUNK_BYTES);
    const from = position - index * CHUNK_BYTES;
    const to = end - index * CHUNK_BYTES;
    const chunk = this.chunks[index] ?? null;
    if (chunk === null || to > chunk.length) return this.copy(position, end);
    if (to > (this.sharedUpTo[index] as number)) this.sharedUpTo[index] = to;
    return chunk.subarray(from, to);
  }

  /** A copy of [position, end), zeros where nothing is; not bounded by the size. */
  copy(position: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - position);
    let at = position;
    while (at < end) {
      const index = Math.floor(at / CHUNK_BYTES);
      const start = index * CHUNK_BYTES;
      const next = start + CHUNK_BYTES < end ? start + CHUNK_BYTES : end;
      const chunk = this.chunks[index] ?? null;
      if (chunk !== null) bytes.set(chunk.subarray(at - start, next - start), at - position);
      at = next;
    }
    return bytes;
  }

  write(position: number, bytes: Uint8Array): void {
    const length = bytes.length;
    const end = position + length;
    if (position > this.size) this.zero(this.size, position);
    if (position < this.protectedSize) this.save(position, end);
    let at = position;
    while (at < end) {
      const index = Math.floor(at / CHUNK_BYTES);
      const from = at - index * CHUNK_BYTES;
      const count = CHUNK_BYTES - from < end - at ? CHUNK_BYTES - from : end - at;
      const chunk = this.writable(index, from, from + count);
      if (count === length) chunk.set(bytes, from);
      else chunk.set(bytes.subarray(at - position, at - position + count), from);
      at += count;
    }
    if (end > this.size) this.size = end;
    this.unflushedBytes += length;
  }

  truncate(size: number): void {
    if (size > this.size) this.zero(this.size, size);
    this.size = size;
    this.unflushedBytes += SECTOR_BYTES;
    const needed = size > this.protectedSize ? size : this.protectedSize;
    const chunks = Math.ceil(needed / CHUNK_BYTES);
    if (chunks < this.chunks.length) {
      this.chunks.length = chunks;
      this.sharedUpTo.length = chunks;
    }
  }

  /** Starts a flush of the present bytes and size. */
  snapshot(): Snapshot {
    const snapshot = new Snapshot(this.size);
    this.snapshots.push(snapshot);
    if (this.size > this.protectedSize) this.protectedSize = this.size;
    this.unflushedBytes = 0;
    return snapshot;
  }

  /** The oldest flush reached the platter. */
  madeDurable(snapshot: Snapshot): void {
    if (this.poisoned) {
      this.abandon(snapshot);
      return;
    }
    assert(this.snapshots[1] === snapshot, 'flushes of one file end out of order');
    this.snapshots.shift();
    this.findProtectedSize();
  }

  /** A flush that never happened, lied or failed: what it covered is as durable as before. */
  abandon(snapshot: Snapshot): void {
    const index = this.snapshots.indexOf(snapshot);
    assert(index > 0, 'unknown flush');
    const below = this.snapshots[index - 1] as Snapshot;
    for (const [page, content] of snapshot.pages) {
      if (!below.pages.has(page)) below.pages.set(page, content);
    }
    this.snapshots.splice(index, 1);
    this.findProtectedSize();
  }

  /** The durable content of a page; zeros beyond the durable size. */
  durablePage(page: number): Uint8Array {
    const start = page * PAGE_BYTES;
    let content: Uint8Array | undefined;
    for (const snapshot of this.snapshots) {
      content = snapshot.pages.get(page);
      if (content !== undefined) break;
    }
    const bytes = content === undefined ? this.copy(start, start + PAGE_BYTES) : content.slice();
    const left = (this.snapshots[0] as Snapshot).size - start;
    if (left < PAGE_BYTES) bytes.fill(0, left > 0 ? left : 0);
    return bytes;
  }

  /** Pages whose durable content may differ from the cache, ascending. */
  dirtyPages(): number[] {
    const dirty = new Set<number>();
    for (const snapshot of this.snapshots)
      for (const page of snapshot.pages.keys()) dirty.add(page);
    const durableSize = (this.snapshots[0] as Snapshot).size;
    if (this.size > durableSize) {
      const end = Math.ceil(this.size / PAGE_BYTES);
      for (let page = Math.floor(durableSize / PAGE_BYTES); page < end; page++) dirty.add(page);
    }
    return [...dirty].sort((a, b) => a - b);
  }

  /** Replaces pages and size by what a power cut left; all of it is durable now. */
  settle(pages: ReadonlyMap<number, Uint8Array>, size: number): void {
    this.snapshots.length = 0;
    this.protectedSize = 0;
    this.size = size > this.size ? size : this.size;
    for (const [page, content] of pages) {
      const start = page * PAGE_BYTES;
      if (start < size) this.write(start, content);
    }
    this.size = size;
    this.snapshots.push(new Snapshot(size));
    this.protectedSize = size;
    this.unflushedBytes = 0;
    this.poisoned = false;
  }

  /** Damages a byte at rest: in the cache and in whatever a power cut could bring back. */
  flipBit(position: number, bit: number): void {
    const index = Math.floor(position / CHUNK_BYTES);
    const offset = position - index * CHUNK_BYTES;
    const chunk = this.writable(index, offset, offset + 1);
    chunk[offset] = (chunk[offset] as number) ^ (1 << bit);
    const page = Math.floor(position / PAGE_BYTES);
    for (const snapshot of this.snapshots) {
      const saved = snapshot.pages.get(page);
      const at = position - page * PAGE_BYTES;
      if (saved !== undefined) saved[at] = (saved[at] as number) ^ (1 << bit);
    }
  }

  private findProtectedSize(): void {
    let size = 0;
    for (const snapshot of this.snapshots) if (snapshot.size > size) size = snapshot.size;
    this.protectedSize = size;
  }

  /** Saves the pages that a write to [from, end) will hit, as far as a snapshot covers them. */
  private save(from: number, end: number): void {
    const top = this.snapshots[this.snapshots.length - 1] as Snapshot;
    const last = Math.floor(
      ((end < this.protectedSize ? end : this.protectedSize) - 1) / PAGE_BYTES,
    );
    for (let page = Math.floor(from / PAGE_BYTES); page <= last; page++) {
      if (top.pages.has(page)) continue;
      const start = page * PAGE_BYTES;
      top.pages.set(page, this.copy(start, start + PAGE_BYTES));
    }
  }

  /** Clears [from, end), which lies beyond the size and may hold remains of a longer past. */
  private zero(from: number, end: number): void {
    if (from < this.protectedSize) this.save(from, end);
    for (let index = Math.floor(from / CHUNK_BYTES); index < this.chunks.length; index++) {
      const start = index * CHUNK_BYTES;
      if (start >= end) return;
      const chunk = this.chunks[index] ?? null;
      if (chunk === null) continue;
      const clearFrom = from > start ? from - start : 0;
      const clearTo = end - start < chunk.length ? end - start : chunk.length;
      if (clearFrom < clearTo) this.writable(index, clearFrom, clearTo).fill(0, clearFrom, clearTo);
    }
  }

  /** The chunk, with room up to `to` and nobody looking at its bytes from `from` on. */
  private writable(index: number, from: number, to: number): Uint8Array {
    while (this.chunks.length <= index) {
      this.chunks.push(null);
      this.sharedUpTo.push(0);
    }
    const chunk = this.chunks[index] as Uint8Array | null;
    if (chunk !== null && to <= chunk.length && from >= (this.sharedUpTo[index] as number)) {
      return chunk;
    }
    // Only the first chunk of a file begins small: most files are.
    let capacity = chunk !== null ? chunk.length : index > 0 ? CHUNK_BYTES : FIRST_CHUNK_BYTES;
    while (capacity < to) capacity *= 2;
    const fresh = new Uint8Array(capacity);
    if (chunk !== null) fresh.set(chunk);
    this.chunks[index] = fresh;
    this.sharedUpTo[index] = 0;
    return fresh;
  }
}
