/**
 * A hole that Kafka leaves in idempotence. A leader that knows nothing of a producer takes any first
 * sequence (KIP-360, KAFKA-14359): when the batches before it were refused, or went to another
 * leader, it is a gap that nobody sees. Those batches are out of order from then on. As soon as the
 * producer takes that for a loss, or has given one of them up, it raises its epoch and numbers all
 * that waits anew (TransactionManager, canRetry and handleFailedBatch): they are written behind what
 * was sent after them, and what was written and not answered is written again, as a stranger's.
 */
import type { FinalPartition } from '../final-state.ts';
import type { Witness } from '../witness.ts';
import type { SendHistory } from './history.ts';
import { beganAnew, type Standing } from './snapshot-gap.ts';

export interface FirstBatchGap {
  /** When a batch before it was refused; null: another leader led then. */
  readonly refusedAt: number | null;
  /** When its producer heard of the gap, or gave up a batch before it. */
  readonly heardAt: number;
}

/**
 * The gap that a record's place under a later epoch comes from: the first batch that the log has of
 * its producer, of the epoch of `first`, has a sequence number above 0. Since `sentAt` a leader had
 * refused a batch before that one, or there had been another leader; and the producer heard of it
 * while the record waited.
 * @param first a record of the earlier epoch; `second` the place that is to be explained.
 * @returns null when it comes from nothing of the kind.
 */
export function firstBatchGap(
  { history, producerLoads, elections, blamer }: Witness,
  log: FinalPartition,
  {
    record,
    first,
    second,
    sentAt,
  }: {
    readonly record: number;
    readonly first: Standing;
    readonly second: Standing;
    readonly sentAt: number;
  },
): FirstBatchGap | null {
  const { partition, node, logStartOffset, records, offsets } = log;
  // What was before it is not known any more.
  if (!beganAnew(first, second) || logStartOffset > 0) return null;
  const begin = firstOf(log, first.producerId);
  if (begin < 0 || records.at(begin) < 0) return null;
  const isOfEpoch = log.producerEpochs.at(begin) === first.producerEpoch;
  if (!isOfEpoch || log.baseSequences.at(begin) <= 0) return null;
  const begunAt = blamer.appendedAt(node, partition, offsets.at(begin));
  const refused = producerLoads
    .refusedIn(partition)
    .findLast(({ event }) => event > sentAt && event < begunAt);
  const led = elections.of(partition).filter(({ event }) => event < begunAt);
  if (refused === undefined && led.length < 2) return null;
  const sends = history.producerOf(record);
  const heardAt = [
    ...producerLoads.gapsHeard({ client: sends.producer.name, partition }),
    ...givenUp(sends, { before: history.numberOf(records.at(begin)), since: sentAt }),
  ].find((event) => event < second.appendedAt && isWaiting(sends, history.numberOf(record), event));
  return heardAt === undefined ? null : { refusedAt: refused?.event ?? null, heardAt };
}

function firstOf({ producerIds }: FinalPartition, producerId: number): number {
  let index = 0;
  while (index < producerIds.length && producerIds.at(index) !== producerId) index += 1;
  return index < producerIds.length ? index : -1;
}

/** When sends failed that came before one; of each. */
function givenUp(
  sends: SendHistory,
  { before, since }: { readonly before: number; readonly since: number },
): number[] {
  return [...sends.errors.keys()]
    .filter((row) => row < before && sends.answeredEvent.at(row) > since)
    .map((row) => sends.answeredEvent.at(row));
}

function isWaiting(sends: SendHistory, row: number, event: number): boolean {
  const answered = sends.answeredEvent.at(row);
  return sends.invokedEvent.at(row) < event && (answered < 0 || answered > event);
}
