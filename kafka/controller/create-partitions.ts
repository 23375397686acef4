/**
 * CreatePartitions (Kafka: ReplicationControlManager.createPartitions): the count only grows, and
 * the new partitions have as many replicas as partition 0.
 */
import type { MetadataImage } from '../metadata/image.ts';
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import type {
  CreatePartitionsRequest,
  CreatePartitionsTopic,
} from '../wire/generated/create-partitions-request.ts';
import {
  type CreatePartitionsResponse,
  type CreatePartitionsTopicResult,
  createPartitionsResponse,
  createPartitionsTopicResult,
} from '../wire/generated/create-partitions-response.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import {
  type ControllerResult,
  MAX_RECORDS_PER_OPERATION,
  type Refusal,
  refusal,
} from './controller-result.ts';
import { type Assignment, badAssignment, type ReplicaAssignments } from './replica-assignments.ts';

export function createPartitions(
  image: MetadataImage,
  assignments: ReplicaAssignments,
  request: CreatePartitionsRequest,
): ControllerResult<CreatePartitionsResponse> {
  const records: MetadataRecord[] = [];
  const results: CreatePartitionsTopicResult[] = [];
  const names = request.topics.map((topic) => topic.name);
  for (const [place, topic] of request.topics.entries()) {
    const { name } = topic;
    if (names.indexOf(name) !== place) continue;
    const made =
      names.lastIndexOf(name) === place
        ? grow(image, assignments, topic, MAX_RECORDS_PER_OPERATION - records.length)
        : refusal(ErrorCode.INVALID_REQUEST, 'Duplicate topic name.');
    if ('errorCode' in made) results.push(createPartitionsTopicResult({ name, ...made }));
    else {
      for (const record of made) records.push(record);
      results.push(createPartitionsTopicResult({ name }));
    }
  }
  const response = createPartitionsResponse({ results });
  return { records: request.validateOnly ? [] : records, response, why: 'created' };
}

function grow(
  image: MetadataImage,
  assignments: ReplicaAssignments,
  wanted: CreatePartitionsTopic,
  maxRecords: number,
): Refusal | MetadataRecord[] {
  const topic = image.topic(wanted.name);
  if (topic === undefined) {
    const unknown = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    return refusal(unknown, errorMessage(unknown));
  }
  const count = topic.partitions.length;
  if (wanted.count === count) {
    return refusal(ErrorCode.INVALID_PARTITIONS, `Topic already has ${count} partition(s).`);
  }
  if (wanted.count < count) {
    const has = `The topic ${wanted.name} currently has ${count} partition(s)`;
    const message = `${has}; ${wanted.count} would not be an increase.`;
    return refusal(ErrorCode.INVALID_PARTITIONS, message);
  }
  const additional = wanted.count - count;
  if (additional > maxRecords) {
    const message = 'Unable to perform excessively large batch operation.';
    return refusal(ErrorCode.POLICY_VIOLATION, message);
  }
  const factor = topic.partitions[0]?.replicas.length ?? 0;
  const assignment = assign(assignments, wanted, additional, factor);
  if ('errorCode' in assignment) return assignment;
  return assignments.partitionRecords(topic.id, count, assignment);
}

function assign(
  assignments: ReplicaAssignments,
  wanted: CreatePartitionsTopic,
  additional: number,
  factor: number,
): Refusal | Assignment {
  const given = wanted.assignments;
  if (given === null) return assignments.place(additional, factor);
  if (given.length !== additional) {
    const only = `but only ${given.length} assignment(s) were specified.`;
    return badAssignment(`Attempted to add ${additional} additional partition(s), ${only}`);
  }
  for (const { brokerIds } of given) {
    const problem = assignments.manualProblem(brokerIds, factor);
    if (problem !== null) return problem;
  }
  return { replicas: given.map(({ brokerIds }) => brokerIds), manual: true };
}
