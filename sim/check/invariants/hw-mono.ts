/**
 * hw-mono. The true high watermark, the highest that any legitimate leader ever reached, never
 * falls: a new leader starts with a log that holds every record below it. And a leader's own high
 * watermark never falls within a leader epoch. A follower's and a new leader's may be lower
 * (Kafka: they learn it one fetch late). Source: HK KafkaReplication, KIP-101.
 */
import type { Check, HighWatermarkEvent, LeaderStartedEvent } from '../check.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class HighWatermarkIsMonotonic implements Check {
  static readonly NAME = 'hw-mono';
  static readonly DOC = 'the true high watermark never falls; a leader’s own never within an epoch';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** By replica id: the epoch it leads in and its high watermark there. */
  private readonly own: { epoch: number; highWatermark: number; event: number }[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark(seen: HighWatermarkEvent): void {
    if (seen.role !== 'leader') return;
    const { node, partition, id } = seen.replica;
    const before = this.own[id];
    if (before !== undefined && before.epoch === seen.leaderEpoch) {
      if (seen.highWatermark < before.highWatermark) {
        this.findings.push({
          allowedBy: this.witness.blamer.beyondPromise(partition.name),
          at: seen.event,
          evidence: [before.event, seen.event],
          explanation:
            `${node} led ${partition.name} in epoch ${seen.leaderEpoch} and its high ` +
            `watermark fell from ${before.highWatermark} to ${seen.highWatermark}`,
        });
      }
      before.highWatermark = seen.highWatermark;
      before.event = seen.event;
      return;
    }
    this.own[id] = {
      epoch: seen.leaderEpoch,
      highWatermark: seen.highWatermark,
      event: seen.event,
    };
  }

  leaderStarted(started: LeaderStartedEvent): void {
    const { node, partition, leaderEpoch, epochStartOffset, agreesUpTo } = started;
    const committed = this.witness.committed(partition);
    if (!started.legitimate || agreesUpTo >= committed.trueHighWatermark) return;
    const batch = committed.batchAt(agreesUpTo);
    const log =
      agreesUpTo < epochStartOffset
        ? `a log that differs from offset ${agreesUpTo} on`
        : `a log that ends at ${epochStartOffset}`;
    const blame = batch === null ? null : this.witness.blamer.blameNow(partition, batch, true);
    this.findings.push({
      allowedBy: blame === null ? this.witness.blamer.beyondPromise(partition) : blame.allowedBy,
      at: started.event,
      evidence: [...(blame?.evidence ?? []), started.event],
      explanation:
        `${partition} was committed up to ${committed.trueHighWatermark} and ${node} began to ` +
        `lead in epoch ${leaderEpoch} with ${log}: ` +
        `${blame?.explanation ?? 'nothing is known of the lost records'}`,
    });
  }

  verdict(): Judged {
    return verdictOf(
      HighWatermarkIsMonotonic.NAME,
      this.findings,
      'no committed offset was ever taken back',
    );
  }
}
