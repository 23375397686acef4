/**
 * Keeps a broker's image at what the metadata log has committed, and tells the broker the merged
 * change of each run of batches (Kafka: MetadataLoader, MetadataPublisher).
 */
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { applyRecord } from './apply-record.ts';
import { MetadataDelta } from './delta.ts';
import { MetadataImage } from './image.ts';

/** A batch of the metadata log (raft's MetadataBatch fits). */
export interface CommittedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly records: readonly MetadataRecord[];
}

export interface MetadataPublisher {
  /** `delta` may be empty: only the offset has moved. The image is the loader's own, live. */
  publish(delta: MetadataDelta, image: MetadataImage): void;
}

export class MetadataLoader {
  readonly image = new MetadataImage();
  private readonly publisher: MetadataPublisher;

  constructor(publisher: MetadataPublisher) {
    this.publisher = publisher;
  }

  committed(batches: readonly CommittedBatch[]): void {
    const delta = new MetadataDelta();
    for (const batch of batches) applyBatch(this.image, batch, delta);
    this.publisher.publish(delta, this.image);
  }
}

/** Applies a whole batch; a control batch only moves the image's offset and epoch. */
export function applyBatch(
  image: MetadataImage,
  batch: CommittedBatch,
  delta: MetadataDelta | null,
): void {
  let offset = batch.baseOffset;
  for (const record of batch.records) applyRecord(image, record, offset++, delta);
  image.offset = batch.lastOffset;
  image.epoch = batch.epoch;
  if (delta !== null) delta.lastOffset = batch.lastOffset;
}
