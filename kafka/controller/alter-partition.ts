/**
 * AlterPartition (KIP-497, KIP-903): a leader asks for another ISR. Validated in Kafka's order
 * (ReplicationControlManager.validateAlterPartitionData), because a leader reacts to each error
 * in its own way.
 */
import type { MetadataImage, TopicImage } from '../metadata/image.ts';
import {
  LeaderRecoveryState,
  mergePartitionChange,
  NO_LEADER_CHANGE,
  type PartitionRegistration,
} from '../metadata/partition-registration.ts';
import type { Rules } from '../protocol/rules.ts';
import { ErrorCode } from '../wire/errors.ts';
import type {
  AlterPartitionRequest,
  PartitionData as RequestedPartition,
} from '../wire/generated/alter-partition-request.ts';
import {
  type AlterPartitionResponse,
  alterPartitionResponse,
  type PartitionData,
  partitionData,
  topicData,
} from '../wire/generated/alter-partition-response.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { type ControllerResult, readOnly } from './controller-result.ts';
import type { ReplicationControl } from './replication-control.ts';

interface ProposedMember {
  readonly brokerId: number;
  /** -1: not checked. */
  readonly brokerEpoch: number;
}

export function alterPartition(
  image: MetadataImage,
  replication: ReplicationControl,
  request: AlterPartitionRequest,
  apiVersion: number,
): ControllerResult<AlterPartitionResponse> {
  const sender = image.brokers.get(request.brokerId);
  if (sender === undefined || sender.epoch !== request.brokerEpoch) {
    return readOnly(alterPartitionResponse({ errorCode: ErrorCode.STALE_BROKER_EPOCH }));
  }
  const records: MetadataRecord[] = [];
  const response = alterPartitionResponse();
  for (const asked of request.topics) {
    const topic =
      apiVersion > 1 ? image.topicsById.get(asked.topicId) : image.topic(asked.topicName);
    const partitions = asked.partitions.map((partition): PartitionData => {
      if (topic === undefined) {
        const error =
          apiVersion > 1 ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        return refused(partition.partitionIndex, error);
      }
      const members = membersOf(partition, apiVersion);
      const error = problemWith(topic, request.brokerId, partition, members);
      if (error !== ErrorCode.NONE) return refused(partition.partitionIndex, error);
      if (!members.every((one) => isEligible(image, replication.rules, one))) {
        return refused(partition.partitionIndex, ineligible(apiVersion));
      }
      return accept(replication, topic, partition, members, records);
    });
    response.topics.push(
      topicData({ topicName: asked.topicName, topicId: asked.topicId, partitions }),
    );
  }
  return { records, response, why: 'alter-partition' };
}

function membersOf(asked: RequestedPartition, apiVersion: number): readonly ProposedMember[] {
  if (apiVersion >= 3) return asked.newIsrWithEpochs;
  return asked.newIsr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
}

function refused(partitionIndex: number, errorCode: number): PartitionData {
  return partitionData({ partitionIndex, errorCode });
}

function problemWith(
  topic: TopicImage,
  sender: number,
  asked: RequestedPartition,
  members: readonly ProposedMember[],
): ErrorCode {
  const partition = topic.partitions[asked.partitionIndex];
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  // Ahead of us: we may no longer be the controller.
  if (asked.leaderEpoch > partition.leaderEpoch) return ErrorCode.NOT_CONTROLLER;
  if (asked.partitionEpoch > partition.partitionEpoch) return ErrorCode.NOT_CONTROLLER;
  if (asked.leaderEpoch < partition.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH;
  if (sender !== partition.leader) return ErrorCode.INVALID_REQUEST;
  if (asked.partitionEpoch < partition.partitionEpoch) return ErrorCode.INVALID_UPDATE_VERSION;
  if (!isValidIsr(partition, members)) return ErrorCode.INVALID_REQUEST;
  if (!members.some((member) => member.brokerId === partition.leader)) {
    return ErrorCode.INVALID_REQUEST;
  }
  const recovering = asked.leaderRecoveryState === LeaderRecoveryState.RECOVERING;
  if (!recovering && asked.leaderRecoveryState !== LeaderRecoveryState.RECOVERED) {
    return ErrorCode.INVALID_REQUEST;
  }
  if (recovering && members.length > 1) return ErrorCode.INVALID_REQUEST;
  if (recovering && partition.leaderRecoveryState === LeaderRecoveryState.RECOVERED) {
    return ErrorCode.INVALID_REQUEST;
  }
  return ErrorCode.NONE;
}

function ineligible(apiVersion: number): ErrorCode {
  return apiVersion > 1 ? ErrorCode.INELIGIBLE_REPLICA : ErrorCode.OPERATION_NOT_ATTEMPTED;
}

/** Not empty, every member a replica, none twice. */
function isValidIsr(partition: PartitionRegistration, members: readonly ProposedMember[]): boolean {
  const seen = new Set<number>();
  for (const { brokerId } of members) {
    if (seen.has(brokerId) || !partition.replicas.includes(brokerId)) return false;
    seen.add(brokerId);
  }
  return members.length > 0;
}

/** KIP-841 and KIP-903: alive, staying, and still the process whose fetches the leader saw. */
function isEligible(
  image: MetadataImage,
  rules: Rules,
  { brokerId, brokerEpoch }: ProposedMember,
): boolean {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined || broker.inControlledShutdown || broker.fenced) {
    return rules.isrEligibility.admitsAbsent(brokerId);
  }
  if (brokerEpoch === -1 || brokerEpoch === broker.epoch) return true;
  return rules.isrIncarnation.admitsOther(brokerId);
}

function accept(
  replication: ReplicationControl,
  topic: TopicImage,
  asked: RequestedPartition,
  members: readonly ProposedMember[],
  records: MetadataRecord[],
): PartitionData {
  const index = asked.partitionIndex;
  let partition = topic.partitions[index] as PartitionRegistration;
  const sender = partition.leader;
  const entry = replication.alterIsr(
    topic,
    index,
    members.map((member) => member.brokerId),
    asked.leaderRecoveryState as LeaderRecoveryState,
  );
  if (entry !== null && entry.type === 'PartitionChangeRecord') {
    records.push(entry);
    partition = mergePartitionChange(partition, entry.record);
    const { leader } = entry.record;
    // The change is made and yet answered with an error: the sender must wait for new metadata.
    if (leader !== NO_LEADER_CHANGE && leader !== sender) {
      return refused(index, ErrorCode.NEW_LEADER_ELECTED);
    }
  }
  return partitionData({
    partitionIndex: index,
    errorCode: ErrorCode.NONE,
    leaderId: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    isr: [...partition.isr],
    leaderRecoveryState: partition.leaderRecoveryState,
    partitionEpoch: partition.partitionEpoch,
  });
}
