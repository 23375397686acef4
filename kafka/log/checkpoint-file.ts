/**
 * A small file that is always replaced as a whole: temporary file, flush, rename, directory sync
 * (Kafka: CheckpointFile, Utils.atomicMoveWithFallback).
 *
 * Kafka blocks until the new contents are durable. Here the flush ends in a later step, so:
 * - at any moment, also after a crash, the disk holds one complete version, never a mixture;
 * - `write` returns at once; contents written while a flush runs wait, and only the newest of
 *   them is written next;
 * - whoever must not go on before the contents are durable asks `whenDurable`.
 */
import { decodeText, encodeText } from '../base/text.ts';
import type { FileId } from '../host.ts';
import { type LogEnvironment, startFlush } from './environment.ts';
import { parentOf, TEMPORARY_SUFFIX } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';

interface Waiter {
  readonly version: number;
  readonly done: () => void;
}

export class CheckpointFile {
  readonly path: string;
  private readonly environment: LogEnvironment;
  private readonly directory: LogDirectory;
  /** Counts calls of `write`. */
  private version = 0;
  private durableVersion = 0;
  private writing = false;
  private pending: string | null = null;
  private waiters: Waiter[] = [];
  private closed = false;

  constructor(environment: LogEnvironment, directory: LogDirectory, path: string) {
    this.environment = environment;
    this.directory = directory;
    this.path = path;
  }

  /** The contents on disk; null when the file is not there. */
  read(): string | null {
    return readTextFile(this.environment, this.path);
  }

  /** Replaces the contents, soon; a later call supersedes an earlier one that has not started. */
  write(contents: string): void {
    if (this.closed) return;
    this.version += 1;
    if (this.writing) this.pending = contents;
    else this.start(contents);
  }

  /** Calls back once all that was written before is durable; at once when it is already. */
  whenDurable(done: () => void): void {
    if (this.durableVersion === this.version) done();
    else this.waiters.push({ version: this.version, done });
  }

  /** Gives the file up: its directory is going away. Waiters are never called. */
  close(): void {
    this.closed = true;
    this.pending = null;
    this.waiters = [];
  }

  private start(contents: string): void {
    const version = this.version;
    this.writing = true;
    this.pending = null;
    const file = writeTextFile(this.environment, this.path + TEMPORARY_SUFFIX, contents);
    startFlush(
      this.environment,
      this.directory,
      file,
      () => !this.closed,
      (error) => {
        if (error !== null) return;
        this.directory.guard(() => this.flushed(file, version), undefined);
      },
    );
  }

  private flushed(file: FileId, version: number): void {
    const disk = this.environment.disk;
    disk.close(file);
    if (this.closed) return;
    disk.rename(this.path + TEMPORARY_SUFFIX, this.path);
    disk.syncDirectory(parentOf(this.path));
    this.writing = false;
    this.durableVersion = version;
    if (this.pending !== null) this.start(this.pending);
    const due = this.waiters.filter((waiter) => waiter.version <= version);
    this.waiters = this.waiters.filter((waiter) => waiter.version > version);
    for (const waiter of due) waiter.done();
  }
}

/** Null when the file is not there. */
export function readTextFile(environment: LogEnvironment, path: string): string | null {
  const { disk } = environment;
  if (!disk.exists(path)) return null;
  const file = disk.open(path, 'existing');
  const bytes = disk.read(file, 0, disk.size(file));
  disk.close(file);
  return decodeText(bytes, 0, bytes.length);
}

/** Makes the file have exactly these contents in the page cache; returns it open. */
export function writeTextFile(environment: LogEnvironment, path: string, contents: string): FileId {
  const { disk } = environment;
  const file = disk.open(path, 'create');
  disk.truncate(file, 0);
  disk.write(file, 0, encodeText(contents));
  return file;
}
