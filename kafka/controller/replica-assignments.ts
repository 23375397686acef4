/**
 * Which brokers get the replicas of new partitions: placed, or given by hand and checked (Kafka:
 * ReplicationControlManager, validateManualPartitionAssignment), and the records that result.
 */
import type { Uuid } from '../base/uuid.ts';
import type { RandomStream } from '../host.ts';
import { defaultDirectory } from '../metadata/broker-registration.ts';
import type { MetadataImage } from '../metadata/image.ts';
import { LeaderRecoveryState } from '../metadata/partition-registration.ts';
import { placeReplicas } from '../metadata/replica-placer.ts';
import { ErrorCode } from '../wire/errors.ts';
import { partitionRecord } from '../wire/generated/partition-record.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import type { BrokerSessions } from './broker-sessions.ts';
import { type Refusal, refusal } from './controller-result.ts';

/** Broker ids per partition; `manual`: an operator chose them. */
export interface Assignment {
  readonly replicas: readonly (readonly number[])[];
  readonly manual: boolean;
}

export class ReplicaAssignments {
  private readonly image: MetadataImage;
  private readonly sessions: BrokerSessions;
  private readonly random: RandomStream;

  constructor(image: MetadataImage, sessions: BrokerSessions, random: RandomStream) {
    this.image = image;
    this.sessions = sessions;
    this.random = random;
  }

  place(partitions: number, replicationFactor: number): Refusal | Assignment {
    const placed = placeReplicas({
      brokers: this.sessions.usable(this.image.brokers),
      partitions,
      replicationFactor,
      random: this.random,
    });
    if ('replicas' in placed) return { replicas: placed.replicas, manual: false };
    return this.cannotPlace(replicationFactor, placed.problem);
  }

  private cannotPlace(replicationFactor: number, problem: string): Refusal {
    const message = `Unable to replicate the partition ${replicationFactor} time(s): ${problem}`;
    return refusal(ErrorCode.INVALID_REPLICATION_FACTOR, message);
  }

  /** @param factor how many replicas it must have; -1: any number. */
  manualProblem(brokerIds: readonly number[], factor: number): Refusal | null {
    const start = 'The manual partition assignment includes';
    if (brokerIds.length === 0) return badAssignment(`${start} an empty replica list.`);
    const seen = new Set<number>();
    for (const broker of brokerIds) {
      if (!this.image.brokers.has(broker)) {
        return badAssignment(`${start} broker ${broker}, but no such broker is registered.`);
      }
      if (seen.has(broker)) return badAssignment(`${start} the broker ${broker} more than once.`);
      seen.add(broker);
    }
    if (factor === -1 || factor === brokerIds.length) return null;
    const others = `previous partitions, which have ${factor} replica(s)`;
    const message = `${start} a partition with ${brokerIds.length} replica(s), unlike ${others}.`;
    return badAssignment(message);
  }

  /** The records of new partitions, from `firstPartition` on. */
  partitionRecords(
    topicId: Uuid,
    firstPartition: number,
    assignment: Assignment,
  ): Refusal | MetadataRecord[] {
    const records: MetadataRecord[] = [];
    for (const [place, replicas] of assignment.replicas.entries()) {
      const partitionId = firstPartition + place;
      const isr = replicas.filter((broker) => this.image.isActive(broker));
      const [leader] = isr;
      if (leader === undefined) return this.nobodyActive(partitionId, replicas, assignment);
      const record = partitionRecord({
        partitionId,
        topicId,
        replicas: [...replicas],
        directories: replicas.map((broker) => defaultDirectory(this.image.brokers.get(broker))),
        isr,
        leader,
        leaderRecoveryState: LeaderRecoveryState.RECOVERED,
        leaderEpoch: 0,
        partitionEpoch: 0,
      });
      records.push({ type: 'PartitionRecord', version: 2, record });
    }
    return records;
  }

  private nobodyActive(
    partitionId: number,
    replicas: readonly number[],
    { manual }: Assignment,
  ): Refusal {
    if (!manual) {
      const problem = 'All brokers are currently fenced or in controlled shutdown.';
      return this.cannotPlace(replicas.length, problem);
    }
    return badAssignment(
      `All brokers specified for partition ${partitionId} are fenced or in controlled shutdown.`,
    );
  }
}

export function badAssignment(message: string): Refusal {
  return refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
}
