/**
 * The connections of one client, one per broker, opened on demand and kept (Kafka:
 * NetworkClient, ClusterConnectionStates). A broker is known by its node id; bootstrap addresses
 * have ids below zero and stay separate connections until their brokers are known by name.
 */
import { Timer } from '../base/timers.ts';
import type { RandomStream } from '../host.ts';
import type { LoginFailure } from '../rpc/channel-login.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { type Login, RpcChannel } from '../rpc/rpc-channel.ts';
import type { BrokerAddress } from './metadata.ts';

export interface ConnectionSettings {
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly connectionSetupTimeoutMaxMs: number;
  readonly connectionsMaxIdleMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly maxInFlight: number;
}

export interface ConnectionListener {
  /** Requests to this broker go out at once from now on. */
  connectionReady(brokerId: number): void;
  /** The connection ended or never came up; what was in flight on it is answered right after. */
  connectionLost(brokerId: number): void;
  /** A broker, or this client, was not content with who it is; `connectionLost` follows. */
  loginFailed(failure: LoginFailure): void;
}

export class BrokerConnection {
  readonly broker: BrokerAddress;
  readonly channel: RpcChannel;
  connecting = false;

  constructor(broker: BrokerAddress, channel: RpcChannel) {
    this.broker = broker;
    this.channel = channel;
  }

  /** Begins to connect, now or as soon as the backoff allows. */
  connect(nowMs: number): void {
    if (this.channel.ready || this.connecting) return;
    if (this.channel.retryAtMs <= nowMs) this.connecting = true;
    this.channel.connect();
  }

  canConnect(nowMs: number): boolean {
    return !this.channel.ready && !this.connecting && this.channel.retryAtMs <= nowMs;
  }
}

export class BrokerConnections {
  private readonly runtime: NodeRuntime;
  private readonly settings: ConnectionSettings;
  private readonly listener: ConnectionListener;
  private readonly login: Login | null;
  private readonly random: RandomStream;
  private readonly idleTimer = new Timer(() => this.closeIdle());
  private readonly byId = new Map<number, BrokerConnection>();

  /** @param login null: brokers are not told who this is. */
  constructor(
    runtime: NodeRuntime,
    settings: ConnectionSettings,
    listener: ConnectionListener,
    login: Login | null,
  ) {
    this.runtime = runtime;
    this.settings = settings;
    this.listener = listener;
    this.login = login;
    this.random = runtime.host.random.stream('least-loaded-node');
  }

  /** The connection to a broker; made anew when its address changed and nothing is in flight. */
  to(broker: BrokerAddress): BrokerConnection {
    const known = this.byId.get(broker.id);
    if (known !== undefined && !hasMoved(known, broker)) return known;
    known?.channel.close();
    const connection = this.open(broker);
    this.byId.set(broker.id, connection);
    return connection;
  }

  private open(broker: BrokerAddress): BrokerConnection {
    const { settings } = this;
    const connection: BrokerConnection = new BrokerConnection(
      broker,
      new RpcChannel({
        runtime: this.runtime,
        address: { host: broker.host, port: broker.port },
        clientId: settings.clientId,
        negotiate: true,
        login: this.login,
        onLoginFailed: (failure) => this.listener.loginFailed(failure),
        requestTimeoutMs: settings.requestTimeoutMs,
        connectionSetupTimeoutMs: settings.connectionSetupTimeoutMs,
        connectionSetupTimeoutMaxMs: settings.connectionSetupTimeoutMaxMs,
        reconnectBackoffMs: settings.reconnectBackoffMs,
        reconnectBackoffMaxMs: settings.reconnectBackoffMaxMs,
        onReady: () => {
          connection.connecting = false;
          this.watchIdleness();
          this.listener.connectionReady(broker.id);
        },
        onDrained: () => this.listener.connectionReady(broker.id),
        onDisconnected: () => {
          connection.connecting = false;
          this.listener.connectionLost(broker.id);
        },
      }),
    );
    return connection;
  }

  /**
   * The broker to ask something that any broker can answer: a ready one with the fewest requests
   * in flight that takes another, else one that is being connected, else one that may be connected
   * now, from a random start; null while there is none (Kafka: leastLoadedNode).
   */
  leastLoaded(brokers: readonly BrokerAddress[]): BrokerConnection | null {
    const nowMs = this.runtime.nowMs;
    const start = brokers.length > 1 ? this.random.int(0, brokers.length - 1) : 0;
    let ready: BrokerConnection | null = null;
    let connecting: BrokerConnection | null = null;
    let connectable: BrokerConnection | null = null;
    for (let i = 0; i < brokers.length; i++) {
      const connection = this.to(brokers[(start + i) % brokers.length] as BrokerAddress);
      const { channel } = connection;
      if (channel.ready) {
        if (channel.inFlight === 0) return connection;
        if (channel.inFlight >= this.settings.maxInFlight) continue;
        if (ready === null || channel.inFlight < ready.channel.inFlight) ready = connection;
      } else if (connection.connecting) connecting = connection;
      else if (connection.canConnect(nowMs) && isBetter(connection, connectable)) {
        connectable = connection;
      }
    }
    return ready ?? connecting ?? connectable;
  }

  /** Whether one of these brokers is connected, if it takes no more requests for now. */
  anyReady(brokers: readonly BrokerAddress[]): boolean {
    return brokers.some(({ id }) => this.byId.get(id)?.channel.ready === true);
  }

  private watchIdleness(): void {
    const { connectionsMaxIdleMs } = this.settings;
    if (connectionsMaxIdleMs < 0 || this.idleTimer.armed) return;
    const { nowMs, timers } = this.runtime;
    timers.arm(this.idleTimer, nowMs + connectionsMaxIdleMs);
  }

  private closeIdle(): void {
    const { nowMs, timers } = this.runtime;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { channel } of this.byId.values()) {
      if (!channel.ready) continue;
      const idleAtMs = channel.lastUsedMs + this.settings.connectionsMaxIdleMs;
      if (idleAtMs <= nowMs) channel.dropIdle();
      else nextMs = Math.min(nextMs, idleAtMs);
    }
    timers.arm(this.idleTimer, nextMs);
  }

  closeAll(): void {
    this.runtime.timers.cancel(this.idleTimer);
    for (const connection of this.byId.values()) connection.channel.close();
    this.byId.clear();
  }
}

function hasMoved(known: BrokerConnection, broker: BrokerAddress): boolean {
  if (known.broker.host === broker.host && known.broker.port === broker.port) return false;
  return !known.channel.ready && !known.connecting && known.channel.inFlight === 0;
}

/** The one whose last failure is longest ago. */
function isBetter(one: BrokerConnection, than: BrokerConnection | null): boolean {
  return than === null || one.channel.retryAtMs < than.channel.retryAtMs;
}
