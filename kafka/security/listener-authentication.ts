/**
 * How clients of each SASL listener of a broker authenticate: its mechanisms, with their users, and
 * the time limits (Kafka: SaslChannelBuilder).
 */

import { assert } from '../base/assert.ts';
import { encodeBase64 } from '../base/base64.ts';
import type { BrokerConfig } from '../config/broker.ts';
import { parseJaas } from '../config/jaas.ts';
import {
  isMechanism,
  protocolOf,
  type SaslMechanismName,
  usesSasl,
} from '../config/listener-security.ts';
import type { Crypto, RandomStream } from '../host.ts';
import { PlainExchange } from './plain.ts';
import type { SaslExchange } from './sasl-exchange.ts';
import { type ScramCredential, scramMechanisms } from './scram.ts';
import { ScramExchange } from './scram-exchange.ts';

export interface ListenerAuthentication {
  /** In the order of sasl.enabled.mechanisms. */
  readonly mechanisms: readonly string[];
  readonly failureDelayMs: number;
  /** Largest request before authentication. */
  readonly maxReceiveBytes: number;
  /** null: the mechanism is not enabled. */
  begin(mechanism: string): SaslExchange | null;
  /** After this a client must have authenticated again; 0: never. */
  maxReauthMs(mechanism: string): number;
}

export interface AuthenticationParts {
  readonly config: BrokerConfig;
  readonly crypto: Crypto;
  /** For nonces. */
  readonly random: RandomStream;
  /** @param mechanism its id in the protocol. */
  readonly credentialOf: (user: string, mechanism: number) => ScramCredential | undefined;
}

const NONCE_BYTES = 18;
const REAUTH_KEYS = {
  PLAIN: 'plain.connections.max.reauth.ms',
  'SCRAM-SHA-256': 'scram-sha-256.connections.max.reauth.ms',
  'SCRAM-SHA-512': 'scram-sha-512.connections.max.reauth.ms',
} as const;

/** By the names of the listeners; those without SASL are not in it. */
export function listenerAuthentications(
  listeners: readonly string[],
  parts: AuthenticationParts,
): ReadonlyMap<string, ListenerAuthentication> {
  const map = parts.config.get('listener.security.protocol.map');
  const found = new Map<string, ListenerAuthentication>();
  for (const listener of listeners) {
    const protocol = protocolOf(map, listener);
    if (protocol !== null && usesSasl(protocol)) found.set(listener, of(listener, parts));
  }
  return found;
}

function of(listener: string, parts: AuthenticationParts): ListenerAuthentication {
  const { config } = parts;
  const mechanisms = config.ofListener(listener, 'sasl.enabled.mechanisms');
  const beginnings = new Map<string, () => SaslExchange>();
  for (const name of mechanisms) {
    if (isMechanism(name)) beginnings.set(name, beginning(listener, name, parts));
  }
  return {
    mechanisms,
    failureDelayMs: config.get('connection.failed.authentication.delay.ms'),
    maxReceiveBytes: config.get('sasl.server.max.receive.size'),
    begin: (mechanism) => beginnings.get(mechanism)?.() ?? null,
    maxReauthMs: (mechanism) => {
      const ofAll = config.ofListener(listener, 'connections.max.reauth.ms');
      if (!isMechanism(mechanism)) return ofAll;
      return config.ofListener(listener, REAUTH_KEYS[mechanism]) ?? ofAll;
    },
  };
}

function beginning(
  listener: string,
  name: SaslMechanismName,
  { config, crypto, random, credentialOf }: AuthenticationParts,
): () => SaslExchange {
  if (name === 'PLAIN') {
    const entry = parseJaas(config.ofListener(listener, 'plain.sasl.jaas.config') ?? '');
    assert(entry !== null, `listener ${listener} has PLAIN without a JAAS entry`);
    return () => new PlainExchange(entry.options);
  }
  const mechanism = scramMechanisms.find((one) => one.name === name);
  assert(mechanism !== undefined, `${name} is not a SCRAM mechanism`);
  const nonce = (): string => encodeBase64(random.bytes(NONCE_BYTES));
  return () =>
    new ScramExchange({
      crypto,
      mechanism,
      nonce,
      credentialOf: (user) => credentialOf(user, mechanism.id),
    });
}
