/**
 * When a leader may have forgotten a producer: it forgets one whose last batch is older, by the
 * batch's timestamp and its own wall clock, than producer.id.expiration.ms, and then takes any
 * sequence number (Kafka: ProducerStateManager). A repeated batch is no duplicate to it, and one
 * that comes too early is no gap. A batch is as old as its last record was sent long ago, at most.
 */
import type { FinalPartition } from '../final-state.ts';
import type { Witness } from '../witness.ts';

interface Stretch {
  readonly log: FinalPartition;
  /** Whose producer it is. */
  readonly record: number;
  /** Indexes in the log, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** When that producer wrote before, at the earliest, if the log does not have it any more; µs. */
  readonly sinceUs: number | null;
}

/** Whether a leader may have known nothing any more of the producer when it took one of these. */
export function mayBeForgotten(witness: Witness, stretch: Stretch): boolean {
  const { history } = witness;
  const { log, record, from, to } = stretch;
  const sends = history.producerOf(record);
  const client = sends.producer.name;
  const { partition, node, records, offsets } = log;
  const appendedAt = (index: number): number =>
    witness.blamer.appendedAt(node, partition, offsets.at(index));
  const longest = { sinceUs: 0, event: appendedAt(to) };
  if (!isExpired(witness, { partition, client }, longest)) return false;
  for (let i = from; i <= to; i++) {
    if (records.at(i) < 0 || history.producerOf(records.at(i)) !== sends) continue;
    if (i > from && isSameBatch(log, i - 1, i)) continue;
    const before = lastBefore(log, i);
    const sinceUs =
      before < 0 ? stretch.sinceUs : sends.invokedUs.at(history.numberOf(records.at(before)));
    if (sinceUs === null) continue;
    if (isExpired(witness, { partition, client }, { sinceUs, event: appendedAt(i) })) return true;
  }
  return false;
}

/** Whether what the producer sent at a time may be too old to be known when an event happens. */
export function isExpired(
  { clocks, appendTimes, elections, settings }: Witness,
  { partition, client }: { readonly partition: string; readonly client: string },
  { sinceUs, event }: { readonly sinceUs: number; readonly event: number },
): boolean {
  const nowMs = appendTimes.latestUs(event) / 1_000;
  const leaders = elections.of(partition).flatMap(({ leader }) => leader ?? []);
  const apartMs = clocks.apartMs([client, ...leaders], nowMs);
  return nowMs - sinceUs / 1_000 + apartMs >= settings.producerIdExpirationMs;
}

/** The producer's last record before the batch of this one that is known; -1: there is none. */
function lastBefore(log: FinalPartition, index: number): number {
  const producerId = log.producerIds.at(index);
  let i = index - 1;
  while (i >= 0 && isSameBatch(log, i, index)) i -= 1;
  while (i >= 0 && (log.producerIds.at(i) !== producerId || log.records.at(i) < 0)) i -= 1;
  return i;
}

function isSameBatch({ batchOffsets }: FinalPartition, one: number, other: number): boolean {
  return batchOffsets.at(one) === batchOffsets.at(other);
}
