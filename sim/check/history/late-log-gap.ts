/**
 * A hole that Kafka leaves in idempotence. What a replica knows of a producer it has from its log,
 * as it was when it was loaded, or from where it began to copy (ProducerStateManager,
 * truncateAndReload and truncateFullyAndStartAt; a snapshot at the start of the log is thrown away).
 * What retention had deleted by then it does not know. When it leads, the repeat of such a batch,
 * which was never answered, is a gap to it (OUT_OF_ORDER_SEQUENCE_NUMBER), and what follows is as in
 * `snapshot-gap.ts`; or, if it knows nothing of the producer, is written again.
 */
import type { FinalPartition } from '../final-state.ts';
import type { LostBatch } from '../replica-log.ts';
import type { Witness } from '../witness.ts';
import {
  beganAnew,
  type Copies,
  deletedRecords,
  isWaiting,
  refusalsBetween,
  type Standing,
} from './snapshot-gap.ts';

export interface LateLogGap {
  readonly node: string;
  /** When it refused the repeat of a batch; null: it took it. */
  readonly refusedAt: number | null;
}

/**
 * The leader that a copy comes from: in its log, since it was loaded, a batch never stood that was
 * deleted and still waited for its answer, of the producer and epoch of `first`.
 * @returns null when the copy comes from nothing of the kind.
 */
export function lateLogGap(
  witness: Witness,
  log: FinalPartition,
  { record, first, second, deleted }: Copies,
): LateLogGap | null {
  const { history, logs } = witness;
  const { partition } = log;
  if (!beganAnew(first, second)) return tookItAgain(witness, partition, { first, second });
  const sends = history.producerOf(record);
  for (const { event, node } of refusalsBetween(witness, log, { record, first, second })) {
    const isMissed = (batch: LostBatch): boolean =>
      isOf(first, batch) && isUnknown(witness, batch, { node, partition, event });
    const missed = deletedRecords(logs.replicas(partition), deleted(), isMissed);
    const isIts = (one: number): boolean => history.producerOf(one) === sends;
    if (missed.some((one) => isIts(one) && isWaiting(history, one, event))) {
      return { node, refusedAt: event };
    }
  }
  return null;
}

/** It knew nothing of the producer when it was loaded, and took what came from then on. */
function tookItAgain(
  witness: Witness,
  partition: string,
  { first, second }: Pick<Copies, 'first' | 'second'>,
): LateLogGap | null {
  const { elections, logs, producerLoads } = witness;
  if (first.producerId !== second.producerId || first.producerEpoch !== second.producerEpoch) {
    return null;
  }
  const until = second.appendedAt;
  const node = elections.of(partition).findLast(({ event }) => event < until)?.leader ?? null;
  if (node === null) return null;
  const isIt = (batch: LostBatch): boolean => isOf(first, batch);
  const copies = logs.replicas(partition).flatMap((one) => one.lossesAt(first.offset).filter(isIt));
  const where = { node, partition, event: until };
  if (!copies.some((batch) => isUnknown(witness, batch, where))) return null;
  const since = producerLoads.loadedAt({ node, partition }, until);
  return logs.of(node, partition).heldAt(since, isIt) ? null : { node, refusedAt: null };
}

function isOf({ producerId, producerEpoch }: Standing, batch: LostBatch): boolean {
  return batch.producerId === producerId && batch.producerEpoch === producerEpoch;
}

/** It never stood in the node's log, or had left it when what the node knows was loaded. */
function isUnknown(
  { logs, producerLoads }: Witness,
  batch: LostBatch,
  { node, partition, event }: { node: string; partition: string; event: number },
): boolean {
  const own = logs.of(node, partition);
  if (own.firstWritten(batch) === Number.POSITIVE_INFINITY) return true;
  const lost = own.howLost(batch);
  return lost !== null && lost.event < producerLoads.loadedAt({ node, partition }, event);
}
