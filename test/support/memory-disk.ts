/**
 * A `Disk` for tests of one room: the simulated page cache and directory tree, without processes,
 * costs or latencies. Flushes end when the test says so; a crash or an error can be armed for the
 * n-th mutating call.
 */
import {
  type Disk,
  DiskError,
  type DiskErrorCode,
  type FileId,
  type FlushTicket,
} from '../../kafka/host.ts';
import type { FlushTracker } from '../../kafka/rpc/flush-tracker.ts';
import type { PowerCutStyle } from '../../sim/disk/faults.ts';
import type { Snapshot } from '../../sim/disk/pages.ts';
import { cutPower } from '../../sim/disk/power-cut.ts';
import { FileNode, FileTree } from '../../sim/disk/tree.ts';
import { SimStream } from '../../sim/engine/random.ts';

/** The process died inside a disk call; nothing in `kafka/` may catch it. */
export class TestCrash extends Error {}

interface PendingFlush {
  readonly ticket: FlushTicket;
  readonly file: FileNode;
  readonly snapshot: Snapshot;
}

export class MemoryDisk implements Disk {
  readonly tree = new FileTree();
  readonly pending: PendingFlush[] = [];
  /** Mutating calls until a crash; 0 = none armed. */
  crashAfterCalls = 0;
  /** Whether the crash strikes before, after or (a write) in the middle of its call. */
  crashWhen: 'before' | 'after' | 'torn' = 'before';
  /** Thrown by every mutating call on a path that begins with `failPrefix`. */
  failWith: DiskErrorCode | null = null;
  failPrefix = '/';
  calls = 0;
  private files: (FileNode | null)[] = [];
  private nextTicket = 1;
  private readonly draw: SimStream;

  constructor(seed: string) {
    this.draw = new SimStream(seed, 'memory-disk');
  }

  open(path: string, mode: 'create' | 'existing'): FileId {
    let entry = this.tree.get(path);
    if (entry === undefined) {
      if (mode === 'existing') throw new DiskError('ENOENT', path);
      this.mutate(path, () => {
        entry = this.tree.createFile(path);
      });
    }
    if (!(entry instanceof FileNode)) throw new DiskError('EEXIST', path);
    this.files.push(entry);
    return (this.files.length - 1) as FileId;
  }

  read(file: FileId, position: number, length: number): Uint8Array {
    return this.file(file).pages.read(position, length);
  }

  write(file: FileId, position: number, bytes: Uint8Array): void {
    const node = this.file(file);
    if (this.crashAfterCalls === 1 && this.crashWhen === 'torn') {
      this.crashAfterCalls = 0;
      node.pages.write(position, bytes.subarray(0, this.draw.int(0, bytes.length)));
      throw new TestCrash('in the middle of a write');
    }
    this.mutate(node.path, () => node.pages.write(position, bytes));
  }

  truncate(file: FileId, size: number): void {
    const node = this.file(file);
    this.mutate(node.path, () => node.pages.truncate(size));
  }

  size(file: FileId): number {
    return this.file(file).pages.size;
  }

  close(file: FileId): void {
    this.file(file);
    this.files[file] = null;
  }

  flush(file: FileId): FlushTicket {
    const node = this.file(file);
    const ticket = this.nextTicket++ as FlushTicket;
    this.mutate(node.path, () => {
      this.pending.push({ ticket, file: node, snapshot: node.pages.snapshot() });
    });
    return ticket;
  }

  exists(path: string): boolean {
    return this.tree.get(path) !== undefined;
  }

  rename(from: string, to: string): void {
    this.mutate(from, () => this.tree.rename(from, to));
  }

  remove(path: string): void {
    this.mutate(path, () => this.tree.remove(path));
  }

  mkdir(path: string): void {
    if (!this.exists(path)) this.mutate(path, () => this.tree.makeDirectories(path));
  }

  list(directory: string): string[] {
    return this.tree.list(directory);
  }

  syncDirectory(directory: string): void {
    this.mutate(directory, () => this.tree.sync(directory));
  }

  // For tests

  /** Ends a pending flush; tickets of one file stay in order whichever is chosen. */
  endFlush(tracker: FlushTracker, choice: number, error: DiskErrorCode | null = null): void {
    const chosen = this.pending[choice % Math.max(1, this.pending.length)];
    if (chosen === undefined) return;
    const first = this.pending.findIndex((flush) => flush.file === chosen.file);
    const [flush] = this.pending.splice(first, 1);
    if (flush === undefined) return;
    const outcome = flush.file.removed ? 'ENOENT' : error;
    if (outcome === null) flush.file.pages.madeDurable(flush.snapshot);
    else flush.file.pages.abandon(flush.snapshot);
    tracker.flushed(flush.ticket, outcome);
  }

  endAllFlushes(tracker: FlushTracker): void {
    while (this.pending.length > 0) this.endFlush(tracker, 0);
  }

  /** The process is gone; the page cache stays. */
  kill(): void {
    for (const flush of this.pending) flush.file.pages.abandon(flush.snapshot);
    this.pending.length = 0;
    this.files = [];
    this.crashAfterCalls = 0;
  }

  powerCut(style: PowerCutStyle): void {
    this.pending.length = 0;
    this.files = [];
    this.crashAfterCalls = 0;
    const survives = (): boolean =>
      style === 'keep-all' || (style !== 'drop-all' && this.draw.int(0, 1) === 1);
    this.tree.cutPower(survives);
    for (const file of this.tree.files()) cutPower(file.pages, style, this.draw);
  }

  contents(path: string): Uint8Array {
    const { pages } = this.tree.file(path);
    return pages.copy(0, pages.size);
  }

  /** Flips one bit of the file's present bytes. */
  flipBit(path: string, position: number): void {
    this.tree.file(path).pages.flipBit(position, 3);
  }

  private mutate(path: string, action: () => void): void {
    this.calls += 1;
    if (this.failWith !== null && path.startsWith(this.failPrefix)) {
      throw new DiskError(this.failWith, path);
    }
    if (this.crashAfterCalls > 0) {
      this.crashAfterCalls -= 1;
      if (this.crashAfterCalls === 0) {
        if (this.crashWhen === 'after') action();
        throw new TestCrash(path);
      }
    }
    action();
  }

  private file(id: FileId): FileNode {
    const node = this.files[id];
    if (node === undefined || node === null) throw new Error('a file that is not open');
    return node;
  }
}
