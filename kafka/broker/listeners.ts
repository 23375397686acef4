/** Reads the listener keys: `listeners`, `advertised.listeners`, `inter.broker.listener.name`. */
import { bareHost } from '../base/address-text.ts';
import type { BrokerConfig } from '../config/broker.ts';
import { interBrokerName, protocolOf, securityProtocols } from '../config/listener-security.ts';
import { type Listener, listener } from '../wire/generated/broker-registration-request.ts';

export interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** `NAME://host:port`; the host may be empty. null when it is not of this form. */
export function parseEndpoint(text: string): Endpoint | null {
  const match = /^([A-Za-z0-9_-]+):\/\/(.*):(\d+)$/.exec(text);
  if (match === null) return null;
  const [, name, host, port] = match;
  return { name: name as string, host: bareHost(host as string), port: Number(port) };
}

/** The listeners of this broker for clients and other brokers, not those of a controller. */
export function brokerListeners(config: BrokerConfig): Endpoint[] {
  const controllers = new Set(config.get('controller.listener.names'));
  return endpoints(config.get('listeners')).filter((one) => !controllers.has(one.name));
}

/** What is told to the controller, and through it to everybody. */
export function advertisedListeners(config: BrokerConfig): Listener[] {
  const own = brokerListeners(config);
  const advertised = config.get('advertised.listeners') ?? [];
  const told = advertised.length > 0 ? endpoints(advertised) : own;
  const map = config.get('listener.security.protocol.map');
  return told.map(({ name, host, port }) => {
    const securityProtocol = securityProtocols[protocolOf(map, name) ?? 'PLAINTEXT'];
    return listener({ name, host, port, securityProtocol });
  });
}

export function interBrokerListener(config: BrokerConfig): string {
  const names = brokerListeners(config).map((one) => one.name);
  return interBrokerName(config.get('inter.broker.listener.name'), names);
}

/** Brokers come in there always, where clients have another; null: all share one. */
export function protectedListener(config: BrokerConfig): string | null {
  return brokerListeners(config).length > 1 ? interBrokerListener(config) : null;
}

function endpoints(texts: readonly string[]): Endpoint[] {
  return texts.map(parseEndpoint).filter((one) => one !== null);
}
