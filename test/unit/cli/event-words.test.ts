import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventWordsFrom } from '../../../cli/report/event-words.ts';
import { runScenario } from '../../../sim/run/runner.ts';
import { shrunkFailures } from '../../support/shrunk-failures.ts';
import { root } from '../../tidy/sources.ts';

test('events that a verdict rests on are told in words, also those of historic rules', () => {
  const failures = shrunkFailures(join(root, 'test/shrunk'));
  const { scenario, seed } = failures.find((one) => one.name.startsWith('sequence-wrap'))!;
  const { world, report } = runScenario(scenario, { seed, store: 'rows' });
  const rows = world.trace.rows!;
  const words = eventWordsFrom(rows, report.story.warmUpMs);

  const all = Array.from({ length: rows.count }, (_, place) => words(place + 1));

  expect(all.filter((one) => /\b[a-z]+\.[a-z]+(?:\.[a-z]+)? \w+=/.test(one))).toEqual([]);
  expect(all.join('\n')).toMatch(
    /^\(t=[\d.]+ s\) broker-1 decides as Kafka once did: sequence-wrap is by-sequences \(orders-0\)$/m,
  );
});
