/** librdkafka as node-rdkafka wraps it: the end-to-end tests that come inside its npm package. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RealCluster, startCluster } from '../../library/server.ts';
import { installed } from './packages.ts';

const BUILD_MS = 1_800_000;
const HANGS_MS = 90_000;
const SPECS = ['admin', 'both', 'consumer', 'groups', 'producer'];
/** What they expect to be there, with one partition and one replica. */
const TOPICS = ['test', 'test2', 'test3', 'test4', 'test5', 'test6'];

let home = '';
let cluster: RealCluster;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  home = installed('node-rdkafka', ['node-rdkafka@3.6.1', 'mocha@10.8.2']);
  const topics = Object.fromEntries(TOPICS.map((name) => [name, { partitions: 1 }]));
  cluster = await startCluster({ brokers: 1, topics });
}, BUILD_MS);
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await cluster?.close();
});

/** They fail against Kafka 4.1 as well: node-rdkafka gives an empty buffer as null. */
const BROKEN = [
  'Consumer/Producer should be able to produce and consume messages: empty buffer key and empty value',
  'Consumer/Producer should be able to produce and consume messages: empty key and empty value',
  'Producer with_dr_msg_cb should produce a message with an empty payload and empty key',
];
const isBroken = (title: string): boolean => BROKEN.some((start) => title.startsWith(start));

interface MochaReport {
  readonly tests: readonly { readonly fullTitle: string }[];
  readonly passes: readonly { readonly fullTitle: string }[];
  readonly failures: readonly { readonly fullTitle: string; readonly err: { message?: string } }[];
}

/** @returns what it tells; null when it had to be killed. */
async function mocha(spec: string, ...args: string[]): Promise<MochaReport | null> {
  const folder = join(home, 'node_modules', 'node-rdkafka');
  const bin = join(home, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const output = join(home, `report-${process.pid}.json`);
  rmSync(output, { force: true });
  const report = ['--reporter', 'json', '--reporter-option', `output=${output}`];
  const all = [bin, ...report, '--timeout', '30000', '--exit', ...args, `e2e/${spec}.spec.js`];
  const env = { ...process.env, KAFKA_HOST: cluster.bootstrap.join(',') };
  const child = spawn(process.execPath, all, {
    cwd: folder,
    env,
    stdio: 'ignore',
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
  });
  running.add(child);
  await once(child, 'close');
  running.delete(child);
  return existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : null;
}

/**
 * One test in a process of its own, since a hook that hangs would take the others with it; it does
 * now and then, against Kafka too, so it may try again.
 */
async function passes(spec: string, title: string): Promise<string> {
  let why = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    const report = await mocha(spec, '--fgrep', title);
    if (report?.passes.some(({ fullTitle }) => fullTitle === title)) return '';
    const failures = report?.failures ?? [{ fullTitle: title, err: { message: 'it hangs' } }];
    why = failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`).join('; ');
  }
  return why;
}

describe('the end-to-end tests of node-rdkafka', () => {
  test('are those that this file knows', () => {
    const specs = readdirSync(join(home, 'node_modules', 'node-rdkafka', 'e2e'))
      .filter((name) => name.endsWith('.spec.js'))
      .map((name) => name.replace('.spec.js', ''));

    expect(specs.sort()).toEqual([...SPECS, 'producer-transaction'].sort());
  });

  test.each(SPECS)(
    '%s',
    async (spec) => {
      const { tests } = (await mocha(spec, '--dry-run')) ?? { tests: [] };
      const titles = tests.map(({ fullTitle }) => fullTitle).filter((title) => !isBroken(title));
      const failed: string[] = [];
      for (const title of titles) {
        const why = await passes(spec, title);
        if (why !== '') failed.push(why);
      }

      expect(titles.length).toBeGreaterThan(0);
      expect(failed).toEqual([]);
    },
    900_000,
  );

  test.skip('producer-transaction: this broker has no transactions yet', () => {});
});
