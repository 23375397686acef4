/**
 * AlterPartitionReassignments and ListPartitionReassignments (KIP-455; Kafka:
 * ReplicationControlManager): moves partitions to other brokers, or takes such a move back.
 */
import type { MetadataImage, TopicImage } from '../metadata/image.ts';
import type { PartitionRegistration } from '../metadata/partition-registration.ts';
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import type {
  AlterPartitionReassignmentsRequest,
  ReassignablePartition,
} from '../wire/generated/alter-partition-reassignments-request.ts';
import {
  type AlterPartitionReassignmentsResponse,
  alterPartitionReassignmentsResponse,
  reassignablePartitionResponse,
  reassignableTopicResponse,
} from '../wire/generated/alter-partition-reassignments-response.ts';
import type { ListPartitionReassignmentsRequest } from '../wire/generated/list-partition-reassignments-request.ts';
import {
  type ListPartitionReassignmentsResponse,
  listPartitionReassignmentsResponse,
  type OngoingTopicReassignment,
  ongoingPartitionReassignment,
  ongoingTopicReassignment,
} from '../wire/generated/list-partition-reassignments-response.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import type { ConfigControl } from './config-control.ts';
import { type ControllerResult, type Refusal, refusal } from './controller-result.ts';
import { beginReassignment, isReassigning, revertReassignment } from './reassignment.ts';
import { badAssignment, type ReplicaAssignments } from './replica-assignments.ts';
import type { ReplicationControl } from './replication-control.ts';

export interface ReassignmentParts {
  readonly image: MetadataImage;
  readonly replication: ReplicationControl;
  readonly assignments: ReplicaAssignments;
  readonly configs: ConfigControl;
}

export function alterReassignments(
  parts: ReassignmentParts,
  request: AlterPartitionReassignmentsRequest,
): ControllerResult<AlterPartitionReassignmentsResponse> {
  const records: MetadataRecord[] = [];
  let cancels = true;
  const responses = request.topics.map(({ name, partitions }) => {
    const answers = partitions.map((wanted) => {
      const { partitionIndex } = wanted;
      if (wanted.replicas !== null) cancels = false;
      const done = alterOne(parts, name, wanted);
      if (done !== null && 'errorCode' in done) {
        return reassignablePartitionResponse({ partitionIndex, ...done });
      }
      if (done !== null) records.push(done);
      return reassignablePartitionResponse({ partitionIndex, errorMessage: null });
    });
    return reassignableTopicResponse({ name, partitions: answers });
  });
  const response = alterPartitionReassignmentsResponse({ errorMessage: null, responses });
  return { records, response, why: cancels ? 'reassignment-cancelled' : 'reassignment' };
}

/** @returns null when the partition is already as wanted. */
function alterOne(
  parts: ReassignmentParts,
  name: string,
  wanted: ReassignablePartition,
): Refusal | MetadataRecord | null {
  const index = wanted.partitionIndex;
  const topic = parts.image.topic(name);
  if (topic === undefined) {
    const message = `Unable to find a topic named ${name}.`;
    return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message);
  }
  const partition = topic.partitions[index];
  if (partition === undefined) {
    const message = `Unable to find partition ${name}:${index}.`;
    return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message);
  }
  if (wanted.replicas === null) return cancel(parts, topic, index, partition);
  const problem = parts.assignments.manualProblem(wanted.replicas, -1);
  if (problem !== null) return problem;
  const { replicas, adding, removing } = beginReassignment(partition.replicas, wanted.replicas);
  // As in Kafka, a list that comes out empty leaves that of a move under way as it is.
  return parts.replication.reassign(topic, index, {
    replicas,
    adding: adding.length > 0 ? adding : partition.addingReplicas,
    removing: removing.length > 0 ? removing : partition.removingReplicas,
  });
}

function cancel(
  { replication, configs }: ReassignmentParts,
  topic: TopicImage,
  index: number,
  partition: PartitionRegistration,
): Refusal | MetadataRecord | null {
  if (!isReassigning(partition)) {
    const errorCode = ErrorCode.NO_REASSIGNMENT_IN_PROGRESS;
    return refusal(errorCode, errorMessage(errorCode));
  }
  const back = revertReassignment(partition);
  if (back.unclean && !configs.uncleanElectionEnabled(topic.name)) {
    const what = `Unable to revert partition assignment for ${topic.name}:${index}`;
    return badAssignment(`${what} because it would require an unclean leader election.`);
  }
  return replication.revertTo(topic, index, back);
}

export function listReassignments(
  image: MetadataImage,
  request: ListPartitionReassignmentsRequest,
): ListPartitionReassignmentsResponse {
  const topics: OngoingTopicReassignment[] = [];
  const list = (topic: TopicImage, indexes: Iterable<number>): void => {
    const ongoing = ongoingIn(topic, indexes);
    if (ongoing.partitions.length > 0) topics.push(ongoing);
  };
  if (request.topics === null) {
    for (const topic of image.topicsById.values()) list(topic, topic.partitions.keys());
  } else {
    for (const { name, partitionIndexes } of request.topics) {
      const topic = image.topic(name);
      if (topic !== undefined) list(topic, partitionIndexes);
    }
  }
  return listPartitionReassignmentsResponse({ errorMessage: null, topics });
}

function ongoingIn(topic: TopicImage, indexes: Iterable<number>): OngoingTopicReassignment {
  const ongoing = ongoingTopicReassignment({ name: topic.name });
  for (const partitionIndex of indexes) {
    const partition = topic.partitions[partitionIndex];
    if (partition === undefined || !isReassigning(partition)) continue;
    ongoing.partitions.push(
      ongoingPartitionReassignment({
        partitionIndex,
        replicas: [...partition.replicas],
        addingReplicas: [...partition.addingReplicas],
        removingReplicas: [...partition.removingReplicas],
      }),
    );
  }
  return ongoing;
}
