/**
 * The disk as one boot of a process sees it (`Disk` of `kafka/host.ts`): open files, what calls
 * cost, faults that strike in them, and the telling of every change to digest and watchers.
 */
import { assert } from '../../kafka/base/assert.ts';
import { type Disk, DiskError, type FileId, type FlushTicket } from '../../kafka/host.ts';
import { Happened, type Timeline } from '../engine/timeline.ts';
import { NodeCrashed } from '../process/node-crashed.ts';
import type { Process } from '../process/process.ts';
import type { Flush, SimDisk } from './disk.ts';
import type { CrashInStepSpec, DiskOperation } from './faults.ts';
import { SECTOR_BYTES } from './pages.ts';
import { DirectoryNode, FileNode } from './tree.ts';

export class HostDisk implements Disk {
  private readonly process: Process;
  private readonly disk: SimDisk;
  private readonly timeline: Timeline;
  /** By file id; null once closed. */
  private readonly open_: (FileNode | null)[] = [];
  private nextTicket = 1;

  constructor(process: Process, timeline: Timeline) {
    this.process = process;
    this.disk = process.disk;
    this.timeline = timeline;
  }

  open(path: string, mode: 'create' | 'existing'): FileId {
    this.disk.check('open', path);
    this.cost(this.disk.settings.metadataNs);
    let entry = this.disk.tree.get(path);
    if (entry === undefined) {
      if (mode === 'existing') throw new DiskError('ENOENT', path);
      const crash = this.crash('open', path);
      entry = this.disk.tree.createFile(path);
      this.named(path);
      if (crash !== null) throw new NodeCrashed(crash, 'open', path);
    }
    if (!(entry instanceof FileNode)) throw new DiskError('EEXIST', path);
    if (mode === 'existing') this.disk.watcher?.opened(this.disk.nodeName, path);
    this.open_.push(entry);
    return (this.open_.length - 1) as FileId;
  }

  read(file: FileId, position: number, length: number): Uint8Array {
    const node = this.file(file);
    this.disk.check('read', node.path);
    const settings = this.disk.settings;
    const bytes = node.pages.read(position, length);
    this.cost(settings.readNs + ((bytes.length * settings.copyNsPerKib) >> 10));
    return bytes;
  }

  write(file: FileId, position: number, bytes: Uint8Array): void {
    const node = this.file(file);
    const disk = this.disk;
    disk.check('write', node.path);
    const settings = disk.settings;
    this.cost(settings.writeNs + ((bytes.length * settings.copyNsPerKib) >> 10));
    const growth = position + bytes.length - node.pages.size;
    if (growth > 0) disk.reserve(growth, node.path);
    const crash = this.process.crash === null ? null : this.crash('write', node.path);
    if (disk.misdirectPrefix !== null && node.path.startsWith(disk.misdirectPrefix)) {
      disk.misdirectPrefix = null;
      this.misdirected(node, position, bytes);
    } else if (crash?.when === 'torn') {
      this.torn(node, position, bytes);
    } else this.put(node, position, bytes);
    if (crash !== null) throw new NodeCrashed(crash, 'write', node.path);
  }

  truncate(file: FileId, size: number): void {
    const node = this.file(file);
    this.disk.check('truncate', node.path);
    this.cost(this.disk.settings.metadataNs);
    const growth = size - node.pages.size;
    if (growth > 0) this.disk.reserve(growth, node.path);
    const crash = this.crash('truncate', node.path);
    node.pages.truncate(size);
    if (!node.removed) this.disk.usedBytes += growth;
    this.timeline.digest.add(Happened.truncated, node.id, size, this.process.index);
    this.disk.watcher?.truncated(this.process.name, node.path, size);
    if (crash !== null) throw new NodeCrashed(crash, 'truncate', node.path);
  }

  size(file: FileId): number {
    return this.file(file).pages.size;
  }

  close(file: FileId): void {
    this.file(file);
    this.open_[file] = null;
  }

  flush(file: FileId): FlushTicket {
    const node = this.file(file);
    const crash = this.crash('flush', node.path);
    const ticket = this.nextTicket++ as FlushTicket;
    const bytes = node.pages.unflushedBytes;
    const flush: Flush = {
      owner: this.process,
      boot: this.process.bootCount,
      ticket,
      disk: this.disk,
      file: node,
      snapshot: node.pages.snapshot(),
      bytes,
      error: null,
      event: 0,
      gone: false,
    };
    this.process.effects.flush(flush, this.timeline.trace.count);
    if (crash !== null) throw new NodeCrashed(crash, 'flush', node.path);
    return ticket;
  }

  exists(path: string): boolean {
    return this.disk.tree.get(path) !== undefined;
  }

  rename(from: string, to: string): void {
    const crash = this.mutate('rename', from);
    const replaced = this.disk.tree.rename(from, to);
    if (replaced !== null) this.disk.usedBytes -= replaced.pages.size;
    this.named(from);
    this.named(to);
    this.disk.watcher?.renamed(this.process.name, from, to);
    if (crash !== null) throw new NodeCrashed(crash, 'rename', from);
  }

  remove(path: string): void {
    const crash = this.mutate('remove', path);
    const entry = this.disk.tree.remove(path);
    if (entry instanceof FileNode) this.disk.usedBytes -= entry.pages.size;
    this.named(path);
    this.disk.watcher?.removed(this.process.name, path);
    if (crash !== null) throw new NodeCrashed(crash, 'remove', path);
  }

  mkdir(path: string): void {
    if (this.disk.tree.get(path) instanceof DirectoryNode) {
      this.disk.check('mkdir', path);
      return;
    }
    const crash = this.mutate('mkdir', path);
    this.disk.tree.makeDirectories(path);
    this.named(path);
    if (crash !== null) throw new NodeCrashed(crash, 'mkdir', path);
  }

  list(directory: string): string[] {
    this.disk.check('list', directory);
    this.cost(this.disk.settings.metadataNs);
    return this.disk.tree.list(directory);
  }

  syncDirectory(directory: string): void {
    const crash = this.mutate('syncDirectory', directory);
    this.disk.tree.sync(directory);
    this.process.waitNs += this.disk.syncDirectoryUs(this.process.spentUs) * 1_000;
    if (crash !== null) throw new NodeCrashed(crash, 'syncDirectory', directory);
  }

  private mutate(operation: DiskOperation, path: string): CrashInStepSpec | null {
    this.disk.check(operation, path);
    this.cost(this.disk.settings.metadataNs);
    return this.crash(operation, path);
  }

  private put(node: FileNode, position: number, bytes: Uint8Array): void {
    const before = node.pages.size;
    node.pages.write(position, bytes);
    if (!node.removed) this.disk.usedBytes += node.pages.size - before;
    const digest = this.timeline.digest;
    digest.add(Happened.written | (this.process.index << 8), node.id, position, bytes.length);
    digest.addBytes(bytes);
    const watcher = this.disk.watcher;
    if (watcher !== null) watcher.wrote(this.process.name, node.path, position, bytes);
  }

  /** Some whole sectors of the write get there; elsewhere the old bytes stay. */
  private torn(node: FileNode, position: number, bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) {
      const left = SECTOR_BYTES - ((position + from) % SECTOR_BYTES);
      const end = from + left < bytes.length ? from + left : bytes.length;
      if (this.process.faultStream.int(0, 1) === 1) {
        this.put(node, position + from, bytes.subarray(from, end));
      }
      from = end;
    }
  }

  private misdirected(node: FileNode, position: number, bytes: Uint8Array): void {
    const end = position + bytes.length;
    const elsewhere = this.disk.misdirect(node, position);
    if (end > node.pages.size) {
      this.disk.usedBytes += node.removed ? 0 : end - node.pages.size;
      node.pages.truncate(end);
      this.disk.watcher?.truncated(this.process.name, node.path, end);
    }
    this.put(node, elsewhere, bytes);
  }

  /** Non-null when an armed crash strikes in this call; throws when it strikes before it. */
  private crash(operation: DiskOperation, path: string): CrashInStepSpec | null {
    const armed = this.process.crash;
    if (armed === null) return null;
    armed.callsLeft -= 1;
    if (armed.callsLeft > 0) return null;
    const spec = armed.spec;
    this.process.crash = null;
    this.process.crashedBy = armed.armedBy;
    if (spec.when === 'before' || (spec.when === 'torn' && operation !== 'write')) {
      throw new NodeCrashed(spec, operation, path);
    }
    return spec;
  }

  private named(path: string): void {
    const digest = this.timeline.digest;
    digest.add(Happened.named | (this.process.index << 8), path.length, 0, 0);
    digest.addText(path);
  }

  private file(id: FileId): FileNode {
    const node = this.open_[id];
    assert(node !== undefined && node !== null, 'a file that is not open');
    return node;
  }

  private cost(ns: number): void {
    this.process.costNs += ns;
  }
}
