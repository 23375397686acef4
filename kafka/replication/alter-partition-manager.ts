/**
 * Brings ISR changes to the active controller (Kafka: AlterPartitionManager): one request in
 * flight per broker, with all partitions that wait for it, and at most one change per partition.
 * It never gives up: an unknown outcome is sent again until an answer or newer metadata settles it.
 */
import { Timer } from '../base/timers.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  type AlterPartitionRequest,
  alterPartitionRequest,
  brokerState,
  partitionData,
  type TopicData,
  topicData,
} from '../wire/generated/alter-partition-request.ts';
import type { AlterPartitionResponse } from '../wire/generated/alter-partition-response.ts';
import type { IsrProposal } from './isr-state.ts';
import type { Partition } from './partition.ts';

/** A way to the active controller that finds it, and finds it again when it moves. */
export interface ControllerLink {
  /** null: no answer within the link's own time limit. */
  send<Req, Res>(api: ApiSpec<Req, Res>, body: Req, onReply: (body: Res | null) => void): void;
}

/** Wait after an error of the whole request (Kafka: 50 ms, fixed). */
const RETRY_MS = 50;

interface Item {
  readonly partition: Partition;
  readonly proposal: IsrProposal;
}

export class AlterPartitionManager {
  private readonly runtime: NodeRuntime;
  private readonly link: ControllerLink;
  private readonly brokerId: number;
  private readonly brokerEpoch: () => number;
  /** By partition name; an item stays until it is answered. */
  private readonly unanswered = new Map<string, Item>();
  private inFlight = false;
  private readonly retry: Timer;

  constructor(
    runtime: NodeRuntime,
    link: ControllerLink,
    broker: { id: number; epoch: () => number },
  ) {
    this.runtime = runtime;
    this.link = link;
    this.brokerId = broker.id;
    this.brokerEpoch = broker.epoch;
    this.retry = new Timer(() => this.propagate());
  }

  submit(partition: Partition, proposal: IsrProposal): void {
    if (this.unanswered.has(partition.name)) {
      // An older change of this partition is still unanswered: this one was not even tried.
      const refuse = () => partition.isrRefused(proposal, ErrorCode.OPERATION_NOT_ATTEMPTED);
      this.runtime.defer(refuse);
      return;
    }
    this.unanswered.set(partition.name, { partition, proposal });
    this.propagate();
  }

  private propagate(): void {
    if (this.inFlight || this.unanswered.size === 0 || this.retry.armed) return;
    this.inFlight = true;
    const items = [...this.unanswered.values()];
    this.link.send(apis.AlterPartition, this.requestFor(items), (response) => {
      this.inFlight = false;
      this.answered(items, response);
    });
  }

  private requestFor(items: readonly Item[]): AlterPartitionRequest {
    const topics = new Map<string, TopicData>();
    for (const { partition, proposal } of items) {
      let topic = topics.get(partition.topicId);
      if (topic === undefined) {
        topic = topicData({ topicName: partition.topic, topicId: partition.topicId });
        topics.set(partition.topicId, topic);
      }
      topic.partitions.push(
        partitionData({
          partitionIndex: partition.index,
          leaderEpoch: proposal.leaderEpoch,
          newIsrWithEpochs: proposal.newIsr.map((member) => brokerState(member)),
          leaderRecoveryState: 0,
          partitionEpoch: proposal.partitionEpoch,
        }),
      );
    }
    return alterPartitionRequest({
      brokerId: this.brokerId,
      brokerEpoch: this.brokerEpoch(),
      topics: [...topics.values()],
    });
  }

  private answered(items: readonly Item[], response: AlterPartitionResponse | null): void {
    if (response === null || response.errorCode !== ErrorCode.NONE) {
      this.runtime.timers.arm(this.retry, this.runtime.nowMs + RETRY_MS);
      return;
    }
    for (const item of items) this.settle(item, response);
    this.propagate();
  }

  private settle({ partition, proposal }: Item, response: AlterPartitionResponse): void {
    const topic = response.topics.find((one) => one.topicId === partition.topicId);
    const answer = topic?.partitions.find((one) => one.partitionIndex === partition.index);
    // Left out of the answer: it stays and is sent again.
    if (answer === undefined) return;
    this.unanswered.delete(partition.name);
    if (answer.errorCode === ErrorCode.NONE) partition.isrAltered(proposal, answer);
    else partition.isrRefused(proposal, answer.errorCode as ErrorCode);
  }
}
