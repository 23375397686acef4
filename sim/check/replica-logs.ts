/**
 * The white-box witness of all logs: it reads what nodes write, cut and lose on their disks,
 * never what a node says, and keeps a `ReplicaLog` per node and partition: of topics, and of the
 * metadata log. Other topics of Kafka's own are not its matter.
 */
import { OFFSETS_TOPIC } from '../../kafka/group/group-partition.ts';
import {
  baseOffsetAt,
  batchSizeAt,
  checkBatchFrame,
  crcAt,
  leaderEpochAt,
  validateBatch,
} from '../../kafka/records/batch.ts';
import type { RestoredWhy } from '../disk/watch.ts';
import { type BatchIdentity, type LossCause, ReplicaLog, type Write } from './replica-log.ts';

/** The partition whose log is the metadata log. */
export const METADATA_LOG = '__cluster_metadata-0';

interface SegmentFile {
  readonly log: ReplicaLog;
  /** Its base offset. */
  readonly segment: number;
  /** Position behind the last batch that was read from it. */
  end: number;
  /** Its first bytes that the disk said were durable, and that were not cut since. */
  durableTo: number;
}

/** Where the witness looks; the world's disks. */
export interface DiskView {
  /** Absolute paths of all files that the node's disk holds now, sorted. */
  paths(node: string): string[];
  contents(node: string, path: string): Uint8Array;
}

const SEGMENT_PATH = /^.*\/([^/]+-\d+)\/(\d{20})\.log$/;

export class ReplicaLogs {
  /** Told of what is written to metadata logs. */
  metadataWritten: (log: ReplicaLog, write: Write) => void = () => {};
  private readonly disks: DiskView;
  private readonly files = new Map<string, Map<string, SegmentFile | null>>();
  private readonly logs = new Map<string, Map<string, ReplicaLog>>();

  constructor(disks: DiskView) {
    this.disks = disks;
  }

  /** Every replica that ever had anything of the partition. */
  replicas(partition: string): ReplicaLog[] {
    return [...(this.logs.get(partition)?.values() ?? [])].filter((log) => log.wasWritten);
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

  /** When the batch that one node holds at `offset` was first written, on any that ever had it. */
  appendedAt(node: string, partition: string, offset: number): number {
    const batch = this.of(node, partition).batchAt(offset);
    return batch === null ? Number.POSITIVE_INFINITY : this.firstWritten(partition, batch) + 1;
  }

  /** The newest event before any replica wrote this batch; `Infinity` when none ever did. */
  firstWritten(partition: string, batch: BatchIdentity): number {
    return Math.min(...this.replicas(partition).map((log) => log.firstWritten(batch)));
  }

  /** Where the log ends: behind its last batch, or where its newest segment begins. */
  endOffset({ node, partition, logEndOffset }: ReplicaLog): number {
    let end = logEndOffset;
    for (const path of this.disks.paths(node)) {
      const match = SEGMENT_PATH.exec(path);
      if (match?.[1] === partition) end = Math.max(end, Number(match[2]));
    }
    return end;
  }

  /**
   * The base offsets of the batches whose bytes do not match their CRC, as the files are now.
   * @param durable only of what flushes have made durable: the rest may be torn.
   */
  corruptBatches(log: ReplicaLog, { durable } = { durable: false }): number[] {
    return this.corruptIn(log, this.segmentsOf(log), durable);
  }

  /** Of its newest segment, which recovery reads in any case. */
  corruptInLastSegment(log: ReplicaLog): number[] {
    return this.corruptIn(log, this.segmentsOf(log).slice(-1), false);
  }

  /** Oldest first: names of files have all their digits. */
  private segmentsOf({ node, partition }: ReplicaLog): string[] {
    const paths = this.disks.paths(node);
    return paths.filter((path) => SEGMENT_PATH.exec(path)?.[1] === partition).sort();
  }

  private corruptIn({ node }: ReplicaLog, paths: readonly string[], durable: boolean): number[] {
    const corrupt: number[] = [];
    for (const path of paths) {
      const bytes = this.disks.contents(node, path);
      const to = durable ? (this.file(node, path)?.durableTo ?? 0) : bytes.length;
      let at = 0;
      while (checkBatchFrame(bytes, at, bytes.length) === null) {
        const end = at + batchSizeAt(bytes, at);
        if (end > to) break;
        if (validateBatch(bytes, at, end) !== null) corrupt.push(baseOffsetAt(bytes, at));
        at = end;
      }
    }
    return corrupt;
  }

  /** @returns the log that was written to if it may have lost batches by it, else null. */
  wrote(node: string, path: string, write: Write): ReplicaLog | null {
    const file = this.file(node, path);
    if (file === null) return null;
    if (write.position === file.end) {
      file.end = file.log.append(file, write);
      if (file.log.partition === METADATA_LOG) this.metadataWritten(file.log, write);
      if (file.end === write.position + write.bytes.length) return null;
    }
    this.wroteOddly(node, file, write);
    return file.log;
  }

  /** Part of a batch (torn), over something or beside its place (misdirected), behind a hole. */
  private wroteOddly(node: string, file: SegmentFile, write: Write): void {
    const { position, bytes, event } = write;
    const { log } = file;
    if (log.damage !== null && position > file.end && beginsWithBatch(bytes)) {
      file.end = log.append(file, write);
      return;
    }
    this.rescan(node, event, 'rot');
    log.neverWritten(bytes, event);
  }

  /** @returns the log that was cut, null when no batch of it was. */
  truncated(node: string, path: string, size: number, event: number): ReplicaLog | null {
    const file = this.file(node, path);
    if (file === null) return null;
    file.durableTo = Math.min(file.durableTo, size);
    if (size >= file.end && file.log.damage === null) return null;
    file.log.cutSegment(file.segment, size, event);
    file.end = Math.min(file.end, size);
    return file.log;
  }

  /** A flush made the first `size` bytes of a file durable. */
  flushed(node: string, path: string, size: number): void {
    const file = this.file(node, path);
    if (file !== null) file.durableTo = Math.max(file.durableTo, size);
  }

  /** Where the log ends within the first `size` bytes of this file; null: it is no segment. */
  endWithin(node: string, path: string, size: number): number | null {
    const file = this.file(node, path);
    return file === null ? null : file.log.endOffsetWithin(file.segment, size);
  }

  /** A file; a directory is emptied first. @returns whether a watched log went with it. */
  removed(node: string, path: string, event: number): boolean {
    const file = this.files.get(node)?.get(path);
    if (file === undefined) return false;
    this.files.get(node)?.delete(path);
    file?.log.dropSegment(file.segment, event);
    return file !== null;
  }

  /** A file or a directory: a log whose directory gets another name is on its way out. */
  renamed(node: string, from: string, to: string, event: number): boolean {
    // A checkpoint that takes the place of the former one.
    if (from.endsWith('.tmp')) return false;
    let gone = this.removed(node, from, event);
    for (const path of [...this.filesOf(node).keys()]) {
      if (path.startsWith(`${from}/`) && this.removed(node, path, event)) gone = true;
    }
    const file = this.file(node, to);
    if (file === null) return gone;
    const bytes = this.disks.contents(node, to);
    file.end = file.log.append(file, { position: 0, bytes, event });
    return gone;
  }

  /** Reads all logs of a node anew: its disk changed under it. */
  restored(node: string, why: RestoredWhy, event: number): void {
    this.rescan(node, event, why);
  }

  private rescan(node: string, event: number, cause: LossCause): void {
    const before = this.filesOf(node);
    this.files.set(node, new Map());
    const fresh = new Map<string, ReplicaLog>();
    for (const path of this.disks.paths(node)) {
      const match = SEGMENT_PATH.exec(path);
      if (match === null || !isWatched(match[1] as string)) continue;
      const partition = match[1] as string;
      let log = fresh.get(partition);
      if (log === undefined) {
        log = new ReplicaLog(node, partition);
        fresh.set(partition, log);
      }
      const segment = Number(match[2]);
      const contents = this.disks.contents(node, path);
      const end = log.readSegment(segment, contents, cause, event);
      const known = this.of(node, partition);
      const durableTo = Math.min(before.get(path)?.durableTo ?? 0, contents.length);
      this.filesOf(node).set(path, { log: known, segment, end, durableTo });
      if (partition === METADATA_LOG) this.tellMetadata(known, contents, event);
    }
    for (const [partition, byNode] of this.logs) {
      const log = byNode.get(node);
      if (log === undefined) continue;
      const now = fresh.get(partition) ?? new ReplicaLog(node, partition);
      log.replaceWith(now, event, cause);
    }
  }

  /**
   * A torn write that came through whole was seen in parts only: tells what nobody saw yet. What
   * the log held before was written when it was told of, and is not written by being read again.
   */
  private tellMetadata(log: ReplicaLog, contents: Uint8Array, event: number): void {
    let at = 0;
    while (checkBatchFrame(contents, at, contents.length) === null) {
      const end = at + batchSizeAt(contents, at);
      const bytes = contents.subarray(at, end);
      if (!log.holds(identityAt(bytes)) && validateBatch(bytes, 0, bytes.length) === null) {
        this.metadataWritten(log, { position: at, bytes, event });
      }
      at = end;
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
      match === null || !isWatched(match[1] as string)
        ? null
        : {
            log: this.of(node, match[1] as string),
            segment: Number(match[2]),
            end: 0,
            durableTo: 0,
          };
    files.set(path, file);
    return file;
  }
}

function isWatched(partition: string): boolean {
  const isOffsets = partition.startsWith(`${OFFSETS_TOPIC}-`);
  return !partition.startsWith('__') || partition === METADATA_LOG || isOffsets;
}

function identityAt(bytes: Uint8Array): BatchIdentity {
  return {
    baseOffset: baseOffsetAt(bytes, 0),
    epoch: leaderEpochAt(bytes, 0),
    crc: crcAt(bytes, 0),
  };
}

function beginsWithBatch(bytes: Uint8Array): boolean {
  if (checkBatchFrame(bytes, 0, bytes.length) !== null) return false;
  return validateBatch(bytes, 0, batchSizeAt(bytes, 0)) === null;
}
