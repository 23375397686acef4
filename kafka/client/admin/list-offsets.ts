/** ListOffsets at the leaders of many partitions: ends of logs, and offsets by time. */
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import {
  listOffsetsPartition,
  listOffsetsRequest,
  listOffsetsTopic,
} from '../../wire/generated/list-offsets-request.ts';
import type { ListOffsetsResponse } from '../../wire/generated/list-offsets-response.ts';
import type { FoundOffset, OffsetQuery } from '../group-commands.ts';
import { byTopic, done, type Operation, unanswered } from './operation.ts';
import { Tour } from './tour.ts';

/** Whoever asks is no replica. */
const CONSUMER_REPLICA_ID = -1;
const PASSING: readonly number[] = [
  ErrorCode.LEADER_NOT_AVAILABLE,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.FENCED_LEADER_EPOCH,
  ErrorCode.UNKNOWN_LEADER_EPOCH,
  ErrorCode.OFFSET_NOT_AVAILABLE,
  ErrorCode.REPLICA_NOT_AVAILABLE,
];

export function listOffsetsCall(queries: readonly OffsetQuery[]): Operation {
  const found = new Map<string, FoundOffset>();
  const byLeader = new Map<number, OffsetQuery[]>();
  let problem = '';
  const settle = (query: OffsetQuery, errorCode: number, at?: Place): void => {
    if (PASSING.includes(errorCode)) problem = errorName(errorCode);
    else found.set(nameOf(query), { ...toFound(query, at), error: errorName(errorCode) });
  };
  return new Tour({
    name: 'listOffsets',
    topics: [...new Set(queries.map(({ topic }) => topic))],
    plan: ({ topics }) => {
      byLeader.clear();
      for (const query of queries) {
        if (found.has(nameOf(query))) continue;
        const topic = topics.find(({ name }) => name === query.topic);
        const led = topic?.partitions.find((one) => one.partitionIndex === query.partition);
        const topicError = topic?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        if (topicError !== ErrorCode.NONE) settle(query, topicError);
        else if (led === undefined) settle(query, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        else if (led.leaderId < 0) settle(query, ErrorCode.LEADER_NOT_AVAILABLE);
        else byLeader.set(led.leaderId, [...(byLeader.get(led.leaderId) ?? []), query]);
      }
      return [...byLeader.keys()].sort((a, b) => a - b);
    },
    visit: (broker, channel, { timeoutMs }, ended) => {
      const asked = byLeader.get(broker) ?? [];
      const request = listOffsetsRequest({
        replicaId: CONSUMER_REPLICA_ID,
        topics: toTopics(asked),
        timeoutMs,
      });
      const onReply = (reply: RpcReply<ListOffsetsResponse>): void => {
        if (reply.kind !== 'response') return ended(unanswered(reply, false));
        for (const query of asked) {
          const answer = answerTo(reply.body, query);
          settle(query, answer?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, answer);
        }
        ended({ kind: 'next' });
      };
      channel.send(apis.ListOffsets, request, onReply, { timeoutMs });
    },
    finish: () => {
      const partitions = queries.map((query) => found.get(nameOf(query)));
      const complete = partitions.filter((one) => one !== undefined);
      if (complete.length === queries.length) {
        return done({ kind: 'offsetsListed', partitions: complete });
      }
      return { kind: 'retry', problem, mayHaveHappened: false };
    },
  });
}

type Place = { readonly offset: number; readonly timestamp: number };

/** A partition may be asked about several times. */
function nameOf({ topic, partition, timestampMs }: OffsetQuery): string {
  return `${topic}-${partition}@${timestampMs}`;
}

function toFound({ topic, partition }: OffsetQuery, at: Place | undefined) {
  return { topic, partition, offset: at?.offset ?? -1, timestampMs: at?.timestamp ?? -1 };
}

function toTopics(queries: readonly OffsetQuery[]) {
  return byTopic(queries).map(([name, ones]) =>
    listOffsetsTopic({
      name,
      partitions: ones.map((one) =>
        listOffsetsPartition({ partitionIndex: one.partition, timestamp: one.timestampMs }),
      ),
    }),
  );
}

function answerTo({ topics }: ListOffsetsResponse, { topic, partition }: OffsetQuery) {
  const answered = topics.find(({ name }) => name === topic);
  return answered?.partitions.find((one) => one.partitionIndex === partition);
}
