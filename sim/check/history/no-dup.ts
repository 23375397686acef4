/**
 * no-dup. A record of an idempotent producer stands in its partition's log at most once: in the
 * final log, and, as retention deletes the first copy, in what consumers were given.
 * Producers without idempotence may duplicate on retry; their copies are reported as allowed.
 * Kafka itself makes two kinds of copies, under a later producer epoch: allowed where that is seen
 * to have happened (`snapshot-gap.ts`, `refused-batch-gap.ts`).
 * Source: KIP-98, KIP-360, Jepsen's duplicate.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import type { LostBatch } from '../replica-log.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { REFUSED_BATCH_GAP, SNAPSHOT_GAP } from './known-gaps.ts';
import { producerExpiry } from './producer-expiry.ts';
import { refusedBatchGap } from './refused-batch-gap.ts';
import { type Standing, snapshotGap } from './snapshot-gap.ts';

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
        const again = { offset: stands.offset, event: stands.appendedAt, stands };
        this.copiedRead(record, [first, again], log, findings);
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
          const stands = standing(offset, this.lossesOf(partition, offset));
          again.push({ record, offset, event, stands });
        }
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
    const stood = standing(first.offset, losses);
    const excuse = this.excuse(record, log, { first: stood, second: second.stands });
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
    const excuse = this.excuse(record, log, { first: isElsewhere ? null : first, second });
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

  /** What permits a copy; of one that is null nothing is known, or it is in another log. */
  private excuse(
    record: number,
    log: FinalPartition,
    { first, second }: { readonly first: Standing | null; readonly second: Standing | null },
  ): Excuse {
    const { history, blamer } = this.witness;
    const sends = history.producerOf(record);
    if (!sends.producer.idempotent) return excused('enable.idempotence=false');
    const expiry = producerExpiry(this.witness, sends, history.numberOf(record));
    if (expiry !== null) return excused(expiry);
    const gap = first === null || second === null ? null : this.gap(record, log, { first, second });
    // Last, for a damage need not have had to do with it.
    return gap ?? excused(blamer.beyondPromise(log.partition));
  }

  private gap(
    record: number,
    log: FinalPartition,
    { first, second }: { readonly first: Standing; readonly second: Standing },
  ): Excuse | null {
    const deleted = (): ReadonlyMap<number, Read> => this.readsBelow(log).first;
    const copies = { record, first, second, deleted };
    const snapshot = snapshotGap(this.witness, log, copies);
    if (snapshot !== null) {
      const { node, event } = snapshot.load;
      const words = `: ${node} had loaded a snapshot, and took the repeat of an older batch for a gap`;
      return { allowedBy: SNAPSHOT_GAP, evidence: [event, snapshot.event], words };
    }
    const refused = refusedBatchGap(this.witness, log, copies);
    if (refused === null) return null;
    const words =
      ': a batch before it had been refused, and was to be the first that the log knows';
    return { allowedBy: REFUSED_BATCH_GAP, evidence: [refused.event, refused.heardAt], words };
  }

  private placeOf(
    { partition, node, offsets, producerIds, producerEpochs }: FinalPartition,
    index: number,
  ): Place {
    const offset = offsets.at(index);
    return {
      partition,
      offset,
      producerId: producerIds.at(index),
      producerEpoch: producerEpochs.at(index),
      appendedAt: this.witness.blamer.appendedAt(node, partition, offset),
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
  /** null: no replica is known to have had it. */
  readonly stands: Standing | null;
}

/** What permits a copy, if anything does. */
interface Excuse {
  readonly allowedBy: string | null;
  /** Events that it rests on. */
  readonly evidence: readonly number[];
  /** Behind the explanation. */
  readonly words: string;
}

function excused(allowedBy: string | null): Excuse {
  return { allowedBy, evidence: [], words: '' };
}

function inOrder(events: readonly number[]): number[] {
  return events.toSorted((a, b) => a - b);
}

const INDEX_LIMIT = 2 ** 32;

function epochsOf(first: Standing | null, second: Standing | null): string {
  if (first === null || second === null || first.producerEpoch === second.producerEpoch) return '';
  return ` (producer epoch ${first.producerEpoch}, then ${second.producerEpoch})`;
}

/** Of what replicas have deleted; null when none had it. */
function standing(offset: number, losses: readonly LostBatch[]): Standing | null {
  const [gone] = losses;
  if (gone === undefined) return null;
  const { producerId, producerEpoch } = gone;
  const appendedAt = Math.min(...losses.map((one) => one.writtenAt + 1));
  return { offset, appendedAt, producerId, producerEpoch };
}

interface Place extends Standing {
  readonly partition: string;
}
