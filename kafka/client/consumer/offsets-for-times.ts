/**
 * From which offsets on the records are at least so young (Kafka: KafkaConsumer.offsetsForTimes,
 * OffsetFetcher): ListOffsets by time, asked of each partition's leader and again where leaders
 * have moved, until all have told or the time is up.
 */
import { Timer } from '../../base/timers.ts';
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import {
  listOffsetsPartition,
  listOffsetsRequest,
  listOffsetsTopic,
} from '../../wire/generated/list-offsets-request.ts';
import type { ListOffsetsResponse } from '../../wire/generated/list-offsets-response.ts';
import type { BrokerConnection } from '../broker-connections.ts';
import type { ClientCore } from '../client-core.ts';
import type { TopicPartition } from '../commands.ts';

interface Asked extends TopicPartition {
  readonly timestampMs: number;
  /** null: not told yet. */
  offset: number | null;
}

export type OffsetsForTimesAnswer = readonly (TopicPartition & { readonly offset: number })[];

/** @param done gets null when somebody did not tell in time */
export function offsetsForTimes(
  core: ClientCore,
  partitions: readonly (TopicPartition & { readonly timestampMs: number })[],
  timeoutMs: number,
  done: (answer: OffsetsForTimesAnswer | null) => void,
): void {
  const { runtime, settings } = core;
  const asked = partitions.map((one): Asked => ({ ...one, offset: null }));
  const deadlineMs = runtime.nowMs + timeoutMs;
  let inFlight = 0;
  let ended = false;
  const end = (answer: OffsetsForTimesAnswer | null): void => {
    if (ended) return;
    ended = true;
    runtime.timers.cancel(timer);
    done(answer);
  };
  const look = (): void => {
    if (ended || inFlight > 0) return;
    const open = asked.filter((one) => one.offset === null);
    if (open.length === 0) {
      const told = asked.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
      return end(told as OffsetsForTimesAnswer);
    }
    if (runtime.nowMs >= deadlineMs) return end(null);
    for (const [connection, group] of byLeader(core, open)) {
      inFlight += 1;
      ask(connection, group, (reply) => {
        inFlight -= 1;
        take(core, reply, group);
        look();
      });
    }
    const nextMs = runtime.nowMs + Math.max(1, settings.retryBackoffMs);
    runtime.timers.arm(timer, Math.min(nextMs, deadlineMs));
  };
  const timer = new Timer(look);
  for (const { topic } of asked) core.updater.addTopic(topic);
  look();
}

function byLeader(core: ClientCore, open: readonly Asked[]): Map<BrokerConnection, Asked[]> {
  const groups = new Map<BrokerConnection, Asked[]>();
  for (const one of open) {
    const leader = core.metadata.partition(one.topic, one.partition)?.leader ?? -1;
    const broker = core.metadata.broker(leader);
    if (broker === undefined) {
      core.updater.requestUpdate();
      continue;
    }
    const connection = core.connections.to(broker);
    if (!connection.channel.ready) {
      connection.connect(core.runtime.nowMs);
      continue;
    }
    const group = groups.get(connection);
    if (group === undefined) groups.set(connection, [one]);
    else group.push(one);
  }
  return groups;
}

function ask(
  connection: BrokerConnection,
  group: readonly Asked[],
  onReply: (reply: RpcReply<ListOffsetsResponse>) => void,
): void {
  const topics = group.map(({ topic: name, partition: partitionIndex, timestampMs: timestamp }) =>
    listOffsetsTopic({ name, partitions: [listOffsetsPartition({ partitionIndex, timestamp })] }),
  );
  const request = listOffsetsRequest({ replicaId: -1, topics });
  connection.channel.send(apis.ListOffsets, request, onReply);
}

function take(
  core: ClientCore,
  reply: RpcReply<ListOffsetsResponse>,
  group: readonly Asked[],
): void {
  const topics = reply.kind === 'response' ? reply.body.topics : [];
  for (const one of group) {
    const told = topics
      .filter(({ name }) => name === one.topic)
      .flatMap(({ partitions }) => partitions)
      .find(({ partitionIndex }) => partitionIndex === one.partition);
    if (told?.errorCode === ErrorCode.NONE) one.offset = told.offset;
    else core.updater.requestUpdate();
  }
}
