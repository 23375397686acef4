/**
 * compression.type of a producer. How large a batch will be is only known once it is compressed,
 * so it is full by an estimate: what recent batches of its topic came to, and a twentieth more
 * (Kafka: CompressionRatioEstimator, MemoryRecordsBuilder.estimatedBytesWritten).
 */
import type { Codecs } from '../../host.ts';
import { RECORD_BATCH_HEADER_BYTES } from '../../records/batch.ts';
import { type CompressionChoice, compressBatch, openBatch } from '../../records/compression.ts';

const ESTIMATE_FACTOR = 1.05;
/** Estimates rise fast and sink slowly. */
const RATIO_RISES_BY = 0.05;
const RATIO_SINKS_BY = 0.005;

export class BatchCompression {
  private readonly choice: CompressionChoice;
  private readonly codecs: Codecs;
  private readonly ratios = new Map<string, number>();

  constructor(choice: CompressionChoice, codecs: Codecs) {
    this.choice = choice;
    this.codecs = codecs;
  }

  /** Compressed to uncompressed bytes of records, as expected for the topic's next batch. */
  ratio(topic: string): number {
    return this.ratios.get(topic) ?? 1;
  }

  /** What a batch of so many bytes, its header included, is expected to come to. */
  static estimate(uncompressedBytes: number, ratio: number): number {
    const records = uncompressedBytes - RECORD_BATCH_HEADER_BYTES;
    return RECORD_BATCH_HEADER_BYTES + Math.floor(records * ratio * ESTIMATE_FACTOR);
  }

  /** The same batch compressed; its ratio moves the topic's estimate. */
  compress(topic: string, batch: Uint8Array): Uint8Array {
    const compressed = compressBatch(batch, this.choice, this.codecs);
    const seen = ratioOf(compressed, batch);
    const expected = this.ratio(topic);
    const next =
      seen > expected
        ? Math.max(expected + RATIO_RISES_BY, seen)
        : Math.max(expected - RATIO_SINKS_BY, seen);
    this.ratios.set(topic, next);
    return compressed;
  }

  /** Opens a batch that was found too large: the estimate was too low, so it begins anew. */
  reopen(topic: string, compressed: Uint8Array): Uint8Array {
    // Its bytes are our own.
    const opened = openBatch(compressed, 0, this.codecs) ?? compressed;
    this.ratios.set(topic, Math.max(1, ratioOf(compressed, opened)));
    return opened;
  }
}

function ratioOf(compressed: Uint8Array, uncompressed: Uint8Array): number {
  const records = uncompressed.length - RECORD_BATCH_HEADER_BYTES;
  return (compressed.length - RECORD_BATCH_HEADER_BYTES) / records;
}
