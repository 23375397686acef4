/**
 * Fetch (key 1): consumers and followers read batches (Kafka: KafkaApis.handleFetchRequest).
 * Fetch sessions (KIP-227) are not kept: every answer says session 0, so that clients go on
 * sending whole requests; an incremental one meets FETCH_SESSION_ID_NOT_FOUND.
 */
import { ZERO_UUID } from '../../base/uuid.ts';
import { DelayedFetch, FetchPart } from '../../replication/delayed-fetch.ts';
import type { FetchIsolation, FetchSpec } from '../../replication/fetch-read.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { FetchPartition, FetchRequest } from '../../wire/generated/fetch-request.ts';
import {
  type AbortedTransaction,
  epochEndOffset,
  type FetchResponse,
  fetchResponse,
  leaderIdAndEpoch,
  type NodeEndpoint,
  nodeEndpoint,
  type PartitionData,
  snapshotId,
} from '../../wire/generated/fetch-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { leaderHint } from '../leader-hints.ts';

const FIRST_WITH_TOPIC_IDS = 13;
const FIRST_WITH_REPLICA_STATE = 15;
/** Consumers of these versions may read from followers (KIP-392). */
const FIRST_WITH_FOLLOWER_READS = 11;
const FIRST_WITH_LEADER_HINTS = 16;
const READ_COMMITTED = 1;

const NO_DIVERGENCE = epochEndOffset();
const NO_LEADER_HINT = leaderIdAndEpoch();
const NO_SNAPSHOT = snapshotId();
/** Shared by all answers: never written to. */
const NO_ABORTED: AbortedTransaction[] = [];
const NO_ENDPOINTS: NodeEndpoint[] = [];
const NO_RECORDS = new Uint8Array(0);

export class FetchHandler {
  private readonly broker: BrokerServices;
  private readonly maxBytes: number;

  constructor(broker: BrokerServices) {
    this.broker = broker;
    this.maxBytes = broker.config.get('fetch.max.bytes');
  }

  handle(context: RequestContext, request: FetchRequest): void {
    if (request.sessionId !== 0 && request.sessionEpoch > 0) {
      context.respond(fetchResponse({ errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND }));
      return;
    }
    const response: FetchResponse = {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      sessionId: 0,
      responses: [],
      nodeEndpoints: NO_ENDPOINTS,
    };
    const aborted = request.isolationLevel === READ_COMMITTED ? NO_ABORTED : null;
    const parts: FetchPart[] = [];
    const { topics } = request;
    for (let t = 0; t < topics.length; t++) {
      const topic = topics[t] as FetchRequest['topics'][number];
      const answers: PartitionData[] = [];
      for (let p = 0; p < topic.partitions.length; p++) {
        const wanted = topic.partitions[p] as FetchPartition;
        const answer = newAnswer(wanted.partition, aborted);
        answers.push(answer);
        parts.push(this.part(context, topic.topic, topic.topicId, wanted, answer));
      }
      response.responses.push({
        topic: topic.topic,
        topicId: topic.topicId,
        partitions: answers,
      });
    }
    const respond = (operation: DelayedFetch) => {
      if (operation.failed) this.addLeaderHints(context, response);
      context.respond(response);
    };
    const spec = this.specOf(context, request);
    new DelayedFetch(this.broker.replicas.deadlines, spec, parts, respond).start();
  }

  private part(
    context: RequestContext,
    topic: string,
    topicId: string,
    wanted: FetchPartition,
    answer: PartitionData,
  ): FetchPart {
    const { replicas } = this.broker;
    const index = wanted.partition;
    if (context.apiVersion < FIRST_WITH_TOPIC_IDS) {
      const partition = replicas.partition(topic, index);
      const missing = partition === null ? replicas.missingError(topic, index) : ErrorCode.NONE;
      return new FetchPart(partition, missing, wanted, answer);
    }
    const partition = topicId === ZERO_UUID ? null : replicas.partitionById(topicId, index);
    const missing = partition === null ? replicas.missingIdError(topicId, index) : ErrorCode.NONE;
    return new FetchPart(partition, missing, wanted, answer);
  }

  private specOf(context: RequestContext, request: FetchRequest): FetchSpec {
    const { apiVersion } = context;
    const named = apiVersion >= FIRST_WITH_REPLICA_STATE;
    const replicaId = named ? request.replicaState.replicaId : request.replicaId;
    const maxBytes = request.maxBytes < this.maxBytes ? request.maxBytes : this.maxBytes;
    const committed = request.isolationLevel === READ_COMMITTED;
    const clientIsolation: FetchIsolation = committed ? 'txn_committed' : 'high_watermark';
    return {
      replicaId,
      replicaEpoch: named ? request.replicaState.replicaEpoch : -1,
      isolation: replicaId >= 0 ? 'log_end' : clientIsolation,
      leaderOnly: replicaId >= 0 || apiVersion < FIRST_WITH_FOLLOWER_READS,
      maxWaitMs: request.maxWaitMs,
      minBytes: request.minBytes < maxBytes ? request.minBytes : maxBytes,
      maxBytes,
    };
  }

  private addLeaderHints(context: RequestContext, response: FetchResponse): void {
    if (context.apiVersion < FIRST_WITH_LEADER_HINTS) return;
    const { responses } = response;
    for (let t = 0; t < responses.length; t++) {
      const { topicId, partitions } = responses[t] as FetchResponse['responses'][number];
      for (let p = 0; p < partitions.length; p++) {
        const answer = partitions[p] as PartitionData;
        const { errorCode } = answer;
        if (errorCode === ErrorCode.NONE) continue;
        if (
          errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER ||
          errorCode === ErrorCode.FENCED_LEADER_EPOCH
        ) {
          this.addLeaderHint(context, response, topicId, answer);
        }
      }
    }
  }

  private addLeaderHint(
    context: RequestContext,
    response: FetchResponse,
    topicId: string,
    answer: PartitionData,
  ): void {
    const name = this.broker.metadata.image.topicsById.get(topicId)?.name;
    if (name === undefined) return;
    const hint = leaderHint(this.broker, context.listener, name, answer.partitionIndex);
    if (hint === null) return;
    answer.currentLeader = leaderIdAndEpoch(hint);
    if (hint.endpoint === null) return;
    if (response.nodeEndpoints === NO_ENDPOINTS) response.nodeEndpoints = [];
    const known = response.nodeEndpoints.some((one) => one.nodeId === hint.leaderId);
    if (!known) response.nodeEndpoints.push(nodeEndpoint(hint.endpoint));
  }
}

function newAnswer(partitionIndex: number, aborted: AbortedTransaction[] | null): PartitionData {
  return {
    partitionIndex,
    errorCode: ErrorCode.NONE,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: NO_DIVERGENCE,
    currentLeader: NO_LEADER_HINT,
    snapshotId: NO_SNAPSHOT,
    abortedTransactions: aborted,
    preferredReadReplica: -1,
    records: NO_RECORDS,
  };
}
