/** `trial topics --create` */
import { usageError } from '../../errors.ts';
import type { Terminal } from '../../terminal.ts';
import { printJson } from '../../write-json.ts';
import { CALL_TIMEOUT_MS } from '../connect-options.ts';
import { refused, type Session } from '../session.ts';
import { type TopicsOptions, topicOf } from './options.ts';

const COLLIDE =
  'WARNING: Due to limitations in metric names, topics with a period (‘.’) or underscore (‘_’) ' +
  'could collide. To avoid issues it is best to use either, but not both.\n';

export async function createTopic(
  session: Session,
  options: TopicsOptions,
  terminal: Terminal,
): Promise<void> {
  const name = topicOf(options, 'create');
  const { replicaAssignment: assignments, partitions, replicationFactor } = options;
  if (assignments !== undefined && (partitions ?? replicationFactor) !== undefined) {
    throw usageError('--replica-assignment says the partitions and their replicas by itself');
  }
  if (/[._]/.test(name)) terminal.err(COLLIDE);
  const topic = {
    name,
    partitions: partitions ?? -1,
    replicationFactor: replicationFactor ?? -1,
    config: settings(options.config ?? []),
    ...(assignments === undefined ? {} : { assignments }),
  };
  const { results } = await session.expect('topicsCreated', {
    kind: 'createTopics',
    topics: [topic],
    timeoutMs: CALL_TIMEOUT_MS,
  });
  const { error = 'UNKNOWN_SERVER_ERROR', message = null } = results[0] ?? {};
  const isThere = error === 'TOPIC_ALREADY_EXISTS' && options.ifNotExists === true;
  if (error !== 'NONE' && !isThere) throw refused(error, message);
  if (options.json === true || options.jsonFile !== undefined) {
    printJson({ schema: 1, created: isThere ? [] : [name] }, options.jsonFile, terminal);
  }
  if (options.json !== true && !isThere) terminal.out(`Created topic ${name}.\n`);
}

/** Blanks around `=` mean nothing, as in Kafka. */
function settings(pairs: readonly string[]): Record<string, string> {
  const config: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw usageError(`--config ${pair}: expected key=value`);
    config[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
  }
  return config;
}
