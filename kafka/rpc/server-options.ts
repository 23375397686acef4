/** The keys of a serving node's sockets, read once (Kafka: SocketServerConfigs). */
import type { BrokerConfig } from '../config/broker.ts';
import type { RequestServerOptions } from './request-server.ts';

export function serverOptions(
  config: BrokerConfig,
  protectedListener: string | null,
): RequestServerOptions {
  return {
    maxFrameBytes: config.get('socket.request.max.bytes'),
    maxIdleMs: config.get('connections.max.idle.ms'),
    limits: {
      maxConnections: config.get('max.connections'),
      maxConnectionsPerIp: config.get('max.connections.per.ip'),
      perIpOverrides: overrides(config.get('max.connections.per.ip.overrides')),
      protectedListener,
    },
  };
}

/** `10.0.0.1:100`; the address may itself have colons. */
function overrides(texts: readonly string[]): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const text of texts) {
    const colon = text.lastIndexOf(':');
    const limit = Number(text.slice(colon + 1));
    if (colon > 0 && Number.isInteger(limit)) limits.set(text.slice(0, colon).trim(), limit);
  }
  return limits;
}
