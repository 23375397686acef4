/**
 * unclean-excluded. A broker that came back without records it had (its power or its disk took
 * them) is in no ISR, is no eligible leader and leads nothing, from its new registration on until
 * the leader has taken it into the ISR again. Without eligible leader replicas the last member of
 * an ISR stays in it (KIP-966 is there to end that); elections that the settings permit to lose
 * are permitted here. Source: JV, KIP-966, KIP-903.
 */
import { brokerName } from '../../cluster/names.ts';
import type { Check } from '../check.ts';
import type { BrokerChange, ControlChange, PartitionChange } from '../control-watch.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export class UncleanIsExcluded implements Check {
  static readonly NAME = 'unclean-excluded';
  static readonly DOC = 'a broker that lost records may not be elected until it has caught up';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** Replicas of the present incarnation that begin with less than they had. */
  private readonly lossy = new Set<ReplicaWatch>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  controlChanged(change: ControlChange): void {
    for (const one of change.partitions) this.joined(one);
    for (const one of change.brokers) this.registered(one, change);
    for (const one of change.partitions) this.partitionChanged(one, change);
  }

  /** Who the leader takes back into the ISR has caught up; an unclean election wipes the slate. */
  private joined({ name, before, after, steps }: PartitionChange): void {
    if (after === null || before === null) return;
    let last = before;
    for (const next of steps.length > 0 ? steps : [after]) {
      for (const id of next.isr) {
        if (last.isr.includes(id)) continue;
        const replica = this.replicaOf(name, id);
        if (last.elr.includes(id) && this.lossy.has(replica)) continue;
        this.lossy.delete(replica);
        replica.lossyAt = -1;
      }
      last = next;
    }
  }

  private registered({ node, id, before, after }: BrokerChange, change: ControlChange): void {
    if (after === null || before === null || before.epoch === after.epoch) return;
    for (const replica of this.witness.replicasOn(node)) {
      // What is committed now may be the registration of a process from before the loss.
      if (replica.lossyAt >= 0 && replica.lossyAt < change.decidedAt) this.lossy.add(replica);
    }
    change.image.forEachPartition((_partition, { name }, index) => {
      this.check(id, `${name}-${index}`, change.event);
    });
  }

  private partitionChanged(one: PartitionChange, { event }: ControlChange): void {
    const { name, before, after } = one;
    if (after === null) return;
    for (const id of new Set([...after.isr, ...after.elr, after.leader])) {
      if (id >= 0) this.check(id, name, event);
    }
    if (after.leader < 0 || after.leader === before?.leader) return;
    // Rightly or not, from here on its log is the partition's, and there is nothing to catch up to.
    const replica = this.replicaOf(name, after.leader);
    this.lossy.delete(replica);
    replica.lossyAt = -1;
  }

  /** Of the topic that has this name now. */
  private replicaOf(partition: string, id: number): ReplicaWatch {
    const { witness } = this;
    return witness.memberOf(witness.partition(partition), brokerName(id));
  }

  private check(id: number, name: string, event: number): void {
    const replica = this.replicaOf(name, id);
    const { registration } = replica.partition;
    if (!this.lossy.has(replica) || registration === null) return;
    const { isr, elr, leader } = registration;
    const role =
      leader === id ? 'leads' : isr.includes(id) ? 'is in the ISR of' : 'is an eligible leader of';
    if (leader !== id && !isr.includes(id) && !elr.includes(id)) return;
    // Whoever follows it now lacks no more than it does.
    this.lossy.delete(replica);
    const { blamer } = this.witness;
    this.findings.push({
      allowedBy: blamer.excuseOf(replica) ?? blamer.beyondPromise(name),
      at: event,
      evidence: [replica.lossyAt, event],
      explanation: `${replica.node} came back without records that it had, and ${role} ${name}`,
    });
    replica.lossyAt = -1;
  }

  verdict(): Judged {
    return verdictOf(
      UncleanIsExcluded.NAME,
      this.findings,
      'nobody who had lost records could be elected before it had them again',
    );
  }
}
