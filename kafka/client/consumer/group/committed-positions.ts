/**
 * Where a consumer that has just been given a partition begins: where its group stands (Kafka:
 * ConsumerCoordinator.refreshCommittedOffsetsIfNeeded). Only where nothing is committed does
 * auto.offset.reset decide.
 */
import type { RandomStream } from '../../../host.ts';
import type { RpcReply } from '../../../rpc/rpc-channel.ts';
import { apis } from '../../../wire/apis.ts';
import { ErrorCode, errorMessage, errorName, isRetriable } from '../../../wire/errors.ts';
import {
  offsetFetchRequest,
  offsetFetchRequestGroup,
  offsetFetchRequestTopic,
  offsetFetchRequestTopics,
} from '../../../wire/generated/offset-fetch-request.ts';
import type { OffsetFetchResponse } from '../../../wire/generated/offset-fetch-response.ts';
import { backoffMs } from '../../backoff.ts';
import type { ClientCore } from '../../client-core.ts';
import type { TopicPartition } from '../../commands.ts';
import { byTopic } from '../assignors/by-topic.ts';
import type { ConsumerError, PartitionState } from '../partition-state.ts';
import type { CoordinatorLink } from './coordinator-link.ts';

export interface CommittedPosition extends TopicPartition {
  /** -1: nothing is committed. */
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export type CommittedAnswer =
  | { readonly kind: 'told'; readonly positions: readonly CommittedPosition[] }
  | { readonly kind: 'again' }
  | { readonly kind: 'failed'; readonly error: ConsumerError };

/** Several groups in one request come with this version. */
const FIRST_WITH_GROUPS = 8;
const FIRST_WITH_STABLE = 7;

export class CommittedPositions {
  private readonly core: ClientCore;
  private readonly groupId: string;
  private readonly link: CoordinatorLink;
  private readonly random: RandomStream;
  private inFlight = false;
  private failures = 0;

  constructor(core: ClientCore, groupId: string, link: CoordinatorLink) {
    this.core = core;
    this.groupId = groupId;
    this.link = link;
    this.random = core.runtime.host.random.stream('committed-backoff');
  }

  /**
   * Asks for partitions that have no position yet, one request at a time.
   * @param isAssigned whether a partition is still read by this consumer
   */
  look(
    partitions: readonly PartitionState[],
    isAssigned: (partition: PartitionState) => boolean,
    onAnswer: () => void,
  ): void {
    if (this.inFlight) return;
    const { nowMs } = this.core.runtime;
    const wanted = partitions.filter(
      (one) => one.state === 'initializing' && !one.hasNoCommitted && one.requestAtMs <= nowMs,
    );
    if (wanted.length === 0) return;
    if (!this.link.isReady) return this.link.look();
    this.inFlight = true;
    this.ask(wanted, (answer) => {
      this.inFlight = false;
      for (const partition of wanted) {
        if (!isAssigned(partition) || partition.state !== 'initializing') continue;
        this.settle(partition, answer);
      }
      onAnswer();
    });
  }

  private settle(partition: PartitionState, answer: CommittedAnswer): void {
    if (answer.kind === 'again') {
      const { retryBackoffMs, retryBackoffMaxMs } = this.core.settings;
      const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, this.failures, this.random);
      partition.requestAtMs = this.core.runtime.nowMs + waitMs;
      return;
    }
    if (answer.kind === 'failed') {
      partition.error ??= answer.error;
      return;
    }
    const { topic, partition: index } = partition;
    const told = answer.positions.find((one) => one.topic === topic && one.partition === index);
    if (told === undefined || told.offset < 0) partition.hasNoCommitted = true;
    else {
      const { metadata, runtime } = this.core;
      const leader = metadata.partition(topic, index);
      partition.startAt(told, leader, runtime.rules.consumerPosition);
    }
  }

  /** For an application that asks; tried again until `timeoutMs` have passed. */
  askWithin(
    timeoutMs: number,
    partitions: readonly TopicPartition[],
    done: (answer: CommittedAnswer) => void,
  ): void {
    const { runtime, settings } = this.core;
    const deadlineMs = runtime.nowMs + timeoutMs;
    const attempt = (): void => {
      if (this.link.isReady) this.ask(partitions, take);
      else {
        this.link.look();
        take({ kind: 'again' });
      }
    };
    const take = (answer: CommittedAnswer): void => {
      if (answer.kind !== 'again') return done(answer);
      if (this.link.error !== null) return done({ kind: 'failed', error: this.link.error });
      const { retryBackoffMs, retryBackoffMaxMs } = settings;
      const waitMs = Math.max(1, backoffMs(retryBackoffMs, retryBackoffMaxMs, 0, this.random));
      const message = 'nobody told in time what is committed';
      const error = { error: 'TimeoutException', message };
      if (runtime.nowMs + waitMs > deadlineMs) return done({ kind: 'failed', error });
      runtime.timers.at(runtime.nowMs + waitMs, attempt);
    };
    attempt();
  }

  /** The coordinator must be ready. */
  private ask(
    partitions: readonly TopicPartition[],
    done: (answer: CommittedAnswer) => void,
  ): void {
    const { trace } = this.core.runtime.host;
    const { groupId } = this;
    for (const one of partitions) {
      trace.emit('committed.asked', groupId, `${one.topic}-${one.partition}`);
    }
    const topics = byTopic(partitions).map(({ topic: name, partitions: partitionIndexes }) => ({
      name,
      partitionIndexes,
    }));
    const hasGroups = this.link.versionOf(apis.OffsetFetch) >= FIRST_WITH_GROUPS;
    const request = hasGroups
      ? offsetFetchRequest({
          groups: [
            offsetFetchRequestGroup({
              groupId,
              topics: topics.map((one) => offsetFetchRequestTopics(one)),
            }),
          ],
          requireStable: true,
        })
      : offsetFetchRequest({
          groupId,
          topics: topics.map((one) => offsetFetchRequestTopic(one)),
          requireStable: this.link.versionOf(apis.OffsetFetch) >= FIRST_WITH_STABLE,
        });
    const sent = this.link.send(apis.OffsetFetch, request, (reply) => done(this.answered(reply)));
    if (!sent) this.core.runtime.defer(() => done({ kind: 'again' }));
  }

  private answered(reply: RpcReply<OffsetFetchResponse>): CommittedAnswer {
    const answer = this.read(reply);
    if (answer.kind === 'again') this.failures += 1;
    else this.failures = 0;
    if (answer.kind !== 'told') return answer;
    const { trace } = this.core.runtime.host;
    for (const { topic, partition, offset } of answer.positions) {
      trace.emit('committed.told', this.groupId, `${topic}-${partition}`, offset);
    }
    return answer;
  }

  private read(reply: RpcReply<OffsetFetchResponse>): CommittedAnswer {
    if (reply.kind !== 'response') return { kind: 'again' };
    const ofGroup = reply.apiVersion >= FIRST_WITH_GROUPS ? reply.body.groups[0] : reply.body;
    if (ofGroup === undefined) return { kind: 'again' };
    const topError = ofGroup.errorCode;
    if (topError !== ErrorCode.NONE) return this.refused(topError);
    const positions: CommittedPosition[] = [];
    for (const { name: topic, partitions } of ofGroup.topics) {
      for (const one of partitions) {
        if (one.errorCode !== ErrorCode.NONE) return this.refused(one.errorCode);
        positions.push({
          topic,
          partition: one.partitionIndex,
          offset: one.committedOffset,
          leaderEpoch: one.committedLeaderEpoch,
          metadata: one.metadata ?? '',
        });
      }
    }
    return { kind: 'told', positions };
  }

  private refused(code: ErrorCode): CommittedAnswer {
    if (code === ErrorCode.NOT_COORDINATOR || code === ErrorCode.COORDINATOR_NOT_AVAILABLE) {
      this.link.markUnknown();
    }
    const again = isRetriable(code) && code !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    if (again) return { kind: 'again' };
    return { kind: 'failed', error: { error: errorName(code), message: errorMessage(code) } };
  }
}
