/**
 * Which keys of a `server.properties` mean something here. Kafka's keys for threads and socket
 * buffers have nothing to act on; those of rooms that are not there yet would have no effect. Both
 * are told, never passed over in silence; what is no key of Kafka's at all is an error, and so is
 * security that cannot be had.
 */
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { checkConfig, declared } from '../../kafka/config/parse.ts';
import type { Property } from './read-properties.ts';

const ONE_THREAD = 'a node here is one thread';
const SOCKETS = 'the operating system chooses';

const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'num.network.threads': ONE_THREAD,
  'num.io.threads': ONE_THREAD,
  'num.recovery.threads.per.data.dir': ONE_THREAD,
  'num.replica.alter.log.dirs.threads': ONE_THREAD,
  'background.threads': ONE_THREAD,
  'queued.max.requests': ONE_THREAD,
  'queued.max.request.bytes': ONE_THREAD,
  'socket.send.buffer.bytes': SOCKETS,
  'socket.receive.buffer.bytes': SOCKETS,
  'replica.socket.receive.buffer.bytes': SOCKETS,
  'socket.listen.backlog.size': SOCKETS,
};

/** Rooms that are not there, by how their keys begin. */
const LATER: readonly (readonly [prefix: string, what: string])[] = [
  ['transaction.', 'transactions'],
  ['share.coordinator.', 'share groups'],
  ['group.share.', 'share groups'],
  ['remote.log.', 'tiered storage'],
  ['quota.', 'quotas'],
  ['metric', 'metrics reporters'],
  ['telemetry.', 'client telemetry'],
];

/** Whoever asks for these must not get less. */
const SECURITY = /^(authorizer|principal|sasl|security|ssl|listener\.security)\.|^super\.users$/;

/** Keys that are read here and not by the node. */
export const OWN_KEYS: readonly string[] = ['log.dir'];

export interface CheckedKeys {
  readonly config: Record<string, string>;
  /** What has no effect, and why. */
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** @param label of the file, for the words. */
export function checkKeys(label: string, properties: ReadonlyMap<string, Property>): CheckedKeys {
  const config: Record<string, string> = {};
  const notes: string[] = [];
  const problems: string[] = [];
  const note = (key: string, line: number, why: string): void => {
    notes.push(`${label}:${line}: ${key} has no effect: ${why}`);
  };
  for (const [key, { value, line }] of properties) {
    const threads = WITHOUT_EFFECT[key];
    const later = LATER.find(([prefix]) => key.startsWith(prefix));
    if (OWN_KEYS.includes(key)) config[key] = value;
    else if (threads !== undefined) note(key, line, threads);
    else if (declared(brokerConfigs, key) !== undefined) {
      const [wrong] = checkConfig(brokerConfigs, { [key]: value }, { at: label });
      if (wrong === undefined || wrong.kind === 'conflict') config[key] = value;
      else if (wrong.kind === 'not-yet' && !SECURITY.test(key)) note(key, line, wrong.message);
      else problems.push(`${label}:${line}: ${wrong.message}`);
    } else if (later !== undefined) note(key, line, `${later[1]} are not there yet`);
    else {
      const known = [...Object.keys(brokerConfigs.keys), ...Object.keys(WITHOUT_EFFECT)];
      const help = didYouMean(nearestName(key, known));
      problems.push(`${label}:${line}: ${key} is no broker key${help === '' ? '' : `; ${help}`}`);
    }
  }
  return { config, notes, problems };
}
