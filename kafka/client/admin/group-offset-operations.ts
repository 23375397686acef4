/** The committed offsets of a group: reading, setting and deleting them, at its coordinator. */
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import {
  offsetCommitRequest,
  offsetCommitRequestPartition,
  offsetCommitRequestTopic,
} from '../../wire/generated/offset-commit-request.ts';
import {
  offsetDeleteRequest,
  offsetDeleteRequestTopic,
} from '../../wire/generated/offset-delete-request.ts';
import {
  offsetFetchRequest,
  offsetFetchRequestGroup,
} from '../../wire/generated/offset-fetch-request.ts';
import type { OffsetFetchResponse } from '../../wire/generated/offset-fetch-response.ts';
import type { TopicPartition } from '../commands.ts';
import type { GroupOffset } from '../group-commands.ts';
import { CoordinatorOperation, coordinatorError, refusal } from './coordinator-operation.ts';
import { byTopic, done, type Operation, resultOf, type Verdict } from './operation.ts';

/** The first version that asks for several groups at once. */
const BATCHED_OFFSET_FETCH = 8;

export function listGroupOffsetsCall(group: string): Operation {
  return new CoordinatorOperation({
    name: 'listGroupOffsets',
    group,
    api: apis.OffsetFetch,
    hasEffect: false,
    request: (version) =>
      version >= BATCHED_OFFSET_FETCH
        ? offsetFetchRequest({
            groups: [offsetFetchRequestGroup({ groupId: group, topics: null })],
          })
        : offsetFetchRequest({ groupId: group, topics: null }),
    read: readOffsets,
  });
}

function readOffsets(response: OffsetFetchResponse): Verdict {
  const { errorCode, topics } = response.groups[0] ?? response;
  if (errorCode !== ErrorCode.NONE) return coordinatorError(errorCode) ?? refusal(errorCode);
  const offsets: GroupOffset[] = [];
  for (const { name: topic, partitions } of topics) {
    for (const one of partitions) {
      if (one.errorCode !== ErrorCode.NONE) {
        return coordinatorError(one.errorCode) ?? refusal(one.errorCode);
      }
      if (one.committedOffset < 0) continue;
      offsets.push({
        topic,
        partition: one.partitionIndex,
        offset: one.committedOffset,
        leaderEpoch: one.committedLeaderEpoch,
        metadata: one.metadata ?? '',
      });
    }
  }
  return done({ kind: 'groupOffsetsListed', offsets });
}

/** As a consumer outside the group's generations: refused while the group has members. */
export function alterGroupOffsetsCall(group: string, offsets: readonly GroupOffset[]): Operation {
  const topics = byTopic(offsets).map(([name, ones]) =>
    offsetCommitRequestTopic({
      name,
      partitions: ones.map((one) =>
        offsetCommitRequestPartition({
          partitionIndex: one.partition,
          committedOffset: one.offset,
          committedLeaderEpoch: one.leaderEpoch,
          committedMetadata: one.metadata,
        }),
      ),
    }),
  );
  return new CoordinatorOperation({
    name: 'alterGroupOffsets',
    group,
    api: apis.OffsetCommit,
    hasEffect: true,
    request: () => offsetCommitRequest({ groupId: group, topics }),
    read: (response) => readPartitions(response.topics),
  });
}

export function deleteGroupOffsetsCall(
  group: string,
  partitions: readonly TopicPartition[],
): Operation {
  const topics = byTopic(partitions).map(([name, ones]) =>
    offsetDeleteRequestTopic({
      name,
      partitions: ones.map((one) => ({ partitionIndex: one.partition })),
    }),
  );
  return new CoordinatorOperation({
    name: 'deleteGroupOffsets',
    group,
    api: apis.OffsetDelete,
    hasEffect: true,
    request: () => offsetDeleteRequest({ groupId: group, topics }),
    read: ({ errorCode, topics: answers }) => {
      if (errorCode === ErrorCode.NONE) return readPartitions(answers);
      return coordinatorError(errorCode) ?? refusal(errorCode);
    },
  });
}

function readPartitions(
  topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[],
): Verdict {
  const answers = topics.flatMap(({ name, partitions }) =>
    partitions.map((one) => ({ name: `${name}-${one.partitionIndex}`, ...one })),
  );
  for (const { errorCode } of answers) {
    const passing = coordinatorError(errorCode);
    if (passing !== null) return passing;
  }
  const results = answers.map(({ name, errorCode }) =>
    resultOf(name, { errorCode, errorMessage: null }),
  );
  return done({ kind: 'operated', results });
}
