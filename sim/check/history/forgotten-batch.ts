/**
 * A leader that had forgotten a producer (`producer-expiry.ts`) takes its next batch and knows it by
 * that one alone. The repeat of an older one, which was never answered, is a gap to it
 * (OUT_OF_ORDER_SEQUENCE_NUMBER), and what follows is as in `snapshot-gap.ts`: the producer raises
 * its epoch and sends all that waits again, what was written since included.
 */
import type { FinalPartition } from '../final-state.ts';
import type { Witness } from '../witness.ts';
import { isExpired } from './producer-expiry.ts';
import { beganAnew, type Copies, isWaiting, refusalsBetween } from './snapshot-gap.ts';

interface Written {
  readonly record: number;
  readonly sentUs: number;

  readonly appendedAt: number;
}

/**
 * The refusal that a copy comes from: between two batches of the producer, the older of which still
 * waited or stood behind one that did, so much time went by that a leader may have forgotten it.
 * @returns its event; null when the copy comes from nothing of the kind.
 */
export function forgottenBatch(
  witness: Witness,
  log: FinalPartition,
  { record, first, second, deleted }: Copies,
): number | null {
  if (!beganAnew(first, second)) return null;
  const { history } = witness;
  const refusals = refusalsBetween(witness, log, { record, first, second });
  if (refusals.length === 0) return null;
  const of = { partition: log.partition, client: history.producerOf(record).producer.name };
  const written = writtenBy(witness, log, { record, first, deleted });
  for (const { event } of refusals) {
    const before = written.filter((one) => one.appendedAt < event);
    let isAnyWaiting = false;
    for (const [place, one] of before.entries()) {
      isAnyWaiting ||= isWaiting(history, one.record, event);
      const next = before[place + 1]?.appendedAt ?? event;
      if (!isAnyWaiting) continue;
      if (isExpired(witness, of, { sinceUs: one.sentUs, event: next })) return event;
    }
  }
  return null;
}

/** What the producer wrote in the epoch of `first`, of what was read and is deleted; in order. */
function writtenBy(
  { history, logs }: Witness,
  { partition }: FinalPartition,
  { record, first, deleted }: Omit<Copies, 'second'>,
): Written[] {
  const sends = history.producerOf(record);
  const replicas = logs.replicas(partition);
  return [...deleted()]
    .filter(([one]) => history.producerOf(one) === sends)
    .flatMap(([one, { offset }]) => {
      const batches = replicas
        .flatMap((log) => log.lossesAt(offset))
        .filter(
          ({ producerId, producerEpoch }) =>
            producerId === first.producerId && producerEpoch === first.producerEpoch,
        );
      if (batches.length === 0) return [];
      const sentUs = sends.invokedUs.at(history.numberOf(one));
      const appendedAt = Math.min(...batches.map((batch) => batch.writtenAt + 1));
      return [{ record: one, sentUs, appendedAt }];
    })
    .sort((a, b) => a.appendedAt - b.appendedAt);
}
