/**
 * The commands behind the records of a batch, in record order: runs of consecutive ids with one
 * timestamp, as sends in a loop have them. A run is answered by one call.
 */
import type { CommandId } from '../../host.ts';

export class CommandRun {
  readonly firstId: CommandId;
  readonly timestampMs: number;
  count = 1;
  next: CommandRun | null = null;

  constructor(firstId: CommandId, timestampMs: number) {
    this.firstId = firstId;
    this.timestampMs = timestampMs;
  }
}

export class CommandRuns {
  /** Records in all runs. */
  recordCount = 0;
  /** A list, not arrays: most batches of a slow producer have one run. */
  first: CommandRun | null = null;
  private last: CommandRun | null = null;

  add(id: CommandId, timestampMs: number): void {
    this.recordCount += 1;
    const { last } = this;
    if (last !== null && id === last.firstId + last.count && timestampMs === last.timestampMs) {
      last.count += 1;
      return;
    }
    const run = new CommandRun(id, timestampMs);
    if (last === null) this.first = run;
    else last.next = run;
    this.last = run;
  }

  /** Calls `visit` for every record, in order. */
  forEach(visit: (id: CommandId, timestampMs: number, record: number) => void): void {
    let record = 0;
    for (let run = this.first; run !== null; run = run.next) {
      for (let i = 0; i < run.count; i++) {
        visit((run.firstId + i) as CommandId, run.timestampMs, record);
        record += 1;
      }
    }
  }
}
