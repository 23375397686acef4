/**
 * What every client node is made of: runtime, metadata, connections, and the keys that all
 * clients share. Producer, consumer and admin client add their own work to it.
 */
import type { clientKeys } from '../config/client.ts';
import type { ConfigKey, ConfigView } from '../config/define.ts';
import type { Host } from '../host.ts';
import { rulesOf } from '../protocol/rules.ts';
import type { VariantChoice } from '../protocol/variants.ts';
import type { LoginFailure } from '../rpc/channel-login.ts';
import { NodeRuntime } from '../rpc/node-runtime.ts';
import type { Login } from '../rpc/rpc-channel.ts';
import { beginLogin, type LoginSettings } from '../security/login.ts';
import { parseBootstrapServers } from './bootstrap.ts';
import { BrokerConnections, type ConnectionListener } from './broker-connections.ts';
import { ClientMetadata } from './metadata.ts';
import { MetadataUpdater } from './metadata-updater.ts';

/** Keys that all three client tables have, as numbers in ms. */
export interface ClientSettings {
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly connectionSetupTimeoutMaxMs: number;
  /** Below zero: connections are kept for ever. */
  readonly connectionsMaxIdleMs: number;
  readonly metadataMaxAgeMs: number;
  /** Requests that one connection takes before one of them is answered. */
  readonly maxInFlight: number;
}

type ClientKeys = typeof clientKeys & { readonly 'connections.max.idle.ms': ConfigKey<number> };

/** @param maxInFlight of the producer a setting; Kafka's other clients have it fixed. */
export function clientSettings(
  config: ConfigView<ClientKeys>,
  maxInFlight: number,
): ClientSettings {
  return {
    maxInFlight,
    bootstrapServers: config.get('bootstrap.servers'),
    clientId: config.get('client.id'),
    requestTimeoutMs: config.get('request.timeout.ms'),
    retryBackoffMs: config.get('retry.backoff.ms'),
    retryBackoffMaxMs: config.get('retry.backoff.max.ms'),
    reconnectBackoffMs: config.get('reconnect.backoff.ms'),
    reconnectBackoffMaxMs: config.get('reconnect.backoff.max.ms'),
    connectionSetupTimeoutMs: config.get('socket.connection.setup.timeout.ms'),
    connectionSetupTimeoutMaxMs: config.get('socket.connection.setup.timeout.max.ms'),
    connectionsMaxIdleMs: config.get('connections.max.idle.ms'),
    metadataMaxAgeMs: config.get('metadata.max.age.ms'),
  };
}

export interface ClientListener {
  /** Metadata may have changed. */
  metadataUpdated(): void;
  connectionReady(brokerId: number): void;
  connectionLost(brokerId: number): void;
  /** Nobody lets this client in: what it waits for will not come (Kafka: AuthenticationException). */
  loginFailed(failure: LoginFailure): void;
}

export class ClientCore {
  readonly runtime: NodeRuntime;
  readonly settings: ClientSettings;
  readonly metadata = new ClientMetadata();
  readonly connections: BrokerConnections;
  readonly updater: MetadataUpdater;

  constructor(
    host: Host,
    settings: ClientSettings,
    listener: ClientListener,
    allowAutoTopicCreation: boolean,
    variants: VariantChoice = {},
    login: LoginSettings | null = null,
  ) {
    this.runtime = new NodeRuntime(host, rulesOf(variants, host.trace));
    this.settings = settings;
    const told: ConnectionListener = {
      connectionReady: (brokerId) => {
        this.updater.connectionReady();
        listener.connectionReady(brokerId);
      },
      connectionLost: (brokerId) => {
        this.updater.connectionLost();
        listener.connectionLost(brokerId);
      },
      loginFailed: (failure) => listener.loginFailed(failure),
    };
    const channelLogin = login === null ? null : channelLoginOf(host, login);
    this.connections = new BrokerConnections(this.runtime, settings, told, channelLogin);
    const bootstrap = parseBootstrapServers(settings.bootstrapServers).map((address, i) => ({
      id: -1 - i,
      host: address.host,
      port: address.port,
    }));
    this.updater = new MetadataUpdater(
      this.runtime,
      this.metadata,
      this.connections,
      { ...settings, bootstrap, allowAutoTopicCreation },
      () => listener.metadataUpdated(),
    );
  }

  close(): void {
    this.updater.close();
    this.connections.closeAll();
  }
}

function channelLoginOf({ crypto, random }: Host, login: LoginSettings): Login {
  const parts = { crypto, random: random.stream('login-nonce') };
  return { mechanism: login.mechanism, begin: () => beginLogin(login, parts) };
}
