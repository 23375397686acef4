/**
 * Finds and confirms positions with the leaders: ListOffsets where a position must be reset,
 * OffsetForLeaderEpoch where a new leader must confirm it (Kafka: OffsetFetcher,
 * OffsetsForLeaderEpochUtils; KIP-320).
 */
import type { RandomStream } from '../../host.ts';
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import {
  listOffsetsPartition,
  listOffsetsRequest,
  listOffsetsTopic,
} from '../../wire/generated/list-offsets-request.ts';
import type { ListOffsetsResponse } from '../../wire/generated/list-offsets-response.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderPartition,
  offsetForLeaderTopic,
} from '../../wire/generated/offset-for-leader-epoch-request.ts';
import type {
  EpochEndOffset,
  OffsetForLeaderEpochResponse,
} from '../../wire/generated/offset-for-leader-epoch-response.ts';
import { backoffMs } from '../backoff.ts';
import type { BrokerConnection } from '../broker-connections.ts';
import type { ClientCore } from '../client-core.ts';
import type { ConsumerSettings } from './consumer-settings.ts';
import type { PartitionState } from './partition-state.ts';

const LATEST_TIMESTAMP = -1;
const EARLIEST_TIMESTAMP = -2;
/** OffsetForLeaderEpoch tells consumers from followers by it. */
const CONSUMER_REPLICA_ID = -1;

/** Where a validation was asked for; its answer counts only while the position is still this. */
interface Asked {
  readonly partition: PartitionState;
  readonly offset: number;
  readonly offsetEpoch: number;
  readonly leaderEpoch: number;
}

export class OffsetRequests {
  private readonly core: ClientCore;
  private readonly settings: ConsumerSettings;
  private readonly isAssigned: (partition: PartitionState) => boolean;
  private readonly onAnswer: () => void;
  private readonly random: RandomStream;

  constructor(
    core: ClientCore,
    settings: ConsumerSettings,
    isAssigned: (partition: PartitionState) => boolean,
    onAnswer: () => void,
  ) {
    this.core = core;
    this.settings = settings;
    this.isAssigned = isAssigned;
    this.onAnswer = onAnswer;
    this.random = core.runtime.host.random.stream('offset-backoff');
  }

  /** Asks for what the partitions need, where that may be asked now. */
  send(partitions: Iterable<PartitionState>): void {
    const { nowMs } = this.core.runtime;
    const resets = new Map<BrokerConnection, PartitionState[]>();
    const validations = new Map<BrokerConnection, PartitionState[]>();
    for (const partition of partitions) {
      if (partition.state === 'fetching' || partition.requestAtMs > nowMs) continue;
      if (partition.state === 'initializing' && !this.initialize(partition)) continue;
      const connection = this.leaderOf(partition, nowMs);
      if (connection === null) continue;
      const groups = partition.state === 'awaiting-reset' ? resets : validations;
      const group = groups.get(connection);
      if (group === undefined) groups.set(connection, [partition]);
      else group.push(partition);
    }
    for (const [connection, group] of resets) this.sendReset(connection, group);
    for (const [connection, group] of validations) this.sendValidation(connection, group);
  }

  /** Without a committed offset, or a group to commit any, it starts where the policy says. */
  private initialize(partition: PartitionState): boolean {
    if (this.settings.group !== null && !partition.hasNoCommitted) return false;
    if (this.settings.autoOffsetReset === 'none') {
      const message = `no position for ${partition.name} and no reset policy`;
      partition.error ??= { error: 'NoOffsetForPartitionException', message };
      return false;
    }
    partition.requestReset();
    return true;
  }

  private leaderOf(partition: PartitionState, nowMs: number): BrokerConnection | null {
    const broker = this.core.metadata.broker(partition.leaderId);
    if (broker === undefined) {
      this.core.updater.requestUpdate();
      return null;
    }
    const connection = this.core.connections.to(broker);
    if (connection.channel.ready) return connection;
    connection.connect(nowMs);
    return null;
  }

  private sendReset(connection: BrokerConnection, partitions: readonly PartitionState[]): void {
    const timestamp =
      this.settings.autoOffsetReset === 'earliest' ? EARLIEST_TIMESTAMP : LATEST_TIMESTAMP;
    const topics = groupByTopic(
      partitions,
      (name) => listOffsetsTopic({ name, partitions: [] }),
      (topic, one) =>
        topic.partitions.push(
          listOffsetsPartition({
            partitionIndex: one.partition,
            currentLeaderEpoch: one.leaderEpoch,
            timestamp,
          }),
        ),
    );
    this.holdBack(partitions);
    const { requestTimeoutMs } = this.settings;
    const request = listOffsetsRequest({ replicaId: -1, topics, timeoutMs: requestTimeoutMs });
    connection.channel.send(apis.ListOffsets, request, (reply) =>
      this.resetAnswered(reply, partitions),
    );
  }

  private resetAnswered(
    reply: RpcReply<ListOffsetsResponse>,
    partitions: readonly PartitionState[],
  ): void {
    for (const partition of partitions) {
      if (!this.isAssigned(partition) || partition.state !== 'awaiting-reset') continue;
      const answer =
        reply.kind === 'response'
          ? reply.body.topics
              .find(({ name }) => name === partition.topic)
              ?.partitions.find(({ partitionIndex }) => partitionIndex === partition.partition)
          : undefined;
      if (answer?.errorCode === ErrorCode.NONE && answer.offset >= 0) {
        partition.seek(answer.offset, 'reset');
      } else this.retryLater(partition);
    }
    this.onAnswer();
  }

  private sendValidation(connection: BrokerConnection, partitions: PartitionState[]): void {
    const asked: Asked[] = partitions.map((partition) => {
      const { offset, offsetEpoch, leaderEpoch } = partition;
      return { partition, offset, offsetEpoch, leaderEpoch };
    });
    const topics = groupByTopic(
      partitions,
      (topic) => offsetForLeaderTopic({ topic, partitions: [] }),
      (topic, one) =>
        topic.partitions.push(
          offsetForLeaderPartition({
            partition: one.partition,
            currentLeaderEpoch: one.leaderEpoch,
            leaderEpoch: one.offsetEpoch,
          }),
        ),
    );
    this.holdBack(partitions);
    const request = offsetForLeaderEpochRequest({ replicaId: CONSUMER_REPLICA_ID, topics });
    connection.channel.send(apis.OffsetForLeaderEpoch, request, (reply) =>
      this.validationAnswered(reply, asked),
    );
  }

  private validationAnswered(
    reply: RpcReply<OffsetForLeaderEpochResponse>,
    asked: readonly Asked[],
  ): void {
    for (const one of asked) {
      const { partition } = one;
      if (!this.isAssigned(partition) || !isStillThere(one)) continue;
      // A broker without this API cannot be asked: trust the position.
      if (reply.kind === 'unsupported') {
        partition.completeValidation();
        continue;
      }
      const answer =
        reply.kind === 'response'
          ? reply.body.topics
              .find(({ topic }) => topic === partition.topic)
              ?.partitions.find((end) => end.partition === partition.partition)
          : undefined;
      if (answer?.errorCode === ErrorCode.NONE) this.settle(partition, answer);
      else this.retryLater(partition);
    }
    this.onAnswer();
  }

  /** An end before the position means that records read before are no longer in the log. */
  private settle(partition: PartitionState, { leaderEpoch, endOffset }: EpochEndOffset): void {
    const isUndefined = leaderEpoch < 0 || endOffset < 0;
    if (!isUndefined && endOffset >= partition.offset) {
      partition.completeValidation();
      return;
    }
    if (this.settings.autoOffsetReset === 'none') {
      const end = isUndefined ? 'before any epoch it knows' : `at offset ${endOffset}`;
      const position = `${partition.name} at offset ${partition.offset}`;
      const message = `${position}: the log was truncated, it diverges ${end}`;
      partition.error = { error: 'LogTruncationException', message };
      this.backOff(partition);
    } else if (isUndefined) partition.requestReset();
    else partition.truncateTo(endOffset, leaderEpoch);
  }

  /** While a request is in flight the partition is not asked about again. */
  private holdBack(partitions: readonly PartitionState[]): void {
    const atMs = this.core.runtime.nowMs + this.settings.requestTimeoutMs;
    for (const partition of partitions) partition.requestAtMs = atMs;
  }

  private retryLater(partition: PartitionState): void {
    this.backOff(partition);
    this.core.updater.requestUpdate();
  }

  private backOff(partition: PartitionState): void {
    const { retryBackoffMs, retryBackoffMaxMs } = this.settings;
    const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, 0, this.random);
    partition.requestAtMs = this.core.runtime.nowMs + waitMs;
  }
}

function isStillThere({ partition, offset, offsetEpoch, leaderEpoch }: Asked): boolean {
  return (
    partition.state === 'awaiting-validation' &&
    partition.offset === offset &&
    partition.offsetEpoch === offsetEpoch &&
    partition.leaderEpoch === leaderEpoch
  );
}

function groupByTopic<Topic>(
  partitions: readonly PartitionState[],
  make: (name: string) => Topic,
  add: (topic: Topic, partition: PartitionState) => void,
): Topic[] {
  const byName = new Map<string, Topic>();
  for (const partition of partitions) {
    let topic = byName.get(partition.topic);
    if (topic === undefined) {
      topic = make(partition.topic);
      byName.set(partition.topic, topic);
    }
    add(topic, partition);
  }
  return [...byName.values()];
}
