/** The listener keys of a `server.properties`, checked as Kafka's KafkaConfig does at a start. */

import { addressText, bareHost } from '../../kafka/base/address-text.ts';

export interface ListenerSpec {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** `NAME://host:port`; an IPv6 address stands in brackets. */
const FORM = /^([A-Za-z0-9_-]+):\/\/(\[[^\]]*\]|[^:]*):(-?\d+)$/;
const WILDCARDS = new Set(['0.0.0.0', '::', '[::]']);
const THIS_MACHINE = '127.0.0.1';

export interface ListenerConfig {
  readonly listeners: readonly ListenerSpec[];
  readonly advertised: readonly ListenerSpec[];
}

export interface ListenerKeys {
  readonly listeners: string;
  /** null: not given. */
  readonly advertised: string | null;
  readonly controllerNames: readonly string[];
  /** inter.broker.listener.name; null: not given. */
  readonly interBroker: string | null;
  readonly roles: readonly string[];
}

/** Where to listen and what to tell others, or everything that is wrong. */
export function readListeners(keys: ListenerKeys): ListenerConfig | { problems: string[] } {
  const problems: string[] = [];
  const listeners = parse('listeners', keys.listeners, problems);
  const told =
    keys.advertised === null ? [] : parse('advertised.listeners', keys.advertised, problems);
  const names = new Set(listeners.map((one) => one.name));
  if (names.size < listeners.length) {
    problems.push('listeners: each listener must have its own name');
  }
  if (new Set(told.map((one) => one.name)).size < told.length) {
    problems.push('advertised.listeners: each listener must have its own name');
  }
  checkPorts(listeners, problems);
  for (const one of told) {
    if (!names.has(one.name) && !keys.controllerNames.includes(one.name)) {
      problems.push(`advertised.listeners: ${one.name} is not among listeners`);
    }
    if (WILDCARDS.has(one.host)) {
      problems.push('advertised.listeners: 0.0.0.0 cannot be connected to; name an address');
    }
  }
  checkRoles(keys, listeners, problems);
  const missing = listeners.filter((one) => !told.some(({ name }) => name === one.name));
  for (const { name, host } of missing) {
    if (!WILDCARDS.has(host)) continue;
    problems.push(`advertised.listeners: needed for ${name}, which listens at ${host}`);
  }
  if (problems.length > 0) return { problems };
  return { listeners, advertised: [...told, ...missing] };
}

function parse(key: string, text: string, problems: string[]): ListenerSpec[] {
  const specs: ListenerSpec[] = [];
  for (const entry of text.split(',').map((one) => one.trim())) {
    if (entry === '') continue;
    const match = FORM.exec(entry);
    const port = Number(match?.[3]);
    if (match === null || port < 0 || port > 65_535) {
      problems.push(`${key}: "${entry}" is not NAME://host:port`);
      continue;
    }
    // No host is this machine alone: nothing is open to others unless it is said.
    const host = match[2] === '' ? THIS_MACHINE : (match[2] as string);
    specs.push({ name: (match[1] as string).toUpperCase(), host: bareHost(host), port });
  }
  return specs;
}

/** Two may have the same port if one is IPv4 and the other IPv6 (KIP-797). */
function checkPorts(listeners: readonly ListenerSpec[], problems: string[]): void {
  const isSix = ({ host }: ListenerSpec): boolean => host.includes(':');
  for (const [i, one] of listeners.entries()) {
    const other = listeners.slice(0, i).find(({ port }) => port === one.port);
    if (other === undefined || one.port === 0 || isSix(one) !== isSix(other)) continue;
    problems.push(`listeners: ${other.name} and ${one.name} both have port ${one.port}`);
  }
}

function checkRoles(
  { controllerNames, interBroker, roles }: ListenerKeys,
  listeners: readonly ListenerSpec[],
  problems: string[],
): void {
  const own = listeners.filter((one) => controllerNames.includes(one.name));
  if (controllerNames.length === 0) {
    problems.push('controller.listener.names: must name at least one listener');
  } else if (roles.includes('controller') && own.length === 0) {
    const names = controllerNames.join(', ');
    problems.push(
      `listeners: a controller must listen at one of controller.listener.names (${names})`,
    );
  } else if (roles.includes('controller') && own.length < new Set(controllerNames).size) {
    const strange = controllerNames.find((name) => !own.some((one) => one.name === name));
    problems.push(`controller.listener.names: ${strange} is not among listeners`);
  } else if (!roles.includes('controller') && own.length > 0) {
    problems.push(`listeners: ${own[0]?.name} is the controllers’, and this node is none`);
  }
  if (roles.includes('broker') && own.length === listeners.length) {
    problems.push('listeners: a broker needs a listener that is not the controllers’');
  }
  if (new Set(controllerNames).size < controllerNames.length) {
    problems.push('controller.listener.names has a name twice');
  }
  const others = listeners.filter((one) => !controllerNames.includes(one.name));
  const among = interBroker?.toUpperCase();
  const isThere = others.some((one) => one.name === among);
  if (roles.includes('broker') && among !== undefined && !isThere) {
    const names = others.map((one) => one.name).join(', ');
    problems.push(`inter.broker.listener.name: "${interBroker}" is none of ${names}`);
  }
}

export function listenerText({ name, host, port }: ListenerSpec): string {
  return `${name}://${addressText({ host, port })}`;
}
