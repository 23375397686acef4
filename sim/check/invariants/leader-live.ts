/**
 * leader-live. In what the quorum has committed, the leader of a partition is one of its replicas,
 * in its ISR, on a registered broker that is neither fenced nor shutting down, in a log directory
 * that is online. Checked after each batch of the metadata log. Source: JV (ValidControllerState),
 * KIP-858, KAFKA-19522.
 */
import { hasOnlineDirectory, isActive } from '../../../kafka/metadata/broker-registration.ts';
import type { MetadataImage } from '../../../kafka/metadata/image.ts';
import {
  directoryOf,
  type PartitionRegistration,
} from '../../../kafka/metadata/partition-registration.ts';
import { brokerName } from '../../cluster/names.ts';
import type { Check } from '../check.ts';
import type { ControlChange } from '../control-watch.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import { changedPartitions } from './changed-partitions.ts';

export class LeaderIsLive implements Check {
  static readonly NAME = 'leader-live';
  static readonly DOC = 'a partition’s leader is an active broker with its disk online';
  private readonly findings: Finding[] = [];

  controlChanged(change: ControlChange): void {
    for (const { name, partition } of changedPartitions(change)) {
      const problem = leaderProblem(partition, change.image);
      if (problem === null) continue;
      const { leader, leaderEpoch } = partition;
      this.findings.push({
        allowedBy: null,
        at: change.event,
        evidence: [change.event],
        explanation: `${brokerName(leader)} leads ${name} in epoch ${leaderEpoch} and ${problem}`,
      });
    }
  }

  verdict(): Judged {
    return verdictOf(LeaderIsLive.NAME, this.findings, 'every leader was an active broker');
  }
}

function leaderProblem(partition: PartitionRegistration, image: MetadataImage): string | null {
  const { leader, replicas, isr } = partition;
  if (leader < 0) return null;
  if (!replicas.includes(leader)) return 'has no replica of it';
  if (!isr.includes(leader)) return 'is not in its ISR';
  const broker = image.brokers.get(leader);
  if (!isActive(broker)) return 'is not an active broker';
  return hasOnlineDirectory(broker, directoryOf(partition, leader))
    ? null
    : 'its log directory is offline';
}
