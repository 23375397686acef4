/**
 * Files of the operating system. Calls are synchronous and go to its page cache; only flushes are
 * not: all that a step asks for of one file is one `fdatasync`, and what is asked for while one
 * runs waits for the next (group commit).
 */
import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { assert } from '../../kafka/base/assert.ts';
import { DiskError, type FileId, type FlushTicket } from '../../kafka/host.ts';
import { diskErrorCode, onDisk } from './errors.ts';
import type { BootedDisk, Flushed, MachineDisk } from './machine-disk.ts';

/** A longer read first asks how much there is. */
const PLAIN_READ_BYTES = 65_536;

interface OpenFile {
  readonly descriptor: number;
  readonly path: string;
  /** Asked for and not begun, oldest first. */
  waiting: FlushTicket[];
  flushing: boolean;
  closed: boolean;
}

export class FileDisk implements MachineDisk {
  private readonly root: string;

  /** @param root goes before every path; '' for the machine's own names. */
  constructor(root = '') {
    this.root = root;
  }

  boot(flushed: Flushed): BootedDisk {
    return new BootedFileDisk(this.root, flushed);
  }
}

class BootedFileDisk implements BootedDisk {
  private readonly root: string;
  private readonly flushed: Flushed;
  private readonly files = new Map<FileId, OpenFile>();
  private readonly dirty: OpenFile[] = [];
  private nextFile = 1;
  private nextTicket = 1;
  private over = false;

  constructor(root: string, flushed: Flushed) {
    this.root = root;
    this.flushed = flushed;
  }

  open(path: string, mode: 'create' | 'existing'): FileId {
    const real = this.root + path;
    const descriptor = onDisk(path, () => {
      if (existsSync(real)) return openSync(real, 'r+');
      if (mode === 'existing') throw new DiskError('ENOENT', path);
      return openSync(real, 'wx+');
    });
    if (fstatSync(descriptor).isDirectory()) {
      closeSync(descriptor);
      throw new DiskError('EEXIST', path);
    }
    const id = this.nextFile as FileId;
    this.nextFile += 1;
    const file = { descriptor, path, waiting: [], flushing: false, closed: false };
    this.files.set(id, file);
    return id;
  }

  read(file: FileId, position: number, length: number): Uint8Array {
    const { descriptor, path } = this.file(file);
    return onDisk(path, () => {
      let wanted = length;
      if (length > PLAIN_READ_BYTES) {
        wanted = Math.max(0, Math.min(length, fstatSync(descriptor).size - position));
      }
      const bytes = new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const count = readSync(descriptor, bytes, filled, wanted - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
      return filled === wanted ? bytes : bytes.subarray(0, filled);
    });
  }

  write(file: FileId, position: number, bytes: Uint8Array): void {
    const { descriptor, path } = this.file(file);
    onDisk(path, () => {
      let done = 0;
      while (done < bytes.length) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
      }
    });
  }

  truncate(file: FileId, size: number): void {
    const { descriptor, path } = this.file(file);
    onDisk(path, () => ftruncateSync(descriptor, size));
  }

  size(file: FileId): number {
    const { descriptor, path } = this.file(file);
    return onDisk(path, () => fstatSync(descriptor).size);
  }

  close(file: FileId): void {
    const open = this.file(file);
    this.files.delete(file);
    open.closed = true;
    if (!open.flushing && open.waiting.length === 0) closeSync(open.descriptor);
  }

  flush(file: FileId): FlushTicket {
    const open = this.file(file);
    const ticket = this.nextTicket as FlushTicket;
    this.nextTicket += 1;
    if (open.waiting.length === 0) this.dirty.push(open);
    open.waiting.push(ticket);
    return ticket;
  }

  startFlushes(): void {
    for (const file of this.dirty) if (!file.flushing) this.startFlush(file);
    this.dirty.length = 0;
  }

  private startFlush(file: OpenFile): void {
    const tickets = file.waiting;
    file.waiting = [];
    file.flushing = true;
    fdatasync(file.descriptor, (error) => {
      file.flushing = false;
      const code = error === null ? null : diskErrorCode(error);
      if (file.waiting.length > 0 && !this.over) this.startFlush(file);
      else if (file.closed || this.over) closeSync(file.descriptor);
      for (const ticket of tickets) if (!this.over) this.flushed(ticket, code);
    });
  }

  exists(path: string): boolean {
    return existsSync(this.root + path);
  }

  rename(from: string, to: string): void {
    onDisk(from, () => renameSync(this.root + from, this.root + to));
  }

  remove(path: string): void {
    const real = this.root + path;
    onDisk(path, () => (statSync(real).isDirectory() ? rmdirSync(real) : unlinkSync(real)));
  }

  mkdir(path: string): void {
    onDisk(path, () => mkdirSync(this.root + path, { recursive: true }));
  }

  list(directory: string): string[] {
    return onDisk(directory, () => readdirSync(this.root + directory).sort());
  }

  syncDirectory(directory: string): void {
    onDisk(directory, () => {
      const descriptor = openSync(this.root + directory, 'r');
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  shut(): void {
    this.over = true;
    for (const file of this.files.values()) if (!file.flushing) closeSync(file.descriptor);
    this.files.clear();
  }

  private file(id: FileId): OpenFile {
    const file = this.files.get(id);
    assert(file !== undefined, 'a file that is not open');
    return file;
  }
}
