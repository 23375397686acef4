/**
 * `kafka-trial/vitest`: tests with a cluster. Each test has a fixed seed of its own, drawn from its
 * name; when a test fails, the scenario and the trace of its clusters are kept as files and the
 * line that runs them again is printed.
 */
import { test as base, type TestAPI } from 'vitest';
import type { Cluster } from './cluster.ts';
import { keepFailure } from './failure-files.ts';
import { nameSeed } from './fnv.ts';
import { type ClusterOptions, createCluster, openScenario, type ScenarioInput } from './index.ts';

export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest';

/** What a test asks for: `test('…', ({ trial }) => { const k = trial.createCluster(); … })`. */
export interface Trial {
  /** Of this test: from its name, or KAFKA_TRIAL_SEED. */
  readonly seed: number;
  /** With the seed of the test, unless the options name another. */
  createCluster(options?: ClusterOptions): Cluster;
  openScenario(scenario: ScenarioInput, options?: { readonly seed?: string | number }): Cluster;
}

export const test: TestAPI<{ trial: Trial }> = base.extend<{ trial: Trial }>({
  trial: async ({ task, annotate, onTestFailed }, use) => {
    const name = fullName(task);
    const seed = seedFor(name);
    await annotate(`seed ${seed}`, 'kafka-trial');
    const clusters: Cluster[] = [];
    const made = (cluster: Cluster): Cluster => {
      clusters.push(cluster);
      return cluster;
    };
    onTestFailed(() => {
      for (const [index, cluster] of clusters.entries()) tellOf(cluster, name, index);
    });
    await use({
      seed,
      createCluster: (options = {}) => made(createCluster({ seed, ...options })),
      openScenario: (scenario, options) => made(openScenario(scenario, { seed, ...options })),
    });
  },
});

export { test as it };

function tellOf(cluster: Cluster, name: string, index: number): void {
  const lines = keepFailure({
    name: index === 0 ? name : `${name}-${index + 1}`,
    seed: cluster.seed,
    scenario: cluster.scenario(),
    trace: cluster.events === 0 ? null : cluster.trace.bytes(),
  });
  console.error([`FAIL    ${name}  seed ${cluster.seed}`, ...lines].join('\n'));
}

interface Named {
  readonly name: string;
  readonly suite?: Named | undefined;
}

function fullName(task: Named): string {
  const { name, suite } = task;
  return suite === undefined ? name : `${fullName(suite)} ${name}`;
}

/** One test's seed does not hang on the others. */
function seedFor(name: string): number {
  const asked = process.env['KAFKA_TRIAL_SEED'];
  if (asked === undefined) return nameSeed(name);
  if (/^\d+$/.test(asked)) return Number(asked);
  throw new RangeError(`KAFKA_TRIAL_SEED: "${asked}" is no whole number`);
}
