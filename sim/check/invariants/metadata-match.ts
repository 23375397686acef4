/**
 * metadata-match. What any node, broker or controller, takes for committed of the metadata log is
 * a prefix of what the quorum committed: it ends no later, and every batch in it is the same.
 * Checked whenever a node learns that more is committed, and for all of them at the end. A node
 * whose log begins with a snapshot is compared from there on. Source: JV (kraft).
 */
import type { Check, QuorumCommitted } from '../check.ts';
import type { FinalState } from '../final-state.ts';
import { METADATA_LOG } from '../replica-logs.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class MetadataMatches implements Check {
  static readonly NAME = 'metadata-match';
  static readonly DOC = 'what a node takes for committed metadata is what the quorum committed';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  quorumCommitted({ replica, highWatermark, role, event }: QuorumCommitted): void {
    const { trueHighWatermark } = replica.partition.committed;
    if (highWatermark > trueHighWatermark && role !== 'leader') {
      this.found(
        replica,
        event,
        `${replica.node} takes the metadata log for committed up to ${highWatermark}, ` +
          `and the quorum committed it up to ${trueHighWatermark}`,
      );
    }
    this.compare(replica, highWatermark, event);
  }

  private compare(replica: ReplicaWatch, highWatermark: number, event: number): void {
    const bound = Math.min(highWatermark, replica.partition.committed.trueHighWatermark);
    const offset = this.witness.agreesUpTo(replica, bound);
    if (offset >= bound) return;
    const end = this.witness.endOf(replica);
    const has = offset < end ? `another batch at offset ${offset}` : `nothing from ${end} on`;
    this.found(
      replica,
      event,
      `${replica.node} takes the metadata log for committed up to ${highWatermark} and has ${has}`,
    );
  }

  private found({ node }: ReplicaWatch, event: number, explanation: string): void {
    const { witness } = this;
    this.findings.push({
      allowedBy: witness.damageOf(node) ?? witness.voterLoss(),
      at: event,
      evidence: [event],
      explanation,
    });
  }

  verdict({ event }: FinalState): Judged {
    for (const replica of this.witness.partition(METADATA_LOG).replicas) {
      this.compare(replica, replica.process.metadataHighWatermark, event);
    }
    return verdictOf(
      MetadataMatches.NAME,
      this.findings,
      'every node followed the metadata that the quorum committed',
    );
  }
}
