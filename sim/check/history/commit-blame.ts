/** What permits that a committed offset is lost: what permits the loss of its record. */
import type { CommittedWatch } from '../group-witness.ts';
import type { Witness } from '../witness.ts';

export interface CommitBlame {
  readonly allowedBy: string | null;
  /** For after the finding's own words; "" when no replica is known to have lost the record. */
  readonly explanation: string;
}

export function blameOfCommit(
  { blamer }: Witness,
  watch: CommittedWatch,
  offset: number,
): CommitBlame {
  const record = watch.replicated.findLast((one) => one.offset === offset);
  const log = (record ?? watch.replicated.at(-1))?.log;
  if (log === undefined) return { allowedBy: null, explanation: '' };
  const told = { event: record?.event ?? 0, committed: true };
  const batch = record === undefined ? null : blamer.lostBatchAt(log, record.recordOffset, told);
  if (batch === null) return { allowedBy: blamer.beyondPromise(log), explanation: '' };
  const { allowedBy, explanation } = blamer.blame(log, batch, true);
  return { allowedBy, explanation: `; its record in ${log}: ${explanation}` };
}
