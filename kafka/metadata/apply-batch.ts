/** Applies a batch of the metadata log to an image, for brokers that follow and controllers that replay. */
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { applyRecord } from './apply-record.ts';
import type { MetadataDelta } from './delta.ts';
import type { MetadataImage } from './image.ts';

/** A batch of the metadata log (raft's MetadataBatch fits). */
export interface CommittedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly records: readonly MetadataRecord[];
}

/** Records that stand for the beginning of the log (raft's LoadedSnapshot fits). */
export interface MetadataSnapshot {
  /** Ends behind the last record that it stands for. */
  readonly id: { readonly offset: number; readonly epoch: number };
  readonly records: readonly MetadataRecord[];
}

/** Makes the image what a snapshot says; all its records count as of the snapshot's end. */
export function applySnapshot(image: MetadataImage, snapshot: MetadataSnapshot): void {
  const { offset, epoch } = snapshot.id;
  image.clear();
  for (const record of snapshot.records) {
    image.offset = -1;
    applyRecord(image, record, offset - 1, null);
  }
  image.offset = offset - 1;
  image.epoch = epoch;
}

/** A control batch only moves the image's offset and epoch. */
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
