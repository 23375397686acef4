/**
 * Answers the commands behind a batch: one `sent` or `failed` per record. This is what the
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
    const { host } = this;
    const { commandIds, timestampsMs } = batch;
    const { partition } = batch.queue;
    for (let i = 0; i < commandIds.length; i++) {
      host.completed(commandIds[i] as CommandId, {
        kind: 'sent',
        partition,
        offset: baseOffset < 0 ? -1 : baseOffset + i,
        timestampMs: logAppendTimeMs >= 0 ? logAppendTimeMs : (timestampsMs[i] as number),
      });
    }
  }

  /** A batch that is in flight, or whose earlier attempts may have been written, is `unknown`. */
  failed(batch: ProducerBatch, error: string, message: string): void {
    this.finish(batch);
    const outcome = batch.maybeWritten || batch.inFlight ? 'unknown' : 'failed';
    for (const id of batch.commandIds) {
      this.host.completed(id, { kind: 'failed', outcome, error, message });
    }
  }

  private finish(batch: ProducerBatch): void {
    batch.done = true;
    this.accumulator.release(batch);
  }
}
