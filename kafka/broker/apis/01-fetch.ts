/**
 * Fetch (key 1): consumers and followers read batches (Kafka: KafkaApis.handleFetchRequest,
 * FetchManager). A fetch stands for itself, opens a session, or goes on with one (KIP-227).
 */
import { ZERO_UUID } from '../../base/uuid.ts';
import { RACK_AWARE_SELECTOR } from '../../config/broker.ts';
import type { Deadlines } from '../../replication/deadlines.ts';
import { DelayedFetch, FetchPart } from '../../replication/delayed-fetch.ts';
import type { FetchIsolation, FetchSpec } from '../../replication/fetch-read.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { FetchPartition, FetchRequest } from '../../wire/generated/fetch-request.ts';
import {
  type FetchResponse,
  fetchResponse,
  leaderIdAndEpoch,
  nodeEndpoint,
  type PartitionData,
} from '../../wire/generated/fetch-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { emptyAnswer, emptyResponse, NO_ABORTED, NO_ENDPOINTS } from '../fetch-answer.ts';
import { FetchSession, type SessionOwner, type SessionPart } from '../fetch-session.ts';
import { FetchSessions, FINAL_EPOCH, INITIAL_EPOCH } from '../fetch-sessions.ts';
import { leaderHint } from '../leader-hints.ts';

const FIRST_WITH_TOPIC_IDS = 13;
const FIRST_WITH_REPLICA_STATE = 15;
/** Consumers of these versions may read from followers (KIP-392). */
const FIRST_WITH_FOLLOWER_READS = 11;
const FIRST_WITH_LEADER_HINTS = 16;
const FIRST_WITH_ZSTD = 10;
const LAST_WITHOUT_STORAGE_ERROR = 5;
const READ_COMMITTED = 1;

export class FetchHandler implements SessionOwner {
  readonly deadlines: Deadlines;
  private readonly broker: BrokerServices;
  private readonly maxBytes: number;
  private readonly selectsByRack: boolean;
  private readonly sessions: FetchSessions;

  constructor(broker: BrokerServices) {
    this.broker = broker;
    this.deadlines = broker.replicas.deadlines;
    this.maxBytes = broker.config.get('fetch.max.bytes');
    this.selectsByRack = broker.config.get('replica.selector.class') === RACK_AWARE_SELECTOR;
    const { clock, random } = broker.runtime.host;
    const slots = broker.config.get('max.incremental.fetch.session.cache.slots');
    this.sessions = new FetchSessions(slots, clock, random.stream('fetch-sessions'));
  }

  handle(context: RequestContext, request: FetchRequest): void {
    const { sessionId, sessionEpoch } = request;
    const spec = this.specOf(context, request);
    if (sessionEpoch !== INITIAL_EPOCH && sessionEpoch !== FINAL_EPOCH) {
      this.goOn(context, request, spec);
      return;
    }
    // Whoever begins anew is done with the session that it had.
    if (sessionId !== 0) this.sessions.close(sessionId);
    if (sessionEpoch === FINAL_EPOCH) this.whole(context, request, spec);
    else {
      const session = new FetchSession(this, spec, context.apiVersion >= FIRST_WITH_TOPIC_IDS);
      session.update(request.topics);
      session.fetch(context, spec);
    }
  }

  private goOn(context: RequestContext, request: FetchRequest, spec: FetchSpec): void {
    const usesTopicIds = context.apiVersion >= FIRST_WITH_TOPIC_IDS;
    const session = this.sessions.claim(request.sessionId, request.sessionEpoch, usesTopicIds);
    if (typeof session === 'number') {
      context.respond(fetchResponse({ errorCode: session }));
      return;
    }
    session.update(request.topics);
    session.forget(request.forgottenTopicsData);
    if (session.size > 0) session.fetch(context, spec);
    else {
      this.sessions.close(session.id);
      this.whole(context, request, spec);
    }
  }

  admit(session: FetchSession): boolean {
    return this.sessions.admit(session);
  }

  /** A fetch without a session. */
  private whole(context: RequestContext, request: FetchRequest, spec: FetchSpec): void {
    const response = emptyResponse();
    const aborted = request.isolationLevel === READ_COMMITTED ? NO_ABORTED : null;
    const byId = context.apiVersion >= FIRST_WITH_TOPIC_IDS;
    const parts: FetchPart[] = [];
    const { topics } = request;
    for (let t = 0; t < topics.length; t++) {
      const topic = topics[t] as FetchRequest['topics'][number];
      const answers: PartitionData[] = [];
      for (let p = 0; p < topic.partitions.length; p++) {
        const wanted = topic.partitions[p] as FetchPartition;
        const answer = emptyAnswer(wanted.partition, aborted);
        const part = new FetchPart(null, ErrorCode.NONE, wanted, answer);
        this.locate(part, topic.topic, topic.topicId, byId);
        if (part.partition !== null) refuseForOldClient(part, context.apiVersion);
        answers.push(answer);
        parts.push(part);
      }
      response.responses.push({
        topic: topic.topic,
        topicId: topic.topicId,
        partitions: answers,
      });
    }
    const respond = (operation: DelayedFetch) => {
      if (operation.failed) this.addLeaderHints(context, response);
      if (operation.failed && context.apiVersion <= LAST_WITHOUT_STORAGE_ERROR) {
        hideStorageErrors(response);
      }
      context.respond(response);
    };
    new DelayedFetch(this.deadlines, spec, parts, respond).start();
  }

  resolve(part: SessionPart, usesTopicIds: boolean): void {
    this.locate(part, part.topic.topic, part.topic.topicId, usesTopicIds);
  }

  private locate(part: FetchPart, topic: string, topicId: string, byId: boolean): void {
    const { replicas } = this.broker;
    const index = part.request.partition;
    if (byId) {
      part.partition = topicId === ZERO_UUID ? null : replicas.partitionById(topicId, index);
      if (part.partition === null) part.missing = replicas.missingIdError(topicId, index);
    } else {
      part.partition = replicas.partition(topic, index);
      if (part.partition === null) part.missing = replicas.missingError(topic, index);
    }
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
      ...this.rackOf(request, replicaId),
      maxWaitMs: request.maxWaitMs,
      minBytes: request.minBytes < maxBytes ? request.minBytes : maxBytes,
      maxBytes,
    };
  }

  /** Before version 11 consumers say no rack. */
  private rackOf({ rackId }: FetchRequest, replicaId: number): { clientRack?: string } {
    return this.selectsByRack && replicaId < 0 && rackId !== '' ? { clientRack: rackId } : {};
  }

  addLeaderHints(context: RequestContext, response: FetchResponse): void {
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

/** Clients before version 10 cannot read zstd; whether a topic has it is told by its settings. */
function refuseForOldClient(part: FetchPart, apiVersion: number): void {
  if (apiVersion >= FIRST_WITH_ZSTD) return;
  const compression = part.partition?.log?.config.compression ?? null;
  if (compression === null || compression === 'producer' || compression.codec !== 'zstd') return;
  part.partition = null;
  part.missing = ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
}

/** Clients that may not know KAFKA_STORAGE_ERROR are sent to look for another leader. */
function hideStorageErrors({ responses }: FetchResponse): void {
  for (const { partitions } of responses) {
    for (const answer of partitions) {
      if (answer.errorCode !== ErrorCode.KAFKA_STORAGE_ERROR) continue;
      answer.errorCode = ErrorCode.NOT_LEADER_OR_FOLLOWER;
    }
  }
}
