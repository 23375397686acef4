import { expect, test } from 'vitest';
import { MarkWatch, marks } from '../../../sim/marks/marks.ts';
import { runScenario } from '../../../sim/run/runner.ts';
import { drawnScenario, runSeed } from '../../../sim/search/seed-run.ts';
import { parsed } from '../../support/viz-runs.ts';

test('there are at least 80 marks, each with a name of its own', () => {
  expect(marks.length).toBeGreaterThanOrEqual(80);
  expect(new Set(marks.map((one) => one.name)).size).toBe(marks.length);
  for (const { name, doc } of marks) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(doc).toMatch(/^[A-Za-z].*[^.]$/);
  }
});

test('watching for marks changes nothing in a run', () => {
  const seed = 6;
  const scenario = drawnScenario(seed);

  const alone = runScenario(scenario, { seed }).report;
  const watched = runScenario(scenario, { seed, prepare: (world) => new MarkWatch(world) }).report;

  expect(watched.digest).toBe(alone.digest);
  expect(watched.traceHash).toBe(alone.traceHash);
});

test('a run reaches the marks of what happened in it, and no others', () => {
  const scenario = parsed({
    name: 'leader-dies',
    cluster: { brokers: 2, topics: [{ name: 'a', replicationFactor: 2 }] },
    workload: [{ producer: 'p1', topic: 'a', recordsPerSecond: 20 }],
    faults: [{ at: 500, kill: 'leader:a-0', restartAfter: 12_000 }],
    runFor: 13_000,
  });

  const reached = runSeed(scenario, { seed: 1 }).marks;

  for (const name of ['session-times-out', 'leader-elected', 'isr-of-one', 'registered-unclean']) {
    expect(reached).toContain(name);
  }
  for (const name of ['leader-unclean', 'registered-clean', 'directory-fails', 'allowed-acks-1']) {
    expect(reached).not.toContain(name);
  }
});
