/**
 * The state of the cluster as its quorum really committed it: read from what nodes write to their
 * metadata logs, up to the high watermark that a leader of the quorum tells. It believes no node
 * about the content. The meaning of a record is `kafka/metadata/`'s, nothing else is the broker's.
 */
import { applyBatch } from '../../kafka/metadata/apply-batch.ts';
import type { BrokerRegistration } from '../../kafka/metadata/broker-registration.ts';
import { MetadataDelta } from '../../kafka/metadata/delta.ts';
import { ELIGIBLE_LEADER_REPLICAS } from '../../kafka/metadata/features.ts';
import { MetadataImage } from '../../kafka/metadata/image.ts';
import {
  mergePartitionChange,
  type PartitionRegistration,
} from '../../kafka/metadata/partition-registration.ts';
import { decodeMetadataBatches, type MetadataBatch } from '../../kafka/raft/metadata-batches.ts';
import {
  baseOffsetAt,
  batchSizeAt,
  checkBatchFrame,
  crcAt,
  isControlAt,
  lastOffsetAt,
  leaderEpochAt,
} from '../../kafka/records/batch.ts';
import { brokerName } from '../cluster/names.ts';
import type { ReplicaLog } from './replica-log.ts';
import { VoterSets } from './voter-sets.ts';

export interface PartitionChange {
  readonly name: string;
  readonly topicId: string;
  /** null: it was created. */
  readonly before: PartitionRegistration | null;
  /** null: its topic was deleted. */
  readonly after: PartitionRegistration | null;
  /** What it was after each record of the batch; the last is `after`, unless it is gone. */
  readonly steps: readonly PartitionRegistration[];
}

export interface BrokerChange {
  readonly id: number;
  readonly node: string;
  readonly before: BrokerRegistration | null;
  /** null: it was unregistered. */
  readonly after: BrokerRegistration | null;
}

/** What one batch of the metadata log changed: all of it at once. */
export interface ControlChange {
  /** `quorum.committed` */
  readonly event: number;
  /** When a leader of the quorum wrote it, which may be long before. */
  readonly decidedAt: number;
  /** That leader may have been handling what an operator asked for. */
  readonly forwarded: boolean;
  readonly timeUs: number;
  readonly partitions: readonly PartitionChange[];
  readonly brokers: readonly BrokerChange[];
  /** Eligible leader replicas were kept before the change, and are after it (KIP-966). */
  readonly keptEligible: boolean;
  /** The cluster with the change. */
  readonly image: MetadataImage;
}

interface Written {
  readonly batch: MetadataBatch;
  /** When the first node wrote it. */
  readonly event: number;
  readonly forwarded: boolean;
}

export class ControlWatch {
  readonly image = new MetadataImage();
  /** False once the committed log was lost: nothing is known of the cluster from then on. */
  sound = true;
  /** Where batches that decided anything end, and when they were committed; ascending. */
  private readonly decided: { readonly offset: number; readonly timeUs: number }[] = [];
  /** Written and not yet committed, by identity. */
  private readonly written = new Map<string, Written>();
  private readonly voters = new VoterSets();

  /**
   * Reads batches that some node writes to its metadata log, after `event`.
   * @param forwarded whether it has been handed forwarded requests since it wrote before.
   */
  wrote(bytes: Uint8Array, event: number, forwarded: boolean): void {
    let at = 0;
    while (checkBatchFrame(bytes, at, bytes.length) === null) {
      const end = at + batchSizeAt(bytes, at);
      const key = keyOf(baseOffsetAt(bytes, at), leaderEpochAt(bytes, at), crcAt(bytes, at));
      if (lastOffsetAt(bytes, at) > this.image.offset && !this.written.has(key)) {
        const batches = decodeMetadataBatches(bytes.subarray(at, end), Number.POSITIVE_INFINITY);
        for (const batch of batches) this.written.set(key, { batch, event, forwarded });
        if (isControlAt(bytes, at)) this.voters.read(bytes, at);
      }
      at = end;
    }
  }

  /** The offset of the last record that decided anything; -1: none yet. */
  get lastChange(): number {
    return this.decided.at(-1)?.offset ?? -1;
  }

  /** Since when somebody who knows the log up to this end lacks a decision; null: lacks none. */
  unknownSinceUs(end: number): number | null {
    let sinceUs: number | null = null;
    for (let i = this.decided.length - 1; i >= 0; i--) {
      const { offset, timeUs } = this.decided[i] as { offset: number; timeUs: number };
      if (offset < end) break;
      sinceUs = timeUs;
    }
    return sinceUs;
  }

  /** See `VoterSets.settle`. */
  settleVoters(log: ReplicaLog, highWatermark: number): ReturnType<VoterSets['settle']> {
    return this.voters.settle(log, highWatermark);
  }

  /** The ids of the quorum's voters, as the newest word in this log has them. */
  votersBy(log: ReplicaLog): readonly number[] {
    return this.voters.by(log);
  }

  /** Takes in what `log` holds below its high watermark and tells what each batch changed. */
  commit(
    log: ReplicaLog,
    highWatermark: number,
    at: { readonly event: number; readonly timeUs: number },
    told: (change: ControlChange) => void,
  ): void {
    for (let i = log.indexAt(this.image.offset + 1); i < log.batchCount; i++) {
      if (log.endOffset(i) > highWatermark) break;
      const key = keyOf(log.baseOffset(i), log.epoch(i), log.crc(i));
      const written = this.written.get(key);
      if (written === undefined || written.batch.baseOffset !== this.image.offset + 1) {
        this.sound = false;
        return;
      }
      this.written.delete(key);
      const { batch, event: decidedAt, forwarded } = written;
      const change = this.apply(batch, { ...at, decidedAt, forwarded });
      if (change !== null) told(change);
    }
    for (const [key, { batch }] of this.written) {
      if (batch.lastOffset <= this.image.offset) this.written.delete(key);
    }
  }

  private apply(
    batch: MetadataBatch,
    at: Pick<ControlChange, 'event' | 'timeUs' | 'decidedAt' | 'forwarded'>,
  ): ControlChange | null {
    const { image } = this;
    const partitions: PartitionChange[] = [];
    const brokersBefore = new Map(image.brokers);
    const keptBefore = image.featureLevel(ELIGIBLE_LEADER_REPLICAS) > 0;
    const steps = this.steps(batch);
    if (batch.records.some(({ type }) => type !== 'NoOpRecord')) {
      this.decided.push({ offset: batch.lastOffset, timeUs: at.timeUs });
    }
    for (const { type, record } of batch.records) {
      if (type !== 'RemoveTopicRecord') continue;
      const topic = image.topicsById.get(record.topicId);
      for (const [index, before] of (topic?.partitions ?? []).entries()) {
        const name = `${topic?.name}-${index}`;
        const { topicId } = record;
        const taken = steps.get(`${topicId} ${index}`) ?? [];
        partitions.push({ name, topicId, before, after: null, steps: taken });
      }
    }
    const delta = new MetadataDelta();
    applyBatch(image, batch, delta);
    if (delta.empty) return null;
    for (const [topicId, changed] of delta.changedPartitions) {
      const topic = image.topicsById.get(topicId);
      for (const [index, before] of changed) {
        const after = topic?.partitions[index] ?? null;
        const name = `${topic?.name}-${index}`;
        const taken = steps.get(`${topicId} ${index}`) ?? [];
        partitions.push({ name, topicId, before, after, steps: taken });
      }
    }
    const brokers: BrokerChange[] = [];
    for (const id of delta.changedBrokers) {
      const before = brokersBefore.get(id) ?? null;
      brokers.push({ id, node: brokerName(id), before, after: image.brokers.get(id) ?? null });
    }
    const keptEligible = keptBefore && image.featureLevel(ELIGIBLE_LEADER_REPLICAS) > 0;
    return { ...at, partitions, brokers, keptEligible, image };
  }

  /** A batch may hold several decisions about a partition, made one after the other. */
  private steps(batch: MetadataBatch): Map<string, PartitionRegistration[]> {
    const all = new Map<string, PartitionRegistration[]>();
    for (const { type, record } of batch.records) {
      if (type !== 'PartitionChangeRecord') continue;
      const key = `${record.topicId} ${record.partitionId}`;
      const steps = all.get(key) ?? [];
      all.set(key, steps);
      const before = steps.at(-1) ?? this.image.partition(record.topicId, record.partitionId);
      if (before !== undefined) steps.push(mergePartitionChange(before, record));
    }
    return all;
  }
}

function keyOf(baseOffset: number, epoch: number, crc: number): string {
  return `${baseOffset} ${epoch} ${crc}`;
}
