/**
 * Drives a Controller over a metadata log in memory: committed by hand or at once, a manual
 * clock, and helpers that ask as brokers do.
 */
import type { Timers } from '../../../kafka/base/timers.ts';
import type { Uuid } from '../../../kafka/base/uuid.ts';
import { brokerConfigs } from '../../../kafka/config/broker.ts';
import { parseConfig } from '../../../kafka/config/parse.ts';
import { ConfigOperation } from '../../../kafka/controller/alter-configs.ts';
import { Controller, type ControllerLog } from '../../../kafka/controller/controller.ts';
import type { ControllerResult } from '../../../kafka/controller/controller-result.ts';
import { operatorApi } from '../../../kafka/controller/operator-apis.ts';
import type { Host, RandomStream } from '../../../kafka/host.ts';
import { applyBatch } from '../../../kafka/metadata/apply-batch.ts';
import { supportedFeatures } from '../../../kafka/metadata/features.ts';
import { ConfigResourceType, MetadataImage } from '../../../kafka/metadata/image.ts';
import type { PartitionRegistration } from '../../../kafka/metadata/partition-registration.ts';
import type { MetadataBatch } from '../../../kafka/raft/metadata-batches.ts';
import type { RaftListener } from '../../../kafka/raft/raft-client.ts';
import { NodeRuntime } from '../../../kafka/rpc/node-runtime.ts';
import { type ApiSpec, apis } from '../../../kafka/wire/apis.ts';
import { alterPartitionRequest } from '../../../kafka/wire/generated/alter-partition-request.ts';
import { brokerHeartbeatRequest } from '../../../kafka/wire/generated/broker-heartbeat-request.ts';
import type { BrokerHeartbeatResponse } from '../../../kafka/wire/generated/broker-heartbeat-response.ts';
import { brokerRegistrationRequest } from '../../../kafka/wire/generated/broker-registration-request.ts';
import type { BrokerRegistrationResponse } from '../../../kafka/wire/generated/broker-registration-response.ts';
import {
  type CreatableTopic,
  creatableTopic,
  createTopicsRequest,
} from '../../../kafka/wire/generated/create-topics-request.ts';
import type { CreatableTopicResult } from '../../../kafka/wire/generated/create-topics-response.ts';
import {
  type AlterableConfig,
  incrementalAlterConfigsRequest,
} from '../../../kafka/wire/generated/incremental-alter-configs-request.ts';
import type { MetadataRecord } from '../../../kafka/wire/metadata-records.ts';

export const CLUSTER_ID = 'clusterForUnitTests_AA';

export function streamOf(seed: number): RandomStream {
  let state = seed >>> 0;
  const uint32 = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  return {
    uint32,
    int: (min, max) => min + ((uint32() >>> 8) % (max - min + 1)),
    bytes: (count) => Uint8Array.from({ length: count }, () => uint32() >>> 24),
  };
}

/** Of a topic or of a broker, '' for all brokers. */
export interface ConfigChange {
  topic?: string;
  broker?: string;
  set?: Record<string, string>;
  delete?: string[];
  append?: Record<string, string>;
  raw?: AlterableConfig[];
}

class MemoryLog implements ControllerLog {
  readonly batches: MetadataBatch[] = [];
  nextOffset = 1;
  highWatermark = 1;

  append(records: readonly MetadataRecord[]): number {
    const baseOffset = this.nextOffset;
    this.nextOffset += records.length;
    const lastOffset = this.nextOffset - 1;
    this.batches.push({
      baseOffset,
      lastOffset,
      epoch: 1,
      appendTimestampMs: 0,
      sizeBytes: 0,
      records,
    });
    return lastOffset;
  }

  readonly isLeader = true;

  upgradeKRaftVersion(): string | null {
    return 'not in memory';
  }

  /** Committed batches from `offset` on. */
  committed(offset: number): MetadataBatch[] {
    return this.batches.filter(
      (batch) => batch.baseOffset >= offset && batch.lastOffset < this.highWatermark,
    );
  }

  redeliver(listener: RaftListener): void {
    const batches = this.committed(0);
    if (batches.length > 0) listener.committed(batches);
  }
}

export interface TracedEvent {
  readonly kind: string;
  readonly fields: readonly (string | number)[];
}

export class ControllerDriver {
  nowMs = 0;
  readonly log: MemoryLog;
  readonly controller: Controller;
  readonly events: TracedEvent[] = [];
  readonly runtime: NodeRuntime;
  /** Commit what is written as soon as it is written. */
  autoCommit = true;
  /** The controller has everything that is committed below. */
  private delivered = 0;
  private readonly epochs = new Map<number, number>();

  constructor(config: Record<string, string> = {}, log = new MemoryLog()) {
    const streams = new Map<string, RandomStream>();
    const host = {
      clock: { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs },
      random: {
        stream: (label: string) => {
          const stream = streams.get(label) ?? streamOf(label.length);
          streams.set(label, stream);
          return stream;
        },
      },
      trace: {
        emit: (kind: string, ...fields: (string | number)[]) => this.events.push({ kind, fields }),
      },
    } as unknown as Host;
    this.runtime = new NodeRuntime(host);
    const node = parseConfig(brokerConfigs, config, { at: 'test' });
    this.controller = new Controller({ runtime: this.runtime, node, clusterId: CLUSTER_ID });
    this.log = log;
    this.controller.attach(log);
    log.redeliver(this.controller);
    this.delivered = log.highWatermark;
    this.controller.leaderChanged({ id: -1, epoch: 1, address: { host: 'controller', port: 1 } });
    this.settle();
  }

  /** Another process on the same log. */
  restarted(config: Record<string, string> = {}): ControllerDriver {
    return new ControllerDriver(config, this.log);
  }

  get image(): MetadataImage {
    return this.controller.image;
  }

  /** An image built from the log alone. */
  replayed(): MetadataImage {
    const image = new MetadataImage();
    for (const batch of this.log.batches) applyBatch(image, batch, null);
    return image;
  }

  commit(): void {
    this.log.highWatermark = this.log.nextOffset;
    const batches = this.log.committed(this.delivered);
    this.delivered = this.log.highWatermark;
    if (batches.length > 0) this.controller.committed(batches);
  }

  private settle(): void {
    if (this.autoCommit) this.commit();
  }

  advance(ms: number): void {
    const end = this.nowMs + ms;
    const timers: Timers = this.runtime.timers;
    while (timers.nextAtMs <= end) {
      this.nowMs = Math.max(this.nowMs, timers.nextAtMs);
      timers.runDue(this.nowMs);
      this.settle();
    }
    this.nowMs = end;
  }

  /** @returns the response, null while it is not committed. */
  register(
    broker: number,
    how: {
      incarnation: Uuid;
      previousEpoch?: number;
      clusterId?: string;
      logDir?: Uuid;
      logDirs?: Uuid[];
    },
  ): BrokerRegistrationResponse | null {
    let answer: BrokerRegistrationResponse | null = null;
    this.controller.registerBroker(
      brokerRegistrationRequest({
        brokerId: broker,
        clusterId: how.clusterId ?? CLUSTER_ID,
        incarnationId: how.incarnation,
        listeners: [
          { name: 'PLAINTEXT', host: `broker-${broker}`, port: 9092, securityProtocol: 0 },
        ],
        features: supportedFeatures.map((feature) => ({ ...feature })),
        logDirs: how.logDirs ?? [
          how.logDir ?? `logDirectoryOf${broker}`.padEnd(21, 'x').concat('A'),
        ],
        previousBrokerEpoch: how.previousEpoch ?? -1,
      }),
      (response) => {
        answer = response;
        if (response?.errorCode === 0) this.epochs.set(broker, response.brokerEpoch);
      },
    );
    this.settle();
    return answer;
  }

  /** Tells a driver of a restarted controller which epoch a broker has. */
  remember(broker: number, epoch: number): void {
    this.epochs.set(broker, epoch);
  }

  epochOf(broker: number): number {
    return this.epochs.get(broker) ?? -1;
  }

  heartbeat(
    broker: number,
    how: {
      wantFence?: boolean;
      wantShutDown?: boolean;
      metadataOffset?: number;
      epoch?: number;
      offlineLogDirs?: Uuid[];
    } = {},
  ): BrokerHeartbeatResponse | null {
    let answer: BrokerHeartbeatResponse | null = null;
    this.controller.heartbeat(
      brokerHeartbeatRequest({
        brokerId: broker,
        brokerEpoch: how.epoch ?? this.epochOf(broker),
        currentMetadataOffset: how.metadataOffset ?? this.image.offset,
        wantFence: how.wantFence ?? false,
        wantShutDown: how.wantShutDown ?? false,
        offlineLogDirs: how.offlineLogDirs ?? [],
      }),
      (response) => {
        answer = response;
      },
    );
    this.settle();
    return answer;
  }

  /** Registers and unfences. */
  start(broker: number, incarnation: Uuid = `incarnation${broker}`): void {
    this.register(broker, { incarnation });
    this.heartbeat(broker);
  }

  createTopic(topic: Partial<CreatableTopic>, validateOnly = false): CreatableTopicResult {
    let result: CreatableTopicResult | undefined;
    const request = createTopicsRequest({
      topics: [creatableTopic({ numPartitions: -1, replicationFactor: -1, ...topic })],
      validateOnly,
    });
    this.controller.perform(this.controller.topics.createTopics(request), (response) => {
      result = response?.topics[0];
    });
    this.settle();
    return result as CreatableTopicResult;
  }

  /** What an operator asks; the highest version unless said otherwise. */
  operate<Req, Res>(api: ApiSpec<Req, Res>, request: Req, apiVersion = api.maxVersion): Res {
    const operator = operatorApi(api.key);
    if (operator === undefined) throw new Error(`${api.name} is none of an operator's`);
    return this.perform(operator.operate(this.controller, request, apiVersion)) as Res;
  }

  /** @returns the error code. */
  alterConfigs(change: ConfigChange): number {
    const of = (values: Record<string, string>, configOperation: number) =>
      Object.entries(values).map(([name, value]) => ({ name, configOperation, value }));
    const configs = change.raw ?? [
      ...of(change.set ?? {}, ConfigOperation.SET),
      ...(change.delete ?? []).map((name) => ({
        name,
        configOperation: ConfigOperation.DELETE,
        value: null,
      })),
      ...of(change.append ?? {}, ConfigOperation.APPEND),
    ];
    const isTopic = change.topic !== undefined;
    const resource = {
      resourceType: isTopic ? ConfigResourceType.TOPIC : ConfigResourceType.BROKER,
      resourceName: change.topic ?? change.broker ?? '',
      configs,
    };
    const request = incrementalAlterConfigsRequest({ resources: [resource] });
    const { responses } = this.operate(apis.IncrementalAlterConfigs, request);
    return responses[0]?.errorCode ?? -99;
  }

  perform<Res>(result: ControllerResult<Res>): Res {
    let answer: Res | null = null;
    this.controller.perform(result, (response) => {
      answer = response;
    });
    this.settle();
    return answer as Res;
  }

  partition(topic: string, index = 0): PartitionRegistration {
    const found = this.image.topic(topic)?.partitions[index];
    if (found === undefined) throw new Error(`no partition ${topic}-${index}`);
    return found;
  }

  /** Asks for another ISR as the leader would. @returns the error code. */
  alterIsr(
    topic: string,
    isr: readonly (readonly [broker: number, epoch: number] | number)[],
    how: {
      sender?: number;
      senderEpoch?: number;
      leaderEpoch?: number;
      partitionEpoch?: number;
      recovery?: number;
      topicId?: Uuid;
      index?: number;
    } = {},
  ): number {
    const index = how.index ?? 0;
    const now = this.image.topic(topic)?.partitions[index];
    const sender = how.sender ?? now?.leader ?? -1;
    let errorCode = -99;
    this.controller.alterPartition(
      alterPartitionRequest({
        brokerId: sender,
        brokerEpoch: how.senderEpoch ?? this.epochOf(sender),
        topics: [
          {
            topicName: '',
            topicId: how.topicId ?? this.image.topic(topic)?.id ?? '',
            partitions: [
              {
                partitionIndex: index,
                leaderEpoch: how.leaderEpoch ?? now?.leaderEpoch ?? 0,
                newIsr: [],
                newIsrWithEpochs: isr.map((member) =>
                  typeof member === 'number'
                    ? { brokerId: member, brokerEpoch: this.epochOf(member) }
                    : { brokerId: member[0], brokerEpoch: member[1] },
                ),
                leaderRecoveryState: how.recovery ?? 0,
                partitionEpoch: how.partitionEpoch ?? now?.partitionEpoch ?? 0,
              },
            ],
          },
        ],
      }),
      3,
      (response) => {
        errorCode = response?.errorCode ?? -97;
        if (errorCode === 0) errorCode = response?.topics[0]?.partitions[0]?.errorCode ?? -98;
      },
    );
    this.settle();
    return errorCode;
  }
}
