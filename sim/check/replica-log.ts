/**
 * What really stands in one replica's segment files, batch by batch. A batch is known by its
 * offsets, epoch and CRC. Batches that left the log are kept, with the event and the cause.
 */
import {
  baseOffsetAt,
  batchSizeAt,
  checkBatchFrame,
  crcAt,
  lastOffsetAt,
  leaderEpochAt,
  producerEpochAt,
  producerIdAt,
  RECORD_BATCH_HEADER_BYTES,
  validateBatch,
} from '../../kafka/records/batch.ts';
import { Rows } from './rows.ts';

/**
 * How a batch left a replica: with the power, with the whole disk, by bit rot or a misdirected
 * write; cut by its own node; its file deleted.
 */
export type LossCause = 'power' | 'disk' | 'rot' | 'truncated' | 'deleted';

export interface BatchIdentity {
  readonly baseOffset: number;
  readonly epoch: number;
  readonly crc: number;
}

export interface LostBatch extends BatchIdentity {
  readonly endOffset: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** The newest event before it was written. */
  readonly writtenAt: number;
  readonly event: number;
  /** When the power went that left a hole before it, behind which a node keeps nothing; or `event`. */
  readonly doomedAt: number;
  readonly cause: LossCause;
}

/** A hole that the node has not cut away yet: the batches behind it will go for the same cause. */
export interface Damage {
  readonly fromOffset: number;
  readonly cause: LossCause;
  readonly event: number;
}

/** One object serves all writes: read it at once. */
export interface Write {
  position: number;
  bytes: Uint8Array;
  /** The newest event before it. */
  event: number;
}

const BASE_OFFSET = 0;
const END_OFFSET = 1;
const EPOCH = 2;
const CRC = 3;
const SEGMENT = 4;
const END_POSITION = 5;
const EVENT = 6;
const PRODUCER_EPOCH = 7;
const PRODUCER_ID = 8;
const WIDTH = 9;

export class ReplicaLog {
  readonly node: string;
  readonly partition: string;
  damage: Damage | null = null;
  /** Where a segment ends before the next one begins; of a log that was read anew. */
  private gap: Damage | null = null;
  /** Where the segment that was read last ends; -1: none was. */
  private readTo = -1;
  /** By base offset, in the order of loss. */
  private readonly lost = new Map<number, LostBatch[]>();
  private longestLostBatch = 0;
  /** The lowest offset whose batch left since `takeChangedFrom` was asked. */
  changedFrom = Number.POSITIVE_INFINITY;
  private rows = new Rows(WIDTH);
  /** Of the write that is being read. */
  private segment = 0;
  private event = 0;

  constructor(node: string, partition: string) {
    this.node = node;
    this.partition = partition;
  }

  /** Whether anything was ever in it. */
  get wasWritten(): boolean {
    return this.batchCount > 0 || this.lost.size > 0;
  }
  get batchCount(): number {
    return this.rows.length;
  }
  /** Exclusive; 0 for an empty log. */
  get logEndOffset(): number {
    return this.batchCount === 0 ? 0 : this.endOffset(this.batchCount - 1);
  }
  /** A batch left since `takeChangedFrom` was asked. */
  get hasShrunk(): boolean {
    return this.changedFrom < Number.POSITIVE_INFINITY;
  }
  takeChangedFrom(): number {
    const from = this.changedFrom;
    this.changedFrom = Number.POSITIVE_INFINITY;
    return from;
  }
  get firstOffset(): number {
    return this.batchCount === 0 ? 0 : this.baseOffset(0);
  }
  baseOffset(index: number): number {
    return this.rows.at(index, BASE_OFFSET);
  }
  endOffset(index: number): number {
    return this.rows.at(index, END_OFFSET);
  }
  epoch(index: number): number {
    return this.rows.at(index, EPOCH);
  }
  crc(index: number): number {
    return this.rows.at(index, CRC);
  }

  /** The newest event before the batch was written: what the node told of it came next. */
  writtenAt(index: number): number {
    return this.rows.at(index, EVENT);
  }

  /** Where the log ends that stands in the first `size` bytes of a segment and in those before. */
  endOffsetWithin(segment: number, size: number): number {
    let index = this.batchCount;
    while (index > 0 && !this.standsWithin(index - 1, segment, size)) index -= 1;
    return this.endsAt(index);
  }

  private standsWithin(index: number, segment: number, size: number): boolean {
    const own = this.rows.at(index, SEGMENT);
    return own < segment || (own === segment && this.rows.at(index, END_POSITION) <= size);
  }

  /** The index of the batch that holds `offset`, or of the first one after it. */
  indexAt(offset: number): number {
    return this.rows.firstAbove(END_OFFSET, offset);
  }

  /** The batch that holds `offset`, or null. */
  batchAt(offset: number): BatchIdentity | null {
    const index = this.indexAt(offset);
    if (index === this.batchCount || this.baseOffset(index) > offset) return null;
    return { baseOffset: this.baseOffset(index), epoch: this.epoch(index), crc: this.crc(index) };
  }

  /** As what is to be lost one day; null when it holds nothing there. */
  presentAt(offset: number): LostBatch | null {
    const index = this.indexAt(offset);
    if (index === this.batchCount || this.baseOffset(index) > offset) return null;
    return this.leaving(index, Number.POSITIVE_INFINITY, 'truncated');
  }

  /** True when the log holds exactly this batch now. */
  holds(batch: BatchIdentity): boolean {
    const index = this.indexAt(batch.baseOffset);
    return (
      index < this.batchCount &&
      this.baseOffset(index) === batch.baseOffset &&
      this.crc(index) === batch.crc &&
      this.epoch(index) === batch.epoch
    );
  }

  /**
   * Compares two logs below `to`, between where both begin and the end of the shorter one.
   * @returns the first offset at which they differ, or -1.
   */
  firstDifference(other: ReplicaLog, to: number): number {
    if (this.batchCount === 0 || other.batchCount === 0) return -1;
    const start = Math.max(this.firstOffset, other.firstOffset);
    let theirs = other.indexAt(start);
    for (let i = this.indexAt(start); i < this.batchCount; i++, theirs++) {
      if (theirs >= other.batchCount || this.baseOffset(i) >= to) return -1;
      const same =
        this.baseOffset(i) === other.baseOffset(theirs) &&
        this.crc(i) === other.crc(theirs) &&
        this.epoch(i) === other.epoch(theirs);
      if (!same) return Math.min(this.baseOffset(i), other.baseOffset(theirs));
    }
    return -1;
  }

  /** How this batch left last, or null when it never did. */
  howLost(batch: BatchIdentity): LostBatch | null {
    const losses = this.lost.get(batch.baseOffset) ?? [];
    return losses.findLast((one) => one.crc === batch.crc && one.epoch === batch.epoch) ?? null;
  }

  /** The batch that held `offset` at that event, or null. */
  batchAtEvent(offset: number, event: number): BatchIdentity | null {
    const index = this.indexAt(offset);
    const stands = index < this.batchCount && this.baseOffset(index) <= offset;
    if (stands && this.writtenAt(index) < event) return this.batchAt(offset);
    const losses = this.lossesAt(offset);
    return losses.find((one) => one.writtenAt < event && one.event >= event) ?? null;
  }

  /** The newest event before this batch was first written here; `Infinity` when it never was. */
  firstWritten(batch: BatchIdentity): number {
    const isIt = (one: BatchIdentity) => one.crc === batch.crc && one.epoch === batch.epoch;
    const losses = (this.lost.get(batch.baseOffset) ?? []).filter(isIt);
    const present = this.holds(batch) ? [this.writtenAt(this.indexAt(batch.baseOffset))] : [];
    return Math.min(...losses.map((one) => one.writtenAt), ...present);
  }

  /** Whether it held any such batch when that event came and when it was over. */
  heldAt(event: number, isIt: (batch: LostBatch) => boolean): boolean {
    for (let i = 0; i < this.batchCount; i++) {
      if (this.writtenAt(i) < event && isIt(this.leaving(i, event, 'deleted'))) return true;
    }
    const held = (one: LostBatch): boolean =>
      one.writtenAt < event && one.event > event && isIt(one);
    return [...this.lost.values()].some((losses) => losses.some(held));
  }

  /** Every loss of a batch that held `offset`. */
  lossesAt(offset: number): LostBatch[] {
    const found: LostBatch[] = [];
    for (let base = offset; base > offset - this.longestLostBatch; base--) {
      for (const one of this.lost.get(base) ?? []) if (offset < one.endOffset) found.push(one);
    }
    return found;
  }

  /** Reads whole batches that were written at `position` of a segment; returns their end. */
  append({ segment }: { readonly segment: number }, write: Write): number {
    const { position, bytes } = write;
    this.segment = segment;
    this.event = write.event;
    let at = 0;
    while (at + RECORD_BATCH_HEADER_BYTES <= bytes.length) {
      const size = batchSizeAt(bytes, at);
      if (size < RECORD_BATCH_HEADER_BYTES || at + size > bytes.length) break;
      this.add(position + at + size, bytes, at);
      at += size;
    }
    return position + at;
  }

  /**
   * Reads a whole segment of unknown state, into a log made for it. A batch whose bytes do not
   * match its CRC is left out. What lies behind one that was torn is not read: recovery will cut
   * it; what rots at rest the node may never look at. The CRC does not cover the offset: a page may
   * end within it, and with the page before it the high bytes are gone.
   * @returns the position where the readable part ends.
   */
  readSegment(segment: number, bytes: Uint8Array, cause: LossCause, event: number): number {
    this.segment = segment;
    this.event = event;
    if (this.readTo >= 0 && segment > this.readTo) {
      this.gap ??= { fromOffset: this.readTo, cause, event };
    }
    let at = 0;
    while (checkBatchFrame(bytes, at, bytes.length) === null) {
      const size = batchSizeAt(bytes, at);
      const isTorn = cause === 'power' && baseOffsetAt(bytes, at) < this.nextOffset();
      if (!isTorn && validateBatch(bytes, at, at + size) === null) {
        this.add(at + size, bytes, at);
      } else if (cause === 'rot') this.damaged(cause);
      else break;
      at += size;
    }
    if (at < bytes.length) this.damaged(cause);
    this.readTo = Math.max(segment, this.logEndOffset);
    return at;
  }

  private damaged(cause: LossCause): void {
    this.damage ??= { fromOffset: this.nextOffset(), cause, event: this.event };
  }

  /** Of what is being read. */
  private nextOffset(): number {
    return Math.max(this.segment, this.logEndOffset);
  }

  private add(endPosition: number, bytes: Uint8Array, at: number): void {
    const row = this.rows.add();
    const { values } = this.rows;
    values[row + BASE_OFFSET] = baseOffsetAt(bytes, at);
    values[row + END_OFFSET] = lastOffsetAt(bytes, at) + 1;
    values[row + EPOCH] = leaderEpochAt(bytes, at);
    values[row + CRC] = crcAt(bytes, at);
    values[row + SEGMENT] = this.segment;
    values[row + END_POSITION] = endPosition;
    values[row + EVENT] = this.event;
    values[row + PRODUCER_EPOCH] = producerEpochAt(bytes, at);
    values[row + PRODUCER_ID] = producerIdAt(bytes, at);
  }

  /** The node cut everything from `size` on off the segment. */
  cutSegment(segment: number, size: number, event: number): void {
    let to = this.batchCount;
    while (to > 0 && this.rows.at(to - 1, SEGMENT) > segment) to -= 1;
    let from = to;
    while (
      from > 0 &&
      this.rows.at(from - 1, SEGMENT) === segment &&
      this.rows.at(from - 1, END_POSITION) > size
    ) {
      from -= 1;
    }
    this.takeOut(from, to, event, 'truncated');
    if (this.damage !== null && segment <= this.damage.fromOffset) this.mended();
  }

  /** The whole segment is gone; the batches of the others stay. */
  dropSegment(segment: number, event: number): void {
    let from = 0;
    while (from < this.batchCount && this.rows.at(from, SEGMENT) !== segment) from += 1;
    let to = from;
    while (to < this.batchCount && this.rows.at(to, SEGMENT) === segment) to += 1;
    this.takeOut(from, to, event, 'deleted');
    this.mended();
  }

  /**
   * The node told that it cut the log: files that it took away whole, just before, were no deletion.
   * @param event at which it told so.
   */
  toldCut(event: number): void {
    for (const losses of this.lost.values()) {
      const last = losses.at(-1);
      if (last?.cause !== 'deleted' || last.event !== event - 1) continue;
      losses[losses.length - 1] = { ...last, cause: 'truncated', event, doomedAt: event };
    }
  }

  /** A hole is one for as long as anything lies behind it. */
  private mended(): void {
    if (this.damage !== null && this.logEndOffset <= this.damage.fromOffset) this.damage = null;
  }

  /** Takes over a log read anew from disk; of what this one held, all that it lacks was lost. */
  replaceWith(fresh: ReplicaLog, event: number, cause: LossCause): void {
    const damage = fresh.damage ?? this.newGap(fresh);
    let other = 0;
    for (let i = 0; i < this.batchCount; i++) {
      const base = this.baseOffset(i);
      while (other < fresh.batchCount && fresh.baseOffset(other) < base) other += 1;
      const kept =
        other < fresh.batchCount &&
        fresh.baseOffset(other) === base &&
        fresh.crc(other) === this.crc(i) &&
        fresh.epoch(other) === this.epoch(i);
      if (kept) fresh.rows.set(other, EVENT, this.writtenAt(i));
      else this.keepLost(this.leaving(i, event, cause));
    }
    this.rows = fresh.rows;
    const isOlder = damage !== null && (this.damage?.fromOffset ?? Infinity) <= damage.fromOffset;
    if (!isOlder) this.damage = damage;
  }

  /** A gap where batches stood till now, or one that is known; a node makes others itself. */
  private newGap({ gap }: ReplicaLog): Damage | null {
    if (gap === null) return null;
    const isKnown = (this.damage?.fromOffset ?? Infinity) <= gap.fromOffset;
    return isKnown || this.batchAt(gap.fromOffset) !== null ? gap : null;
  }

  /** Batches that the node believes it wrote, and that never stood where it will look. */
  neverWritten(bytes: Uint8Array, event: number): void {
    const phantom = new ReplicaLog(this.node, this.partition);
    phantom.append({ segment: 0 }, { position: 0, bytes, event });
    for (let i = 0; i < phantom.batchCount; i++) {
      const batch = phantom.leaving(i, event, 'rot');
      if (!this.holds(batch)) this.keepLost(batch);
    }
  }

  private endsAt(index: number): number {
    return index === 0 ? 0 : this.endOffset(index - 1);
  }

  private takeOut(from: number, to: number, event: number, cause: LossCause): void {
    if (from >= to) return;
    const { damage } = this;
    const dueTo = damage !== null && this.baseOffset(from) >= damage.fromOffset;
    for (let i = from; i < to; i++) {
      const lost = this.leaving(i, event, dueTo ? damage.cause : cause);
      const isDoomed = dueTo && damage.cause === 'power' && lost.writtenAt < damage.event;
      this.keepLost(isDoomed ? { ...lost, doomedAt: damage.event } : lost);
    }
    this.rows.remove(from, to);
  }

  private leaving(index: number, event: number, cause: LossCause): LostBatch {
    return {
      baseOffset: this.baseOffset(index),
      endOffset: this.endOffset(index),
      epoch: this.epoch(index),
      crc: this.crc(index),
      producerId: this.rows.at(index, PRODUCER_ID),
      producerEpoch: this.rows.at(index, PRODUCER_EPOCH),
      writtenAt: this.writtenAt(index),
      event,
      doomedAt: event,
      cause,
    };
  }

  private keepLost(batch: LostBatch): void {
    const { baseOffset, endOffset } = batch;
    this.changedFrom = Math.min(this.changedFrom, baseOffset);
    this.longestLostBatch = Math.max(this.longestLostBatch, endOffset - baseOffset);
    const losses = this.lost.get(baseOffset);
    if (losses === undefined) this.lost.set(baseOffset, [batch]);
    else losses.push(batch);
  }
}
