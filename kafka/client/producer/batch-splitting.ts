/**
 * Splits a batch that the broker found too large (Kafka: RecordAccumulator.splitAndReenqueue,
 * ProducerBatch.split): into halves, or pieces of `batch.size` where those are smaller.
 */
import { BatchBuilder } from '../../records/builder.ts';
import { decodeRecords } from '../../records/iterate.ts';
import type { BatchCompression } from './batch-compression.ts';
import { ProducerBatch } from './producer-batch.ts';

/** The pieces hold no buffer memory and expire when their parent would have. */
export function splitBatch(
  batch: ProducerBatch,
  batchSize: number,
  compression: BatchCompression | null,
): ProducerBatch[] {
  const records = decodeRecords(batch.opened(), 0);
  // At least two pieces: none takes a second record beyond the target.
  const capacityBytes = Math.min(batchSize, Math.floor(batch.sizeBytes / 2));
  const pieces: ProducerBatch[] = [];
  let piece: ProducerBatch | null = null;
  batch.commands.forEach((id, timestampMs, i) => {
    const { key, value, headers } = records[i] as (typeof records)[number];
    const record = {
      topic: batch.queue.topic,
      partition: batch.queue.partition,
      key,
      value,
      headers,
      timestampMs,
    };
    if (piece?.append(id, record, timestampMs)) return;
    const size = { memoryBytes: 0, capacityBytes };
    piece = new ProducerBatch(batch.queue, new BatchBuilder(), size, batch, compression);
    piece.maybeWritten = batch.maybeWritten;
    piece.append(id, record, timestampMs);
    pieces.push(piece);
  });
  for (const one of pieces) one.closed = true;
  return pieces;
}
