/**
 * The committed log of one partition as the lab knows it: what stood below the true high
 * watermark, the highest that any legitimate leader ever reached. It only grows, except where a
 * new leader starts below it; that loss is reported by `hw-mono` and the log goes on from there.
 */
import type { BatchIdentity, ReplicaLog } from './replica-log.ts';
import { Rows } from './rows.ts';

const BASE_OFFSET = 0;
const END_OFFSET = 1;
const EPOCH = 2;
const CRC = 3;
const EVENT = 4;

interface CommittedBatch extends BatchIdentity {
  readonly endOffset: number;
  /** When it was. */
  readonly event: number;
}

export class CommittedLog {
  trueHighWatermark = 0;
  private readonly rows = new Rows(5);
  /** What was committed once and was cut, by base offset. */
  private readonly gone = new Map<number, CommittedBatch[]>();

  /** Takes the batches of a legitimate leader up to its high watermark, told at `event`. */
  extend(leader: ReplicaLog, highWatermark: number, event: number): void {
    const from = this.trueHighWatermark;
    if (highWatermark <= from) return;
    for (let i = leader.indexAt(from); i < leader.batchCount; i++) {
      if (leader.baseOffset(i) >= highWatermark) break;
      const row = this.rows.add();
      const { values } = this.rows;
      values[row + BASE_OFFSET] = leader.baseOffset(i);
      values[row + END_OFFSET] = leader.endOffset(i);
      values[row + EPOCH] = leader.epoch(i);
      values[row + CRC] = leader.crc(i);
      values[row + EVENT] = event;
    }
    this.trueHighWatermark = highWatermark;
  }

  /** Committed records from `offset` on are gone. */
  cut(offset: number): void {
    const { rows } = this;
    while (rows.length > 0 && rows.at(rows.length - 1, END_OFFSET) > offset) {
      const batch = this.batch(rows.length - 1);
      const others = this.gone.get(batch.baseOffset);
      if (others === undefined) this.gone.set(batch.baseOffset, [batch]);
      else others.push(batch);
      rows.length -= 1;
    }
    this.trueHighWatermark = Math.min(this.trueHighWatermark, offset);
  }

  /** The committed batch at or after `offset`, or null. */
  batchAt(offset: number): CommittedBatch | null {
    const { rows } = this;
    const index = rows.firstAbove(END_OFFSET, offset);
    return index === rows.length ? null : this.batch(index);
  }

  /** Whether exactly this batch was committed before that event, even if it was cut since. */
  heldBefore(event: number, batch: BatchIdentity): boolean {
    const is = (one: CommittedBatch): boolean =>
      one.event < event &&
      one.baseOffset === batch.baseOffset &&
      one.crc === batch.crc &&
      one.epoch === batch.epoch;
    const present = this.batchAt(batch.baseOffset);
    if (present !== null && is(present)) return true;
    return this.gone.get(batch.baseOffset)?.some(is) ?? false;
  }

  private batch(index: number): CommittedBatch {
    const { rows } = this;
    return {
      baseOffset: rows.at(index, BASE_OFFSET),
      endOffset: rows.at(index, END_OFFSET),
      epoch: rows.at(index, EPOCH),
      crc: rows.at(index, CRC),
      event: rows.at(index, EVENT),
    };
  }

  /**
   * Compares a replica with the committed log in [from, to), between where both begin and the end
   * of the shorter one, and where it is known.
   * @returns the first offset at which they differ, or -1.
   */
  firstDifference(replica: ReplicaLog, from: number, to: number): number {
    const { rows } = this;
    if (rows.length === 0 || replica.batchCount === 0) return -1;
    const start = Math.max(from, replica.firstOffset, rows.at(0, BASE_OFFSET));
    let mine = rows.firstAbove(END_OFFSET, start);
    let theirs = replica.indexAt(start);
    while (mine < rows.length && theirs < replica.batchCount) {
      const base = rows.at(mine, BASE_OFFSET);
      // A leader may have deleted it before any that was legitimate told that it was committed.
      const isUnknown = mine > 0 && rows.at(mine - 1, END_OFFSET) < base;
      if (isUnknown && replica.endOffset(theirs) <= base) {
        theirs += 1;
        continue;
      }
      const other = replica.baseOffset(theirs);
      const offset = Math.min(base, other);
      if (offset >= to) return -1;
      const same =
        base === other &&
        rows.at(mine, CRC) === replica.crc(theirs) &&
        rows.at(mine, EPOCH) === replica.epoch(theirs);
      if (!same) return Math.max(offset, start);
      mine += 1;
      theirs += 1;
    }
    return -1;
  }
}
