/**
 * acked-durable. Every record whose send was answered without error is, at the end of the run,
 * in its partition's log, at the offset that was told, and with acks=all it is committed. What was
 * acknowledged with acks=0 or 1 may be lost by design and is reported as allowed by that setting
 * (not before anything happened that can lose it, and not by a leader that throws away what it has),
 * and so is what retention deleted; acks=all may lose only in the ways that `blame.ts` lists.
 * Source: Jepsen's lost write, KIP-966.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import { type Finding, type Judged, unknownTo, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { Outcome, type SendHistory } from './history.ts';
import { offsetsOfRecords } from './record-index.ts';
import { UnwrittenTails } from './unwritten-tail.ts';

export class AcknowledgedIsDurable implements Check {
  static readonly NAME = 'acked-durable';
  static readonly DOC = 'an acknowledged record is never lost';
  /** How many acknowledged records are in no final log. */
  lostCount = 0;
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Judged {
    const findings: Finding[] = [];
    const unread = new Set<string>();
    // A quorum that lost its decisions knows of no topic: its records are lost, not merely unread.
    const { quorumLoss } = this.witness.blamer;
    const where = offsetsOfRecords(this.witness.history, final);
    const tails = new UnwrittenTails(this.witness, final);
    this.witness.history.sends.forEach((sends, producerIndex) => {
      const offsets = where[producerIndex] as Float64Array;
      for (let row = 0; row < sends.count; row++) {
        if (sends.outcome.at(row) !== Outcome.ok) continue;
        const partition = `${sends.producer.topic}-${sends.partition.at(row)}`;
        const last = final.partitions.get(partition);
        const deletedAt = this.witness.blamer.lastDeletion(partition);
        if (last === undefined && deletedAt !== null) {
          findings.push(this.gone(sends, row, { partition, deletedAt }));
        } else if (sends.offset.at(row) >= 0 && last === undefined && quorumLoss === null) {
          unread.add(partition);
        } else {
          const found = offsets[row] as number;
          const isComing = last !== undefined && tails.has(sends, row, offsets, last);
          const finding = this.judge(sends, row, last, { found, final, isComing });
          if (finding !== null) findings.push(finding);
        }
      }
    });
    if (findings.every((one) => one.allowedBy !== null) && unread.size > 0) {
      return unknownTo(
        AcknowledgedIsDurable.NAME,
        `no log could be read at the end: ${[...unread].join(', ')}`,
      );
    }
    return verdictOf(
      AcknowledgedIsDurable.NAME,
      findings,
      'every acknowledged record is in its log',
    );
  }

  /** What is wrong with one acknowledged record; null when nothing is. */
  private judge(
    sends: SendHistory,
    row: number,
    last: FinalPartition | undefined,
    end: { readonly found: number; readonly final: FinalState; readonly isComing: boolean },
  ): Finding | null {
    const { found } = end;
    const told = sends.offset.at(row);
    if (told >= 0 && last !== undefined && told < last.logStartOffset) {
      return this.deleted(sends, row, last);
    }
    if (found < 0) this.lostCount += 1;
    if (found < 0 && told < 0) return this.neverSeen(sends, row, last, end);
    if (found < 0 || (told >= 0 && found !== told)) return this.lost(sends, row, last, found);
    const waitedForAll = sends.producer.acks === -1 && told >= 0;
    if (waitedForAll && last !== undefined && told >= last.highWatermark) {
      return this.uncommitted(sends, row, last);
    }
    return null;
  }

  private deleted(sends: SendHistory, row: number, last: FinalPartition): Finding {
    const at = sends.answeredEvent.at(row);
    return {
      allowedBy: 'retention',
      at,
      evidence: [at],
      explanation:
        `record ${sends.producer.name}-${row} at ${last.partition} offset ` +
        `${sends.offset.at(row)} was deleted: the log now starts at ${last.logStartOffset}`,
    };
  }

  /** Its topic is no more, or has fewer partitions than the one that had its name. */
  private gone(
    sends: SendHistory,
    row: number,
    { partition, deletedAt }: { partition: string; deletedAt: number },
  ): Finding {
    this.lostCount += 1;
    return {
      allowedBy: 'topic deletion',
      at: deletedAt,
      evidence: [sends.answeredEvent.at(row), deletedAt],
      explanation: `record ${sends.producer.name}-${row} stood in ${partition}, whose topic was deleted`,
    };
  }

  private uncommitted(sends: SendHistory, row: number, last: FinalPartition): Finding {
    const { blamer } = this.witness;
    const at = sends.answeredEvent.at(row);
    return {
      allowedBy: blamer.beyondPromise(last.partition),
      at: blamer.unpromisedAt(last.partition, at),
      evidence: [at],
      explanation:
        `record ${sends.producer.name}-${row} was acknowledged (acks=all) at ${last.partition} ` +
        `offset ${sends.offset.at(row)}, and only records below ${last.highWatermark} were ever ` +
        'committed',
    };
  }

  /** Nobody knows its offset: it may be any that retention deleted, or that cannot be read. */
  private neverSeen(
    sends: SendHistory,
    row: number,
    last: FinalPartition | undefined,
    { final, isComing }: { readonly final: FinalState; readonly isComing: boolean },
  ): Finding {
    const { name, acks, topic } = sends.producer;
    const { blamer, unanswered, disturbedAt } = this.witness;
    const { quorumLoss } = blamer;
    const partition = `${topic}-${sends.partition.at(row)}`;
    const [sent, answered] = [sends.invokedEvent.at(row), sends.answeredEvent.at(row)];
    const { restedAt, stillSending } = final;
    const isUnderWay = restedAt === null || stillSending.has(name) || isComing;
    const mayBeUnderWay = isUnderWay && disturbedAt < Number.POSITIVE_INFINITY;
    const excused = acks === 0 && (mayBeUnderWay || unanswered.mayBeLost(name, partition, sent));
    const retained = blamer.logStarts.latest(partition) === 0;
    const gone = blamer.deletionSince(partition, answered) ?? (retained ? null : 'retention');
    const unreadable = last !== undefined && hasHoles(last);
    const spoiled = unreadable ? this.witness.spoiledBy(partition) : null;
    return {
      allowedBy: gone ?? (excused ? 'acks=0' : ((spoiled ?? quorumLoss)?.fault ?? null)),
      at: answered,
      evidence: [sent, answered],
      explanation: `${acknowledged(sends, row)} without an offset and is in no log`,
    };
  }

  private lost(
    sends: SendHistory,
    row: number,
    last: FinalPartition | undefined,
    found: number,
  ): Finding {
    const { acks, topic } = sends.producer;
    const answered = sends.answeredEvent.at(row);
    const told = sends.offset.at(row);
    const partition = `${topic}-${sends.partition.at(row)}`;
    const saying = (nowhere: string): string => {
      const place = found < 0 ? nowhere : `stands at offset ${found} instead`;
      return `${acknowledged(sends, row)} at ${partition} offset ${told} and ${place}`;
    };
    const said = saying('is in no log');
    const deleted = this.witness.blamer.deletionSince(partition, answered);
    if (deleted !== null) {
      const explanation = `${said}: its topic was deleted`;
      return { allowedBy: deleted, at: answered, evidence: [answered], explanation };
    }
    const batch = this.witness.blamer.lostBatchAt(partition, told, {
      event: answered,
      committed: acks === -1,
    });
    if (batch === null) {
      const end = last === undefined ? '' : `; it is committed up to ${last.highWatermark}`;
      return {
        allowedBy: this.witness.blamer.beyondPromise(partition),
        at: this.witness.blamer.unpromisedAt(partition, answered),
        evidence: [answered],
        explanation: `${said}; no replica is known to have lost it${end}`,
      };
    }
    const blame = this.witness.blamer.blame(partition, batch, acks === -1);
    const isKept = batch.event === Number.POSITIVE_INFINITY;
    const where = isKept ? saying('is not in the log of its leader, only in another') : said;
    return {
      allowedBy: blame.allowedBy === 'acks=1' ? acksWords(acks) : blame.allowedBy,
      at: blame.at ?? answered,
      evidence: [answered, ...blame.evidence],
      explanation: `${where}: ${blame.explanation}`,
    };
  }
}

/** Of what is committed some cannot be read. */
function hasHoles({ logStartOffset, highWatermark, records }: FinalPartition): boolean {
  return records.length < highWatermark - logStartOffset;
}

function acksWords(acks: number): string {
  return acks === -1 ? 'acks=all' : `acks=${acks}`;
}

function acknowledged({ producer }: SendHistory, row: number): string {
  const { name, acks } = producer;
  return `record ${name}-${row} was acknowledged to ${name} (${acksWords(acks)})`;
}
