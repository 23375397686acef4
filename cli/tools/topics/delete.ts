/** `trial topics --delete` */
import type { Terminal } from '../../terminal.ts';
import { printJson } from '../../write-json.ts';
import { CALL_TIMEOUT_MS } from '../connect-options.ts';
import { refused, type Session } from '../session.ts';
import { knownTopics } from './known-topics.ts';
import { chosenTopics, type TopicsOptions, topicOf } from './options.ts';

export async function deleteTopics(
  session: Session,
  options: TopicsOptions,
  terminal: Terminal,
): Promise<void> {
  const asked = topicOf(options, 'delete');
  const known = await knownTopics(session);
  const topics = chosenTopics(
    known.map((one) => one.name),
    asked,
    options.ifExists === true,
  );
  if (topics.length > 0) {
    const { results } = await session.expect('operated', {
      kind: 'deleteTopics',
      topics,
      timeoutMs: CALL_TIMEOUT_MS,
    });
    const wrong = results.find(({ error }) => error !== 'NONE');
    if (wrong !== undefined) throw refused(wrong.error, wrong.message ?? wrong.name);
  }
  if (options.json === true || options.jsonFile !== undefined) {
    printJson({ schema: 1, deleted: topics }, options.jsonFile, terminal);
  }
}
