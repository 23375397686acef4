/**
 * The records that one fetch brought for one partition, handed out poll by poll (Kafka:
 * CompletedFetch). Records below the position are dropped, control batches are passed over.
 */
import { WireError } from '../../base/reader.ts';
import type { Codecs } from '../../host.ts';
import {
  batchSizeAt,
  checkBatchFrame,
  isControlAt,
  lastOffsetAt,
  leaderEpochAt,
  type TimestampType,
  timestampTypeAt,
  validateBatch,
} from '../../records/batch.ts';
import { openBatch } from '../../records/compression.ts';
import { decodeRecords, type LogRecord } from '../../records/iterate.ts';
import type { ConsumedRecord } from '../commands.ts';
import type { ConsumerError, PartitionState } from './partition-state.ts';

export class CompletedFetch {
  /** The offset of the next record to hand out; at first the one that was fetched from. */
  nextOffset: number;
  /** Leader epoch of the last batch handed out, -1 when it has none. */
  lastEpoch = -1;
  /** Of that batch. */
  private timestampType: TimestampType = 'CreateTime';
  private readonly partition: PartitionState;
  private readonly bytes: Uint8Array;
  private readonly checkCrcs: boolean;
  private readonly codecs: Codecs;
  private position = 0;
  private records: readonly LogRecord[] = [];
  private recordIndex = 0;
  /** What the batch under way ends with; applied when its records are handed out. */
  private batchEndOffset = -1;
  private problem: ConsumerError | null = null;

  constructor(
    partition: PartitionState,
    fetched: { offset: number; bytes: Uint8Array },
    checkCrcs: boolean,
    codecs: Codecs,
  ) {
    this.partition = partition;
    this.nextOffset = fetched.offset;
    this.bytes = fetched.bytes;
    this.checkCrcs = checkCrcs;
    this.codecs = codecs;
  }

  /**
   * Adds up to `limit` records to `into`. A problem with a batch is reported only when nothing was
   * added before it, and again at every further call until the application seeks elsewhere.
   * @returns the problem, or null; `isDrained` tells whether more is to come.
   */
  take(into: ConsumedRecord[], limit: number): ConsumerError | null {
    const countBefore = into.length;
    while (into.length - countBefore < limit) {
      if (this.recordIndex === this.records.length && !this.nextBatch()) break;
      const record = this.records[this.recordIndex] as LogRecord;
      this.recordIndex += 1;
      if (record.offset >= this.nextOffset) {
        this.nextOffset = record.offset + 1;
        into.push(this.consumed(record));
      }
      if (this.recordIndex === this.records.length) this.endBatch();
    }
    return into.length === countBefore ? this.problem : null;
  }

  get isDrained(): boolean {
    if (this.problem !== null || this.recordIndex < this.records.length) return false;
    return checkBatchFrame(this.bytes, this.position, this.bytes.length) === 'truncated';
  }

  private consumed({ offset, timestampMs, key, value, headers }: LogRecord): ConsumedRecord {
    const { topic, partition } = this.partition;
    const { lastEpoch: leaderEpoch, timestampType } = this;
    return {
      topic,
      partition,
      offset,
      timestampMs,
      timestampType,
      leaderEpoch,
      key,
      value,
      headers,
    };
  }

  /** The last offset counts even when compaction took its record away. */
  private endBatch(): void {
    if (this.batchEndOffset > this.nextOffset) this.nextOffset = this.batchEndOffset;
  }

  /** Decodes batches until one has records. @returns false at the end or at a problem. */
  private nextBatch(): boolean {
    const { bytes } = this;
    while (this.problem === null) {
      const at = this.position;
      const problem = this.checkCrcs
        ? validateBatch(bytes, at, bytes.length)
        : checkBatchFrame(bytes, at, bytes.length);
      // The broker may cut the last batch at its byte limit.
      if (problem === 'truncated') return false;
      if (problem !== null) {
        this.problem = this.corrupt(problem);
        return false;
      }
      if (!Number.isSafeInteger(lastOffsetAt(bytes, at))) {
        // The CRC does not cover the base offset.
        this.problem = this.corrupt('its offsets are none');
        return false;
      }
      if (!this.decode(at)) return false;
      this.position = at + batchSizeAt(bytes, at);
      this.lastEpoch = leaderEpochAt(bytes, at);
      this.timestampType = timestampTypeAt(bytes, at);
      this.batchEndOffset = lastOffsetAt(bytes, at) + 1;
      if (this.records.length > 0) return true;
      this.endBatch();
    }
    return false;
  }

  private decode(at: number): boolean {
    this.records = [];
    this.recordIndex = 0;
    if (isControlAt(this.bytes, at)) return true;
    const opened = openBatch(this.bytes, at, this.codecs);
    if (opened === null) {
      this.problem = this.corrupt('its records cannot be decompressed');
      return false;
    }
    try {
      this.records = decodeRecords(opened, 0);
      return true;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.problem = this.corrupt(error.message);
      return false;
    }
  }

  private corrupt(why: string): ConsumerError {
    const where = `the batch at offset ${this.nextOffset} of ${this.partition.name}`;
    const message = `${where} cannot be read (${why}); seek past it to go on`;
    return { error: 'KafkaException', message };
  }
}
