/**
 * Produce (key 0): appends batches to the partitions that this broker leads (Kafka:
 * KafkaApis.handleProduceRequest, ReplicaManager.appendRecords). acks=0 gets no answer, and on
 * an error its connection is closed; acks=1 is answered after the local append; acks=all waits
 * for the high watermark. Leader hints follow KIP-951.
 */
import type { RecordError } from '../../log/append.ts';
import { compressionAt, RECORD_BATCH_HEADER_BYTES } from '../../records/batch.ts';
import { ZSTD } from '../../records/compression.ts';
import { DelayedProduce } from '../../replication/delayed-produce.ts';
import type { Partition } from '../../replication/partition.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import type { PartitionProduceData, ProduceRequest } from '../../wire/generated/produce-request.ts';
import {
  type BatchIndexAndErrorMessage,
  leaderIdAndEpoch,
  type NodeEndpoint,
  nodeEndpoint,
  type PartitionProduceResponse,
  type ProduceResponse,
  type TopicProduceResponse,
} from '../../wire/generated/produce-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { leaderHint } from '../leader-hints.ts';
import { isInternalTopic } from '../metadata-view.ts';

const FIRST_WITH_ZSTD = 7;
const FIRST_WITH_LEADER_HINTS = 10;
const ADMIN_CLIENT_ID = '__admin_client';
const NO_LEADER_HINT = leaderIdAndEpoch();
const NO_RECORDS = new Uint8Array(0);
/** Shared by all answers: never written to. */
const NO_RECORD_ERRORS: BatchIndexAndErrorMessage[] = [];
const NO_ENDPOINTS: NodeEndpoint[] = [];

export class ProduceHandler {
  private readonly broker: BrokerServices;

  constructor(broker: BrokerServices) {
    this.broker = broker;
  }

  handle(context: RequestContext, request: ProduceRequest): void {
    const { acks } = request;
    const topics = request.topicData;
    const response: ProduceResponse = {
      responses: new Array<TopicProduceResponse>(topics.length),
      throttleTimeMs: 0,
      nodeEndpoints: NO_ENDPOINTS,
    };
    let delayed: DelayedProduce | null = null;
    let failed = false;
    for (let t = 0; t < topics.length; t++) {
      const { name, partitionData } = topics[t] as ProduceRequest['topicData'][number];
      const answers = new Array<PartitionProduceResponse>(partitionData.length);
      for (let p = 0; p < partitionData.length; p++) {
        const data = partitionData[p] as PartitionProduceData;
        const answer = newAnswer(data.index);
        answers[p] = answer;
        const partition = this.append(context, request, name, data, answer);
        if (partition === null) failed = true;
        else if (acks === -1 || !partition.isDurable(this.lastEndOffset)) {
          delayed ??= this.delayedProduce(context, acks, response);
          delayed.add(partition, this.lastEndOffset, answer);
        }
      }
      response.responses[t] = { name, partitionResponses: answers };
    }
    if (acks === 0 && failed) context.close();
    else if (delayed !== null) delayed.start(request.timeoutMs);
    else this.respond(context, acks, response);
  }

  private delayedProduce(
    context: RequestContext,
    acks: number,
    response: ProduceResponse,
  ): DelayedProduce {
    return new DelayedProduce(this.broker.replicas.deadlines, acks === -1, () =>
      this.respond(context, acks, response),
    );
  }

  /** End (exclusive) of what the last `append` wrote, or of the batch that it repeated. */
  private lastEndOffset = 0;

  /** Appends one partition's batch; null when it was refused, as `answer` says. */
  private append(
    context: RequestContext,
    request: ProduceRequest,
    topic: string,
    data: PartitionProduceData,
    answer: PartitionProduceResponse,
  ): Partition | null {
    const { replicas } = this.broker;
    const { acks } = request;
    if (acks !== -1 && acks !== 1 && acks !== 0) {
      return this.refuse(answer, topic, ErrorCode.INVALID_REQUIRED_ACKS, null);
    }
    // Transactions have no coordinator here.
    if (request.transactionalId !== null) {
      return this.refuse(answer, topic, ErrorCode.INVALID_REQUEST, null);
    }
    if (isInternalTopic(topic) && context.clientId !== ADMIN_CLIENT_ID) {
      return this.refuse(answer, topic, ErrorCode.INVALID_TOPIC_EXCEPTION, null);
    }
    const records = data.records ?? NO_RECORDS;
    if (context.apiVersion < FIRST_WITH_ZSTD && usesZstd(records)) {
      const message = 'produce requests before version 7 may not use zstd';
      return this.refuse(answer, topic, ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, message);
    }
    const partition = replicas.partition(topic, data.index);
    if (partition === null) {
      return this.refuse(answer, topic, replicas.missingError(topic, data.index), null);
    }
    const appended = partition.appendAsLeader(records, acks);
    answer.logStartOffset = appended.logStartOffset;
    if (appended.error !== ErrorCode.NONE) {
      if (appended.recordErrors !== undefined) {
        answer.recordErrors = appended.recordErrors.map(recordErrorOf);
      }
      return this.refuse(answer, topic, appended.error, appended.errorMessage);
    }
    answer.baseOffset = appended.baseOffset;
    answer.logAppendTimeMs = appended.appendTimeMs;
    this.lastEndOffset = appended.lastOffset + 1;
    return partition;
  }

  private refuse(
    answer: PartitionProduceResponse,
    topic: string,
    error: ErrorCode,
    message: string | null,
  ): null {
    answer.errorCode = error;
    answer.errorMessage = message;
    const { trace } = this.broker.runtime.host;
    trace.emit('produce.refused', `${topic}-${answer.index}`, errorName(error));
    return null;
  }

  private respond(context: RequestContext, acks: number, response: ProduceResponse): void {
    if (acks === 0) {
      context.finish();
      return;
    }
    if (context.apiVersion >= FIRST_WITH_LEADER_HINTS) this.addLeaderHints(context, response);
    context.respond(response);
  }

  private addLeaderHints(context: RequestContext, response: ProduceResponse): void {
    const { responses } = response;
    for (let t = 0; t < responses.length; t++) {
      const { name, partitionResponses } = responses[t] as TopicProduceResponse;
      for (let p = 0; p < partitionResponses.length; p++) {
        const answer = partitionResponses[p] as PartitionProduceResponse;
        if (answer.errorCode !== ErrorCode.NOT_LEADER_OR_FOLLOWER) continue;
        const hint = leaderHint(this.broker, context.listener, name, answer.index);
        if (hint === null) continue;
        answer.currentLeader = leaderIdAndEpoch(hint);
        if (hint.endpoint === null) continue;
        if (response.nodeEndpoints === NO_ENDPOINTS) response.nodeEndpoints = [];
        const known = response.nodeEndpoints.some((one) => one.nodeId === hint.leaderId);
        if (!known) response.nodeEndpoints.push(nodeEndpoint(hint.endpoint));
      }
    }
  }
}

function usesZstd(records: Uint8Array): boolean {
  return records.length >= RECORD_BATCH_HEADER_BYTES && compressionAt(records, 0) === ZSTD;
}

function recordErrorOf({ batchIndex, message }: RecordError): BatchIndexAndErrorMessage {
  return { batchIndex, batchIndexErrorMessage: message };
}

function newAnswer(index: number): PartitionProduceResponse {
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: NO_RECORD_ERRORS,
    errorMessage: null,
    currentLeader: NO_LEADER_HINT,
  };
}
