/**
 * Where replicas told that their logs begin from then on (retention, DeleteRecords), and which
 * batches may have gone by it: several may have stood at one offset, one after the other.
 */
import type { BatchIdentity } from './replica-log.ts';
import type { ReplicaLogs } from './replica-logs.ts';

export interface LogStart {
  readonly node: string;
  readonly event: number;
  readonly offset: number;
}

export class LogStarts {
  private readonly logs: ReplicaLogs;
  /** By partition, in order. */
  private readonly starts = new Map<string, LogStart[]>();
  private readonly latestOf = new Map<string, number>();

  constructor(logs: ReplicaLogs) {
    this.logs = logs;
  }

  told(partition: string, start: LogStart): void {
    const starts = this.starts.get(partition);
    if (starts === undefined) this.starts.set(partition, [start]);
    else starts.push(start);
    this.latestOf.set(partition, Math.max(this.latest(partition), start.offset));
  }

  /** The latest offset that any replica's log began at. */
  latest(partition: string): number {
    return this.latestOf.get(partition) ?? 0;
  }

  /**
   * Whether a log began behind this batch that may have held it. One that held another in its place
   * gave up that one: it came back with what a former leader had written.
   */
  mayHaveTaken(partition: string, batch: BatchIdentity & { readonly endOffset: number }): boolean {
    if (batch.endOffset > this.latest(partition)) return false;
    const replicas = this.logs.replicas(partition);
    return (this.starts.get(partition) ?? []).some(({ node, event, offset }) => {
      if (offset < batch.endOffset) return false;
      const log = replicas.find((one) => one.node === node);
      const held = log?.batchAtEvent(batch.baseOffset, event) ?? null;
      return held === null || (held.epoch === batch.epoch && held.crc === batch.crc);
    });
  }
}
