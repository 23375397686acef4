/**
 * candidate-complete. Every running member of a partition's ISR or of its eligible leader replicas
 * (as the quorum has committed them) reaches up to everything that was committed: any of them may
 * be elected at any moment without loss. Checked whenever a leader's high watermark rises, whenever
 * the quorum commits a change of the partition or of a broker, and after every step that takes
 * committed records out of a log. A member whose process
 * is down, or is not registered yet, is not asked. Without eligible leader replicas the last
 * member of an ISR stays in it whatever it has lost. Source: JV, KIP-966.
 */
import type { Check, HighWatermarkEvent } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import { isRunning, type PartitionWatch, type ReplicaWatch } from '../replica-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { missing } from './missing.ts';

export class CandidatesAreComplete implements Check {
  static readonly NAME = 'candidate-complete';
  static readonly DOC = 'every replica that may be elected reaches up to all that was committed';
  private readonly witness: Witness;
  private readonly findings: Finding[] = [];
  /** By replica id: where it ended when it was last reported. */
  private readonly told: number[] = [];

  constructor(witness: Witness) {
    this.witness = witness;
  }

  highWatermark({ lacking, event }: HighWatermarkEvent): void {
    if (lacking !== null) this.check(lacking.partition, event);
  }

  controlChanged({ event, partitions, brokers, image }: ControlChange): void {
    const names = new Set(partitions.map((one) => one.name));
    for (const { id, before, after } of brokers) {
      if (after === null || before?.epoch === after.epoch) continue;
      image.forEachPartition(({ isr, elr }, { name }, index) => {
        if (isr.includes(id) || elr.includes(id)) names.add(`${name}-${index}`);
      });
    }
    for (const name of names) this.check(this.witness.partition(name), event);
  }

  logWasCut({ partition }: ReplicaWatch, event: number): void {
    if (this.witness.isMeant(partition)) this.check(partition, event);
  }

  private check(partition: PartitionWatch, event: number): void {
    const { trueHighWatermark } = partition.committed;
    for (const member of partition.members) {
      if (!isRunning(member)) continue;
      const end = this.witness.endOf(member);
      if (end >= trueHighWatermark || this.told[member.id] === end) continue;
      this.told[member.id] = end;
      this.falls(member, event);
    }
  }

  private falls(member: ReplicaWatch, event: number): void {
    const { node, partition } = member;
    const role = partition.registration?.isr.includes(Number(node.slice(node.indexOf('-') + 1)))
      ? 'in the ISR'
      : 'an eligible leader';
    this.findings.push(
      missing(this.witness, member, {
        offset: this.witness.endOf(member),
        event,
        what: `${node} is ${role} of ${partition.name}`,
      }),
    );
  }

  verdict(): Judged {
    return verdictOf(
      CandidatesAreComplete.NAME,
      this.findings,
      'every replica that might have been elected had all that was committed',
    );
  }
}
