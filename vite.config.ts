/**
 * Bundles the command line for Node (everything but rolldown goes in, so that it starts fast)
 * and configures the tests. Scripts are bundled with `vite build --ssr <script>`.
 */
import { defineConfig } from 'vitest/config';

const slowMachineMs = 120_000;

export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/cli',
    target: 'node20.19',
    minify: false,
    rolldownOptions: {
      input: {
        trial: 'cli/trial.ts',
        start: 'cli/start.ts',
        worker: 'cli/worker.ts',
        'parent-watch': 'cli/parent-watch.ts',
      },
      // As `var`, tables and factors of hash and checksum would be no constants to the compiler:
      // runs would take about a tenth longer.
      output: { topLevelVar: false },
    },
  },
  ssr: { noExternal: true, external: ['rolldown', 'playwright-core'] },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: slowMachineMs,
    hookTimeout: slowMachineMs,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/long/**', 'test/real/**', 'test/clients/**', 'test/e2e/**'],
        },
      },
      { extends: true, test: { name: 'long', include: ['test/long/**/*.test.ts'] } },
      { extends: true, test: { name: 'clients', include: ['test/clients/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          // Real time and real processes: a cluster wants the processors for itself.
          maxWorkers: 1,
          testTimeout: 5 * slowMachineMs,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/global-setup.ts'],
          // One browser at a time: it wants the processors for itself.
          maxWorkers: 1,
        },
      },
    ],
  },
});
