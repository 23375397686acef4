/**
 * The committed log of one partition as the lab knows it: what stood below the true high
 * watermark, the highest that any legitimate leader ever reached. It only grows, except where a
 * new leader starts below it; that loss is reported by `hw-mono` and the log goes on from there.
 */
import { Column } from './history/history.ts';
import type { ReplicaLog } from './replica-logs.ts';

export class CommittedLog {
  trueHighWatermark = 0;
  private readonly baseOffsets = new Column();
  private readonly endOffsets = new Column();
  private readonly epochs = new Column();
  private readonly crcs = new Column();

  /** Takes the batches of a legitimate leader up to its high watermark. */
  extend(leader: ReplicaLog, highWatermark: number): void {
    const from = this.trueHighWatermark;
    if (highWatermark <= from) return;
    for (let i = leader.indexAt(from); i < leader.batchCount; i++) {
      if (leader.baseOffset(i) >= highWatermark) break;
      this.baseOffsets.push(leader.baseOffset(i));
      this.endOffsets.push(leader.endOffset(i));
      this.epochs.push(leader.epoch(i));
      this.crcs.push(leader.crc(i));
    }
    this.trueHighWatermark = highWatermark;
  }

  /** Committed records from `offset` on are gone. */
  cut(offset: number): void {
    let keep = this.baseOffsets.length;
    while (keep > 0 && this.endOffsets.at(keep - 1) > offset) keep -= 1;
    for (const column of [this.baseOffsets, this.endOffsets, this.epochs, this.crcs]) {
      column.length = keep;
    }
    this.trueHighWatermark = Math.min(this.trueHighWatermark, offset);
  }

  /** The committed batch at or after `offset`, or null. */
  batchAt(offset: number): { baseOffset: number; epoch: number; crc: number } | null {
    const index = this.indexAt(offset);
    if (index === this.baseOffsets.length) return null;
    return {
      baseOffset: this.baseOffsets.at(index),
      epoch: this.epochs.at(index),
      crc: this.crcs.at(index),
    };
  }

  /**
   * Compares a replica with the committed log in [from, to).
   * @returns the first offset at which they differ, or -1. Records that either lacks don't differ.
   */
  firstDifference(replica: ReplicaLog, from: number, to: number): number {
    let mine = this.indexAt(from);
    let theirs = replica.indexAt(from);
    while (mine < this.baseOffsets.length && theirs < replica.batchCount) {
      const base = this.baseOffsets.at(mine);
      const other = replica.baseOffset(theirs);
      if (Math.max(base, other) >= to) return -1;
      const same =
        base === other &&
        this.crcs.at(mine) === replica.crc(theirs) &&
        this.epochs.at(mine) === replica.epoch(theirs);
      if (!same) return Math.max(base, other);
      mine += 1;
      theirs += 1;
    }
    return -1;
  }

  private indexAt(offset: number): number {
    let low = 0;
    let high = this.baseOffsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endOffsets.at(middle) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
