/**
 * Turns committed metadata into what this broker does (Kafka: MetadataLoader and
 * BrokerMetadataPublisher). Until the broker has caught up after a start, records only build the
 * image; the first publication then loads the logs and starts all roles at once. After that each
 * run of batches is published as one merged delta.
 */

import { applyBatch } from '../metadata/apply-batch.ts';
import { MetadataDelta } from '../metadata/delta.ts';
import type { MetadataImage } from '../metadata/image.ts';
import { applySnapshotToImage } from '../metadata/snapshot-delta.ts';
import { unfitReason } from '../metadata/unfit.ts';
import type { MetadataBatch } from '../raft/metadata-batches.ts';
import type { LoadedSnapshot } from '../raft/raft-client.ts';

export interface MetadataSubscriber {
  /** The image is already that of the delta's end. */
  published(delta: MetadataDelta): void;
  /** What is committed does not fit what was committed before; no further delta comes. */
  unfit(reason: string): void;
}

export class MetadataPublisher {
  private readonly image: MetadataImage;
  private readonly subscriber: MetadataSubscriber;
  /** What is applied to the image and not published yet. */
  private unpublished = new MetadataDelta();
  private publishing = false;

  constructor(image: MetadataImage, subscriber: MetadataSubscriber) {
    this.image = image;
    this.subscriber = subscriber;
  }

  committed(batches: readonly MetadataBatch[]): void {
    const reason = unfitReason(() => {
      for (const batch of batches) applyBatch(this.image, batch, this.unpublished);
    });
    if (reason !== null) this.subscriber.unfit(reason);
    else if (this.publishing) this.publish();
  }

  snapshotLoaded(snapshot: LoadedSnapshot): void {
    const reason = unfitReason(() => {
      applySnapshotToImage(this.image, snapshot, this.unpublished);
    });
    if (reason !== null) this.subscriber.unfit(reason);
    else if (this.publishing) this.publish();
  }

  /** The broker has caught up: publishes everything so far, and from now on at once. */
  start(): void {
    this.publishing = true;
    this.publish();
  }

  private publish(): void {
    const delta = this.unpublished;
    if (delta.empty) return;
    this.unpublished = new MetadataDelta();
    this.subscriber.published(delta);
  }
}
