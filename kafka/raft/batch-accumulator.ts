/**
 * Records on their way into the metadata log: each gets its offset at once, and all that come
 * within `controller.quorum.append.linger.ms` of the first go out as one batch (Kafka:
 * BatchAccumulator).
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';

export class BatchAccumulator {
  private readonly runtime: NodeRuntime;
  private readonly lingerMs: number;
  private readonly drained: (records: readonly MetadataRecord[]) => void;
  private readonly linger: Timer;
  private pending: MetadataRecord[] = [];
  private end: number;

  constructor(parts: {
    runtime: NodeRuntime;
    lingerMs: number;
    nextOffset: number;
    drained: (records: readonly MetadataRecord[]) => void;
  }) {
    this.runtime = parts.runtime;
    this.lingerMs = parts.lingerMs;
    this.drained = parts.drained;
    this.end = parts.nextOffset;
    this.linger = new Timer(() => this.drain());
  }

  /** The offset of the next record appended. */
  get nextOffset(): number {
    return this.end;
  }

  /** Takes records that stay together in one batch. @returns the offset of the last. */
  append(records: readonly MetadataRecord[]): number {
    if (this.pending.length === 0) {
      this.runtime.timers.arm(this.linger, this.runtime.nowMs + this.lingerMs);
    }
    for (const record of records) this.pending.push(record);
    this.end += records.length;
    return this.end - 1;
  }

  /** Hands over at once what is waiting. */
  drain(): void {
    this.runtime.timers.cancel(this.linger);
    const records = this.pending;
    if (records.length === 0) return;
    this.pending = [];
    this.drained(records);
  }

  /** Something else was appended to the log, which ends at `offset` now; nothing may be waiting. */
  skipTo(offset: number): void {
    assert(this.pending.length === 0 && offset >= this.end, 'offsets given out twice');
    this.end = offset;
  }

  /** What is waiting will never be written. */
  close(): void {
    this.runtime.timers.cancel(this.linger);
    this.pending = [];
  }
}
