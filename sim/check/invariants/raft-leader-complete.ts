/**
 * raft-leader-complete. A node that begins to lead the quorum in a newer epoch than any before
 * holds every batch of the metadata log that was ever committed; and what a leader commits
 * continues what was committed before it. Source: Raft (Leader Completeness), JV (kraft),
 * KAFKA-12619.
 */
import type { Check, QuorumCommitted, QuorumEvent } from '../check.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class RaftLeaderIsComplete implements Check {
  static readonly NAME = 'raft-leader-complete';
  static readonly DOC = 'a new leader of the quorum holds all metadata that was committed';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  private newestEpoch = -1;
  /** The first offset that the last incomplete leader lacked: one finding is enough. */
  private lacking = -1;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  quorumLed({ replica, epoch, event }: QuorumEvent): void {
    if (epoch <= this.newestEpoch) return;
    this.newestEpoch = epoch;
    this.compare(replica, `${replica.node} leads the quorum in epoch ${epoch}`, event);
  }

  quorumCommitted({ replica, role, epoch, highWatermark, event }: QuorumCommitted): void {
    if (role !== 'leader' || epoch < this.newestEpoch) return;
    this.compare(replica, `${replica.node} commits up to ${highWatermark}`, event);
  }

  private compare(replica: ReplicaWatch, what: string, event: number): void {
    const { trueHighWatermark } = replica.partition.committed;
    const offset = this.witness.agreesUpTo(replica, trueHighWatermark);
    if (offset >= trueHighWatermark || offset === this.lacking) return;
    this.lacking = offset;
    const end = this.witness.endOf(replica);
    const log = offset < end ? `another batch at ${offset}` : `a log that ends at ${end}`;
    this.findings.push({
      allowedBy: this.witness.voterDamage?.fault ?? null,
      at: event,
      evidence: [event],
      explanation: `${what} with ${log}, and up to ${trueHighWatermark} was committed before`,
    });
  }

  verdict(): Judged {
    return verdictOf(
      RaftLeaderIsComplete.NAME,
      this.findings,
      'every leader of the quorum had all that was committed',
    );
  }
}
