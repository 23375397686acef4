/**
 * no-dup. A record of an idempotent producer stands in its partition's log at most once: in the
 * final log, and, as retention deletes the first copy, in what consumers were given.
 * Producers without idempotence may duplicate on retry; their copies are reported as allowed.
 * Copies under different producer epochs are told as such: Kafka itself makes them when the leader
 * has loaded a producer snapshot, by a restart or a cut of its log, while several batches wait for
 * an answer, since it keeps only the last batch of each producer, and the producer answers the gap
 * with a new epoch.
 * Source: KIP-98, KIP-360, Jepsen's duplicate.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import type { LostBatch } from '../replica-log.ts';
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
    this.checkReads(final, findings);
    return verdictOf(NoDuplicates.NAME, findings, 'no record is in a log twice');
  }

  /**
   * A record that consumers were given at an offset below the final log's start stands above it
   * again, or was given at two such offsets. Where a replica cut the first one off it is no copy:
   * what was committed is lost then, which is not this check's matter.
   */
  private checkReads({ partitions }: FinalState, findings: Finding[]): void {
    for (const log of partitions.values()) {
      if (log.logStartOffset === 0) continue;
      const deleted = this.readsBelow(log);
      for (const { record, ...again } of deleted.again) {
        const first = deleted.first.get(record) as Read;
        this.copiedRead(record, [first, again], log.partition, findings);
      }
      for (let i = 0; i < log.records.length; i++) {
        const record = log.records.at(i);
        const first = deleted.first.get(record);
        if (first === undefined) continue;
        const { appendedAt: event, offset, producerEpoch } = this.placeOf(log, i);
        const again = { offset, event, producerEpoch };
        this.copiedRead(record, [first, again], log.partition, findings);
      }
    }
  }

  /** What was read below the log's start: each record's first place, and its others. */
  private readsBelow({ partition, logStartOffset }: FinalPartition) {
    const first = new Map<number, Read>();
    const again: (Copy & { readonly record: number })[] = [];
    for (const polls of this.witness.history.polls) {
      for (let i = 0; i < polls.event.length; i++) {
        const offset = polls.offset.at(i);
        const record = polls.record.at(i);
        if (record < 0 || offset >= logStartOffset) continue;
        if (`${polls.topic}-${polls.partition.at(i)}` !== partition) continue;
        const event = polls.event.at(i);
        const known = first.get(record);
        if (known === undefined) first.set(record, { offset, event });
        else if (known.offset !== offset) {
          const [gone] = this.lossesOf(partition, offset);
          again.push({ record, offset, event, producerEpoch: gone?.producerEpoch ?? 0 });
        }
      }
    }
    return { first, again };
  }

  private copiedRead(
    record: number,
    [first, second]: readonly [Read, Copy],
    partition: string,
    findings: Finding[],
  ): void {
    const { blamer, history } = this.witness;
    const losses = this.lossesOf(partition, first.offset);
    const wasCut = losses.some(({ cause, event }) => cause !== 'deleted' && event < second.event);
    if (wasCut || blamer.deletionSince(partition, first.event) !== null) return;
    this.duplicateCount += 1;
    const sends = history.producerOf(record);
    const number = history.numberOf(record);
    const appended = Math.min(first.event, ...losses.map((one) => one.writtenAt + 1));
    findings.push({
      allowedBy: sends.producer.idempotent
        ? (blamer.beyondPromise(partition) ?? producerExpiry(this.witness, sends, number))
        : 'enable.idempotence=false',
      at: Math.max(first.event, second.event),
      evidence: [appended, first.event, second.event].sort((a, b) => a - b),
      explanation:
        `record ${history.nameOf(record)} was read in ${partition} at offset ${first.offset}, ` +
        `which retention has deleted, and stands again at ${second.offset}` +
        epochsOf(losses[0]?.producerEpoch ?? second.producerEpoch, second.producerEpoch),
    });
  }

  private lossesOf(partition: string, offset: number): LostBatch[] {
    return this.witness.logs.replicas(partition).flatMap((log) => log.lossesAt(offset));
  }

  private copied(record: number, first: Place, second: Place): Finding {
    const { history } = this.witness;
    const sends = history.producerOf(record);
    const number = history.numberOf(record);
    const appends = [first, second].map(({ appendedAt }) => appendedAt).sort((a, b) => a - b);
    const epochs = epochsOf(first.producerEpoch, second.producerEpoch);
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

interface Read {
  readonly offset: number;
  /** When it was given, or written. */
  readonly event: number;
}

interface Copy extends Read {
  readonly producerEpoch: number;
}

const INDEX_LIMIT = 2 ** 32;

function epochsOf(first: number, second: number): string {
  return first === second ? '' : ` (producer epoch ${first}, then ${second})`;
}

interface Place {
  readonly partition: string;
  readonly offset: number;
  readonly producerEpoch: number;
  /** The event at which its batch was first written. */
  readonly appendedAt: number;
}
