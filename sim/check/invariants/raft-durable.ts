/**
 * raft-durable. When the leader of the quorum commits a batch of the metadata log, the batch is
 * durable on a majority of the voters: their disks have said so. From then on no voter that has it
 * cuts it off while it runs, not even to fetch it again, and it stands in the logs of a majority
 * for ever (or in a snapshot before their log's start). What a disk loses that had acknowledged it
 * is beyond the promise. Source: Raft, KAFKA-10533, KAFKA-12460, JV (kraft).
 */
import type { Check, QuorumCommitted } from '../check.ts';
import { METADATA_LOG } from '../replica-logs.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class RaftIsDurable implements Check {
  static readonly NAME = 'raft-durable';
  static readonly DOC = 'committed metadata is durable on a majority of the voters';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** From where on a voter was last said to have cut. */
  private readonly told = new Map<ReplicaWatch, number>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  quorumCommitted({ replica, role, highWatermark, event }: QuorumCommitted): void {
    if (role !== 'leader' || highWatermark <= replica.partition.committed.trueHighWatermark) return;
    const voters = this.voters(replica);
    const durable = voters.filter(({ process }) => process.metadataFlushedTo >= highWatermark);
    if (durable.length >= majority(voters)) return;
    this.found(
      event,
      `${replica.node} commits the metadata log up to ${highWatermark}, which is durable on ` +
        `${durable.length} of ${voters.length} voters`,
    );
  }

  logShrank(replica: ReplicaWatch, event: number, fromOffset: number): void {
    const { partition, node } = replica;
    if (partition.name !== METADATA_LOG) return;
    const { trueHighWatermark } = partition.committed;
    const voters = this.voters(replica);
    if (!voters.includes(replica) || fromOffset >= trueHighWatermark) return;
    const holds = voters.filter(
      (one) => this.witness.agreesUpTo(one, trueHighWatermark) >= trueHighWatermark,
    );
    if (holds.includes(replica) || holds.length >= majority(voters)) return;
    this.found(
      event,
      `${node} lost metadata that was committed, and ${holds.length} of ${voters.length} voters ` +
        `hold it up to ${trueHighWatermark}`,
    );
  }

  /** A voter that runs has its log as its leader had it, and what is committed is never cut. */
  logWasCut(replica: ReplicaWatch, event: number, fromOffset: number): void {
    const { partition, node, process, log } = replica;
    if (partition.name !== METADATA_LOG || !process.alive) return;
    if (!this.voters(replica).includes(replica)) return;
    const batch = partition.committed.batchAt(fromOffset);
    if (batch === null || log.howLost(batch)?.cause !== 'truncated') return;
    if (this.witness.agreesUpTo(replica, batch.endOffset) >= batch.endOffset) return;
    if (this.told.get(replica) === fromOffset) return;
    this.told.set(replica, fromOffset);
    this.found(event, `${node} cut metadata from ${fromOffset} on that was committed`);
  }

  private found(event: number, explanation: string): void {
    this.findings.push({
      allowedBy: this.witness.voterDamage?.fault ?? null,
      at: event,
      evidence: [event],
      explanation,
    });
  }

  private voters({ log }: ReplicaWatch): readonly ReplicaWatch[] {
    return this.witness.votersBy(log).map((node) => this.witness.replica(node, METADATA_LOG));
  }

  verdict(): Judged {
    return verdictOf(
      RaftIsDurable.NAME,
      this.findings,
      'a majority of the voters kept all that was committed',
    );
  }
}

function majority(voters: readonly unknown[]): number {
  return Math.floor(voters.length / 2) + 1;
}
