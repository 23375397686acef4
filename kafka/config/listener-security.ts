/**
 * Which security protocol a listener has (Kafka: SocketServerConfigs, SecurityProtocol), and the
 * rules of it: brokers and controllers talk PLAINTEXT among themselves here, and a listener with
 * SASL needs a mechanism that is there, with what the mechanism needs.
 */

import type { ListenerSecurityKeys } from './broker-security.ts';
import type { ConfigView } from './define.ts';
import { parseJaas } from './jaas.ts';

/** With the ids of the protocol. */
export const securityProtocols = {
  PLAINTEXT: 0,
  SSL: 1,
  SASL_PLAINTEXT: 2,
  SASL_SSL: 3,
} as const;

export type SecurityProtocol = keyof typeof securityProtocols;

export const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type SaslMechanismName = (typeof saslMechanisms)[number];

/** The JAAS entry of a mechanism, and whose it has to be. */
const JAAS = {
  PLAIN: { key: 'plain.sasl.jaas.config', module: '.PlainLoginModule' },
  'SCRAM-SHA-256': { key: 'scram-sha-256.sasl.jaas.config', module: '.ScramLoginModule' },
  'SCRAM-SHA-512': { key: 'scram-sha-512.sasl.jaas.config', module: '.ScramLoginModule' },
} as const;

/** @param map entries of listener.security.protocol.map. A name without one is its own, if it can. */
export function protocolOf(map: readonly string[], listener: string): SecurityProtocol | null {
  const entry = map.find((one) => nameOf(one, ':') === listener.toUpperCase());
  if (entry === undefined) return isProtocol(listener.toUpperCase()) ?? 'PLAINTEXT';
  return isProtocol(
    entry
      .slice(entry.indexOf(':') + 1)
      .trim()
      .toUpperCase(),
  );
}

/** It has an entry, or its name is a protocol. */
function isNamed(map: readonly string[], listener: string): boolean {
  const name = listener.toUpperCase();
  return isProtocol(name) !== null || map.some((one) => nameOf(one, ':') === name);
}

function isProtocol(text: string): SecurityProtocol | null {
  return Object.hasOwn(securityProtocols, text) ? (text as SecurityProtocol) : null;
}

export function usesSasl(protocol: SecurityProtocol): boolean {
  return protocol === 'SASL_PLAINTEXT' || protocol === 'SASL_SSL';
}

export function usesTls(protocol: SecurityProtocol): boolean {
  return protocol === 'SSL' || protocol === 'SASL_SSL';
}

export function isMechanism(name: string): name is SaslMechanismName {
  return (saslMechanisms as readonly string[]).includes(name);
}

/** The listener of the brokers among themselves. @param names of all but the controllers'. */
export function interBrokerName(said: string | null, names: readonly string[]): string {
  return said ?? (names.includes('PLAINTEXT') ? 'PLAINTEXT' : (names[0] ?? 'PLAINTEXT'));
}

type View = ConfigView<ListenerSecurityKeys>;
type Broken = { key: keyof ListenerSecurityKeys & string; problem: string; allowed: string } | null;

/**
 * Whether anything here is about who may do what. Where nothing is, the APIs of security are not
 * served, so that clusters that have no use for them are as they always were.
 */
export function offersSecurity(config: View): boolean {
  const map = config.get('listener.security.protocol.map');
  const names = config.get('listeners').map((one) => nameOf(one, '://'));
  return (
    config.get('initial.scram.credentials') !== null ||
    config.get('authorizer.class.name') !== null ||
    names.some((name) => protocolOf(map, name) !== 'PLAINTEXT')
  );
}

export function protocolRule(config: View): Broken {
  const key = 'listener.security.protocol.map';
  const map = config.get(key);
  const controllers = config.get('controller.listener.names');
  const names = config.get('listeners').map((one) => nameOf(one, '://'));
  const badEntry = entryProblem(map);
  if (badEntry !== null)
    return { key, problem: badEntry, allowed: 'NAME:PROTOCOL, each name once' };
  const unknown = [...names, ...controllers].find((name) => protocolOf(map, name) === null);
  if (unknown !== undefined) {
    const allowed = Object.keys(securityProtocols).join(', ');
    return { key, problem: `has an unknown protocol for ${unknown}`, allowed };
  }
  const own = names.filter((name) => !controllers.includes(name));
  // Kafka: "No security protocol defined for listener"; a typing error must not open a listener.
  // Without controllers' listeners another rule speaks.
  const undefinedOne = controllers.length === 0 ? undefined : own.find((one) => !isNamed(map, one));
  if (undefinedOne !== undefined) {
    const allowed = `an entry such as ${undefinedOne}:PLAINTEXT`;
    return { key, problem: `says nothing of the listener ${undefinedOne}`, allowed };
  }
  const among = interBrokerName(config.get('inter.broker.listener.name'), own);
  const secured = [among, ...controllers].find((name) => protocolOf(map, name) !== 'PLAINTEXT');
  if (secured === undefined) return null;
  const who = secured === among ? 'brokers' : 'controllers';
  return {
    key,
    problem: `makes ${secured} ${protocolOf(map, secured)}, where ${who} talk among themselves`,
    allowed: 'PLAINTEXT for that one (inter.broker.listener.name says which it is)',
  };
}

function entryProblem(map: readonly string[]): string | null {
  const formless = map.find((one) => !/^[^:]+:[^:]+$/.test(one));
  if (formless !== undefined) return `has ${formless}, which is no entry`;
  const names = map.map((one) => nameOf(one, ':'));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? null : `has two entries for ${twice}`;
}

export function mechanismRule(config: View): Broken {
  const key = 'sasl.enabled.mechanisms';
  const map = config.get('listener.security.protocol.map');
  for (const text of config.get('listeners')) {
    const listener = nameOf(text, '://');
    const protocol = protocolOf(map, listener);
    if (protocol === null || !usesSasl(protocol)) continue;
    const allowed = saslMechanisms.join(', ');
    const enabled = config.ofListener(listener, key);
    const unknown = enabled.find((name) => !isMechanism(name));
    if (unknown !== undefined) {
      return { key, problem: `makes listener ${listener} use ${unknown}, not there`, allowed };
    }
    if (enabled.length === 0) {
      return { key, problem: `leaves listener ${listener} without a mechanism`, allowed };
    }
    for (const mechanism of enabled.filter(isMechanism)) {
      const problem = jaasProblem(config, listener, mechanism);
      if (problem !== null) return { key, problem, allowed: jaasForm(listener, mechanism) };
    }
  }
  return null;
}

/** Nodes do not show who they are to each other, so that nobody else could let them in. */
export function superUserRule(config: View): Broken {
  const key = 'super.users';
  if (config.get('authorizer.class.name') === null) return null;
  const users = (config.get(key) ?? '').split(';').map((one) => one.trim());
  const wrong = users.find((one) => one !== '' && !/^[^:]+:./.test(one));
  if (wrong !== undefined) {
    return { key, problem: `has ${wrong}, which is no principal`, allowed: 'User:NAME;User:NAME' };
  }
  if (users.includes(NODES)) return null;
  const problem = `leaves out ${NODES}, which brokers and controllers are to each other here`;
  return { key, problem, allowed: `User:ADMIN;${NODES}` };
}

const NODES = 'User:ANONYMOUS';

/** A listener with TLS has a certificate and the key to it. */
export function certificateRule(config: View): Broken {
  const key = 'ssl.keystore.type';
  const map = config.get('listener.security.protocol.map');
  for (const text of config.get('listeners')) {
    const listener = nameOf(text, '://');
    const protocol = protocolOf(map, listener);
    if (protocol === null || !usesTls(protocol)) continue;
    if (config.ofListener(listener, key) !== 'PEM') {
      const problem = `is what TLS listener ${listener} has; keystores of Java are not read here`;
      return { key, problem, allowed: 'PEM' };
    }
    const inFile = config.ofListener(listener, 'ssl.keystore.location') !== null;
    const parts = ['ssl.keystore.certificate.chain', 'ssl.keystore.key'] as const;
    const given = parts.filter((one) => config.ofListener(listener, one) !== null).length;
    if (given === (inFile ? 0 : 2)) continue;
    const problem = `leaves TLS listener ${listener} without one certificate and its key`;
    return { key, problem, allowed: `${parts.join(' and ')}, or ssl.keystore.location` };
  }
  return null;
}

/** Users of SCRAM are in the metadata log, so that it can do without. */
function jaasProblem(config: View, listener: string, mechanism: SaslMechanismName): string | null {
  const { key, module } = JAAS[mechanism];
  const jaas = config.ofListener(listener, key);
  if (jaas === null && mechanism !== 'PLAIN') return null;
  const what = `has ${mechanism} for listener ${listener}`;
  if (jaas === null) return `${what}, which knows no users`;
  const entry = parseJaas(jaas);
  if (entry === null) return `${what}, whose JAAS text cannot be read`;
  return entry.module.endsWith(module) ? null : `${what}, whose JAAS text is for another`;
}

function jaasForm(listener: string, mechanism: SaslMechanismName): string {
  const key = `listener.name.${listener.toLowerCase()}.${JAAS[mechanism].key}`;
  const users = mechanism === 'PLAIN' ? ' user_NAME="PASSWORD"' : '';
  const room = mechanism === 'PLAIN' ? 'plain' : 'scram';
  const module = `org.apache.kafka.common.security.${room}${JAAS[mechanism].module}`;
  return `${key}=${module} required${users};`;
}

function nameOf(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return (at < 0 ? text : text.slice(0, at)).trim().toUpperCase();
}
