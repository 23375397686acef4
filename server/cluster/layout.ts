/**
 * The machines of a whole cluster in one process: brokers 1 … n and controllers 101 …, named as in
 * the laboratory, each with its ports and its directory.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { uuidFromBytes } from '../../kafka/base/uuid.ts';
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { ListeningPort } from '../network/listening-port.ts';

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

const FIRST_CONTROLLER_ID = 101;

/** Keys that the layout sets: who a node is and how it is reached. */
export const LAYOUT_KEYS: readonly string[] = [
  'node.id',
  'process.roles',
  'cluster.id',
  'listeners',
  'advertised.listeners',
  'listener.security.protocol.map',
  'inter.broker.listener.name',
  'controller.listener.names',
  'controller.quorum.voters',
  'controller.quorum.bootstrap.servers',
  'initial.controllers',
  'log.dirs',
  'metadata.log.dir',
];

/** Takes every port. Rejects when one is not free; nothing stays taken then. */
export async function planCluster(shape: ClusterShape): Promise<PlannedNode[]> {
  const brokerPorts = Array.from({ length: shape.brokers }, (_, i) => {
    return new ListeningPort(shape.host, shape.port === 0 ? 0 : shape.port + i);
  });
  // Controllers talk to nobody but the nodes of this process.
  const controllerPorts = Array.from({ length: shape.controllers }, () => {
    return new ListeningPort('127.0.0.1', 0);
  });
  const ports = [...brokerPorts, ...controllerPorts];
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
    'cluster.id': clusterIdIn(shape.data) ?? newClusterId(),
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
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
    const config = {
      ...shared,
      'node.id': String(id),
      'process.roles': 'broker',
      listeners: `PLAINTEXT://${shape.host}:${port.port}`,
      'advertised.listeners': `PLAINTEXT://${shape.advertisedHost}:${port.port}`,
      'log.dirs': directory(name),
    };
    return { id, name, role: 'broker', config, listeners: { PLAINTEXT: port } };
  });
  return [...controllers, ...brokers];
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

/** 22 characters; ids that begin with a dash would look like an option. */
export function newClusterId(): string {
  for (;;) {
    const id = uuidFromBytes(randomBytes(16), 0);
    if (!id.startsWith('-')) return id;
  }
}

/** What a node of an earlier run wrote down; null when there was none. */
function clusterIdIn(data: string | null): string | null {
  if (data === null || !existsSync(data)) return null;
  for (const name of readdirSync(data).sort()) {
    const id = clusterIdOf(join(data, name));
    if (id !== null) return id;
  }
  return null;
}

/** The cluster that a log directory belongs to; null when it is new. */
export function clusterIdOf(directory: string): string | null {
  const file = join(directory, 'meta.properties');
  if (!existsSync(file)) return null;
  return /^cluster\.id=(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.trim() ?? null;
}
