/** What a model broker answers to each request. */
import { apis } from '../../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../../kafka/wire/errors.ts';
import {
  apiVersion,
  apiVersionsResponse,
} from '../../../../kafka/wire/generated/api-versions-response.ts';
import type { CreateTopicsRequest } from '../../../../kafka/wire/generated/create-topics-request.ts';
import {
  creatableTopicResult,
  createTopicsResponse,
} from '../../../../kafka/wire/generated/create-topics-response.ts';
import type { FetchRequest } from '../../../../kafka/wire/generated/fetch-request.ts';
import {
  fetchableTopicResponse,
  nodeEndpoint as fetchEndpoint,
  leaderIdAndEpoch as fetchLeader,
  fetchResponse,
  partitionData,
} from '../../../../kafka/wire/generated/fetch-response.ts';
import { initProducerIdResponse } from '../../../../kafka/wire/generated/init-producer-id-response.ts';
import type { ListOffsetsRequest } from '../../../../kafka/wire/generated/list-offsets-request.ts';
import {
  listOffsetsPartitionResponse,
  listOffsetsResponse,
  listOffsetsTopicResponse,
} from '../../../../kafka/wire/generated/list-offsets-response.ts';
import type { MetadataRequest } from '../../../../kafka/wire/generated/metadata-request.ts';
import {
  metadataResponse,
  metadataResponseBroker,
  metadataResponsePartition,
  metadataResponseTopic,
} from '../../../../kafka/wire/generated/metadata-response.ts';
import type { OffsetForLeaderEpochRequest } from '../../../../kafka/wire/generated/offset-for-leader-epoch-request.ts';
import {
  epochEndOffset,
  offsetForLeaderEpochResponse,
  offsetForLeaderTopicResult,
} from '../../../../kafka/wire/generated/offset-for-leader-epoch-response.ts';
import type { ProduceRequest } from '../../../../kafka/wire/generated/produce-request.ts';
import {
  leaderIdAndEpoch,
  nodeEndpoint,
  partitionProduceResponse,
  produceResponse,
  topicProduceResponse,
} from '../../../../kafka/wire/generated/produce-response.ts';
import { groupAnswer } from './group-answers.ts';
import type { Fate, ModelCluster, SeenRequest } from './model-cluster.ts';
import type { ModelLog } from './model-log.ts';

interface Answer {
  body: unknown;
  /** The broker holds the answer back so long (an empty fetch). */
  holdMs: number;
}

const RECORDS_PER_FETCH = 100;

export class Answers {
  private readonly cluster: ModelCluster;
  private nextProducerId = 1000;

  constructor(cluster: ModelCluster) {
    this.cluster = cluster;
  }

  /** null: no response (acks=0). */
  answer(request: SeenRequest, fate: Fate): Answer | null {
    const { body } = request;
    const forced =
      fate.kind === 'refuse' || fate.kind === 'write-and-refuse' ? fate.error : ErrorCode.NONE;
    const writes = fate.kind !== 'refuse';
    switch (request.apiKey) {
      case apis.ApiVersions.key:
        return now(this.apiVersions());
      case apis.Metadata.key:
        return now(this.metadata(body as MetadataRequest));
      case apis.InitProducerId.key: {
        const isGood = forced === ErrorCode.NONE;
        const producerId = isGood ? this.nextProducerId++ : -1;
        const producerEpoch = isGood ? 0 : -1;
        return now(initProducerIdResponse({ errorCode: forced, producerId, producerEpoch }));
      }
      case apis.Produce.key:
        return this.produce(request, { forced, writes });
      case apis.Fetch.key:
        return this.fetch(request, forced);
      case apis.ListOffsets.key:
        return now(this.listOffsets(request, forced));
      case apis.OffsetForLeaderEpoch.key:
        return now(this.offsetForLeaderEpoch(request));
      case apis.CreateTopics.key:
        return now(this.createTopics(body as CreateTopicsRequest, { forced, writes }));
      default: {
        const body = groupAnswer(request, this.cluster.groups, forced);
        if (body === null) throw new Error(`the model answers no api ${request.apiKey}`);
        return now(body);
      }
    }
  }

  private apiVersions() {
    const served = Object.values(apis).map(({ key, minVersion, maxVersion }) =>
      apiVersion({
        apiKey: key,
        minVersion,
        maxVersion: this.cluster.maxVersions.get(key) ?? maxVersion,
      }),
    );
    return apiVersionsResponse({ apiKeys: served });
  }

  private metadata({ topics, allowAutoTopicCreation }: MetadataRequest) {
    void allowAutoTopicCreation;
    const { cluster } = this;
    const brokers = Array.from({ length: cluster.brokerCount }, (_, i) =>
      metadataResponseBroker({ nodeId: i + 1, host: `broker-${i + 1}`, port: 9092 }),
    );
    const names =
      topics === null ? [...cluster.topics.keys()] : topics.map(({ name }) => name ?? '');
    return metadataResponse({
      brokers,
      topics: names.map((name) => {
        if (cluster.unauthorized.has(name)) {
          const errorCode = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
          return metadataResponseTopic({ name, errorCode });
        }
        const topic = cluster.topics.get(name);
        if (topic === undefined) {
          const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
          return metadataResponseTopic({ name, errorCode });
        }
        const partitions = Array.from({ length: topic.partitions }, (_, partitionIndex) => {
          const { leader, leaderEpoch } = cluster.leaderInMetadata(`${name}-${partitionIndex}`);
          const errorCode = leader < 0 ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE;
          return metadataResponsePartition({
            partitionIndex,
            errorCode,
            leaderId: leader,
            leaderEpoch,
            replicaNodes: [leader],
            isrNodes: [leader],
          });
        });
        return metadataResponseTopic({ name, topicId: topic.id, partitions });
      }),
    });
  }

  private produce(
    { body, brokerId }: SeenRequest,
    { forced, writes }: { forced: ErrorCode; writes: boolean },
  ): Answer | null {
    const request = body as ProduceRequest;
    const responses = request.topicData.map(({ name, partitionData }) =>
      topicProduceResponse({
        name,
        partitionResponses: partitionData.map(({ index, records }) => {
          const log = this.cluster.log(`${name}-${index}`);
          const { leader: leaderId, leaderEpoch } = log;
          if (leaderId !== brokerId) {
            const errorCode = ErrorCode.NOT_LEADER_OR_FOLLOWER;
            const currentLeader = leaderIdAndEpoch({ leaderId, leaderEpoch });
            return partitionProduceResponse({ index, errorCode, baseOffset: -1, currentLeader });
          }
          const appended = writes
            ? log.append(records ?? new Uint8Array(0))
            : { error: forced, baseOffset: -1 };
          const errorCode = forced === ErrorCode.NONE ? appended.error : forced;
          const baseOffset = errorCode === ErrorCode.NONE ? appended.baseOffset : -1;
          const { logStartOffset } = log;
          return partitionProduceResponse({ index, errorCode, baseOffset, logStartOffset });
        }),
      }),
    );
    if (request.acks === 0) return null;
    const nodeEndpoints = Array.from({ length: this.cluster.brokerCount }, (_, i) =>
      nodeEndpoint({ nodeId: i + 1, host: `broker-${i + 1}`, port: 9092 }),
    );
    return now(produceResponse({ responses, nodeEndpoints }));
  }

  private fetch({ body, brokerId, version }: SeenRequest, forced: ErrorCode): Answer {
    const request = body as FetchRequest;
    let size = 0;
    const responses = request.topics.map(({ topic, topicId, partitions }) => {
      const name = topic !== '' ? topic : this.nameOf(topicId);
      return fetchableTopicResponse({
        topic: name,
        topicId,
        partitions: partitions.map(({ partition, fetchOffset, currentLeaderEpoch }) => {
          const log = this.cluster.log(`${name}-${partition}`);
          const errorCode =
            forced !== ErrorCode.NONE
              ? forced
              : this.leaderError(log, brokerId, currentLeaderEpoch) ||
                (fetchOffset > log.endOffset || fetchOffset < log.logStartOffset
                  ? ErrorCode.OFFSET_OUT_OF_RANGE
                  : ErrorCode.NONE);
          const isGood = errorCode === ErrorCode.NONE;
          const records = isGood ? log.read(fetchOffset, RECORDS_PER_FETCH) : null;
          size += (records?.length ?? 0) + (isGood ? 0 : 1);
          const isMoved =
            errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER ||
            errorCode === ErrorCode.FENCED_LEADER_EPOCH;
          return partitionData({
            partitionIndex: partition,
            errorCode,
            records,
            highWatermark: log.endOffset,
            ...(isMoved
              ? {
                  currentLeader: fetchLeader({
                    leaderId: log.leader,
                    leaderEpoch: log.leaderEpoch,
                  }),
                }
              : {}),
          });
        }),
      });
    });
    const endpointCount = version >= 16 ? this.cluster.brokerCount : 0;
    const nodeEndpoints = Array.from({ length: endpointCount }, (_, i) =>
      fetchEndpoint({ nodeId: i + 1, host: `broker-${i + 1}`, port: 9092 }),
    );
    const holdMs = size === 0 ? request.maxWaitMs : 0;
    return { body: fetchResponse({ responses, nodeEndpoints }), holdMs };
  }

  private leaderError(log: ModelLog, brokerId: number, epoch: number): ErrorCode {
    if (log.leader !== brokerId) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (epoch >= 0 && epoch < log.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH;
    return epoch > log.leaderEpoch ? ErrorCode.UNKNOWN_LEADER_EPOCH : ErrorCode.NONE;
  }

  private nameOf(topicId: string): string {
    for (const [name, { id }] of this.cluster.topics) if (id === topicId) return name;
    throw new Error(`no topic ${topicId}`);
  }

  private listOffsets({ body, brokerId }: SeenRequest, forced: ErrorCode) {
    const topics = (body as ListOffsetsRequest).topics.map(({ name, partitions }) =>
      listOffsetsTopicResponse({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp, currentLeaderEpoch }) => {
          const log = this.cluster.log(`${name}-${partitionIndex}`);
          const errorCode = forced || this.leaderError(log, brokerId, currentLeaderEpoch);
          const offset = timestamp === -2 ? log.logStartOffset : log.endOffset;
          return listOffsetsPartitionResponse({ partitionIndex, errorCode, offset });
        }),
      }),
    );
    return listOffsetsResponse({ topics });
  }

  private offsetForLeaderEpoch({ body, brokerId }: SeenRequest) {
    const topics = (body as OffsetForLeaderEpochRequest).topics.map(({ topic, partitions }) =>
      offsetForLeaderTopicResult({
        topic,
        partitions: partitions.map(({ partition, leaderEpoch, currentLeaderEpoch }) => {
          const log = this.cluster.log(`${topic}-${partition}`);
          const errorCode = this.leaderError(log, brokerId, currentLeaderEpoch);
          return epochEndOffset({ partition, errorCode, ...log.endOffsetFor(leaderEpoch) });
        }),
      }),
    );
    return offsetForLeaderEpochResponse({ topics });
  }

  private createTopics(
    { topics }: CreateTopicsRequest,
    { forced, writes }: { forced: ErrorCode; writes: boolean },
  ) {
    return createTopicsResponse({
      topics: topics.map(({ name, numPartitions }) => {
        if (forced !== ErrorCode.NONE && !writes)
          return creatableTopicResult({ name, errorCode: forced });
        if (this.cluster.topics.has(name)) {
          return creatableTopicResult({ name, errorCode: ErrorCode.TOPIC_ALREADY_EXISTS });
        }
        this.cluster.addTopic(name, numPartitions);
        return creatableTopicResult({ name, numPartitions });
      }),
    });
  }
}

function now(body: unknown): Answer {
  return { body, holdMs: 0 };
}
