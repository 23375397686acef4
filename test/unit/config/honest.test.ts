import { expect, test } from 'vitest';
import { clientSecurityKeys } from '../../../kafka/config/client-security.ts';
import { configLevels, keysOfLevel } from '../../../kafka/config/levels.ts';
import { topicSynonyms } from '../../../kafka/config/topic.ts';
import { readSources } from '../../tidy/sources.ts';

test('every config key is read by some room, or refused as not there yet', () => {
  const readers = readSources()
    .filter(({ path }) => /^(kafka|sim|server)\//.test(path) && !path.startsWith('kafka/config/'))
    .map(({ text }) => text);
  // What the config room itself reads, it reads for others (`idempotenceEnabled`).
  const rules = readSources()
    .filter(({ path }) =>
      /^kafka\/config\/(producer|listener-security|client-security)\.ts$/.test(path),
    )
    .flatMap(
      ({ text }) =>
        text.match(/const key = '.+' as const|config\.get\('.+?'\)|\bkey: '.+?'/g) ?? [],
    );
  const read = [...readers, ...rules].join('\n');
  const inherited = new Set<string>(
    Object.values(topicSynonyms).flatMap((synonyms) => synonyms.map((one) => one.key)),
  );
  const unread = configLevels.flatMap((level) =>
    Object.entries(keysOfLevel(level))
      .filter(([, key]) => key.notYet === null)
      .filter(([name]) => !(level === 'broker' && inherited.has(name)))
      .filter(([name]) => !read.includes(`'${name}'`))
      .map(([name]) => `${level}.${name}`),
  );
  const ofClients = Object.entries(clientSecurityKeys).filter(([, key]) => key.notYet === null);
  unread.push(...ofClients.map(([name]) => name).filter((name) => !read.includes(`'${name}'`)));

  expect(unread).toEqual([]);
});
