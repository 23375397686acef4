/**
 * Answers the commands behind a batch: `sent` or `failed`, run by run. This is what the
 * client's history says, so `failed` is said only of what certainly is not in the log.
 */
import type { Host } from '../../host.ts';
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
    const { partition } = batch.queue;
    let offset = baseOffset;
    for (let run = batch.commands.first; run !== null; run = run.next) {
      const timestampMs = logAppendTimeMs >= 0 ? logAppendTimeMs : run.timestampMs;
      const result = { kind: 'sent', partition, offset, timestampMs } as const;
      this.host.completed(run.firstId, result, run.count);
      if (offset >= 0) offset += run.count;
    }
  }

  /** A batch that is in flight, or whose earlier attempts may have been written, is `unknown`. */
  failed(batch: ProducerBatch, error: string, message: string): void {
    this.finish(batch);
    const outcome = batch.maybeWritten || batch.inFlight ? 'unknown' : 'failed';
    for (let run = batch.commands.first; run !== null; run = run.next) {
      const result = { kind: 'failed', outcome, error, message } as const;
      this.host.completed(run.firstId, result, run.count);
    }
  }

  private finish(batch: ProducerBatch): void {
    batch.done = true;
    this.accumulator.release(batch);
  }
}
