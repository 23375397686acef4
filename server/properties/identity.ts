/**
 * Who a node is and in which quorum, as Kafka's KafkaConfig checks it at a start; and what
 * `kafka-storage format` would have asked before the first one (StorageTool, KIP-853).
 */
import { parseUuid } from '../../kafka/base/uuid.ts';
import type { BrokerConfig } from '../../kafka/config/broker.ts';
import { storedIdentity } from '../disk/meta-properties.ts';
import { newUuid } from '../random.ts';
import type { ListenerSpec } from './listeners.ts';

const ADDRESS = /^([^@]+):(\d+)$/;
const VOTER = /^(\d+)@(.+)$/;
const LARGEST_ID = 2 ** 31 - 1;
const LARGEST_PORT = 65_535;

export function identityProblems(config: BrokerConfig): string[] {
  const problems: string[] = [];
  const id = config.get('node.id');
  const roles = config.get('process.roles');
  if (!config.isGiven('node.id')) problems.push('node.id is missing: a number for this node');
  if (roles.length === 0) {
    problems.push('process.roles is missing: broker, controller or broker,controller');
  }
  if (new Set(roles).size < roles.length) problems.push('process.roles says a role twice');
  if (config.get('log.dirs').length === 0) problems.push('log.dirs is empty: name a directory');
  if (config.get('metadata.log.dir') === '') problems.push('metadata.log.dir is empty');
  if (config.get('cluster.id') === '') problems.push('cluster.id is empty');
  const voters = config.get('controller.quorum.voters');
  const bootstrap = config.get('controller.quorum.bootstrap.servers');
  if (voters.length === 0 && bootstrap.length === 0) {
    problems.push('controller.quorum.voters is missing: the controllers, as id@host:port');
  }
  if (voters.length > 0 && config.get('initial.controllers').length > 0) {
    problems.push('controller.quorum.voters and initial.controllers: one or the other');
  }
  problems.push(...formProblems(config));
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

function formProblems(config: BrokerConfig): string[] {
  const problems: string[] = [];
  for (const text of config.get('controller.quorum.bootstrap.servers')) {
    if (isAddress(text)) continue;
    problems.push(`controller.quorum.bootstrap.servers: "${text}" is not host:port`);
  }
  const ids: string[] = [];
  for (const text of config.get('controller.quorum.voters')) {
    const [, id, address = ''] = VOTER.exec(text) ?? [];
    if (id === undefined || Number(id) > LARGEST_ID || !isAddress(address)) {
      problems.push(`controller.quorum.voters: "${text}" is not id@host:port`);
    } else if (ids.includes(id)) {
      problems.push(`controller.quorum.voters has node ${id} twice`);
    } else ids.push(id);
  }
  for (const text of config.get('initial.controllers')) {
    const [, id, rest = ''] = VOTER.exec(text) ?? [];
    const at = rest.lastIndexOf(':');
    const isRight = isAddress(rest.slice(0, at)) && parseUuid(rest.slice(at + 1)) !== null;
    if (id !== undefined && Number(id) <= LARGEST_ID && isRight) continue;
    problems.push(`initial.controllers: "${text}" is not id@host:port:directory-id`);
  }
  return problems;
}

function isAddress(text: string): boolean {
  const port = ADDRESS.exec(text)?.[2];
  return port !== undefined && Number(port) <= LARGEST_PORT;
}

/** The first voters of a quorum that the log names. */
export type FirstVoters =
  /** Nothing is to be said: the configuration or the storage does, or others do. */
  | 'known'
  /** This node alone, as after `format --standalone`. */
  | 'alone'
  /** Nobody says who they are, so that the node would wait for ever. */
  | 'missing';

/**
 * @param directory of the metadata log.
 * @param own the controllers' listeners of this node, as it listens and as it says.
 */
export function firstVoters(
  config: BrokerConfig,
  directory: string,
  own: readonly ListenerSpec[],
): FirstVoters {
  const isController = config.get('process.roles').includes('controller');
  // An empty list says it, too: as after `format --no-initial-controllers`, it waits to be added.
  const isSaid =
    config.get('controller.quorum.voters').length > 0 || config.isGiven('initial.controllers');
  const isFormatted = (storedIdentity(directory)?.directoryId ?? null) !== null;
  if (!isController || isSaid || isFormatted) return 'known';
  const [only, ...others] = config.get('controller.quorum.bootstrap.servers');
  return only !== undefined && others.length === 0 && own.some((one) => isAt(one, only))
    ? 'alone'
    : 'missing';
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]'];
const WILDCARDS = ['0.0.0.0', '::'];

function isAt({ host, port }: ListenerSpec, address: string): boolean {
  const [, said = '', number] = ADDRESS.exec(address) ?? [];
  if (Number(number) !== port) return false;
  const isLoopback = LOOPBACK.includes(said);
  return host === said || (isLoopback && [...LOOPBACK, ...WILDCARDS].includes(host));
}

export const MISSING_VOTERS =
  'controller.quorum.bootstrap.servers says where the quorum is and not who is in it, and this' +
  ' storage is new. Name the controllers in controller.quorum.voters=id@host:port,… or, on every' +
  ' first one, in initial.controllers=id@host:port:directory-id,… (kafka-storage format' +
  ' --initial-controllers); an empty initial.controllers= lets it wait until it is added';

/** What a quorum of one is formatted with. */
export function initialController(id: number, { host, port }: ListenerSpec): string {
  return `${id}@${host}:${port}:${newUuid()}`;
}
