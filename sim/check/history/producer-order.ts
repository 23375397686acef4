/**
 * producer-order. In each partition the records of one idempotent producer stand in the order in
 * which it sent them. Without idempotence a retried batch may be overtaken when more than one
 * request is in flight; that is reported as allowed. With one request in flight those that were
 * acknowledged stand in order; one that was given up may come late all the same, and with acks=0
 * nobody knows what was written. Copies are no-dup's matter and are skipped.
 * Source: KAFKA-3197, KIP-98.
 */
import type { Check } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { Outcome, type SendHistory } from './history.ts';
import { producerExpiry } from './producer-expiry.ts';

export class ProducerOrder implements Check {
  static readonly NAME = 'producer-order';
  static readonly DOC = 'an idempotent producer’s records keep their order within a partition';
  /** Records that stand behind a later one of the same producer, of all producers. */
  reorderedCount = 0;
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  private permits(partition: string, sends: SendHistory, number: number): string | null {
    const { idempotent, oneInFlight = false, acks } = sends.producer;
    const isPromised = oneInFlight && acks !== 0 && sends.outcome.at(number) === Outcome.ok;
    if (!idempotent && !isPromised) return 'enable.idempotence=false';
    const expiry = idempotent ? producerExpiry(this.witness, sends, number) : null;
    return expiry ?? this.witness.blamer.beyondPromise(partition);
  }

  verdict(final: FinalState): Judged {
    const { history } = this.witness;
    const findings: Finding[] = [];
    const seen = history.sends.map((sends) => new Uint8Array(sends.count));
    for (const { partition, records, offsets } of final.partitions.values()) {
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
        findings.push({
          allowedBy: this.permits(partition, sends, number),
          at: answered < 0 ? sends.invokedEvent.at(number) : answered,
          evidence: [sends.invokedEvent.at(before), sends.invokedEvent.at(number)],
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
