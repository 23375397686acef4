/**
 * Fetches ahead from the leaders, one request per broker at a time, for partitions that have a
 * valid position, where nothing of that broker is buffered (Kafka: AbstractFetch, FetchCollector).
 * With each broker there is a fetch session (KIP-227).
 */
import { ZERO_UUID } from '../../base/uuid.ts';
import type { RandomStream } from '../../host.ts';
import { FetchSessionHandler, isSessionError } from '../../rpc/fetch-session-handler.ts';
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorMessage, errorName, isRetriable } from '../../wire/errors.ts';
import { fetchRequest } from '../../wire/generated/fetch-request.ts';
import type { FetchResponse, PartitionData } from '../../wire/generated/fetch-response.ts';
import { backoffMs } from '../backoff.ts';
import type { BrokerConnection } from '../broker-connections.ts';
import type { ClientCore } from '../client-core.ts';
import type { ConsumedRecord } from '../commands.ts';
import type { LeaderHint } from '../metadata.ts';
import { CompletedFetch } from './completed-fetch.ts';
import type { ConsumerSettings } from './consumer-settings.ts';
import type { ConsumerError, PartitionState } from './partition-state.ts';

/** The last version that names topics instead of giving their ids. */
const LAST_VERSION_WITH_NAMES = 12;

type Session = FetchSessionHandler<PartitionState>;

/** What the fetcher needs of its consumer. */
export interface Assignment {
  find(topic: string, partition: number): PartitionState | undefined;
  /** In the order in which they are to be served. */
  readonly partitions: readonly PartitionState[];
  /** Serves the others first from now on. */
  moveToEnd(partition: PartitionState): void;
  /** Leaders may have moved. */
  leadersChanged(): void;
  /** Something arrived that a waiting poll may return. */
  arrived(): void;
}

export class Fetcher {
  private readonly core: ClientCore;
  private readonly settings: ConsumerSettings;
  private readonly assignment: Assignment;
  private readonly random: RandomStream;
  private readonly inFlight = new Set<BrokerConnection>();
  /** By broker. */
  private readonly sessions = new Map<number, Session>();
  /** Buffered fetches, in order of arrival. */
  private arrivals: CompletedFetch[] = [];
  private readonly partitionOf = new Map<CompletedFetch, PartitionState>();

  constructor(core: ClientCore, settings: ConsumerSettings, assignment: Assignment) {
    this.core = core;
    this.settings = settings;
    this.assignment = assignment;
    this.random = core.runtime.host.random.stream('fetch-backoff');
  }

  /** Sends a fetch to every leader that has none in flight and something to fetch. */
  send(): void {
    const { nowMs } = this.core.runtime;
    const groups = new Map<BrokerConnection, PartitionState[]>();
    const busy = this.brokersOfBuffered();
    for (const partition of this.assignment.partitions) {
      if (partition.state !== 'fetching' || partition.buffered !== null) continue;
      if (partition.fetchAtMs > nowMs || partition.error !== null) continue;
      const broker = this.core.metadata.broker(this.replicaToRead(partition));
      if (broker === undefined) {
        this.core.updater.requestUpdate();
        continue;
      }
      const connection = this.core.connections.to(broker);
      if (this.inFlight.has(connection) || busy.has(broker.id)) continue;
      if (!connection.channel.ready) connection.connect(nowMs);
      else {
        const group = groups.get(connection);
        if (group === undefined) groups.set(connection, [partition]);
        else group.push(partition);
      }
    }
    for (const [connection, group] of groups) this.fetch(connection, group);
  }

  /**
   * While there is something buffered, nothing else is fetched from that broker: the session would
   * forget what is buffered, only to be told of it again (KAFKA-17182).
   */
  private brokersOfBuffered(): Set<number> {
    const replicas = new Set<number>();
    for (const partition of this.assignment.partitions) {
      const { buffered, state } = partition;
      if (buffered !== null && state === 'fetching') replicas.add(this.replicaToRead(partition));
    }
    return replicas;
  }

  /** The leader, or the follower that it named for a while, if that is there. */
  private replicaToRead(partition: PartitionState): number {
    const { preferredReplica } = partition;
    if (preferredReplica < 0) return partition.leaderId;
    const isKnown = this.core.metadata.broker(preferredReplica) !== undefined;
    if (isKnown && this.core.runtime.nowMs < partition.preferredUntilMs) return preferredReplica;
    partition.preferredReplica = -1;
    return partition.leaderId;
  }

  private sessionWith(broker: number): Session {
    let session = this.sessions.get(broker);
    if (session === undefined) {
      session = new FetchSessionHandler();
      this.sessions.set(broker, session);
    }
    return session;
  }

  private fetch(connection: BrokerConnection, partitions: readonly PartitionState[]): void {
    const session = this.sessionWith(connection.broker.id);
    session.begin();
    let haveIds = true;
    for (const partition of partitions) {
      const topicId = this.core.metadata.topic(partition.topic)?.topicId ?? ZERO_UUID;
      if (topicId === ZERO_UUID) haveIds = false;
      const asked = session.partition(partition.topic, topicId, partition.partition);
      asked.owner = partition;
      const { leaderEpoch, offset } = partition;
      session.want(asked, leaderEpoch, offset, -1, -1, this.settings.maxPartitionFetchBytes);
    }
    const request = fetchRequest({
      maxWaitMs: this.settings.fetchMaxWaitMs,
      minBytes: this.settings.fetchMinBytes,
      maxBytes: this.settings.fetchMaxBytes,
      rackId: this.settings.clientRack,
    });
    session.finish(request);
    this.inFlight.add(connection);
    const maxVersion = haveIds ? apis.Fetch.maxVersion : LAST_VERSION_WITH_NAMES;
    connection.channel.send(
      apis.Fetch,
      request,
      (reply) => this.answered(connection, reply, session, partitions),
      { maxVersion },
    );
  }

  /** Lets the brokers forget the sessions; the answers are not waited for. */
  close(): void {
    for (const [id, session] of this.sessions) {
      const broker = this.core.metadata.broker(id);
      if (broker === undefined) continue;
      const { channel } = this.core.connections.to(broker);
      const request = fetchRequest();
      if (channel.ready && session.finishLast(request)) {
        channel.send(apis.Fetch, request, () => {});
      }
    }
  }

  private answered(
    connection: BrokerConnection,
    reply: RpcReply<FetchResponse>,
    session: Session,
    asked: readonly PartitionState[],
  ): void {
    this.inFlight.delete(connection);
    if (reply.kind !== 'response') {
      session.failed();
      for (const partition of asked) partition.preferredReplica = -1;
      if (reply.kind === 'unsupported') this.refuse(asked);
    } else if (session.answered(reply.body)) this.responded(reply.body, session);
    else this.sessionRefused(reply.body.errorCode, asked);
    this.assignment.arrived();
  }

  private sessionRefused(error: number, asked: readonly PartitionState[]): void {
    if (error === ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR) this.core.updater.requestUpdate();
    if (isSessionError(error)) return;
    this.core.updater.requestUpdate();
    for (const partition of asked) this.backOff(partition);
  }

  private refuse(asked: readonly PartitionState[]): void {
    const message = 'the broker speaks no version of Fetch that we speak too';
    for (const partition of asked) {
      partition.error = { error: 'UnsupportedVersionException', message };
    }
  }

  private responded(response: FetchResponse, session: Session): void {
    const hints: LeaderHint[] = [];
    for (const answer of response.responses) {
      for (const data of answer.partitions) {
        const asked = session.find(answer.topic, answer.topicId, data.partitionIndex);
        const owner = asked?.owner ?? null;
        if (asked === undefined || owner === null) continue;
        const { leaderId, leaderEpoch } = data.currentLeader;
        const { topic, partition } = owner;
        if (leaderId >= 0) hints.push({ topic, partition, leaderId, leaderEpoch });
        this.partitionAnswered(owner, asked.request.fetchOffset, data);
      }
    }
    if (hints.length === 0) return;
    const endpoints = response.nodeEndpoints.map(({ nodeId, host, port }) => {
      return { id: nodeId, host, port };
    });
    if (this.core.metadata.followHints(hints, endpoints)) this.assignment.leadersChanged();
  }

  private partitionAnswered(partition: PartitionState, offset: number, data: PartitionData): void {
    const { topic, partition: index } = partition;
    if (this.assignment.find(topic, index) !== partition) return;
    // The answer belongs to a position that was left meanwhile.
    if (partition.state !== 'fetching' || partition.offset !== offset) return;
    if (partition.buffered !== null) return;
    if (data.errorCode !== ErrorCode.NONE) return this.failed(partition, data.errorCode);
    if (data.preferredReadReplica >= 0) {
      partition.preferredReplica = data.preferredReadReplica;
      partition.preferredUntilMs = this.core.runtime.nowMs + this.settings.metadataMaxAgeMs;
    }
    if (data.records === null || data.records.length === 0) return;
    const fetched = { offset, bytes: data.records };
    const completed = new CompletedFetch(
      partition,
      fetched,
      this.settings.checkCrcs,
      this.core.runtime.host.codecs,
    );
    partition.buffered = completed;
    this.arrivals.push(completed);
    this.partitionOf.set(completed, partition);
  }

  private failed(partition: PartitionState, error: ErrorCode): void {
    switch (error) {
      case ErrorCode.UNKNOWN_LEADER_EPOCH:
      case ErrorCode.UNKNOWN_SERVER_ERROR:
        this.backOff(partition);
        return;
      case ErrorCode.OFFSET_OUT_OF_RANGE:
        // A follower may lag, or have been cut: the leader is asked before anything is given up.
        if (partition.preferredReplica >= 0) partition.preferredReplica = -1;
        else if (this.settings.autoOffsetReset !== 'none') partition.requestReset();
        else {
          const position = `offset ${partition.offset} of ${partition.name}`;
          const message = `${position} is out of range and there is no reset policy`;
          partition.error = { error: 'OffsetOutOfRangeException', message };
        }
        return;
      case ErrorCode.CORRUPT_MESSAGE: {
        const position = `offset ${partition.offset} of ${partition.name}`;
        const message = `the broker found a corrupt batch at ${position}`;
        partition.error = { error: 'KafkaException', message };
        return;
      }
      default:
        // Leaders and replicas that are not there yet, or not there any more.
        partition.preferredReplica = -1;
        if (isRetriable(error)) {
          this.core.updater.requestUpdate();
          this.backOff(partition);
        } else partition.error = { error: errorName(error), message: errorMessage(error) };
    }
  }

  private backOff(partition: PartitionState): void {
    const { retryBackoffMs, retryBackoffMaxMs } = this.settings;
    const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, 0, this.random);
    partition.fetchAtMs = this.core.runtime.nowMs + waitMs;
  }

  /**
   * Moves up to `max.poll.records` records out of the buffers and the positions behind them.
   * @returns an error in place of records, when there is one and no records came before it.
   */
  collect(into: ConsumedRecord[]): ConsumerError | null {
    const limit = this.settings.maxPollRecords;
    while (into.length < limit) {
      const completed = this.arrivals[0];
      if (completed === undefined) break;
      const partition = this.partitionOf.get(completed);
      const isCurrent =
        partition?.buffered === completed &&
        this.assignment.find(partition.topic, partition.partition) === partition &&
        partition.state === 'fetching' &&
        partition.offset === completed.nextOffset;
      if (partition === undefined || !isCurrent) {
        if (partition?.buffered === completed) partition.buffered = null;
        this.forgetFirst(completed);
        continue;
      }
      const problem = completed.take(into, limit - into.length);
      if (completed.nextOffset > partition.offset) {
        partition.advance(completed.nextOffset, completed.lastEpoch);
      }
      if (problem !== null) return into.length === 0 ? problem : null;
      if (!completed.isDrained) break;
      partition.buffered = null;
      this.forgetFirst(completed);
      this.assignment.moveToEnd(partition);
    }
    return into.length === 0 ? this.takeError() : null;
  }

  private takeError(): ConsumerError | null {
    for (const partition of this.assignment.partitions) {
      const { error } = partition;
      if (error === null) continue;
      partition.error = null;
      return error;
    }
    return null;
  }

  private forgetFirst(completed: CompletedFetch): void {
    this.arrivals.shift();
    this.partitionOf.delete(completed);
  }

  /** When a partition that failed may be fetched again; Infinity when none waits. */
  nextFetchAtMs(nowMs: number): number {
    let atMs = Number.POSITIVE_INFINITY;
    for (const { fetchAtMs, requestAtMs, state } of this.assignment.partitions) {
      const waitsUntilMs = state === 'fetching' ? fetchAtMs : requestAtMs;
      if (waitsUntilMs > nowMs && waitsUntilMs < atMs) atMs = waitsUntilMs;
    }
    return atMs;
  }
}
