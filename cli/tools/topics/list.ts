/** `trial topics --list` */
import type { Terminal } from '../../terminal.ts';
import { printJson } from '../../write-json.ts';
import type { Session } from '../session.ts';
import { knownTopics } from './known-topics.ts';
import { chosenTopics, type TopicsOptions } from './options.ts';

export async function listTopics(
  session: Session,
  options: TopicsOptions,
  terminal: Terminal,
): Promise<void> {
  const known = await knownTopics(session);
  const shown = known.filter((one) => !(options.excludeInternal === true && one.isInternal));
  const names = chosenTopics(
    shown.map((one) => one.name),
    options.topic,
    true,
  );
  if (options.json === true || options.jsonFile !== undefined) {
    const topics = shown.filter((one) => names.includes(one.name));
    const listed = topics.map(({ name, topicId, isInternal, partitions }) => ({
      name,
      topicId,
      isInternal,
      partitionCount: partitions.length,
    }));
    printJson({ schema: 1, topics: listed }, options.jsonFile, terminal);
  }
  if (options.json !== true && names.length > 0) terminal.out(`${names.join('\n')}\n`);
}
