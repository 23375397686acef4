/**
 * acked-durable. Every record whose send was answered without error is, at the end of the run,
 * in its partition's log, at the offset that was told. What was acknowledged with acks=0 or 1 may
 * be lost by design and is reported as allowed by that setting; acks=all may lose only through an
 * unclean election or lossy stops beyond the promise. Source: Jepsen's lost write, KIP-966.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import { type Finding, unknownVerdict, type Verdict, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { Outcome, type SendHistory } from './history.ts';
import { offsetsOfRecords } from './record-index.ts';

export class AcknowledgedIsDurable implements Check {
  static readonly NAME = 'acked-durable';
  static readonly DOC = 'an acknowledged record is never lost';
  /** How many acknowledged records are in no final log. */
  lostCount = 0;
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Verdict {
    const findings: Finding[] = [];
    const leaderless: string[] = [];
    const where = offsetsOfRecords(this.witness.history, final);
    this.witness.history.sends.forEach((sends, producerIndex) => {
      const offsets = where[producerIndex] as Float64Array;
      for (let row = 0; row < sends.count; row++) {
        if (sends.outcome.at(row) !== Outcome.ok) continue;
        const told = sends.offset.at(row);
        const partition = `${sends.producer.topic}-${sends.partition.at(row)}`;
        const last = final.partitions.get(partition);
        if (told >= 0 && last === undefined) {
          if (!leaderless.includes(partition)) leaderless.push(partition);
          continue;
        }
        const found = offsets[row] as number;
        if (told >= 0 && last !== undefined && told < last.logStartOffset) continue;
        if (found >= 0 && (told < 0 || found === told)) continue;
        this.lostCount += 1;
        findings.push(this.lost(sends, row, last, found));
      }
    });
    if (findings.every((one) => one.allowedBy !== null) && leaderless.length > 0) {
      return unknownVerdict(
        AcknowledgedIsDurable.NAME,
        `no log could be read at the end: ${leaderless.join(', ')}`,
      );
    }
    return verdictOf(
      AcknowledgedIsDurable.NAME,
      findings,
      'every acknowledged record is in its log',
    );
  }

  private lost(
    sends: SendHistory,
    row: number,
    last: FinalPartition | undefined,
    found: number,
  ): Finding {
    const { name, acks, topic } = sends.producer;
    const answered = sends.answeredEvent.at(row);
    const told = sends.offset.at(row);
    const acksWord = acks === -1 ? 'acks=all' : `acks=${acks}`;
    const what = `record ${name}-${row} was acknowledged to ${name} (${acksWord})`;
    if (told < 0) {
      return {
        allowedBy: acks === 0 ? 'acks=0' : null,
        at: answered,
        evidence: [sends.invokedEvent.at(row), answered],
        explanation: `${what} without an offset and is in no log`,
      };
    }
    const partition = `${topic}-${sends.partition.at(row)}`;
    const place = found < 0 ? 'is in no log' : `stands at offset ${found} instead`;
    const said = `${what} at ${partition} offset ${told} and ${place}`;
    // The answer may still have been under way when the leader lost the record.
    const batch =
      this.witness.blamer.lostBatchAt(partition, told, answered) ??
      this.witness.blamer.lostBatchAt(partition, told, sends.invokedEvent.at(row));
    if (batch === null) {
      const end = last === undefined ? '' : `; the log ends at ${last.highWatermark}`;
      return {
        allowedBy: null,
        at: answered,
        evidence: [answered],
        explanation: `${said}; no replica is known to have lost it${end}`,
      };
    }
    const blame = this.witness.blamer.blame(partition, batch, acks === -1);
    return {
      allowedBy: blame.allowedBy === 'acks=1' ? acksWord : blame.allowedBy,
      at: blame.at ?? answered,
      evidence: [answered, ...blame.evidence],
      explanation: `${said}: ${blame.explanation}`,
    };
  }
}
