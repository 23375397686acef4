/**
 * Another copy that Kafka makes of an idempotent producer's record. When a batch is refused for
 * good, as too large, say, its producer raises the epoch and numbers anew all that waits behind it
 * (TransactionManager, handleFailedBatch): with that gap before them no leader can have taken them.
 * But a leader that knows nothing of a producer takes any first sequence (KIP-360). If the refused
 * batch was to be the producer's first in the log, the next one is written; its answer lost, it
 * comes again under the new epoch, as a stranger.
 */
import type { FinalPartition } from '../final-state.ts';
import type { Witness } from '../witness.ts';
import type { SendHistory } from './history.ts';
import { beganAnew, type Copies } from './snapshot-gap.ts';

interface RefusedBatch {
  /** When the leader refused it. */
  readonly event: number;
  /** When the producer knew. */
  readonly heardAt: number;
}

/**
 * The refusal that a copy comes from: before the first copy was written, with nothing before it that
 * the producer did not wait for as well, the leader refused an earlier record of it for good, which
 * it learned before the second copy and while it waited.
 * @returns null when the copy comes from nothing of the kind.
 */
export function refusedBatchGap(
  { history, producerLoads }: Witness,
  log: FinalPartition,
  { record, first, second }: Copies,
): RefusedBatch | null {
  const { appendedAt, producerId } = first;
  if (!beganAnew(first, second)) return null;
  // What was before it is not known any more.
  if (log.logStartOffset > 0) return null;
  const sends = history.producerOf(record);
  const number = history.numberOf(record);
  const before = recordsBefore(log, { producerId, offset: first.offset });
  for (const { event, error } of producerLoads.refusedIn(log.partition)) {
    if (event > appendedAt) break;
    for (const [row, said] of sends.errors) {
      const heardAt = sends.answeredEvent.at(row);
      if (said !== error || row > number || heardAt < event || heardAt > second.appendedAt)
        continue;
      const waited = (one: number): boolean => isWaiting(sends, history.numberOf(one), heardAt);
      if (waited(record) && before.every(waited)) return { event, heardAt };
    }
  }
  return null;
}

function isWaiting(sends: SendHistory, row: number, event: number): boolean {
  const answered = sends.answeredEvent.at(row);
  return sends.invokedEvent.at(row) < event && (answered < 0 || answered > event);
}

/** What the producer had written in this log before, under whatever epoch. */
function recordsBefore(
  { records, offsets, producerIds }: FinalPartition,
  from: { readonly producerId: number; readonly offset: number },
): number[] {
  const before: number[] = [];
  for (let i = 0; i < records.length && offsets.at(i) < from.offset; i++) {
    if (producerIds.at(i) === from.producerId) before.push(records.at(i));
  }
  return before;
}
