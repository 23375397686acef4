/**
 * The white-box witness of every replica's log: what really stands in the segment files, taken
 * from the bytes that nodes write, cut and lose, never from what a node says. A batch is known by
 * its offsets, epoch and CRC. Batches that left a log are kept, with the event and the cause.
 */
import {
  baseOffsetAt,
  batchSizeAt,
  crcAt,
  lastOffsetAt,
  leaderEpochAt,
  RECORD_BATCH_HEADER_BYTES,
  validateBatch,
} from '../../kafka/records/batch.ts';
import { Rows } from './rows.ts';

/** How a batch left a replica: a lossy stop, a cut by its own node, deletion, a wiped disk. */
export type LossCause = 'power' | 'truncated' | 'deleted' | 'disk';

export interface LostBatch {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly epoch: number;
  readonly crc: number;
  readonly event: number;
  readonly cause: LossCause;
}

const BASE_OFFSET = 0;
const END_OFFSET = 1;
const EPOCH = 2;
const CRC = 3;
const SEGMENT = 4;
const END_POSITION = 5;
const WIDTH = 6;

export class ReplicaLog {
  readonly node: string;
  readonly partition: string;
  readonly lost: LostBatch[] = [];
  /** The lowest offset whose batch left since `takeChangedFrom` was asked. */
  private changedFrom = Number.POSITIVE_INFINITY;
  private rows = new Rows(WIDTH);

  constructor(node: string, partition: string) {
    this.node = node;
    this.partition = partition;
  }

  get batchCount(): number {
    return this.rows.length;
  }
  /** Exclusive; 0 for an empty log. */
  get logEndOffset(): number {
    return this.batchCount === 0 ? 0 : this.endOffset(this.batchCount - 1);
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

  /** The index of the batch that holds `offset`, or of the first one after it. */
  indexAt(offset: number): number {
    return this.rows.firstAbove(END_OFFSET, offset);
  }

  /** True when the log holds exactly this batch now. */
  holds(batch: { baseOffset: number; epoch: number; crc: number }): boolean {
    const index = this.indexAt(batch.baseOffset);
    return (
      index < this.batchCount &&
      this.baseOffset(index) === batch.baseOffset &&
      this.crc(index) === batch.crc &&
      this.epoch(index) === batch.epoch
    );
  }

  /** Reads whole batches that were written at `position` of a segment; returns their end. */
  append(segment: number, position: number, bytes: Uint8Array): number {
    let at = 0;
    while (at + RECORD_BATCH_HEADER_BYTES <= bytes.length) {
      const size = batchSizeAt(bytes, at);
      if (size < RECORD_BATCH_HEADER_BYTES || at + size > bytes.length) break;
      const row = this.rows.add();
      const { values } = this.rows;
      values[row + BASE_OFFSET] = baseOffsetAt(bytes, at);
      values[row + END_OFFSET] = lastOffsetAt(bytes, at) + 1;
      values[row + EPOCH] = leaderEpochAt(bytes, at);
      values[row + CRC] = crcAt(bytes, at);
      values[row + SEGMENT] = segment;
      values[row + END_POSITION] = position + at + size;
      at += size;
    }
    return position + at;
  }

  /** The segment lost everything from `size` on. */
  cutSegment(segment: number, size: number, event: number, cause: LossCause): void {
    let keep = this.batchCount;
    while (
      keep > 0 &&
      this.rows.at(keep - 1, SEGMENT) === segment &&
      this.rows.at(keep - 1, END_POSITION) > size
    ) {
      keep -= 1;
    }
    this.bury(keep, this.batchCount, event, cause);
    this.rows.length = keep;
  }

  /** The whole segment is gone; the batches of the others stay. */
  dropSegment(segment: number, event: number, cause: LossCause): void {
    let from = 0;
    while (from < this.batchCount && this.rows.at(from, SEGMENT) !== segment) from += 1;
    let to = from;
    while (to < this.batchCount && this.rows.at(to, SEGMENT) === segment) to += 1;
    this.bury(from, to, event, cause);
    this.rows.remove(from, to);
  }

  /** Takes over a log read anew from disk; what this one held beyond it was lost. */
  replaceWith(fresh: ReplicaLog, event: number, cause: LossCause): void {
    let same = 0;
    while (
      same < this.batchCount &&
      same < fresh.batchCount &&
      this.baseOffset(same) === fresh.baseOffset(same) &&
      this.crc(same) === fresh.crc(same)
    ) {
      same += 1;
    }
    this.bury(same, this.batchCount, event, cause);
    this.rows = fresh.rows;
  }

  private bury(from: number, to: number, event: number, cause: LossCause): void {
    if (from < to) this.changedFrom = Math.min(this.changedFrom, this.baseOffset(from));
    for (let i = from; i < to; i++) {
      this.lost.push({
        baseOffset: this.baseOffset(i),
        endOffset: this.endOffset(i),
        epoch: this.epoch(i),
        crc: this.crc(i),
        event,
        cause,
      });
    }
  }
}

interface SegmentFile {
  readonly log: ReplicaLog;
  readonly segment: number;
  end: number;
}

/** Where the witness looks; the world's disks. */
export interface DiskView {
  /** Absolute paths of all files that the node's disk holds now. */
  paths(node: string): string[];
  contents(node: string, path: string): Uint8Array;
}

const SEGMENT_PATH = /^.*\/([^/]+-\d+)\/(\d{20})\.log$/;

export class ReplicaLogs {
  private readonly disks: DiskView;
  private readonly files = new Map<string, Map<string, SegmentFile | null>>();
  private readonly logs = new Map<string, Map<string, ReplicaLog>>();

  constructor(disks: DiskView) {
    this.disks = disks;
  }

  /** Every replica that ever had a log of the partition. */
  replicas(partition: string): ReplicaLog[] {
    return [...(this.logs.get(partition)?.values() ?? [])];
  }
  of(node: string, partition: string): ReplicaLog {
    let byNode = this.logs.get(partition);
    if (byNode === undefined) {
      byNode = new Map();
      this.logs.set(partition, byNode);
    }
    let log = byNode.get(node);
    if (log === undefined) {
      log = new ReplicaLog(node, partition);
      byNode.set(node, log);
    }
    return log;
  }

  wrote(node: string, path: string, position: number, bytes: Uint8Array, event: number): void {
    const file = this.file(node, path);
    if (file === null) return;
    if (position < file.end) file.log.cutSegment(file.segment, position, event, 'truncated');
    file.end = file.log.append(file.segment, position, bytes);
  }
  truncated(node: string, path: string, size: number, event: number): void {
    const file = this.file(node, path);
    if (file === null || size >= file.end) return;
    file.log.cutSegment(file.segment, size, event, 'truncated');
    file.end = size;
  }
  removed(node: string, path: string, event: number): void {
    const file = this.files.get(node)?.get(path);
    if (file === undefined || file === null) return;
    file.log.dropSegment(file.segment, event, 'deleted');
    this.files.get(node)?.delete(path);
  }
  renamed(node: string, from: string, to: string, event: number): void {
    this.removed(node, from, event);
    const file = this.file(node, to);
    if (file === null) return;
    file.end = file.log.append(file.segment, 0, this.disks.contents(node, to));
  }

  /** Reads all logs of a node anew: its disk changed under it (power cut, wiped, bit rot). */
  rescan(node: string, event: number, cause: LossCause): void {
    this.files.set(node, new Map());
    const fresh = new Map<string, ReplicaLog>();
    for (const path of this.disks.paths(node).sort()) {
      const match = SEGMENT_PATH.exec(path);
      if (match === null || (match[1] as string).startsWith('__')) continue;
      const partition = match[1] as string;
      let log = fresh.get(partition);
      if (log === undefined) {
        log = new ReplicaLog(node, partition);
        fresh.set(partition, log);
      }
      const bytes = this.disks.contents(node, path);
      const end = log.append(Number(match[2]), 0, bytes.subarray(0, validLength(bytes)));
      this.filesOf(node).set(path, {
        log: this.of(node, partition),
        segment: Number(match[2]),
        end,
      });
    }
    for (const [partition, byNode] of this.logs) {
      const log = byNode.get(node);
      if (log === undefined) continue;
      log.replaceWith(fresh.get(partition) ?? new ReplicaLog(node, partition), event, cause);
    }
  }

  private filesOf(node: string): Map<string, SegmentFile | null> {
    let files = this.files.get(node);
    if (files === undefined) {
      files = new Map();
      this.files.set(node, files);
    }
    return files;
  }

  private file(node: string, path: string): SegmentFile | null {
    const files = this.filesOf(node);
    const known = files.get(path);
    if (known !== undefined) return known;
    const match = SEGMENT_PATH.exec(path);
    const file =
      match === null || (match[1] as string).startsWith('__')
        ? null
        : { log: this.of(node, match[1] as string), segment: Number(match[2]), end: 0 };
    files.set(path, file);
    return file;
  }
}

/** How many bytes from the start are whole batches with a good CRC. */
function validLength(bytes: Uint8Array): number {
  let at = 0;
  while (at + RECORD_BATCH_HEADER_BYTES <= bytes.length) {
    const size = batchSizeAt(bytes, at);
    if (size < RECORD_BATCH_HEADER_BYTES || at + size > bytes.length) break;
    if (validateBatch(bytes, at, at + size) !== null) break;
    at += size;
  }
  return at;
}
