/**
 * The disk of one machine: files and names behind a page cache, flushes under way, and whatever
 * is wrong with it. It outlives processes; they reach it through `HostDisk`.
 */
import { assert } from '../../kafka/base/assert.ts';
import { DiskError, type DiskErrorCode, type FlushTicket } from '../../kafka/host.ts';
import type { SimRandom, SimStream } from '../engine/random.ts';
import { Due, Happened, type Timeline } from '../engine/timeline.ts';
import type { DiskErrorSpec, DiskOperation, PowerCutStyle } from './faults.ts';
import { PAGE_BYTES, type Snapshot } from './pages.ts';
import { cutPower } from './power-cut.ts';
import type { DiskSettings } from './settings.ts';
import { type FileNode, FileTree } from './tree.ts';
import type { DiskWatcher, RestoredWhy } from './watch.ts';

/** A flush from the call to the end. `owner` is the process that hears of it. */
export interface Flush {
  readonly owner: object;
  readonly boot: number;
  readonly ticket: FlushTicket;
  readonly disk: SimDisk;
  readonly file: FileNode;
  readonly snapshot: Snapshot;
  readonly bytes: number;
  error: DiskErrorCode | null;
  /** Trace event `flush.started`. */
  event: number;
  /** The machine lost power, or the disk its content: nothing ends any more. */
  gone: boolean;
}

interface ErrorRule {
  readonly spec: DiskErrorSpec;
  left: number;
}

export class SimDisk {
  readonly nodeName: string;
  readonly settings: DiskSettings;
  tree = new FileTree();
  /** Sum of all file sizes, removed but open files not counted. */
  usedBytes = 0;
  watcher: Required<DiskWatcher> | null = null;
  /** The next write to a path with this prefix lands elsewhere; null = none armed. */
  misdirectPrefix: string | null = null;
  /** Its content is lost and a process that had it open is still up. */
  lost = false;
  private readonly timeline: Timeline;
  private readonly flushStream: SimStream;
  private readonly faultStream: SimStream;
  private readonly flushes = new Set<Flush>();
  private errors: ErrorRule[] = [];
  private capacityBytes: number;
  private stalledUntilUs = 0;
  private slowFactor = 1;
  private lying = false;

  constructor(nodeName: string, settings: DiskSettings, timeline: Timeline, random: SimRandom) {
    this.nodeName = nodeName;
    this.settings = settings;
    this.timeline = timeline;
    this.flushStream = random.stream(`disk/${nodeName}/latency`);
    this.faultStream = random.stream(`disk/${nodeName}/faults`);
    this.capacityBytes = settings.capacityBytes;
  }

  // For checks, tools and tests.

  /** Every file, sorted by path. */
  files(): string[] {
    return this.tree.files().map((file) => file.path);
  }

  exists(path: string): boolean {
    return this.tree.get(path) !== undefined;
  }

  size(path: string): number {
    return this.tree.file(path).pages.size;
  }

  /** A copy of the file as the page cache has it. */
  contents(path: string): Uint8Array {
    const pages = this.tree.file(path).pages;
    return pages.copy(0, pages.size);
  }

  /** How many leading bytes of the file a power cut cannot touch (its name aside). */
  durableSize(path: string): number {
    const pages = this.tree.file(path).pages;
    const firstDirty = pages.dirtyPages()[0];
    const size = (pages.snapshots[0] as Snapshot).size;
    const bound = size < pages.size ? size : pages.size;
    if (firstDirty === undefined || firstDirty === Math.floor(size / PAGE_BYTES)) return bound;
    return firstDirty * PAGE_BYTES < bound ? firstDirty * PAGE_BYTES : bound;
  }

  // For HostDisk.

  /** Throws the DiskError that a fault wants for this call. */
  check(operation: DiskOperation, path: string): void {
    if (this.lost) throw new DiskError('EIO', path);
    if (this.errors.length === 0) return;
    const code = this.errorFor(operation, path);
    if (code !== null) throw new DiskError(code, path);
  }

  /** Throws ENOSPC when `bytes` more do not fit. */
  reserve(bytes: number, path: string): void {
    if (this.usedBytes + bytes > this.capacityBytes) throw new DiskError('ENOSPC', path);
  }

  private errorFor(operation: DiskOperation, path: string): DiskErrorCode | null {
    for (const rule of this.errors) {
      const { operation: only, pathPrefix, code } = rule.spec;
      if (rule.left === 0 || (only !== undefined && only !== operation)) continue;
      if (pathPrefix !== undefined && !path.startsWith(pathPrefix)) continue;
      rule.left -= 1;
      return code;
    }
    return null;
  }

  /** How long a `syncDirectory` keeps its step waiting, which has taken `spentUs` so far. */
  syncDirectoryUs(spentUs: number): number {
    const wait = this.stalledUntilUs - this.timeline.nowUs - spentUs;
    const us = this.flushStream.quantile(this.settings.syncDirectoryUs) * this.slowFactor;
    return Math.ceil(us) + (wait > 0 ? wait : 0);
  }

  /** The flush takes effect: the device gets to work. */
  startFlush(flush: Flush): void {
    const nowUs = this.timeline.nowUs;
    const { flushUs, flushBytesPerSecond } = this.settings;
    const transferUs = (flush.bytes * 1_000_000) / flushBytesPerSecond;
    const us = Math.ceil((this.flushStream.quantile(flushUs) + transferUs) * this.slowFactor);
    let endUs = nowUs + us;
    if (this.stalledUntilUs + us > endUs) endUs = this.stalledUntilUs + us;
    if (flush.file.lastFlushEndUs > endUs) endUs = flush.file.lastFlushEndUs;
    flush.file.lastFlushEndUs = endUs;
    if (flush.error === null) {
      flush.error = this.lost ? 'EIO' : this.errorFor('flush', flush.file.path);
    }
    this.flushes.add(flush);
    this.timeline.queue.push(endUs, Due.flushed, flush, 0);
  }

  /** The device is done; false when nobody shall hear of it. */
  endFlush(flush: Flush): boolean {
    if (flush.gone) return false;
    if (this.stalledUntilUs > this.timeline.nowUs) {
      // A later flush of the file may be due after the stall already: never move that back.
      if (this.stalledUntilUs > flush.file.lastFlushEndUs) {
        flush.file.lastFlushEndUs = this.stalledUntilUs;
      }
      this.timeline.queue.push(this.stalledUntilUs, Due.flushed, flush, 0);
      return false;
    }
    if (this.isBehind(flush)) {
      const { lastFlushEndUs } = flush.file;
      const atUs = Math.max(lastFlushEndUs, this.timeline.nowUs);
      this.timeline.queue.push(atUs, Due.flushed, flush, 0);
      return false;
    }
    this.flushes.delete(flush);
    const pages = flush.file.pages;
    if (flush.error === null && flush.file.removed) flush.error = 'ENOENT';
    if (flush.error !== null) {
      if (flush.error !== 'ENOENT') pages.poisoned = true;
      pages.abandon(flush.snapshot);
    } else if (this.lying) pages.abandon(flush.snapshot);
    else pages.madeDurable(flush.snapshot);
    this.timeline.digest.add(Happened.flushEnded, this.timeline.nowUs, flush.ticket, flush.file.id);
    if (flush.error === null && this.watcher !== null) {
      this.watcher.flushed(this.nodeName, flush.file.path, flush.snapshot.size);
    }
    return true;
  }

  /** A stall holds up an earlier one of its file, be it healed since, until now or even longer. */
  private isBehind(flush: Flush): boolean {
    for (const one of this.flushes) if (one.file === flush.file) return one !== flush;
    return false;
  }

  /** A flush whose step never took effect. */
  cancelFlush(flush: Flush): void {
    if (!flush.gone) flush.file.pages.abandon(flush.snapshot);
  }

  // For the world. Whoever cuts the power, loses the disk or flips a bit calls `restored` when the
  // trace has told of it: who watches then knows the event to which the change belongs.

  /** @returns unflushed bytes lost. */
  cutPower(style: PowerCutStyle): number {
    for (const flush of this.flushes) flush.gone = true;
    this.flushes.clear();
    const draw = this.faultStream;
    let stopped = style === 'drop-all';
    this.tree.cutPower(() => {
      if (style === 'keep-all') return true;
      if (stopped) return false;
      const survives = draw.int(0, 1) === 1;
      if (style === 'keep-prefix' && !survives) stopped = true;
      return survives;
    });
    let lost = 0;
    for (const file of this.tree.files()) {
      const lostHere = cutPower(file.pages, style, draw);
      lost += lostHere;
      file.lastFlushEndUs = 0;
      this.timeline.digest.add(Happened.powerCut, file.id, file.pages.size, lostHere);
    }
    this.countUsed();
    return lost;
  }

  /** A new process comes up: a lost disk is replaced by an empty one. */
  boot(): void {
    if (this.lost) {
      this.empty();
      this.restored('disk');
    }
    this.lost = false;
  }

  /** A disk that is not in use is empty at once. */
  lose(inUse: boolean): void {
    this.lost = inUse;
    if (!inUse) this.empty();
  }

  private empty(): void {
    for (const flush of this.flushes) flush.gone = true;
    this.flushes.clear();
    this.tree = new FileTree();
    this.usedBytes = 0;
  }

  private countUsed(): void {
    this.usedBytes = 0;
    for (const file of this.tree.files()) this.usedBytes += file.pages.size;
  }

  /** Tells who watches that everything on the disk may have changed. */
  restored(why: RestoredWhy): void {
    if (this.watcher !== null) this.watcher.restored(this.nodeName, why);
  }

  stall(forUs: number): void {
    const untilUs = this.timeline.nowUs + forUs;
    if (untilUs > this.stalledUntilUs) this.stalledUntilUs = untilUs;
  }

  slow(factor: number): void {
    assert(factor > 0, 'a disk that is slower by a factor of nothing');
    this.slowFactor = factor;
  }

  addError(spec: DiskErrorSpec): void {
    this.errors.push({ spec, left: spec.times ?? Number.POSITIVE_INFINITY });
  }

  /** @returns how many rules are left by which calls fail. */
  endError(spec: DiskErrorSpec): number {
    this.errors = this.errors.filter((rule) => rule.spec !== spec);
    return this.errors.filter((rule) => rule.left > 0).length;
  }

  limit(freeBytes: number | null): void {
    this.capacityBytes =
      freeBytes === null ? this.settings.capacityBytes : this.usedBytes + freeBytes;
  }

  lie(on: boolean): void {
    this.lying = on;
  }

  /** @returns the byte that was hit, -1 when the file is empty. Throws ENOENT. */
  flipBit(path: string, position: number | null): number {
    const pages = this.tree.file(path).pages;
    if (pages.size === 0) return -1;
    const at = position ?? this.faultStream.int(0, pages.size - 1);
    if (at < 0 || at >= pages.size) throw new RangeError(`${path} has no byte ${at}`);
    pages.flipBit(at, this.faultStream.int(0, 7));
    return at;
  }

  /** Where a misdirected write of this length lands instead: other pages, near its place. */
  misdirect(file: FileNode, position: number): number {
    const pages = this.faultStream.int(1, 8) * PAGE_BYTES;
    const back = position >= pages && this.faultStream.int(0, 1) === 0;
    const to = back ? position - pages : position + pages;
    return file.pages.size === 0 ? position + pages : to;
  }

  clearFaults(): void {
    this.errors = [];
    this.capacityBytes = this.settings.capacityBytes;
    this.stalledUntilUs = 0;
    this.slowFactor = 1;
    this.lying = false;
    this.misdirectPrefix = null;
  }
}
