/** Which acknowledged sends are in no log at the end of the run. */
import type { FinalState } from '../check/final-state.ts';
import { type ClientHistory, Outcome } from '../check/history/history.ts';
import { offsetsOfRecords } from '../check/history/record-index.ts';

/**
 * By producer of the history: one byte per send, 1 = acknowledged and lost. What no log could be
 * read of is not counted, unless its topic `wasDeleted`.
 */
export function lostRows(
  history: ClientHistory,
  final: FinalState,
  wasDeleted: (partition: string) => boolean,
): Uint8Array[] {
  const where = offsetsOfRecords(history, final);
  return history.sends.map((sends, index) => {
    const offsets = where[index] as Float64Array;
    const lost = new Uint8Array(sends.count);
    for (let row = 0; row < sends.count; row++) {
      if (sends.outcome.at(row) !== Outcome.ok || (offsets[row] as number) >= 0) continue;
      const told = sends.offset.at(row);
      const partition = `${sends.producer.topic}-${sends.partition.at(row)}`;
      const log = final.partitions.get(partition);
      const unreadable = told >= 0 && log === undefined && !wasDeleted(partition);
      const deleted = told >= 0 && log !== undefined && told < log.logStartOffset;
      if (!unreadable && !deleted) lost[row] = 1;
    }
    return lost;
  });
}
