/**
 * no-dup. A record of an idempotent producer stands in its partition's log at most once.
 * Producers without idempotence may duplicate on retry; their copies are reported as allowed.
 * Copies under different producer epochs are told as such: Kafka itself makes them when the leader
 * has loaded a producer snapshot, by a restart or a cut of its log, while several batches wait for
 * an answer, since it keeps only the last batch of each producer, and the producer answers the gap
 * with a new epoch.
 * Source: KIP-98, KIP-360, Jepsen's duplicate.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import { type Finding, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { producerExpiry } from './producer-expiry.ts';

export class NoDuplicates implements Check {
  static readonly NAME = 'no-dup';
  static readonly DOC = 'an idempotent producer’s record is in the log at most once';
  /** Copies beyond the first, of all producers. */
  duplicateCount = 0;
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Verdict {
    const { history } = this.witness;
    const findings: Finding[] = [];
    const logs = [...final.partitions.values()];
    /** By producer and send: the log and the place in it where the record was first seen. */
    const seen = history.sends.map((sends) => new Float64Array(sends.count).fill(-1));
    for (const [logIndex, log] of logs.entries()) {
      for (let i = 0; i < log.records.length; i++) {
        const record = log.records.at(i);
        if (record < 0) continue;
        const firsts = seen[history.producerIndex(record)] as Float64Array;
        const number = history.numberOf(record);
        const before = firsts[number] as number;
        if (before < 0) {
          firsts[number] = logIndex * INDEX_LIMIT + i;
          continue;
        }
        this.duplicateCount += 1;
        const original = logs[Math.floor(before / INDEX_LIMIT)] as FinalPartition;
        const first = this.placeOf(original, before % INDEX_LIMIT);
        findings.push(this.copied(record, first, this.placeOf(log, i)));
      }
    }
    return verdictOf(NoDuplicates.NAME, findings, 'no record is in a log twice');
  }

  private copied(record: number, first: Place, second: Place): Finding {
    const { history } = this.witness;
    const sends = history.producerOf(record);
    const number = history.numberOf(record);
    const appends = [first, second].map(({ appendedAt }) => appendedAt).sort((a, b) => a - b);
    const epochs =
      first.producerEpoch === second.producerEpoch
        ? ''
        : ` (producer epoch ${first.producerEpoch}, then ${second.producerEpoch})`;
    const elsewhere = first.partition === second.partition ? '' : `in ${second.partition} `;
    return {
      allowedBy: sends.producer.idempotent
        ? (this.witness.blamer.beyondPromise(second.partition) ??
          producerExpiry(this.witness, sends, number))
        : 'enable.idempotence=false',
      at: appends[1] as number,
      evidence: appends,
      explanation:
        `record ${history.nameOf(record)} stands in ${first.partition} at offset ` +
        `${first.offset} and again ${elsewhere}at ${second.offset}${epochs}`,
    };
  }

  private placeOf(
    { partition, node, offsets, producerEpochs }: FinalPartition,
    index: number,
  ): Place {
    const offset = offsets.at(index);
    return {
      partition,
      offset,
      producerEpoch: producerEpochs.at(index),
      appendedAt: this.witness.logs.appendedAt(node, partition, offset),
    };
  }
}

const INDEX_LIMIT = 2 ** 32;

interface Place {
  readonly partition: string;
  readonly offset: number;
  readonly producerEpoch: number;
  /** The event at which its batch was first written. */
  readonly appendedAt: number;
}
