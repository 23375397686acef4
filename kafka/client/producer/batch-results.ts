/**
 * Answers the commands behind a batch: `sent` or `failed`, run by run. This is what the
 * client's history says, so `failed` is said only of what certainly is not in the log.
 */
import type { CommandId, Host } from '../../host.ts';
import type { Accumulator } from './accumulator.ts';
import type { ProducerBatch } from './producer-batch.ts';

export class BatchResults {
  private readonly host: Host;
  private readonly accumulator: Accumulator;

  constructor(host: Host, accumulator: Accumulator) {
    this.host = host;
    this.accumulator = accumulator;
  }

  /** @param baseOffset -1 where the broker told none. */
  succeeded(batch: ProducerBatch, baseOffset: number, logAppendTimeMs: number): void {
    this.finish(batch);
    const { firstIds, counts, timestampsMs } = batch.commands;
    const { partition } = batch.queue;
    let offset = baseOffset;
    for (let run = 0; run < firstIds.length; run++) {
      const count = counts[run] as number;
      const createTimeMs = timestampsMs[run] as number;
      const timestampMs = logAppendTimeMs >= 0 ? logAppendTimeMs : createTimeMs;
      const result = { kind: 'sent', partition, offset, timestampMs } as const;
      this.host.completed(firstIds[run] as CommandId, result, count);
      if (offset >= 0) offset += count;
    }
  }

  /** A batch that is in flight, or whose earlier attempts may have been written, is `unknown`. */
  failed(batch: ProducerBatch, error: string, message: string): void {
    this.finish(batch);
    const outcome = batch.maybeWritten || batch.inFlight ? 'unknown' : 'failed';
    const { firstIds, counts } = batch.commands;
    for (let run = 0; run < firstIds.length; run++) {
      const result = { kind: 'failed', outcome, error, message } as const;
      this.host.completed(firstIds[run] as CommandId, result, counts[run] as number);
    }
  }

  private finish(batch: ProducerBatch): void {
    batch.done = true;
    this.accumulator.release(batch);
  }
}
