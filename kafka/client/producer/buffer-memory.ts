/**
 * `buffer.memory`: how many bytes of batches may exist at once, and a pool of their builders
 * (Kafka: BufferPool). Who waits for memory, and in which order, is the caller's affair.
 */
import { BatchBuilder } from '../../records/builder.ts';

const POOLED_BUILDERS = 256;
/** Larger batches begin with this much and grow. */
const MAX_INITIAL_BYTES = 32_768;

export class BufferMemory {
  private readonly totalBytes: number;
  private readonly builders: BatchBuilder[] = [];
  private usedBytes = 0;

  constructor(totalBytes: number) {
    this.totalBytes = totalBytes;
  }

  /** @returns a builder with arbitrary content, or null when `size` bytes are not available now. */
  take(size: number): BatchBuilder | null {
    if (this.usedBytes + size > this.totalBytes) return null;
    this.usedBytes += size;
    return this.builders.pop() ?? new BatchBuilder(Math.min(size, MAX_INITIAL_BYTES));
  }

  /** Takes a builder back for the next batch; its batch's bytes stay counted. */
  recycle(builder: BatchBuilder): void {
    if (this.builders.length < POOLED_BUILDERS) this.builders.push(builder);
  }

  /** Gives back the bytes that `take` counted. */
  free(size: number): void {
    this.usedBytes -= size;
  }
}
