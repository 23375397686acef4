/**
 * One node of a `server.properties`: who it is, where it listens, what its configuration is once
 * everything that Kafka would find out at a start has been found out.
 */

import { resolve } from 'node:path';
import { addressText } from '../../kafka/base/address-text.ts';
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { checkConfig, parseConfig } from '../../kafka/config/parse.ts';
import { storedIdentity } from '../disk/meta-properties.ts';
import { ListeningPort } from '../network/listening-port.ts';
import { TlsProblem, tlsListener } from '../network/tls.ts';
import { newUuid } from '../random.ts';
import { checkKeys } from './broker-keys.ts';
import { firstVoters, identityProblems, initialController, MISSING_VOTERS } from './identity.ts';
import { type ListenerSpec, listenerText, readListeners } from './listeners.ts';
import { placeOf, readProperties } from './read-properties.ts';
import { storageProblems } from './storage.ts';

export interface NodePlan {
  readonly name: string;
  readonly role: 'broker' | 'controller';
  readonly config: Readonly<Record<string, string>>;
  readonly listeners: Readonly<Record<string, ListeningPort>>;
  /** Where clients find it; empty for a controller. */
  readonly advertised: readonly string[];
  readonly directories: readonly string[];
  /** What has no effect, and why; what was done unasked. */
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

const ALONE =
  'its own listener is all that controller.quorum.bootstrap.servers names, so its new storage is' +
  ' formatted for a quorum of this node alone (as by kafka-storage format --standalone)';

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
  for (const [key, value] of Object.entries(overrides)) properties.set(key, { value, line: null });
  const { config: raw, notes, problems } = checkKeys(label, properties);
  if (problems.length > 0) throw new InvalidProperties(problems);
  const conflicts = checkConfig(brokerConfigs, raw, { at: label }).map(({ key, message }) => {
    const property = properties.get(key);
    return `${property === undefined ? label : placeOf(label, property)}: ${message}`;
  });
  if (conflicts.length > 0) throw new InvalidProperties(conflicts);
  const config = parseConfig(brokerConfigs, raw, { at: label });
  const roles = config.get('process.roles');
  const wrong = identityProblems(config);
  const sockets = readListeners({
    listeners: config.get('listeners').join(','),
    advertised: config.get('advertised.listeners')?.join(',') ?? null,
    controllerNames: config.get('controller.listener.names'),
    interBroker: config.get('inter.broker.listener.name'),
    roles,
  });
  if ('problems' in sockets) wrong.push(...sockets.problems);
  const directories = config.get('log.dirs').map((one) => resolve(one));
  const metadata = config.get('metadata.log.dir');
  const metadataDirectory = metadata === null ? null : resolve(metadata);
  const isApart = metadataDirectory !== null && !directories.includes(metadataDirectory);
  const all = isApart ? [...directories, metadataDirectory] : directories;
  wrong.push(...storageProblems(all, config.get('node.id')));
  if (wrong.length > 0 || 'problems' in sockets) {
    throw new InvalidProperties(wrong.map((one) => `${label}: ${one}`));
  }
  const isController = (name: string): boolean =>
    config.get('controller.listener.names').includes(name);
  const own = [...sockets.advertised, ...sockets.listeners].filter(({ name }) =>
    isController(name),
  );
  const voters = firstVoters(config, metadataDirectory ?? (directories[0] as string), own);
  if (voters === 'missing') throw new InvalidProperties([`${label}: ${MISSING_VOTERS}`]);
  const clusterId = clusterIdFor(label, { raw, directories: all, isAlone: voters === 'alone' });
  const taken = await takePorts(label, sockets.listeners, raw);
  const advertised = sockets.advertised.map((one) => {
    const port = one.port === 0 ? (taken[one.name]?.port ?? 0) : one.port;
    return { ...one, port };
  });
  const isBroker = roles.includes('broker');
  const id = config.get('node.id');
  const first = advertised.find(({ name }) => isController(name));
  return {
    name: `${isBroker ? 'broker' : 'controller'}-${id}`,
    role: isBroker ? 'broker' : 'controller',
    config: {
      ...raw,
      ...(voters === 'alone' && first !== undefined
        ? { 'initial.controllers': initialController(id, first) }
        : {}),
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
    advertised: advertised.filter((one) => !isController(one.name)).map(addressText),
    directories: all,
    notes: voters === 'alone' ? [...notes, `${label}: ${ALONE}`] : notes,
  };
}

/** What the storage says, else what the file says; a quorum of one may choose for itself. */
function clusterIdFor(
  label: string,
  node: {
    readonly raw: Readonly<Record<string, string>>;
    readonly directories: readonly string[];
    /** Its quorum is formed with it alone. */
    readonly isAlone: boolean;
  },
): string {
  const { raw, directories } = node;
  const formatted = directories.map(storedIdentity).find((one) => one !== null)?.clusterId ?? null;
  const said = raw['cluster.id'] ?? null;
  if (formatted !== null && said !== null && formatted !== said) {
    const words = `cluster.id=${said}, but the storage belongs to cluster ${formatted}`;
    throw new InvalidProperties([`${label}: ${words}`]);
  }
  const known = formatted ?? said;
  if (known !== null) return known;
  const voters = (raw['controller.quorum.voters'] ?? '').split(',');
  const isOnlyVoter = voters.length === 1 && voters[0]?.startsWith(`${raw['node.id']}@`) === true;
  if (node.isAlone || isOnlyVoter) return newUuid();
  const [fresh] = directories;
  throw new InvalidProperties([
    `${label}: cluster.id is missing, and ${fresh} is new. All nodes of a cluster need the same` +
      ` one, for instance cluster.id=${newUuid()}`,
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
