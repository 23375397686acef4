/**
 * A hole that Kafka leaves in idempotence. A replica that begins where its leader's log begins, for
 * retention had deleted what is below, knows of a producer only the batches that it fetched
 * (ProducerStateManager.truncateFullyAndStartAt). When it leads, the repeat of an older one that was
 * never answered is a gap to it: OUT_OF_ORDER_SEQUENCE_NUMBER. What follows is as in
 * `snapshot-gap.ts`: the producer raises its epoch and sends all that waits again.
 */
import type { FinalPartition } from '../final-state.ts';
import type { Refusal } from '../producer-loads.ts';
import type { LostBatch } from '../replica-log.ts';
import type { Witness } from '../witness.ts';
import {
  beganAnew,
  type Copies,
  deletedRecords,
  isWaiting,
  refusalsBetween,
} from './snapshot-gap.ts';

/**
 * The refusal that a copy comes from: between the two writes a leader refused this producer for a
 * gap, in whose log a batch never stood that was deleted elsewhere and still waited for its answer,
 * of the same producer and epoch.
 * @returns null when the copy comes from nothing of the kind.
 */
export function lateLogGap(
  witness: Witness,
  log: FinalPartition,
  { record, first, second, deleted }: Copies,
): Refusal | null {
  if (!beganAnew(first, second)) return null;
  const { history, logs } = witness;
  const { partition } = log;
  const sends = history.producerOf(record);
  for (const refusal of refusalsBetween(witness, log, { record, first, second })) {
    const own = logs.of(refusal.node, partition);
    const isMissed = (batch: LostBatch): boolean =>
      batch.producerId === first.producerId &&
      batch.producerEpoch === first.producerEpoch &&
      own.firstWritten(batch) === Number.POSITIVE_INFINITY;
    const missed = deletedRecords(logs.replicas(partition), deleted(), isMissed);
    const isIts = (one: number): boolean => history.producerOf(one) === sends;
    if (missed.some((one) => isIts(one) && isWaiting(history, one, refusal.event))) return refusal;
  }
  return null;
}
