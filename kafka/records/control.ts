/**
 * Control batches: one record that the log itself needs and applications never see: transaction
 * markers, and the metadata quorum's leader changes and snapshot ends
 * (Kafka: ControlRecordType, EndTransactionMarker, ControlRecordUtils).
 */
import { Reader, WireError } from '../base/reader.ts';
import { CONTROL_FLAG, int32At, isControlAt, TRANSACTIONAL_FLAG } from './batch.ts';
import { BatchBuilder } from './builder.ts';
import { decodeRecords } from './iterate.ts';

export const ControlRecordType = {
  ABORT: 0,
  COMMIT: 1,
  LEADER_CHANGE: 2,
  SNAPSHOT_HEADER: 3,
  SNAPSHOT_FOOTER: 4,
  KRAFT_VERSION: 5,
  KRAFT_VOTERS: 6,
} as const;
export type ControlRecordType = (typeof ControlRecordType)[keyof typeof ControlRecordType];

export interface ControlRecord {
  /** A type that this version does not know keeps its number. */
  readonly type: number;
  readonly offset: number;
  /** The message of that type, encoded as its schema says (version first inside it). */
  readonly value: Uint8Array;
}

const builder = new BatchBuilder();

/** A batch of control records; `value` is the encoded message of that type. */
export function controlBatch(batch: {
  readonly records: readonly { readonly type: ControlRecordType; readonly value: Uint8Array }[];
  readonly timestampMs: number;
  readonly baseOffset?: number;
  readonly leaderEpoch?: number;
}): Uint8Array {
  builder.begin();
  for (const { type, value } of batch.records) {
    builder.append(batch.timestampMs, controlKey(type), value);
  }
  return builder.finish({
    baseOffset: batch.baseOffset ?? 0,
    leaderEpoch: batch.leaderEpoch ?? -1,
    attributes: CONTROL_FLAG,
  });
}

/** The marker that ends a producer's transaction on one partition. */
export function endTransactionBatch(marker: {
  readonly commit: boolean;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly timestampMs: number;
}): Uint8Array {
  const type = marker.commit ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
  const epoch = marker.coordinatorEpoch;
  const value = Uint8Array.of(0, 0, epoch >> 24, epoch >> 16, epoch >> 8, epoch);
  builder.begin();
  builder.append(marker.timestampMs, controlKey(type), value);
  return builder.finish({
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    attributes: CONTROL_FLAG | TRANSACTIONAL_FLAG,
  });
}

function controlKey(type: number): Uint8Array {
  return Uint8Array.of(0, 0, type >> 8, type);
}

/** The control records of the batch at `position`; throws `WireError` when it has none. */
export function decodeControlRecords(bytes: Uint8Array, position: number): ControlRecord[] {
  if (!isControlAt(bytes, position)) throw new WireError('invalid-value', 'not a control batch');
  const records = decodeRecords(bytes, position);
  if (records.length === 0) throw new WireError('invalid-value', 'an empty control batch');
  return records.map(({ key, value, offset }) => {
    if (key === null || value === null) {
      throw new WireError('invalid-value', 'a control record without key or value');
    }
    const reader = new Reader(key);
    reader.int16();
    return { type: reader.int16(), offset, value };
  });
}

/** The first, mostly only, control record of the batch at `position`. */
export function decodeControlBatch(bytes: Uint8Array, position: number): ControlRecord {
  return decodeControlRecords(bytes, position)[0] as ControlRecord;
}

/** The coordinator epoch inside an end-transaction marker's value. */
export function coordinatorEpochOf(markerValue: Uint8Array): number {
  if (markerValue.length < 6) throw new WireError('truncated', 'end-transaction marker');
  return int32At(markerValue, 2);
}
