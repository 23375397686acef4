/**
 * The white-box witness of all logs: it reads what nodes write, cut and lose on their disks,
 * never what a node says, and keeps a `ReplicaLog` per node and partition. Logs of Kafka's own
 * (`__cluster_metadata`) are not its matter.
 */
import {
  baseOffsetAt,
  batchSizeAt,
  checkBatchFrame,
  validateBatch,
} from '../../kafka/records/batch.ts';
import type { RestoredWhy } from '../disk/watch.ts';
import { type LossCause, ReplicaLog } from './replica-log.ts';

interface SegmentFile {
  readonly log: ReplicaLog;
  /** Its base offset. */
  readonly segment: number;
  /** Position behind the last batch that was read from it. */
  end: number;
}

interface OddWrite {
  readonly file: SegmentFile;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Where the witness looks; the world's disks. */
export interface DiskView {
  /** Absolute paths of all files that the node's disk holds now, sorted. */
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

  /** Where the log ends: behind its last batch, or where its newest segment begins. */
  endOffset({ node, partition, logEndOffset }: ReplicaLog): number {
    let end = logEndOffset;
    for (const path of this.disks.paths(node)) {
      const match = SEGMENT_PATH.exec(path);
      if (match?.[1] === partition) end = Math.max(end, Number(match[2]));
    }
    return end;
  }

  /** The base offsets of the batches whose bytes do not match their CRC, as the files are now. */
  corruptBatches({ node, partition }: ReplicaLog): number[] {
    const corrupt: number[] = [];
    for (const path of this.disks.paths(node)) {
      if (SEGMENT_PATH.exec(path)?.[1] !== partition) continue;
      const bytes = this.disks.contents(node, path);
      let at = 0;
      while (checkBatchFrame(bytes, at, bytes.length) === null) {
        const end = at + batchSizeAt(bytes, at);
        if (validateBatch(bytes, at, end) !== null) corrupt.push(baseOffsetAt(bytes, at));
        at = end;
      }
    }
    return corrupt;
  }

  wrote(node: string, path: string, position: number, bytes: Uint8Array, event: number): void {
    const file = this.file(node, path);
    if (file === null) return;
    if (position === file.end) {
      file.end = file.log.append(file.segment, position, bytes);
      if (file.end === position + bytes.length) return;
    }
    this.wroteOddly(node, { file, position, bytes }, event);
  }

  /** Part of a batch (torn), over something or beside its place (misdirected), behind a hole. */
  private wroteOddly(node: string, write: OddWrite, event: number): void {
    const { file, position, bytes } = write;
    const { log } = file;
    if (log.damage !== null && position > file.end && beginsWithBatch(bytes)) {
      file.end = log.append(file.segment, position, bytes);
      return;
    }
    this.rescan(node, event, 'rot');
    log.neverWritten(bytes, event);
  }

  truncated(node: string, path: string, size: number, event: number): void {
    const file = this.file(node, path);
    if (file === null || (size >= file.end && file.log.damage === null)) return;
    file.log.cutSegment(file.segment, size, event);
    file.end = Math.min(file.end, size);
  }

  /** A file; a directory is emptied first. */
  removed(node: string, path: string, event: number): void {
    const file = this.files.get(node)?.get(path);
    if (file === undefined) return;
    this.files.get(node)?.delete(path);
    file?.log.dropSegment(file.segment, event);
  }

  /** A file or a directory: a log whose directory gets another name is on its way out. */
  renamed(node: string, from: string, to: string, event: number): void {
    this.removed(node, from, event);
    for (const path of [...this.filesOf(node).keys()]) {
      if (path.startsWith(`${from}/`)) this.removed(node, path, event);
    }
    const file = this.file(node, to);
    if (file === null) return;
    file.end = file.log.append(file.segment, 0, this.disks.contents(node, to));
  }

  /** Reads all logs of a node anew: its disk changed under it. */
  restored(node: string, why: RestoredWhy, event: number): void {
    this.rescan(node, event, why);
  }

  private rescan(node: string, event: number, cause: LossCause): void {
    this.files.set(node, new Map());
    const fresh = new Map<string, ReplicaLog>();
    for (const path of this.disks.paths(node)) {
      const match = SEGMENT_PATH.exec(path);
      if (match === null || (match[1] as string).startsWith('__')) continue;
      const partition = match[1] as string;
      let log = fresh.get(partition);
      if (log === undefined) {
        log = new ReplicaLog(node, partition);
        fresh.set(partition, log);
      }
      const segment = Number(match[2]);
      const end = log.readSegment(segment, this.disks.contents(node, path), cause);
      this.filesOf(node).set(path, { log: this.of(node, partition), segment, end });
    }
    for (const [partition, byNode] of this.logs) {
      const log = byNode.get(node);
      if (log === undefined) continue;
      const now = fresh.get(partition) ?? new ReplicaLog(node, partition);
      log.replaceWith(now, event, cause);
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

function beginsWithBatch(bytes: Uint8Array): boolean {
  if (checkBatchFrame(bytes, 0, bytes.length) !== null) return false;
  return validateBatch(bytes, 0, batchSizeAt(bytes, 0)) === null;
}
