/**
 * isr-live. In what the quorum has committed, every member of an ISR is a registered broker that
 * is neither fenced nor shutting down. Without eligible leader replicas an ISR never becomes empty:
 * its last member stays in it when it goes, while the partition has no leader; with them it does
 * when the leader goes, and only who stayed in it from before they were turned on may be found
 * there. Checked after each batch of the metadata log. Source: JV (ValidControllerState), KIP-841,
 * KIP-966.
 */
import { isActive } from '../../../kafka/metadata/broker-registration.ts';
import type { MetadataImage } from '../../../kafka/metadata/image.ts';
import type { PartitionRegistration } from '../../../kafka/metadata/partition-registration.ts';
import { brokerName } from '../../cluster/names.ts';
import type { Check } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import { changedPartitions } from './changed-partitions.ts';

export class IsrIsLive implements Check {
  static readonly NAME = 'isr-live';
  static readonly DOC = 'no fenced broker is in an ISR';
  private readonly findings: Finding[] = [];

  controlChanged(change: ControlChange): void {
    for (const { name, partition } of changedPartitions(change)) {
      const dead = deadMember(partition, change.image, leaderGoes(change, name, partition));
      if (dead === null) continue;
      this.findings.push({
        allowedBy: null,
        at: change.event,
        evidence: [change.event],
        explanation: `${brokerName(dead)} is in the ISR of ${name} and not an active broker`,
      });
    }
  }

  verdict(): Judged {
    return verdictOf(IsrIsLive.NAME, this.findings, 'every in-sync replica was an active broker');
  }
}

/**
 * With eligible leader replicas: a partition loses its leader by what happens to the last member of
 * its ISR. A cancelled reassignment may leave the ISR to who was shutting down before (KIP-455).
 */
function leaderGoes(
  { keptEligible, partitions, brokers }: ControlChange,
  name: string,
  { isr }: PartitionRegistration,
): boolean {
  if (!keptEligible) return false;
  if (!brokers.some(({ id }) => isr.includes(id))) return false;
  return partitions.some((one) => one.name === name && (one.before?.leader ?? -1) >= 0);
}

function deadMember(
  { isr, leader }: PartitionRegistration,
  image: MetadataImage,
  mustLeave: boolean,
): number | null {
  if (isr.length === 1 && leader < 0 && !mustLeave) return null;
  return isr.find((id) => !isActive(image.brokers.get(id))) ?? null;
}
