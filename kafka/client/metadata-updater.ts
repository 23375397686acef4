/**
 * Keeps a client's metadata fresh: at once for new topics, after errors with backoff, and every
 * `metadata.max.age.ms` (Kafka: NetworkClient.DefaultMetadataUpdater, Metadata). Asks the least
 * loaded known broker, or the bootstrap servers while no known broker can be reached (KIP-899).
 */
import { Timer } from '../base/timers.ts';
import type { RandomStream } from '../host.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RpcReply } from '../rpc/rpc-channel.ts';
import { apis } from '../wire/apis.ts';
import { metadataRequest, metadataRequestTopic } from '../wire/generated/metadata-request.ts';
import type { MetadataResponse } from '../wire/generated/metadata-response.ts';
import { backoffMs } from './backoff.ts';
import type { BrokerConnection, BrokerConnections } from './broker-connections.ts';
import type { BrokerAddress, ClientMetadata } from './metadata.ts';

export interface MetadataSettings {
  readonly bootstrap: readonly BrokerAddress[];
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly reconnectBackoffMs: number;
  readonly metadataMaxAgeMs: number;
  readonly allowAutoTopicCreation: boolean;
}

export class MetadataUpdater {
  private readonly runtime: NodeRuntime;
  private readonly metadata: ClientMetadata;
  private readonly connections: BrokerConnections;
  private readonly settings: MetadataSettings;
  private readonly onUpdate: () => void;
  /** The time to drop topics that are not needed any more. */
  beforeAsking: () => void = () => {};
  private readonly random: RandomStream;
  private readonly timer = new Timer(() => this.refreshIfDue());
  private readonly topics = new Set<string>();
  private needed = false;
  private inProgress = false;
  /** No connection took another request. */
  private waitsForRoom = false;
  /** Rises with every topic added; an answer to an older request does not cover the newer ones. */
  private topicsVersion = 0;
  private allowedAtMs = 0;
  private lastSuccessMs = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private equivalentAnswers = 0;
  private closed = false;

  constructor(
    runtime: NodeRuntime,
    metadata: ClientMetadata,
    connections: BrokerConnections,
    settings: MetadataSettings,
    onUpdate: () => void,
  ) {
    this.runtime = runtime;
    this.metadata = metadata;
    this.connections = connections;
    this.settings = settings;
    this.onUpdate = onUpdate;
    this.random = runtime.host.random.stream('metadata-backoff');
  }

  /** Brokers to talk to: the known ones, else the bootstrap servers. */
  candidates(): readonly BrokerAddress[] {
    const known = this.metadata.brokerList();
    return known.length > 0 ? known : this.settings.bootstrap;
  }

  /** A connection for a request that any broker can answer; null while none takes one. */
  anyBroker(): BrokerConnection | null {
    const candidates = this.candidates();
    const connection = this.connections.leastLoaded(candidates);
    if (connection !== null || this.connections.anyReady(candidates)) return connection;
    return this.connections.leastLoaded(this.settings.bootstrap);
  }

  /** Adds a topic to what is asked for; a new one is asked for at once. */
  addTopic(name: string): void {
    if (this.topics.has(name)) return;
    this.topics.add(name);
    this.topicsVersion += 1;
    this.refreshNow();
  }

  /** Drops topics that nobody needs any more from what is asked for and known. */
  retainTopics(isNeeded: (name: string) => boolean): void {
    for (const name of this.topics) {
      if (isNeeded(name)) continue;
      this.topics.delete(name);
      this.metadata.forget(name);
    }
  }

  /** Replaces the topics asked for (a consumer's assignment). */
  setTopics(names: ReadonlySet<string>): void {
    for (const name of this.topics) if (!names.has(name)) this.topics.delete(name);
    for (const name of names) this.addTopic(name);
  }

  /** Asks again without backoff: somebody waits for a topic that is not known yet. */
  refreshNow(): void {
    this.needed = true;
    this.allowedAtMs = Math.min(this.allowedAtMs, this.runtime.nowMs);
    this.equivalentAnswers = 0;
    this.schedule();
  }

  /** Asks again as soon as the backoff allows: an error says that what we know is old. */
  requestUpdate(): void {
    if (this.needed) return;
    this.needed = true;
    this.schedule();
  }

  /** A refresh that is due goes before everything else that waits for the connection. */
  connectionReady(): void {
    if (this.needed && !this.inProgress) this.refreshIfDue();
  }

  /** A request was answered: a refresh that waits for room goes before the next of the client's. */
  roomMade(): void {
    if (!this.waitsForRoom) return;
    this.waitsForRoom = false;
    this.refreshIfDue();
  }

  /** A lost connection may mean a moved leader, and fails a refresh that waited for it. */
  connectionLost(): void {
    if (this.closed) return;
    const wasDue = this.needed && !this.inProgress && this.allowedAtMs <= this.runtime.nowMs;
    this.needed = true;
    if (wasDue) this.failed();
    else this.schedule();
  }

  close(): void {
    this.closed = true;
    this.runtime.timers.cancel(this.timer);
  }

  private schedule(): void {
    if (this.inProgress || this.closed) return;
    const nowMs = this.runtime.nowMs;
    const dueMs = this.needed ? nowMs : this.lastSuccessMs + this.settings.metadataMaxAgeMs;
    const atMs = Math.max(dueMs, this.allowedAtMs);
    if (atMs > Number.NEGATIVE_INFINITY) this.runtime.timers.arm(this.timer, atMs);
  }

  private refreshIfDue(): void {
    if (this.inProgress || this.closed) return;
    const nowMs = this.runtime.nowMs;
    this.needed = true;
    if (this.allowedAtMs > nowMs) return this.schedule();
    const connection = this.anyBroker();
    if (connection?.channel.ready) return this.ask(connection);
    // A connection under way is waited for; it tells by `connectionReady` or `connectionLost`.
    connection?.connect(nowMs);
    if (connection === null) {
      this.waitsForRoom = true;
      this.runtime.timers.arm(this.timer, nowMs + Math.max(1, this.settings.reconnectBackoffMs));
    }
  }

  private ask(connection: BrokerConnection): void {
    this.beforeAsking();
    const version = this.topicsVersion;
    const topics = [...this.topics].map((name) => metadataRequestTopic({ name }));
    const { allowAutoTopicCreation } = this.settings;
    this.inProgress = true;
    connection.channel.send(
      apis.Metadata,
      metadataRequest({ topics, allowAutoTopicCreation }),
      (reply) => this.answered(reply, version),
    );
  }

  private answered(reply: RpcReply<MetadataResponse>, topicsVersion: number): void {
    this.inProgress = false;
    if (this.closed) return;
    // A broker that is starting up may not know any broker yet.
    if (reply.kind !== 'response' || reply.body.brokers.length === 0) return this.failed();
    const { progress, stale } = this.metadata.update(reply.body);
    const nowMs = this.runtime.nowMs;
    const previousAnswers = this.equivalentAnswers;
    this.failures = 0;
    this.lastSuccessMs = nowMs;
    this.equivalentAnswers = progress ? 0 : previousAnswers + 1;
    this.allowedAtMs = nowMs + this.backoff(Math.max(0, this.equivalentAnswers - 1));
    this.needed = stale;
    if (topicsVersion !== this.topicsVersion) {
      this.needed = true;
      this.allowedAtMs = nowMs;
    }
    this.onUpdate();
    this.schedule();
  }

  private failed(): void {
    this.failures += 1;
    this.equivalentAnswers = 0;
    this.needed = true;
    this.allowedAtMs = this.runtime.nowMs + this.backoff(this.failures - 1);
    this.schedule();
  }

  private backoff(attempts: number): number {
    const { retryBackoffMs, retryBackoffMaxMs } = this.settings;
    return backoffMs(retryBackoffMs, retryBackoffMaxMs, attempts, this.random);
  }
}
