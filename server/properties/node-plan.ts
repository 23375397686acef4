/**
 * One node of a `server.properties`: who it is, where it listens, what its configuration is once
 * everything that Kafka would find out at a start has been found out.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { checkConfig, parseConfig } from '../../kafka/config/parse.ts';
import { clusterIdOf, newClusterId } from '../cluster/layout.ts';
import { ListeningPort } from '../network/listening-port.ts';
import { TlsProblem, tlsListener } from '../network/tls.ts';
import { checkKeys } from './broker-keys.ts';
import { type ListenerSpec, listenerText, readListeners } from './listeners.ts';
import { readProperties } from './read-properties.ts';

export interface NodePlan {
  readonly name: string;
  readonly role: 'broker' | 'controller';
  readonly config: Readonly<Record<string, string>>;
  readonly listeners: Readonly<Record<string, ListeningPort>>;
  /** Where clients find it; empty for a controller. */
  readonly advertised: readonly string[];
  readonly directories: readonly string[];
  /** What has no effect, and why. */
  readonly notes: readonly string[];
}

/** A file that no node can be started from. */
export class InvalidProperties extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'InvalidProperties';
    this.problems = problems;
  }
}

/**
 * Takes the ports that the file names.
 * @param overrides put on top of the file.
 */
export async function planNode(
  label: string,
  text: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<NodePlan> {
  const properties = readProperties(text);
  for (const [key, value] of Object.entries(overrides)) properties.set(key, { value, line: 0 });
  const { config: given, notes, problems } = checkKeys(label, properties);
  if (problems.length > 0) throw new InvalidProperties(problems);
  const { 'log.dir': singular, ...keys } = given;
  const raw = { ...(singular === undefined ? {} : { 'log.dirs': singular }), ...keys };
  const conflicts = checkConfig(brokerConfigs, raw, { at: label }).map((one) => one.message);
  if (conflicts.length > 0) throw new InvalidProperties(conflicts.map((one) => `${label}: ${one}`));
  const config = parseConfig(brokerConfigs, raw, { at: label });
  const roles = config.get('process.roles');
  const wrong = identityProblems(raw);
  const sockets = readListeners({
    listeners: config.get('listeners').join(','),
    advertised: config.get('advertised.listeners')?.join(',') ?? null,
    controllerNames: config.get('controller.listener.names'),
    roles,
  });
  if ('problems' in sockets) wrong.push(...sockets.problems);
  if (wrong.length > 0 || 'problems' in sockets) {
    throw new InvalidProperties(wrong.map((one) => `${label}: ${one}`));
  }
  const directories = config.get('log.dirs').map((one) => resolve(one));
  const metadata = config.get('metadata.log.dir');
  const metadataDirectory = metadata === null ? null : resolve(metadata);
  const all = [...new Set([...directories, ...(metadataDirectory ? [metadataDirectory] : [])])];
  const clusterId = clusterIdFor(label, raw, all);
  const taken = await takePorts(label, sockets.listeners, raw);
  const isController = (name: string): boolean =>
    config.get('controller.listener.names').includes(name);
  const advertised = sockets.advertised.map((one) => {
    const port = one.port === 0 ? (taken[one.name]?.port ?? 0) : one.port;
    return { ...one, port };
  });
  const isBroker = roles.includes('broker');
  const id = config.get('node.id');
  return {
    name: `${isBroker ? 'broker' : 'controller'}-${id}`,
    role: isBroker ? 'broker' : 'controller',
    config: {
      ...raw,
      'cluster.id': clusterId,
      listeners: sockets.listeners
        .map((one) => listenerText({ ...one, port: taken[one.name]?.port ?? one.port }))
        .join(','),
      'advertised.listeners': advertised
        .filter((one) => isBroker || isController(one.name))
        .map(listenerText)
        .join(','),
      'log.dirs': directories.join(','),
      ...(metadataDirectory === null ? {} : { 'metadata.log.dir': metadataDirectory }),
    },
    listeners: taken,
    advertised: advertised
      .filter((one) => !isController(one.name))
      .map(({ host, port }) => `${host}:${port}`),
    directories: all,
    notes,
  };
}

/** What Kafka's KafkaConfig refuses about who a node is. */
function identityProblems(raw: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  const config = parseConfig(brokerConfigs, raw, { at: 'node' });
  const id = config.get('node.id');
  const roles = config.get('process.roles');
  if (!config.isGiven('node.id')) problems.push('node.id is missing: a number for this node');
  if (roles.length === 0) {
    problems.push('process.roles is missing: broker, controller or broker,controller');
  }
  const voters = config.get('controller.quorum.voters');
  const bootstrap = config.get('controller.quorum.bootstrap.servers');
  if (voters.length === 0 && bootstrap.length === 0) {
    problems.push('controller.quorum.voters is missing: the controllers, as id@host:port');
  }
  const isVoter = voters.some((voter) => voter.startsWith(`${id}@`));
  const isController = roles.includes('controller');
  if (voters.length > 0 && isController && !isVoter) {
    problems.push(`controller.quorum.voters does not have node ${id}, which is a controller`);
  }
  if (isVoter && !isController && roles.length > 0) {
    problems.push(`controller.quorum.voters has node ${id}, which is no controller`);
  }
  return problems;
}

/** What the storage says, else what the file says; a quorum of one may choose for itself. */
function clusterIdFor(
  label: string,
  raw: Readonly<Record<string, string>>,
  directories: readonly string[],
): string {
  const formatted = directories.map(clusterIdOf).find((id) => id !== null) ?? null;
  const said = raw['cluster.id'] ?? null;
  if (formatted !== null && said !== null && formatted !== said) {
    const words = `cluster.id=${said}, but the storage belongs to cluster ${formatted}`;
    throw new InvalidProperties([`${label}: ${words}`]);
  }
  const known = formatted ?? said;
  if (known !== null) return known;
  const voters = (raw['controller.quorum.voters'] ?? '').split(',');
  const isAlone = voters.length === 1 && voters[0]?.startsWith(`${raw['node.id']}@`) === true;
  if (isAlone) return newClusterId();
  const fresh = directories.find((one) => !existsSync(join(one, 'meta.properties')));
  throw new InvalidProperties([
    `${label}: cluster.id is missing, and ${fresh} is new. All nodes of a cluster need the same` +
      ` one, for instance cluster.id=${newClusterId()}`,
  ]);
}

async function takePorts(
  label: string,
  specs: readonly ListenerSpec[],
  raw: Readonly<Record<string, string>>,
): Promise<Record<string, ListeningPort>> {
  const ports: Record<string, ListeningPort> = {};
  for (const { name, host, port, tls } of specs.map((one) => withTls(label, one, raw))) {
    const taken = new ListeningPort(host, port, tls);
    try {
      await taken.take();
    } catch (error) {
      for (const one of Object.values(ports)) one.release();
      throw error;
    }
    ports[name] = taken;
  }
  return ports;
}

function withTls(label: string, spec: ListenerSpec, raw: Readonly<Record<string, string>>) {
  try {
    return { ...spec, tls: tlsListener(raw, spec.name) };
  } catch (error) {
    if (!(error instanceof TlsProblem)) throw error;
    throw new InvalidProperties([`${label}: ${error.message}`]);
  }
}
