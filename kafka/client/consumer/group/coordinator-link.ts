/**
 * Which broker coordinates a consumer's group, and the connection to it: one of its own beside
 * the one that records come over, so that a fetch that waits does not hold heartbeats back
 * (Kafka: AbstractCoordinator.ensureCoordinatorReady, markCoordinatorUnknown).
 */

import { Timer } from '../../../base/timers.ts';
import type { RandomStream } from '../../../host.ts';
import type { RpcReply } from '../../../rpc/rpc-channel.ts';
import { type ApiSpec, apis } from '../../../wire/apis.ts';
import { ErrorCode, errorMessage, errorName, isRetriable } from '../../../wire/errors.ts';
import { findCoordinatorRequest } from '../../../wire/generated/find-coordinator-request.ts';
import type { FindCoordinatorResponse } from '../../../wire/generated/find-coordinator-response.ts';
import { backoffMs } from '../../backoff.ts';
import type { BrokerConnection } from '../../broker-connections.ts';
import type { ClientCore } from '../../client-core.ts';
import type { ConsumerError } from '../partition-state.ts';

/** Ids of coordinator connections count down from here, so they meet no broker's id. */
const COORDINATOR_ID_BASE = 2_147_483_647;
const GROUP_KEY = 0;
const FIRST_WITH_SEVERAL_KEYS = 4;

export interface LinkListener {
  /** The coordinator is known now, or is not any more, or it may be looked for again. */
  changed(): void;
}

export class CoordinatorLink {
  /** What no further try will cure. */
  error: ConsumerError | null = null;
  private readonly core: ClientCore;
  private readonly groupId: string;
  private readonly listener: LinkListener;
  private readonly random: RandomStream;
  private readonly retry: Timer;
  private connection: BrokerConnection | null = null;
  private asking = false;
  /** Somebody needs the coordinator. */
  private wanted = false;
  private failures = 0;
  private closed = false;

  constructor(core: ClientCore, groupId: string, listener: LinkListener) {
    this.core = core;
    this.groupId = groupId;
    this.listener = listener;
    this.random = core.runtime.host.random.stream('coordinator-backoff');
    this.retry = new Timer(() => listener.changed());
  }

  get isKnown(): boolean {
    return this.connection !== null;
  }

  /** Known, and a request goes out at once. */
  get isReady(): boolean {
    return this.connection?.channel.ready === true;
  }

  /** Begins to look for the coordinator, or to connect to it, unless that is under way. */
  look(): void {
    this.wanted = true;
    if (this.closed || this.retry.armed) return;
    if (this.connection !== null) {
      if (!this.connection.channel.ready) this.connection.connect(this.core.runtime.nowMs);
      return;
    }
    if (this.asking || this.error !== null) return;
    const broker = this.core.updater.anyBroker();
    if (broker === null) return this.tryLater();
    if (!broker.channel.ready) {
      // It tells by `connectionReady` or `connectionLost`.
      broker.connect(this.core.runtime.nowMs);
      return;
    }
    this.ask(broker);
  }

  /** A connection has come up: any broker's, or the coordinator's. */
  connectionReady(): void {
    if (this.connection === null && this.wanted) this.look();
    else if (this.isReady) this.listener.changed();
  }

  private ask(broker: BrokerConnection): void {
    this.asking = true;
    const { groupId } = this;
    const severalKeys = spokenVersion(broker, apis.FindCoordinator) >= FIRST_WITH_SEVERAL_KEYS;
    const keys = severalKeys ? { coordinatorKeys: [groupId] } : { key: groupId };
    const request = findCoordinatorRequest({ ...keys, keyType: GROUP_KEY });
    broker.channel.send(apis.FindCoordinator, request, (reply) => this.answered(reply));
  }

  private answered(reply: RpcReply<FindCoordinatorResponse>): void {
    this.asking = false;
    if (this.closed) return;
    if (reply.kind !== 'response') return this.tryLater();
    const found = reply.body.coordinators[0] ?? reply.body;
    const { errorCode, nodeId, host, port } = found;
    if (errorCode === ErrorCode.NONE) {
      this.failures = 0;
      this.wanted = false;
      this.connection = this.core.connections.to({ id: COORDINATOR_ID_BASE - nodeId, host, port });
      if (!this.connection.channel.ready) this.connection.connect(this.core.runtime.nowMs);
      this.listener.changed();
    } else if (isRetriable(errorCode)) this.tryLater();
    else {
      this.error = { error: errorName(errorCode), message: errorMessage(errorCode) };
      this.listener.changed();
    }
  }

  private tryLater(): void {
    if (this.retry.armed) return;
    const { retryBackoffMs, retryBackoffMaxMs } = this.core.settings;
    const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, this.failures, this.random);
    this.failures += 1;
    this.core.runtime.timers.arm(this.retry, this.core.runtime.nowMs + waitMs);
  }

  /** The coordinator said that it is none, or is not heard from: its connection is given up. */
  markUnknown(): void {
    const { connection } = this;
    if (connection === null) return;
    this.connection = null;
    this.core.runtime.defer(() => connection.channel.disconnect());
    this.tryLater();
  }

  /** A connection ended or did not come up. */
  connectionLost(brokerId: number): void {
    if (this.connection?.broker.id === brokerId) {
      this.connection = null;
      this.tryLater();
    } else if (this.connection === null && this.wanted && !this.asking) this.tryLater();
  }

  /** Goes out at once when ready, else with the connection; exactly one reply follows. */
  send<Req, Res>(
    api: ApiSpec<Req, Res>,
    request: Req,
    onReply: (reply: RpcReply<Res>) => void,
    timeoutMs: number = this.core.settings.requestTimeoutMs,
  ): boolean {
    if (this.connection === null) return false;
    this.connection.channel.send(api, request, onReply, { timeoutMs });
    return true;
  }

  /** The version of an API that goes to the coordinator, while it is ready. */
  versionOf<Req, Res>(api: ApiSpec<Req, Res>): number {
    return this.connection === null ? -1 : spokenVersion(this.connection, api);
  }

  close(): void {
    this.closed = true;
    this.core.runtime.timers.cancel(this.retry);
  }
}

function spokenVersion<Req, Res>(to: BrokerConnection, api: ApiSpec<Req, Res>): number {
  return to.channel.versionOf(api as unknown as ApiSpec<unknown, unknown>, api.maxVersion);
}
