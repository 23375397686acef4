/**
 * Splits a batch that the broker found too large (Kafka: RecordAccumulator.splitAndReenqueue,
 * ProducerBatch.split): first into pieces of `batch.size`, and pieces again in halves.
 */
import { defined } from '../../base/assert.ts';
import type { CommandId } from '../../host.ts';
import { BatchBuilder } from '../../records/builder.ts';
import { decodeRecords } from '../../records/iterate.ts';
import { batchSizeUpperBound } from './accumulator.ts';
import { ProducerBatch } from './producer-batch.ts';

/** The pieces hold no buffer memory and expire when their parent would have. */
export function splitBatch(batch: ProducerBatch, batchSize: number): ProducerBatch[] {
  const records = decodeRecords(defined(batch.records, 'a batch never sent is split'), 0);
  const targetBytes = batch.splits === 0 ? batchSize : Math.floor(batch.sizeBytes / 2);
  const pieces: ProducerBatch[] = [];
  let piece: ProducerBatch | null = null;
  for (let i = 0; i < records.length; i++) {
    const { key, value, headers } = records[i] as (typeof records)[number];
    const timestampMs = batch.timestampsMs[i] as number;
    const id = batch.commandIds[i] as CommandId;
    const record = {
      topic: batch.queue.topic,
      partition: batch.queue.partition,
      key,
      value,
      headers,
      timestampMs,
    };
    if (piece?.append(id, record, timestampMs)) continue;
    const size = {
      memoryBytes: 0,
      capacityBytes: Math.max(targetBytes, batchSizeUpperBound(record)),
    };
    piece = new ProducerBatch(batch.queue, new BatchBuilder(), size, batch);
    piece.splits = batch.splits + 1;
    piece.maybeWritten = batch.maybeWritten;
    piece.append(id, record, timestampMs);
    pieces.push(piece);
  }
  for (const one of pieces) one.closed = true;
  return pieces;
}
