/**
 * strong-isr. Whenever a replica takes itself for the leader, every record below its high
 * watermark is the same on each running member of the ISR that the quorum has committed: of a
 * deposed leader, too. A member that ends earlier is candidate-complete's matter. Source: HK
 * (StrongIsr). Asked again after every step that rewrites what was committed in a member's log.
 */
import { brokerIdOf } from '../../cluster/names.ts';
import type { Check, HighWatermarkEvent } from '../check.ts';
import type { BatchIdentity } from '../replica-log.ts';
import { isRunning, type ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { missing } from './missing.ts';

interface Difference {
  readonly offset: number;
  readonly event: number;
  readonly leader: string;
  /** What a deposed leader has at that offset. */
  readonly rival?: BatchIdentity | null;
}

export class StrongIsr implements Check {
  static readonly NAME = 'strong-isr';
  static readonly DOC =
    'below a leader’s high watermark the in-sync replicas hold the same records';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** By replica id: where it differed when it was last reported. */
  private readonly told: number[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark(seen: HighWatermarkEvent): void {
    if (seen.legitimate) {
      if (seen.lacking !== null) this.ofTheLeader(seen);
    } else if (seen.role === 'leader') this.ofADeposedLeader(seen);
  }

  private ofTheLeader({ replica, highWatermark, event }: HighWatermarkEvent): void {
    for (const member of replica.partition.members) {
      if (!isRunning(member) || !isInSync(member)) continue;
      const offset = this.witness.agreesUpTo(member, highWatermark);
      if (offset >= highWatermark || offset >= this.witness.endOf(member)) continue;
      this.differs(member, { offset, event, leader: replica.node });
    }
  }

  private ofADeposedLeader({ replica, highWatermark, event }: HighWatermarkEvent): void {
    for (const member of replica.partition.members) {
      if (member === replica || !isRunning(member) || !isInSync(member)) continue;
      const offset = replica.log.firstDifference(member.log, highWatermark);
      if (offset < 0) continue;
      const rival = replica.log.batchAt(offset);
      this.differs(member, { offset, event, leader: replica.node, rival });
    }
  }

  logWasCut(member: ReplicaWatch, event: number): void {
    const { partition } = member;
    const { current, leading, committed } = partition;
    if (!leading || current?.leader == null || !isRunning(member) || !isInSync(member)) return;
    const { trueHighWatermark } = committed;
    const offset = this.witness.agreesUpTo(member, trueHighWatermark);
    if (offset >= trueHighWatermark || offset >= this.witness.endOf(member)) return;
    this.differs(member, { offset, event, leader: current.leader });
  }

  private differs(member: ReplicaWatch, { offset, event, leader, rival = null }: Difference): void {
    if (this.told[member.id] === offset) return;
    this.told[member.id] = offset;
    const { node, partition } = member;
    this.findings.push(
      missing(this.witness, member, {
        offset,
        event,
        rival,
        what: `${node} is in the ISR of ${partition.name} while ${leader} leads`,
      }),
    );
  }

  verdict(): Judged {
    return verdictOf(
      StrongIsr.NAME,
      this.findings,
      'in-sync replicas agreed below every leader’s high watermark',
    );
  }
}

function isInSync({ node, partition }: ReplicaWatch): boolean {
  const id = brokerIdOf(node);
  return partition.registration?.isr.includes(id) ?? false;
}
