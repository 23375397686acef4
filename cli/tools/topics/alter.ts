/** `trial topics --alter`: more partitions; there can never be fewer. */
import { usageError } from '../../errors.ts';
import type { Terminal } from '../../terminal.ts';
import { printJson } from '../../write-json.ts';
import { CALL_TIMEOUT_MS } from '../connect-options.ts';
import { refused, type Session } from '../session.ts';
import { knownTopics } from './known-topics.ts';
import { chosenTopics, type TopicsOptions, topicOf } from './options.ts';

export async function alterTopics(
  session: Session,
  options: TopicsOptions,
  terminal: Terminal,
): Promise<void> {
  const asked = topicOf(options, 'alter');
  const { partitions: count, replicaAssignment } = options;
  if (count === undefined) {
    throw usageError('--alter needs --partitions (settings are changed by trial configs)');
  }
  const known = await knownTopics(session);
  const names = chosenTopics(
    known.map((one) => one.name),
    asked,
    options.ifExists === true,
  );
  const topics = names.map((name) => {
    const present = known.find((one) => one.name === name)?.partitions.length ?? 0;
    // The assignment is for all partitions; those that are there keep their own.
    return { name, count, assignments: replicaAssignment?.slice(present) ?? null };
  });
  if (topics.length > 0) {
    const { results } = await session.expect('operated', {
      kind: 'createPartitions',
      topics,
      timeoutMs: CALL_TIMEOUT_MS,
    });
    const wrong = results.find(({ error }) => error !== 'NONE');
    if (wrong !== undefined) throw refused(wrong.error, wrong.message);
  }
  if (options.json === true || options.jsonFile !== undefined) {
    const altered = names.map((name) => ({ name, partitionCount: count }));
    printJson({ schema: 1, altered }, options.jsonFile, terminal);
  }
}
