/**
 * The commands behind the records of a batch, in record order: runs of consecutive ids with one
 * timestamp, as sends in a loop have them. A run is answered by one call.
 */
import type { CommandId } from '../../host.ts';

export class CommandRuns {
  /** Records in all runs. */
  recordCount = 0;
  /** By run. */
  readonly firstIds: CommandId[] = [];
  readonly counts: number[] = [];
  readonly timestampsMs: number[] = [];
  private nextId = -1;
  private lastTimestampMs = -1;

  get length(): number {
    return this.firstIds.length;
  }

  add(id: CommandId, timestampMs: number): void {
    this.recordCount += 1;
    if (id === this.nextId && timestampMs === this.lastTimestampMs) {
      const { counts } = this;
      const last = counts.length - 1;
      counts[last] = (counts[last] as number) + 1;
    } else {
      this.firstIds.push(id);
      this.counts.push(1);
      this.timestampsMs.push(timestampMs);
      this.lastTimestampMs = timestampMs;
    }
    this.nextId = id + 1;
  }

  /** Calls `visit` for every record, in order. */
  forEach(visit: (id: CommandId, timestampMs: number, record: number) => void): void {
    let record = 0;
    for (let run = 0; run < this.length; run++) {
      const firstId = this.firstIds[run] as CommandId;
      const timestampMs = this.timestampsMs[run] as number;
      for (let i = 0; i < (this.counts[run] as number); i++) {
        visit((firstId + i) as CommandId, timestampMs, record);
        record += 1;
      }
    }
  }
}
