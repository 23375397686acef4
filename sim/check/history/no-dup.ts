/**
 * no-dup. A record of an idempotent producer stands in its partition's log at most once: in the
 * final log, and, as retention deletes the first copy, in what consumers were given.
 * Producers without idempotence may duplicate on retry; their copies are reported as allowed.
 * Kafka itself makes three kinds of copies, under a later producer epoch: allowed where that is seen
 * to have happened (`snapshot-gap.ts`, `late-log-gap.ts`, `first-batch-gap.ts`).
 * Source: KIP-98, KIP-360, Jepsen's duplicate.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import type { LostBatch } from '../replica-log.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { firstBatchGap } from './first-batch-gap.ts';
import { forgottenBatch } from './forgotten-batch.ts';
import { FIRST_BATCH_GAP, LATE_LOG_GAP, PRODUCER_EXPIRY, SNAPSHOT_GAP } from './known-gaps.ts';
import { lateLogGap } from './late-log-gap.ts';
import { isExpired, mayBeForgotten } from './producer-expiry.ts';
import { type Copies, type Standing, snapshotGap } from './snapshot-gap.ts';

export class NoDuplicates implements Check {
  static readonly NAME = 'no-dup';
  static readonly DOC = 'an idempotent producer’s record is in the log at most once';
  /** Copies beyond the first, of all producers. */
  duplicateCount = 0;
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Judged {
    const { history } = this.witness;
    const findings: Finding[] = [];
    const logs = [...final.partitions.values()];
    /** By producer and send: the log and the place in it where the record was last seen. */
    const seen = history.sends.map((sends) => new Float64Array(sends.count).fill(-1));
    for (const [logIndex, log] of logs.entries()) {
      for (let i = 0; i < log.records.length; i++) {
        const record = log.records.at(i);
        if (record < 0) continue;
        const places = seen[history.producerIndex(record)] as Float64Array;
        const number = history.numberOf(record);
        const before = places[number] as number;
        places[number] = logIndex * INDEX_LIMIT + i;
        if (before < 0) continue;
        this.duplicateCount += 1;
        const original = logs[Math.floor(before / INDEX_LIMIT)] as FinalPartition;
        const first = this.placeOf(original, before % INDEX_LIMIT);
        findings.push(this.copied(record, first, this.placeOf(log, i), log));
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
        this.copiedRead(record, [deleted.first.get(record) as Read, again], log, findings);
      }
      for (let i = 0; i < log.records.length; i++) {
        const record = log.records.at(i);
        const first = deleted.first.get(record);
        if (first === undefined) continue;
        const stands = this.placeOf(log, i);
        const { index } = stands;
        const again = { offset: stands.offset, event: stands.appendedAt, index, stands };
        this.copiedRead(record, [first, again], log, findings);
      }
    }
  }

  /**
   * What was read below the log's start: each record's first place in the log, and its others.
   * Somebody may have been given a later one before somebody else the first.
   */
  private readsBelow({ partition, logStartOffset }: FinalPartition) {
    const first = new Map<number, Read>();
    const others = new Map<number, Read[]>();
    for (const polls of this.witness.history.polls) {
      for (let i = 0; i < polls.event.length; i++) {
        const offset = polls.offset.at(i);
        const record = polls.record.at(i);
        if (record < 0 || offset >= logStartOffset) continue;
        if (`${polls.topic}-${polls.partition.at(i)}` !== partition) continue;
        const read = { offset, event: polls.event.at(i) };
        const known = first.get(record);
        if (known === undefined) first.set(record, read);
        else if (known.offset === offset) first.set(record, earlier(known, read));
        else others.set(record, [...(others.get(record) ?? []), read]);
      }
    }
    const again: (Copy & { readonly record: number })[] = [];
    for (const [record, reads] of others) {
      const places = new Map<number, Read>();
      for (const read of [first.get(record) as Read, ...reads]) {
        places.set(read.offset, earlier(places.get(read.offset) ?? read, read));
      }
      const [start, ...copies] = [...places.values()].sort((a, b) => a.offset - b.offset);
      first.set(record, start as Read);
      for (const copy of copies) {
        const stands = standing(copy, this.lossesOf(partition, copy.offset));
        again.push({ record, ...copy, index: null, stands });
      }
    }
    return { first, again };
  }

  private copiedRead(
    record: number,
    [first, second]: readonly [Read, Copy],
    log: FinalPartition,
    findings: Finding[],
  ): void {
    const { blamer, history } = this.witness;
    const { partition } = log;
    const losses = this.lossesOf(partition, first.offset);
    const wasCut = losses.some(({ cause, event }) => cause !== 'deleted' && event < second.event);
    if (wasCut || blamer.deletionSince(partition, first.event) !== null) return;
    this.duplicateCount += 1;
    const stood = standing(first, losses);
    const excuse = this.excuse(record, log, {
      first: stood,
      second: second.stands,
      isForgotten: this.isForgotten(record, log, { from: 0, ...second }),
    });
    const appended = Math.min(first.event, stood?.appendedAt ?? first.event);
    findings.push({
      allowedBy: excuse.allowedBy,
      at: Math.max(first.event, second.event),
      evidence: inOrder([appended, ...excuse.evidence, first.event, second.event]),
      explanation:
        `record ${history.nameOf(record)} was read in ${partition} at offset ${first.offset}, ` +
        `which retention has deleted, and stands again at ${second.offset}` +
        epochsOf(stood, second.stands) +
        excuse.words,
    });
  }

  private lossesOf(partition: string, offset: number): LostBatch[] {
    return this.witness.logs.replicas(partition).flatMap((log) => log.lossesAt(offset));
  }

  private copied(record: number, first: Place, second: Place, log: FinalPartition): Finding {
    const { history } = this.witness;
    const appends = inOrder([first.appendedAt, second.appendedAt]);
    const isElsewhere = first.partition !== second.partition;
    const elsewhere = isElsewhere ? `in ${second.partition} ` : '';
    const excuse = this.excuse(record, log, {
      first: isElsewhere ? null : first,
      second,
      isForgotten:
        !isElsewhere && this.isForgotten(record, log, { from: first.index + 1, ...second }),
    });
    return {
      allowedBy: excuse.allowedBy,
      at: appends[1] as number,
      evidence: inOrder([...appends, ...excuse.evidence]),
      explanation:
        `record ${history.nameOf(record)} stands in ${first.partition} at offset ` +
        `${first.offset} and again ${elsewhere}at ${second.offset}${epochsOf(first, second)}` +
        excuse.words,
    };
  }

  private excuse(
    record: number,
    log: FinalPartition,
    { first, second, isForgotten }: Doubled,
  ): Excuse {
    const { history, blamer } = this.witness;
    const sends = history.producerOf(record);
    if (!sends.producer.idempotent) return excused('enable.idempotence=false');
    if (isForgotten) return excused(PRODUCER_EXPIRY);
    const hole =
      first === null || second === null ? null : this.hole(log, { record, first, second });
    // Last, for a damage need not have had to do with it.
    return hole ?? excused(blamer.beyondPromise(log.partition));
  }

  /** By which hole of Kafka's; null: by none. */
  private hole(log: FinalPartition, standing: Omit<Copies, 'deleted'>): Excuse | null {
    const deleted = (): ReadonlyMap<number, Read> => this.readsBelow(log).first;
    const gap = snapshotGap(this.witness, log, { ...standing, deleted });
    if (gap !== null) {
      const { node, event } = gap.load;
      const words = `: ${node} had loaded a snapshot, and took the repeat of an older batch for a gap`;
      return { allowedBy: SNAPSHOT_GAP, evidence: [event, gap.event], words };
    }
    const late = lateLogGap(this.witness, log, { ...standing, deleted });
    if (late !== null) {
      const { node, refusedAt } = late;
      const words =
        refusedAt === null
          ? `: the log of ${node} had nothing of the producer when it was loaded`
          : `: the log of ${node} began behind an older batch, whose repeat it took for a gap`;
      return { allowedBy: LATE_LOG_GAP, evidence: refusedAt === null ? [] : [refusedAt], words };
    }
    const forgotten = forgottenBatch(this.witness, log, { ...standing, deleted });
    if (forgotten !== null) {
      const words =
        ': its leader had forgotten the producer before, and took the repeat of an older batch for a gap';
      return { allowedBy: PRODUCER_EXPIRY, evidence: [forgotten], words };
    }
    const { history } = this.witness;
    const sends = history.producerOf(standing.record);
    const invokedAt = sends.invokedEvent.at(history.numberOf(standing.record));
    const sentAt = sends.restarts.findLast(({ event }) => event < invokedAt)?.event ?? 0;
    const begun = firstBatchGap(this.witness, log, { ...standing, sentAt });
    if (begun === null) return null;
    const { refusedAt, heardAt } = begun;
    const evidence = refusedAt === null ? [heardAt] : [refusedAt, heardAt];
    return { allowedBy: FIRST_BATCH_GAP, evidence, words: `: ${BEHIND_A_GAP}` };
  }

  /** Whether a leader may have forgotten the producer behind the first copy, up to the second. */
  private isForgotten(
    record: number,
    log: FinalPartition,
    second: { readonly from: number; readonly index: number | null; readonly event: number },
  ): boolean {
    const { history } = this.witness;
    const sends = history.producerOf(record);
    const sinceUs = sends.invokedUs.at(history.numberOf(record));
    const { from, index, event } = second;
    if (index !== null) {
      return mayBeForgotten(this.witness, { log, record, from, to: index, sinceUs });
    }
    const of = { partition: log.partition, client: sends.producer.name };
    return isExpired(this.witness, of, { sinceUs, event });
  }

  private placeOf(
    { partition, node, offsets, producerIds, producerEpochs }: FinalPartition,
    index: number,
  ): Place {
    const offset = offsets.at(index);
    const appendedAt = this.witness.blamer.appendedAt(node, partition, offset);
    return {
      partition,
      index,
      offset,
      producerId: producerIds.at(index),
      producerEpoch: producerEpochs.at(index),
      appendedAt,
      event: appendedAt,
    };
  }
}

interface Read {
  readonly offset: number;
  /** When it was given, or written. */
  readonly event: number;
}

/** Of a record that was read before. */
interface Copy extends Read {
  /** In the final log; null: it is deleted. */
  readonly index: number | null;
  /** null: no replica is known to have had it. */
  readonly stands: Standing | null;
}

/** Two copies; of one that is null nothing is known, or it is in another log. */
interface Doubled {
  readonly first: Standing | null;
  readonly second: Standing | null;
  /** A leader may have forgotten the producer in between. */
  readonly isForgotten: boolean;
}

/** What permits a copy, if anything does. */
interface Excuse {
  readonly allowedBy: string | null;
  /** Events that it rests on. */
  readonly evidence: readonly number[];
  /** Behind the explanation. */
  readonly words: string;
}

function earlier(a: Read, b: Read): Read {
  return b.event < a.event ? b : a;
}

function excused(allowedBy: string | null): Excuse {
  return { allowedBy, evidence: [], words: '' };
}

function inOrder(events: readonly number[]): number[] {
  return events.toSorted((a, b) => a - b);
}

const INDEX_LIMIT = 2 ** 32;
const BEHIND_A_GAP =
  'a batch before it was to be the first that the log knows of its producer, and was not written';

function epochsOf(first: Standing | null, second: Standing | null): string {
  if (first === null || second === null || first.producerEpoch === second.producerEpoch) return '';
  return ` (producer epoch ${first.producerEpoch}, then ${second.producerEpoch})`;
}

/** Of what replicas have lost: what was read at an event; null when none had it. */
function standing({ offset, event }: Read, losses: readonly LostBatch[]): Standing | null {
  const before = losses.filter((one) => one.writtenAt < event);
  const read = before.find((one) => one.event > event) ?? before.at(-1) ?? losses[0];
  if (read === undefined) return null;
  const { producerId, producerEpoch, crc, epoch } = read;
  const copies = losses.filter((one) => one.crc === crc && one.epoch === epoch);
  const appendedAt = Math.min(...copies.map((one) => one.writtenAt + 1));
  return { offset, appendedAt, producerId, producerEpoch };
}

interface Place extends Standing {
  readonly partition: string;
  readonly index: number;
  /** The same as `appendedAt`. */
  readonly event: number;
}
