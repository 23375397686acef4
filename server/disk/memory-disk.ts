/**
 * A disk in memory, for clusters that need not outlive their process. Files are chunks that reads
 * share: what was handed out is never written to again.
 */
import { assert } from '../../kafka/base/assert.ts';
import { DiskError, type FileId, type FlushTicket } from '../../kafka/host.ts';
import type { BootedDisk, Flushed, MachineDisk } from './machine-disk.ts';

const CHUNK_BYTES = 262_144;
const FIRST_CHUNK_BYTES = 4_096;

class MemoryFile {
  size = 0;
  /** null: zeros. A chunk may be shorter than CHUNK_BYTES; the rest is zeros. */
  private readonly chunks: (Uint8Array | null)[] = [];
  /** Per chunk, the end of what was ever handed out of its present buffer. */
  private readonly sharedUpTo: number[] = [];

  read(position: number, length: number): Uint8Array {
    const end = Math.min(position + length, this.size);
    if (position >= end) return new Uint8Array(0);
    const index = Math.floor(position / CHUNK_BYTES);
    const from = position - index * CHUNK_BYTES;
    const to = end - index * CHUNK_BYTES;
    const chunk = this.chunks[index] ?? null;
    if (chunk === null || to > chunk.length) return this.copy(position, end);
    if (to > (this.sharedUpTo[index] as number)) this.sharedUpTo[index] = to;
    return chunk.subarray(from, to);
  }

  private copy(position: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - position);
    for (let at = position; at < end; ) {
      const index = Math.floor(at / CHUNK_BYTES);
      const start = index * CHUNK_BYTES;
      const next = Math.min(start + CHUNK_BYTES, end);
      const chunk = this.chunks[index] ?? null;
      if (chunk !== null) bytes.set(chunk.subarray(at - start, next - start), at - position);
      at = next;
    }
    return bytes;
  }

  write(position: number, bytes: Uint8Array): void {
    const end = position + bytes.length;
    if (position > this.size) this.zero(this.size, position);
    for (let at = position; at < end; ) {
      const index = Math.floor(at / CHUNK_BYTES);
      const from = at - index * CHUNK_BYTES;
      const count = Math.min(CHUNK_BYTES - from, end - at);
      const piece = bytes.subarray(at - position, at - position + count);
      this.writable(index, from, from + count).set(piece, from);
      at += count;
    }
    if (end > this.size) this.size = end;
  }

  truncate(size: number): void {
    if (size > this.size) this.zero(this.size, size);
    this.size = size;
    const chunks = Math.ceil(size / CHUNK_BYTES);
    if (chunks >= this.chunks.length) return;
    this.chunks.length = chunks;
    this.sharedUpTo.length = chunks;
  }

  /** Chunks that end before `end` stay as they are: what lies beyond a chunk is zeros. */
  private zero(position: number, end: number): void {
    for (let at = position; at < end; ) {
      const index = Math.floor(at / CHUNK_BYTES);
      const from = at - index * CHUNK_BYTES;
      const count = Math.min(CHUNK_BYTES - from, end - at);
      const chunk = this.chunks[index] ?? null;
      if (chunk !== null && from < chunk.length) {
        const to = Math.min(from + count, chunk.length);
        this.writable(index, from, to).fill(0, from, to);
      }
      at += count;
    }
  }

  /** The chunk, grown to `to`, in a buffer of which nothing from `from` on was handed out. */
  private writable(index: number, from: number, to: number): Uint8Array {
    while (this.chunks.length <= index) {
      this.chunks.push(null);
      this.sharedUpTo.push(0);
    }
    const chunk = this.chunks[index] ?? null;
    const isShared = from < (this.sharedUpTo[index] as number);
    if (chunk !== null && to <= chunk.length && !isShared) return chunk;
    let size = chunk?.length ?? FIRST_CHUNK_BYTES;
    while (size < to) size *= 2;
    const fresh = new Uint8Array(Math.min(size, CHUNK_BYTES));
    if (chunk !== null) fresh.set(chunk);
    this.chunks[index] = fresh;
    this.sharedUpTo[index] = 0;
    return fresh;
  }
}

type Entry = MemoryFile | MemoryDirectory;

class MemoryDirectory {
  readonly entries = new Map<string, Entry>();
}

export class MemoryDisk implements MachineDisk {
  private readonly root = new MemoryDirectory();

  boot(flushed: Flushed): BootedDisk {
    return new BootedMemoryDisk(this, flushed);
  }

  entry(path: string): Entry | undefined {
    let at: Entry | undefined = this.root;
    for (const name of namesOf(path)) {
      if (!(at instanceof MemoryDirectory)) return undefined;
      at = at.entries.get(name);
    }
    return at;
  }

  directory(path: string): MemoryDirectory {
    const entry = this.entry(path);
    if (entry instanceof MemoryDirectory) return entry;
    throw new DiskError('ENOENT', path);
  }

  /** The directory that a path lies in, and its name there. */
  place(path: string): { readonly directory: MemoryDirectory; readonly name: string } {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw new DiskError('ENOENT', path);
    return { directory: this.directory(names.join('/')), name };
  }

  makeDirectories(path: string): void {
    let at = this.root;
    for (const name of namesOf(path)) {
      const entry = at.entries.get(name) ?? new MemoryDirectory();
      if (!(entry instanceof MemoryDirectory)) throw new DiskError('EEXIST', path);
      at.entries.set(name, entry);
      at = entry;
    }
  }
}

class BootedMemoryDisk implements BootedDisk {
  private readonly disk: MemoryDisk;
  private readonly flushed: Flushed;
  private readonly files = new Map<FileId, MemoryFile>();
  private tickets: FlushTicket[] = [];
  private nextFile = 1;
  private nextTicket = 1;
  private over = false;

  constructor(disk: MemoryDisk, flushed: Flushed) {
    this.disk = disk;
    this.flushed = flushed;
  }

  open(path: string, mode: 'create' | 'existing'): FileId {
    let entry = this.disk.entry(path);
    if (entry === undefined) {
      if (mode === 'existing') throw new DiskError('ENOENT', path);
      const { directory, name } = this.disk.place(path);
      entry = new MemoryFile();
      directory.entries.set(name, entry);
    }
    if (!(entry instanceof MemoryFile)) throw new DiskError('EEXIST', path);
    const id = this.nextFile as FileId;
    this.nextFile += 1;
    this.files.set(id, entry);
    return id;
  }

  read(file: FileId, position: number, length: number): Uint8Array {
    return this.file(file).read(position, length);
  }

  write(file: FileId, position: number, bytes: Uint8Array): void {
    this.file(file).write(position, bytes);
  }

  truncate(file: FileId, size: number): void {
    this.file(file).truncate(size);
  }

  size(file: FileId): number {
    return this.file(file).size;
  }

  close(file: FileId): void {
    this.file(file);
    this.files.delete(file);
  }

  flush(file: FileId): FlushTicket {
    this.file(file);
    const ticket = this.nextTicket as FlushTicket;
    this.nextTicket += 1;
    this.tickets.push(ticket);
    return ticket;
  }

  startFlushes(): void {
    if (this.tickets.length === 0) return;
    const { tickets } = this;
    this.tickets = [];
    setImmediate(() => {
      for (const ticket of tickets) if (!this.over) this.flushed(ticket, null);
    });
  }

  exists(path: string): boolean {
    return this.disk.entry(path) !== undefined;
  }

  rename(from: string, to: string): void {
    const source = this.disk.place(from);
    const entry = source.directory.entries.get(source.name);
    if (entry === undefined) throw new DiskError('ENOENT', from);
    if (from === to) return;
    const target = this.disk.place(to);
    const replaced = target.directory.entries.get(target.name);
    if (replaced instanceof MemoryDirectory) {
      if (entry instanceof MemoryFile) throw new DiskError('EEXIST', to);
      if (replaced.entries.size > 0) throw new DiskError('ENOTEMPTY', to);
    } else if (replaced !== undefined && entry instanceof MemoryDirectory) {
      throw new DiskError('EEXIST', to);
    }
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, entry);
  }

  remove(path: string): void {
    const { directory, name } = this.disk.place(path);
    const entry = directory.entries.get(name);
    if (entry === undefined) throw new DiskError('ENOENT', path);
    if (entry instanceof MemoryDirectory && entry.entries.size > 0) {
      throw new DiskError('ENOTEMPTY', path);
    }
    directory.entries.delete(name);
  }

  mkdir(path: string): void {
    this.disk.makeDirectories(path);
  }

  list(directory: string): string[] {
    return [...this.disk.directory(directory).entries.keys()].sort();
  }

  syncDirectory(directory: string): void {
    this.disk.directory(directory);
  }

  shut(): void {
    this.over = true;
    this.files.clear();
  }

  private file(id: FileId): MemoryFile {
    const file = this.files.get(id);
    assert(file !== undefined, 'a file that is not open');
    return file;
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}
