/**
 * `kafka-trial/server/vitest`: tests with a cluster of real brokers. It is started when the first
 * test of a file asks for it, shared by those that follow, healed after each and closed at the end.
 */
import { test as base, type TestAPI } from 'vitest';
import { type RealCluster, type ServerOptions, startCluster } from './server.ts';

export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest';

/** `const test = clusterTest({ topics: { orders: {} } }); test('…', async ({ cluster }) => { … })` */
export function clusterTest(options: ServerOptions = {}): TestAPI<{ cluster: RealCluster }> {
  const shared = base.extend<{ running: RealCluster }>({
    running: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest wants a pattern.
      async ({}, use) => {
        const cluster = await startCluster(options);
        await use(cluster);
        await cluster.close();
      },
      { scope: 'file' },
    ],
  });
  return shared.extend<{ cluster: RealCluster }>({
    cluster: async ({ running }, use) => {
      await use(running);
      running.faults.heal();
      await running.faults.startAll();
    },
  });
}
