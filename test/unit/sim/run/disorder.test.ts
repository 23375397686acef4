import { expect, test } from 'vitest';
import { scenarios } from '../../../../scenarios/index.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';

function clientsOf(name: string) {
  const { scenario } = parseScenario(scenarios.find((one) => one.name === name));
  const { report } = runScenario(scenario!, { seed: 3 });
  const client = (wanted: string) => report.story.clients.find((one) => one.name === wanted)!;
  return { counts: report.counts, p1: client('p1'), c1: client('c1') };
}

test('copies are told of the producer that made them and of the consumer that read them', () => {
  const { counts, p1, c1 } = clientsOf('lost-ack-duplicates');

  expect(p1.duplicated).toBeGreaterThan(0);
  expect(p1.duplicated).toBe(counts.duplicated);
  expect(c1.duplicated).toBe(counts.duplicated);
});

test('records out of order are told of their producer and of the consumer that read them', () => {
  const { counts, p1, c1 } = clientsOf('five-in-flight-reorders');

  expect(p1.reordered).toBeGreaterThan(0);
  expect(p1.reordered).toBe(counts.reordered);
  expect(c1.reordered).toBe(counts.reordered);
});
