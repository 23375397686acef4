/**
 * producer-order. In each partition the records of one idempotent producer stand in the order in
 * which it sent them. Without idempotence a retried batch may be overtaken when more than one
 * request is in flight; that is reported as allowed. With one request in flight those that were
 * acknowledged stand in order; one that was given up may come late all the same, and with acks=0
 * nobody knows what was written. Copies are no-dup's matter and are skipped. Kafka itself lets a
 * producer's first batches be overtaken: allowed where that is seen (`first-batch-gap.ts`).
 * Source: KAFKA-3197, KIP-98.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { firstBatchGap } from './first-batch-gap.ts';
import { Outcome } from './history.ts';
import { FIRST_BATCH_GAP, PRODUCER_EXPIRY } from './known-gaps.ts';
import { mayBeForgotten } from './producer-expiry.ts';
import type { Standing } from './snapshot-gap.ts';

export class ProducerOrder implements Check {
  static readonly NAME = 'producer-order';
  static readonly DOC = 'an idempotent producer’s records keep their order within a partition';
  /** Records that stand behind a later one of the same producer, of all producers. */
  reorderedCount = 0;
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  /** @param index of the record that stands behind later ones. */
  private permits(log: FinalPartition, index: number): Permission {
    const { history, blamer } = this.witness;
    const record = log.records.at(index);
    const sends = history.producerOf(record);
    const number = history.numberOf(record);
    const { idempotent, oneInFlight = false, acks } = sends.producer;
    const isPromised = oneInFlight && acks !== 0 && sends.outcome.at(number) === Outcome.ok;
    if (!idempotent && !isPromised) return permitted('enable.idempotence=false');
    const beyond = permitted(blamer.beyondPromise(log.partition));
    if (!idempotent) return beyond;
    const from = this.overtaker(log, index);
    // While the log has all of the producer, it was not forgotten before its first batch.
    const sinceUs = log.logStartOffset > 0 ? sends.invokedUs.at(0) : null;
    if (mayBeForgotten(this.witness, { log, record, from, to: index, sinceUs })) {
      return permitted(PRODUCER_EXPIRY);
    }
    const gap = firstBatchGap(this.witness, log, {
      record,
      first: this.standing(log, from),
      second: this.standing(log, index),
      sentAt: sends.invokedEvent.at(number),
    });
    if (gap === null || !isFirstOfItsProducer(log, from)) return beyond;
    const evidence = gap.refusedAt === null ? [gap.heardAt] : [gap.refusedAt, gap.heardAt];
    return { allowedBy: FIRST_BATCH_GAP, evidence };
  }

  /** The first record in the log that was sent after this one, by the same producer. */
  private overtaker({ records }: FinalPartition, index: number): number {
    const { history } = this.witness;
    const record = records.at(index);
    const sends = history.producerOf(record);
    const isLater = (one: number): boolean => one > record && history.producerOf(one) === sends;
    let first = 0;
    while (first < index && !isLater(records.at(first))) first += 1;
    return first;
  }

  private standing(
    { partition, node, offsets, producerIds, producerEpochs }: FinalPartition,
    index: number,
  ): Standing {
    const offset = offsets.at(index);
    return {
      offset,
      appendedAt: this.witness.blamer.appendedAt(node, partition, offset),
      producerId: producerIds.at(index),
      producerEpoch: producerEpochs.at(index),
    };
  }

  verdict(final: FinalState): Judged {
    const { history } = this.witness;
    const findings: Finding[] = [];
    const seen = history.sends.map((sends) => new Uint8Array(sends.count));
    for (const log of final.partitions.values()) {
      const { partition, records, offsets } = log;
      const highest = history.sends.map(() => -1);
      for (let i = 0; i < records.length; i++) {
        const record = records.at(i);
        if (record < 0) continue;
        const sends = history.producerOf(record);
        const producer = history.producerIndex(record);
        const number = history.numberOf(record);
        const copies = seen[producer] as Uint8Array;
        if (copies[number] === 1) continue;
        copies[number] = 1;
        const before = highest[producer] as number;
        if (number > before) {
          highest[producer] = number;
          continue;
        }
        this.reorderedCount += 1;
        const answered = sends.answeredEvent.at(number);
        const { allowedBy, evidence } = this.permits(log, i);
        findings.push({
          allowedBy,
          at: answered < 0 ? sends.invokedEvent.at(number) : answered,
          evidence: [sends.invokedEvent.at(before), sends.invokedEvent.at(number), ...evidence],
          explanation:
            `${history.nameOf(record)} stands at ${partition} offset ${offsets.at(i)}, behind ` +
            `${sends.producer.name}-${before}, which was sent later`,
        });
      }
    }
    return verdictOf(
      ProducerOrder.NAME,
      findings,
      'every producer’s records stand in the order sent',
    );
  }
}

interface Permission {
  readonly allowedBy: string | null;
  /** Events that it rests on. */
  readonly evidence: readonly number[];
}

function permitted(allowedBy: string | null): Permission {
  return { allowedBy, evidence: [] };
}

function isFirstOfItsProducer({ producerIds, batchOffsets }: FinalPartition, index: number) {
  let first = 0;
  while (producerIds.at(first) !== producerIds.at(index)) first += 1;
  return batchOffsets.at(first) === batchOffsets.at(index);
}
