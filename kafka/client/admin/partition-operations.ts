/** Electing leaders of partitions and moving partitions to other brokers. */
import { apis } from '../../wire/apis.ts';
import {
  alterPartitionReassignmentsRequest,
  reassignablePartition,
  reassignableTopic,
} from '../../wire/generated/alter-partition-reassignments-request.ts';
import {
  electLeadersRequest,
  topicPartitions,
} from '../../wire/generated/elect-leaders-request.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsTopics,
} from '../../wire/generated/list-partition-reassignments-request.ts';
import type { Reassignment, TopicPartition } from '../commands.ts';
import { byTopic, done, type Operation, resultOf, singleRequest, wholeError } from './operation.ts';

/** ElectionType of the protocol. */
const ELECTION_TYPES = { preferred: 0, unclean: 1 } as const;

export function electLeadersCall(
  election: 'preferred' | 'unclean',
  partitions: readonly TopicPartition[] | null,
): Operation {
  return singleRequest({
    name: 'electLeaders',
    api: apis.ElectLeaders,
    hasEffect: true,
    request: (timeoutMs) =>
      electLeadersRequest({
        electionType: ELECTION_TYPES[election],
        topicPartitions:
          partitions === null
            ? null
            : byTopic(partitions).map(([topic, ones]) =>
                topicPartitions({ topic, partitions: ones.map((one) => one.partition) }),
              ),
        timeoutMs,
      }),
    read: (response) =>
      wholeError(response.errorCode, null) ??
      done({
        kind: 'operated',
        results: response.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
          partitionResult.map((one) => resultOf(`${topic}-${one.partitionId}`, one)),
        ),
      }),
  });
}

export function alterReassignmentsCall(partitions: readonly Reassignment[]): Operation {
  const topics = byTopic(partitions).map(([name, ones]) =>
    reassignableTopic({
      name,
      partitions: ones.map(({ partition: partitionIndex, replicas }) =>
        reassignablePartition({
          partitionIndex,
          replicas: replicas === null ? null : [...replicas],
        }),
      ),
    }),
  );
  return singleRequest({
    name: 'alterReassignments',
    api: apis.AlterPartitionReassignments,
    hasEffect: true,
    request: (timeoutMs) => alterPartitionReassignmentsRequest({ topics, timeoutMs }),
    read: ({ errorCode, errorMessage, responses }) =>
      wholeError(errorCode, errorMessage) ??
      done({
        kind: 'operated',
        results: responses.flatMap(({ name, partitions: answers }) =>
          answers.map((one) => resultOf(`${name}-${one.partitionIndex}`, one)),
        ),
      }),
  });
}

export function listReassignmentsCall(partitions: readonly TopicPartition[] | null): Operation {
  const topics =
    partitions === null
      ? null
      : byTopic(partitions).map(([name, ones]) =>
          listPartitionReassignmentsTopics({
            name,
            partitionIndexes: ones.map((one) => one.partition),
          }),
        );
  return singleRequest({
    name: 'listReassignments',
    api: apis.ListPartitionReassignments,
    hasEffect: false,
    request: (timeoutMs) => listPartitionReassignmentsRequest({ topics, timeoutMs }),
    read: (response) =>
      wholeError(response.errorCode, response.errorMessage) ??
      done({
        kind: 'reassignmentsListed',
        partitions: response.topics.flatMap(({ name, partitions: ongoing }) =>
          ongoing.map((one) => ({
            topic: name,
            partition: one.partitionIndex,
            replicas: one.replicas,
            adding: one.addingReplicas,
            removing: one.removingReplicas,
          })),
        ),
      }),
  });
}
