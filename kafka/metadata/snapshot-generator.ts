/**
 * Decides when a node writes a snapshot of its metadata: after so many bytes of records, or when
 * the last one is so old (Kafka: SnapshotGenerator, KIP-630). Every node makes its own.
 */
import type { BrokerConfig } from '../config/broker.ts';
import type { MetadataBatch } from '../raft/metadata-batches.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import type { MetadataImage } from './image.ts';
import { imageRecords } from './image-records.ts';

/** Where snapshots go (a RaftClient). */
export interface SnapshotSink {
  createSnapshot(
    lastContained: {
      readonly offset: number;
      readonly epoch: number;
      readonly timestampMs: number;
    },
    records: readonly MetadataRecord[],
  ): void;
}

export class SnapshotGenerator {
  private readonly runtime: NodeRuntime;
  private readonly image: MetadataImage;
  private readonly sink: SnapshotSink;
  private readonly maxBytes: number;
  private readonly maxIntervalMs: number;
  private bytes = 0;
  private lastMs: number;

  constructor(parts: {
    runtime: NodeRuntime;
    config: BrokerConfig;
    image: MetadataImage;
    sink: SnapshotSink;
  }) {
    const { runtime, config, image, sink } = parts;
    this.runtime = runtime;
    this.image = image;
    this.sink = sink;
    this.maxBytes = config.get('metadata.log.max.record.bytes.between.snapshots');
    const intervalMs = config.get('metadata.log.max.snapshot.interval.ms');
    this.maxIntervalMs = intervalMs === 0 ? Number.POSITIVE_INFINITY : intervalMs;
    this.lastMs = runtime.nowMs;
  }

  /** A snapshot was read: there is nothing yet that it does not have. */
  loaded(): void {
    this.bytes = 0;
    this.lastMs = this.runtime.nowMs;
  }

  /**
   * Batches were committed. A snapshot waits while the image is ahead of them, as the active
   * controller's is while it waits for commits.
   */
  committed(batches: readonly MetadataBatch[]): void {
    for (const { sizeBytes } of batches) this.bytes += sizeBytes;
    const last = batches[batches.length - 1];
    if (last === undefined || last.lastOffset !== this.image.offset) return;
    const { nowMs } = this.runtime;
    if (this.bytes < this.maxBytes && nowMs - this.lastMs < this.maxIntervalMs) return;
    this.bytes = 0;
    this.lastMs = nowMs;
    const { lastOffset: offset, epoch, appendTimestampMs: timestampMs } = last;
    this.sink.createSnapshot({ offset, epoch, timestampMs }, imageRecords(this.image));
  }
}
