/**
 * read-stable. An offset that a consumer was once given always yields that record: for every
 * consumer, at any later time, and in the final log. Where settings or faults permit that it is
 * taken back, the consumer is told before it goes on in the new history: its position moves, and
 * it is not given what stands behind a record that it never saw (KIP-320). Source: JV
 * ConsistentRead, Jepsen.
 */
import type { Check, ConsumerMoved } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { Outcome } from './history.ts';
import { SilentSkips } from './silent-skips.ts';

interface Read {
  readonly record: number;
  readonly event: number;
  readonly consumer: string;
}

export class ReadsAreStable implements Check {
  static readonly NAME = 'read-stable';
  static readonly DOC = 'an offset that was read always yields the same record';
  private readonly witness: Witness;
  private readonly skips: SilentSkips;

  constructor(witness: Witness) {
    this.witness = witness;
    this.skips = new SilentSkips(witness);
  }

  clientStarted(client: string, event: number): void {
    this.skips.restarted(client, event);
  }

  consumerMoved(moved: ConsumerMoved): void {
    this.skips.moved(moved);
  }

  verdict(final: FinalState): Judged {
    const findings: Finding[] = this.skips.findings(final);
    const firstReads = new Map<string, (Read | undefined)[]>();
    for (const polls of this.witness.history.polls) {
      for (let i = 0; i < polls.event.length; i++) {
        const partition = `${polls.topic}-${polls.partition.at(i)}`;
        let reads = firstReads.get(partition);
        if (reads === undefined) {
          reads = [];
          firstReads.set(partition, reads);
        }
        const offset = polls.offset.at(i);
        const read = {
          record: polls.record.at(i),
          event: polls.event.at(i),
          consumer: polls.consumer,
        };
        const first = reads[offset];
        if (first === undefined) reads[offset] = read;
        else if (first.record !== read.record) {
          findings.push(this.changed(partition, offset, [first, read]));
        }
      }
    }
    for (const [partition, reads] of firstReads) {
      const last = final.partitions.get(partition);
      if (last !== undefined) this.compare(partition, reads, last, findings);
    }
    return verdictOf(ReadsAreStable.NAME, findings, 'nothing that was read was taken back');
  }

  private compare(
    partition: string,
    reads: (Read | undefined)[],
    last: FinalPartition,
    findings: Finding[],
  ): void {
    const at = new Map<number, number>();
    for (let i = 0; i < last.offsets.length; i++) at.set(last.offsets.at(i), last.records.at(i));
    for (let offset = last.logStartOffset; offset < reads.length; offset++) {
      const read = reads[offset];
      if (read === undefined) continue;
      const now = at.get(offset);
      if (now === read.record) continue;
      findings.push(this.gone(partition, offset, read, now));
    }
  }

  private changed(partition: string, offset: number, [first, second]: [Read, Read]): Finding {
    const { history } = this.witness;
    return this.blamed(partition, offset, first, [
      second.event,
      `${first.consumer} read ${history.nameOf(first.record)} at ${partition} offset ${offset}, ` +
        `${second.consumer} later read ${history.nameOf(second.record)} there`,
    ]);
  }

  private gone(partition: string, offset: number, read: Read, now: number | undefined): Finding {
    const { history } = this.witness;
    const instead = now === undefined ? 'nothing' : history.nameOf(now);
    return this.blamed(partition, offset, read, [
      read.event,
      `${read.consumer} read ${history.nameOf(read.record)} at ${partition} offset ${offset}, ` +
        `where the final log has ${instead}`,
    ]);
  }

  /**
   * When the record had been written at the latest. A consumer may give what it has fetched long
   * after: of a topic that was deleted meanwhile.
   */
  private writtenBy({ record, event }: Read): number {
    const { history } = this.witness;
    if (record < 0) return event;
    const sends = history.producerOf(record);
    const row = history.numberOf(record);
    const isTold = sends.outcome.at(row) === Outcome.ok;
    return Math.min(event, isTold ? sends.answeredEvent.at(row) : sends.invokedEvent.at(row));
  }

  private blamed(
    partition: string,
    offset: number,
    read: Read,
    [at, said]: [number, string],
  ): Finding {
    const { blamer } = this.witness;
    const deleted = blamer.deletionSince(partition, this.writtenBy(read));
    const told = { event: read.event, committed: true };
    const batch = deleted === null ? blamer.lostBatchAt(partition, offset, told) : null;
    if (batch === null) {
      const allowedBy = deleted ?? blamer.beyondPromise(partition);
      const since = deleted === null ? blamer.unpromisedAt(partition, at) : at;
      return { allowedBy, at: since, evidence: [read.event, at], explanation: said };
    }
    const blame = blamer.blame(partition, batch, true);
    return {
      allowedBy: blame.allowedBy,
      at: Math.max(at, blame.at ?? 0),
      evidence: [read.event, ...blame.evidence],
      explanation: `${said}: ${blame.explanation}`,
    };
  }
}
