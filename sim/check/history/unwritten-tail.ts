/**
 * With acks=0 nobody waits for the broker, and a run may come to rest while one still goes through
 * what was sent to it long before. It writes one batch after the other: when it wrote after the
 * rest, what it has not come to stands behind all that it has.
 */
import type { FinalPartition, FinalState } from '../final-state.ts';
import type { Witness } from '../witness.ts';
import type { SendHistory } from './history.ts';

export class UnwrittenTails {
  private readonly witness: Witness;
  private readonly restedAt: number | null;
  /** By producer and partition: the row at which it begins. */
  private readonly begins = new Map<string, number>();

  constructor(witness: Witness, { restedAt }: FinalState) {
    this.witness = witness;
    this.restedAt = restedAt;
  }

  /**
   * @param offsets where each of its sends stands in the end, -1 for nowhere.
   * @param last the log that this send went to.
   */
  has(sends: SendHistory, row: number, offsets: Float64Array, last: FinalPartition): boolean {
    const key = `${sends.producer.name} ${last.partition}`;
    let begin = this.begins.get(key);
    if (begin === undefined) {
      begin = this.wroteAfterRest(last) ? behindLast(sends, offsets, last) : sends.count;
      this.begins.set(key, begin);
    }
    return row >= begin;
  }

  private wroteAfterRest({ partition, node }: FinalPartition): boolean {
    const log = this.witness.logs.replicas(partition).find((one) => one.node === node);
    if (this.restedAt === null || log === undefined || log.batchCount === 0) return false;
    return log.writtenAt(log.batchCount - 1) > this.restedAt;
  }
}

function behindLast(
  sends: SendHistory,
  offsets: Float64Array,
  { partition }: FinalPartition,
): number {
  const { topic } = sends.producer;
  for (let row = sends.count - 1; row >= 0; row--) {
    const isThere = (offsets[row] as number) >= 0;
    if (isThere && `${topic}-${sends.partition.at(row)}` === partition) return row + 1;
  }
  return 0;
}
