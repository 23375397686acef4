/**
 * The machines of a whole cluster in one process: brokers 1 … n and controllers 101 …, named as in
 * the laboratory, each with its ports and its directory.
 */

import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addressText } from '../../kafka/base/address-text.ts';
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { protocolOf } from '../../kafka/config/listener-security.ts';
import { type ConfigError, checkConfig } from '../../kafka/config/parse.ts';
import { storedIdentity } from '../disk/meta-properties.ts';
import { ListeningPort } from '../network/listening-port.ts';
import { tlsListener } from '../network/tls.ts';
import { absentKey } from '../properties/absent-keys.ts';
import { absentWords } from '../properties/broker-keys.ts';
import { newUuid } from '../random.ts';

export interface ClusterShape {
  readonly brokers: number;
  readonly controllers: number;
  /** Where to listen. */
  readonly host: string;
  /** What clients are told to connect to. */
  readonly advertisedHost: string;
  /** Of the first broker, the others follow; 0: any free ones. */
  readonly port: number;
  /** A folder, made when it is not there; null: in memory. */
  readonly data: string | null;
  /** Keys of brokers and controllers. */
  readonly config: Readonly<Record<string, string>>;
}

export interface PlannedNode {
  readonly id: number;
  readonly name: string;
  readonly role: 'broker' | 'controller';
  readonly config: Readonly<Record<string, string>>;
  readonly listeners: Readonly<Record<string, ListeningPort>>;
}

export const FIRST_CONTROLLER_ID = 101;

export const LARGEST_PORT = 65_535;

/** @param port of the first broker; 0: any. */
export function lastPort(port: number, brokers: number): number {
  return port === 0 ? 0 : port + brokers - 1;
}

/** Of a first port behind which there is not enough room. */
export function portsWords(port: number, brokers: number): string {
  const room = `the last of ${brokers} brokers would get port ${lastPort(port, brokers)}`;
  return `${room}; use at most ${LARGEST_PORT - brokers + 1}, or 0 for any free ones`;
}

/** Keys that the layout sets: who a node is and how it is reached. */
export const LAYOUT_KEYS: readonly string[] = [
  'node.id',
  'process.roles',
  'cluster.id',
  'listeners',
  'advertised.listeners',
  'inter.broker.listener.name',
  'controller.listener.names',
  'controller.quorum.voters',
  'controller.quorum.bootstrap.servers',
  'initial.controllers',
  'log.dirs',
  'metadata.log.dir',
];

/** The brokers' own, beside the clients' when those have to show who they are. */
const INTERNAL = 'INTERNAL';
const LOOPBACK = '127.0.0.1';

const CONTROLLER = 'CONTROLLER';
const MAP = 'listener.security.protocol.map';

/** The listener that clients use: PLAINTEXT, or the one that the security map names. */
export function clientListener(config: Readonly<Record<string, string>>): string {
  const [entry] = config[MAP]?.split(',') ?? [];
  return entry?.split(':')[0]?.trim().toUpperCase() ?? 'PLAINTEXT';
}

/** Brokers then have a listener of their own. */
function isSecured(config: Readonly<Record<string, string>>): boolean {
  const map = config[MAP]?.split(',') ?? [];
  return map.length > 0 && protocolOf(map, clientListener(config)) !== 'PLAINTEXT';
}

/** What is wrong with the keys of a cluster, which are to be those of all its nodes. */
export function clusterConfigErrors(
  config: Readonly<Record<string, string>>,
  at: string,
): ConfigError[] {
  const client = clientListener(config);
  const value = config[MAP] ?? '';
  if (value.includes(',') || client === INTERNAL || client === CONTROLLER) {
    const allowed = 'one NAME:PROTOCOL, for the listener of the clients';
    const message = `${MAP}=${value} names listeners that the cluster makes itself; allowed: ${allowed}`;
    return [{ at, key: MAP, value, kind: 'conflict', message, allowed, nearest: null }];
  }
  return checkConfig(brokerConfigs, { ...config, ...listenerKeys(config) }, { at }).map((error) => {
    const absent = error.kind === 'unknown-key' ? absentKey(error.key) : null;
    if (absent === null) return error;
    return { ...error, message: absentWords(error.key, absent), nearest: null };
  });
}

/** As every broker will have them, but for ports and hosts. */
function listenerKeys(config: Readonly<Record<string, string>>): Record<string, string> {
  const client = clientListener(config);
  if (!isSecured(config)) return { listeners: `${client}://:0` };
  const listeners = `${client}://:0,${INTERNAL}://:1`;
  const map = `${config[MAP]},${INTERNAL}:PLAINTEXT`;
  return { listeners, 'inter.broker.listener.name': INTERNAL, [MAP]: map };
}

/**
 * Takes every port. Rejects when one is not free, or with TlsProblem; nothing stays taken then.
 */
export async function planCluster(shape: ClusterShape): Promise<PlannedNode[]> {
  const client = clientListener(shape.config);
  const planned = { ...shape.config, ...listenerKeys(shape.config) };
  const brokerPorts = Array.from({ length: shape.brokers }, (_, i) => {
    const port = shape.port === 0 ? 0 : shape.port + i;
    return new ListeningPort(shape.host, port, tlsListener(planned, client));
  });
  // Controllers talk to nobody but the nodes of this process.
  const controllerPorts = Array.from({ length: shape.controllers }, () => {
    return new ListeningPort(LOOPBACK, 0);
  });
  const internalPorts = isSecured(shape.config)
    ? brokerPorts.map(() => new ListeningPort(LOOPBACK, 0))
    : [];
  const ports = [...brokerPorts, ...controllerPorts, ...internalPorts];
  const taken = await Promise.allSettled(ports.map((port) => port.take()));
  const refused = taken.find((one) => one.status === 'rejected');
  if (refused !== undefined) {
    for (const port of ports) port.release();
    throw refused.reason;
  }
  const voters = controllerPorts.map(
    ({ port }, i) => `${FIRST_CONTROLLER_ID + i}@127.0.0.1:${port}`,
  );
  const shared = {
    ...internalTopicReplicas(shape.brokers),
    ...shape.config,
    'cluster.id': clusterIdIn(shape.data) ?? newUuid(),
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': CONTROLLER,
  };
  const directory = (name: string): string =>
    shape.data === null ? `/${name}` : join(resolve(shape.data), name);
  const controllers = controllerPorts.map((port, i): PlannedNode => {
    const id = FIRST_CONTROLLER_ID + i;
    const name = `controller-${id}`;
    const config = {
      ...shared,
      'node.id': String(id),
      'process.roles': 'controller',
      listeners: `CONTROLLER://127.0.0.1:${port.port}`,
      'log.dirs': directory(name),
    };
    return { id, name, role: 'controller', config, listeners: { CONTROLLER: port } };
  });
  const brokers = brokerPorts.map((port, i): PlannedNode => {
    const id = i + 1;
    const name = `broker-${id}`;
    const internal = internalPorts[i];
    const { listeners: _, ...inner } = listenerKeys(shape.config);
    const advertised = addressText({ host: shape.advertisedHost, port: port.port });
    const own = internal === undefined ? '' : `,${INTERNAL}://${LOOPBACK}:${internal.port}`;
    const config = {
      ...shared,
      'node.id': String(id),
      'process.roles': 'broker',
      listeners: `${client}://${addressText(port)}${own}`,
      'advertised.listeners': `${client}://${advertised}${own}`,
      ...inner,
      'log.dirs': directory(name),
    };
    const listeners = {
      [client]: port,
      ...(internal === undefined ? {} : { [INTERNAL]: internal }),
    };
    return { id, name, role: 'broker', config, listeners };
  });
  return [...controllers, ...brokers];
}

/** Where the cluster's own clients come in without showing who they are. */
export function internalAddress({ listeners }: Pick<PlannedNode, 'listeners'>): string | null {
  const port = listeners[INTERNAL];
  return port === undefined ? null : addressText(port);
}

/** Topics of the brokers' own cannot have more replicas than there are brokers. */
function internalTopicReplicas(brokers: number): Record<string, string> {
  const wanted = { 'offsets.topic.replication.factor': Math.min(brokers, 3) };
  const known: Record<string, string> = {};
  for (const [key, value] of Object.entries(wanted)) {
    const declared = Object.entries(brokerConfigs.keys).find(([name]) => name === key)?.[1];
    if (declared !== undefined && declared.notYet === null) known[key] = String(value);
  }
  return known;
}

/** What a node of an earlier run wrote down; null when there was none. */
function clusterIdIn(data: string | null): string | null {
  if (data === null || !existsSync(data)) return null;
  for (const name of readdirSync(data).sort()) {
    const stored = storedIdentity(join(data, name));
    if (stored !== null) return stored.clusterId;
  }
  return null;
}
