/**
 * offset-unique. Among everything that clients were told, one partition and offset belongs to
 * one record: no two sends are acknowledged at the same offset, and no poll yields another record
 * there than the one acknowledged. An offset may be given out anew only after the record that had
 * it was lost in a way that the settings allow. Source: Jepsen's inconsistent-offsets.
 */
import type { Check } from '../check.ts';
import type { LostBatch } from '../replica-log.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { Outcome } from './history.ts';

interface Claim {
  readonly record: string;
  readonly event: number;
  /** When the record was sent; -1 for a foreign one. */
  readonly sentAt: number;
  readonly waitedForAll: boolean;
}

export class OffsetsAreUnique implements Check {
  static readonly NAME = 'offset-unique';
  static readonly DOC = 'one offset of a partition belongs to one record';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  private readonly claims = new Map<string, (Claim | undefined)[]>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(): Judged {
    this.claims.clear();
    this.findings.length = 0;
    const { history } = this.witness;
    for (const sends of history.sends) {
      const { name, topic, acks } = sends.producer;
      for (let row = 0; row < sends.count; row++) {
        const offset = sends.offset.at(row);
        if (sends.outcome.at(row) !== Outcome.ok || offset < 0) continue;
        const event = sends.answeredEvent.at(row);
        const sentAt = sends.invokedEvent.at(row);
        const claim = { record: `${name}-${row}`, event, sentAt, waitedForAll: acks === -1 };
        this.claim(`${topic}-${sends.partition.at(row)}`, offset, claim);
      }
    }
    for (const polls of history.polls) {
      for (let i = 0; i < polls.event.length; i++) {
        const record = polls.record.at(i);
        const sentAt =
          record < 0 ? -1 : history.producerOf(record).invokedEvent.at(history.numberOf(record));
        const claim = {
          record: history.nameOf(record),
          event: polls.event.at(i),
          sentAt,
          waitedForAll: true,
        };
        this.claim(`${polls.topic}-${polls.partition.at(i)}`, polls.offset.at(i), claim);
      }
    }
    return verdictOf(OffsetsAreUnique.NAME, this.findings, 'no offset was given to two records');
  }

  private claim(partition: string, offset: number, claim: Claim): void {
    let claims = this.claims.get(partition);
    if (claims === undefined) {
      claims = [];
      this.claims.set(partition, claims);
    }
    const other = claims[offset];
    if (other === undefined) claims[offset] = claim;
    else if (other.record !== claim.record) this.conflict(partition, offset, [other, claim]);
  }

  private conflict(partition: string, offset: number, claims: [Claim, Claim]): void {
    const [first, second] = claims[0].event <= claims[1].event ? claims : [claims[1], claims[0]];
    const { blamer } = this.witness;
    const losses = [first, second].map((one) => this.lostOf(partition, offset, one)) as [
      LostBatch | null,
      LostBatch | null,
    ];
    const deleted =
      this.deletedSince(partition, first, losses[0]) ??
      this.deletedSince(partition, second, losses[1]);
    // A former leader, which knows of no other yet, may tell of what it has later than the next one.
    const batch = deleted === null ? (losses[0] ?? losses[1]) : null;
    const waitedForAll = first.waitedForAll && second.waitedForAll;
    const blame =
      batch === null ? null : blamer.blame(partition, batch, waitedForAll, second.event);
    this.findings.push({
      allowedBy: blame === null ? (deleted ?? blamer.beyondPromise(partition)) : blame.allowedBy,
      at: second.event,
      evidence: [first.event, ...(blame?.evidence ?? []), second.event],
      explanation:
        `${partition} offset ${offset} was ${first.record}, and later ${second.record}` +
        (blame === null ? '' : `: ${blame.explanation}`),
    });
  }

  private lostOf(partition: string, offset: number, claim: Claim): LostBatch | null {
    const { event, sentAt, waitedForAll } = claim;
    const told = { event, sentAt, committed: waitedForAll };
    return this.witness.blamer.lostBatchAt(partition, offset, told);
  }

  /** A consumer may give what it has fetched long before: of a topic that was deleted meanwhile. */
  private deletedSince(partition: string, claim: Claim, lost: LostBatch | null): string | null {
    const stoodAt = Math.min(claim.event, lost?.writtenAt ?? claim.event);
    return this.witness.blamer.deletionSince(partition, stoodAt);
  }
}
