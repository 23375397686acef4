/**
 * A partition of the model brokers: records in order, and Kafka's rules for idempotent appends
 * written down a second time, as plainly as possible, to judge the client by.
 */

import { decodeText } from '../../../../kafka/base/text.ts';
import {
  baseSequenceAt,
  producerEpochAt,
  producerIdAt,
  validateBatch,
} from '../../../../kafka/records/batch.ts';
import { BatchBuilder } from '../../../../kafka/records/builder.ts';
import { decodeRecords } from '../../../../kafka/records/iterate.ts';
import { ErrorCode } from '../../../../kafka/wire/errors.ts';

export interface ModelRecord {
  value: string;
  leaderEpoch: number;
}

interface CachedBatch {
  first: number;
  last: number;
  offset: number;
}

export class ModelLog {
  readonly records: ModelRecord[] = [];
  /** [epoch, start offset] */
  readonly epochs: [number, number][] = [];
  leader: number;
  leaderEpoch = 0;
  logStartOffset = 0;
  maxMessageBytes = 1_048_588;
  private readonly producers = new Map<number, { epoch: number; cache: CachedBatch[] }>();

  constructor(leader: number) {
    this.leader = leader;
    this.epochs.push([0, 0]);
  }

  get endOffset(): number {
    return this.records.length;
  }
  values(): string[] {
    return this.records.map(({ value }) => value);
  }

  moveTo(leader: number): void {
    this.leader = leader;
    this.leaderEpoch += 1;
    this.epochs.push([this.leaderEpoch, this.endOffset]);
  }

  /** An unclean election: what is behind `endOffset` is gone. */
  truncate(endOffset: number): void {
    this.records.length = endOffset;
    while (this.epochs.length > 1 && (this.epochs.at(-1)?.[1] ?? 0) > endOffset) this.epochs.pop();
  }

  endOffsetFor(epoch: number): { leaderEpoch: number; endOffset: number } {
    if (epoch > this.leaderEpoch) return { leaderEpoch: -1, endOffset: -1 };
    const at = this.epochs.findLastIndex(([one]) => one <= epoch);
    if (at < 0) return { leaderEpoch: epoch, endOffset: this.epochs[0]?.[1] ?? 0 };
    const next = this.epochs[at + 1];
    return { leaderEpoch: this.epochs[at]?.[0] ?? -1, endOffset: next?.[1] ?? this.endOffset };
  }

  append(bytes: Uint8Array): { error: ErrorCode; baseOffset: number } {
    const refused = (error: ErrorCode) => ({ error, baseOffset: -1 });
    if (validateBatch(bytes, 0, bytes.length) !== null) return refused(ErrorCode.CORRUPT_MESSAGE);
    if (bytes.length > this.maxMessageBytes) return refused(ErrorCode.MESSAGE_TOO_LARGE);
    const values = decodeRecords(bytes, 0).map(({ value }) =>
      value === null ? '' : decodeText(value, 0, value.length),
    );
    const producerId = producerIdAt(bytes, 0);
    if (producerId >= 0) {
      const epoch = producerEpochAt(bytes, 0);
      const first = baseSequenceAt(bytes, 0);
      const last = first + values.length - 1;
      const state = this.producers.get(producerId);
      if (state?.epoch === epoch) {
        const repeat = state.cache.find((one) => one.first === first && one.last === last);
        if (repeat !== undefined) return { error: ErrorCode.NONE, baseOffset: repeat.offset };
      }
      if (state !== undefined) {
        if (epoch < state.epoch) return refused(ErrorCode.INVALID_PRODUCER_EPOCH);
        const expected = epoch > state.epoch ? 0 : (state.cache.at(-1)?.last ?? -1) + 1;
        if (first !== expected) return refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
      }
      const cache = state?.epoch === epoch ? state.cache : [];
      cache.push({ first, last, offset: this.endOffset });
      this.producers.set(producerId, { epoch, cache: cache.slice(-5) });
    }
    const baseOffset = this.endOffset;
    for (const value of values) this.records.push({ value, leaderEpoch: this.leaderEpoch });
    return { error: ErrorCode.NONE, baseOffset };
  }

  /** Forgets all producers, as an expiry of producer ids does. */
  forgetProducers(): void {
    this.producers.clear();
  }

  /** One batch per leader epoch from `offset` on, `limit` records at most. */
  read(offset: number, limit: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    const end = Math.min(this.endOffset, offset + limit);
    let at = offset;
    while (at < end) {
      const builder = new BatchBuilder();
      const leaderEpoch = this.records[at]!.leaderEpoch;
      const baseOffset = at;
      while (at < end && this.records[at]!.leaderEpoch === leaderEpoch) {
        builder.append(0, null, new TextEncoder().encode(this.records[at]!.value));
        at += 1;
      }
      pieces.push(builder.finish({ baseOffset, leaderEpoch }));
    }
    return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  }
}
