/**
 * Metadata records to and from record batches: one record's value is one framed metadata record,
 * keys are null; control batches hold none (Kafka: raft/…/BatchBuilder, RecordsIterator).
 */
import { assert } from '../base/assert.ts';
import { Reader } from '../base/reader.ts';
import { SMALL_SLAB_BYTES, Writer } from '../base/writer.ts';
import {
  baseOffsetAt,
  batchSizeAt,
  isControlAt,
  lastOffsetAt,
  leaderEpochAt,
  maxTimestampAt,
} from '../records/batch.ts';
import { BatchBuilder } from '../records/builder.ts';
import { decodeRecords } from '../records/iterate.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
} from '../wire/metadata-records.ts';

export interface MetadataBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** The epoch of the leader that wrote it. */
  readonly epoch: number;
  readonly appendTimestampMs: number;
  readonly sizeBytes: number;
  /** At consecutive offsets from `baseOffset`; none in a control batch. */
  readonly records: readonly MetadataRecord[];
}

export class MetadataBatchEncoder {
  private readonly builder = new BatchBuilder();
  private readonly writer = new Writer(SMALL_SLAB_BYTES);

  encode(
    records: readonly MetadataRecord[],
    stamp: { baseOffset: number; leaderEpoch: number; timestampMs: number },
  ): Uint8Array {
    this.builder.begin();
    for (const record of records) {
      this.writer.begin();
      encodeMetadataRecord(this.writer, record);
      this.builder.append(stamp.timestampMs, null, this.writer.finish());
    }
    return this.builder.finish({ baseOffset: stamp.baseOffset, leaderEpoch: stamp.leaderEpoch });
  }
}

/**
 * The whole batches in `bytes` that end below `endOffset`. The bytes come from our own log, which
 * checked them: one that cannot be read stops the node.
 */
export function decodeMetadataBatches(bytes: Uint8Array, endOffset: number): MetadataBatch[] {
  const batches: MetadataBatch[] = [];
  const reader = new Reader(bytes);
  let position = 0;
  while (position < bytes.length) {
    const size = batchSizeAt(bytes, position);
    if (position + size > bytes.length || lastOffsetAt(bytes, position) >= endOffset) break;
    batches.push(decodeBatch(bytes, position, reader));
    position += size;
  }
  return batches;
}

function decodeBatch(bytes: Uint8Array, position: number, reader: Reader): MetadataBatch {
  const records: MetadataRecord[] = [];
  if (!isControlAt(bytes, position)) {
    for (const { value } of decodeRecords(bytes, position)) {
      assert(value !== null, 'a metadata record without a value');
      reader.reset(value);
      records.push(decodeMetadataRecord(reader));
    }
  }
  return {
    baseOffset: baseOffsetAt(bytes, position),
    lastOffset: lastOffsetAt(bytes, position),
    epoch: leaderEpochAt(bytes, position),
    appendTimestampMs: maxTimestampAt(bytes, position),
    sizeBytes: batchSizeAt(bytes, position),
    records,
  };
}
