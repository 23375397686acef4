/** `trial serve` as a command: what it prints, what it refuses, how it ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from '../../../cli/main.ts';
import type { Terminal } from '../../../cli/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'trial-serve-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Served {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command, calls `use` once it has said where it is, then presses Ctrl-C. */
async function serve(args: readonly string[], use: (out: string) => Promise<void> | void) {
  let out = '';
  let err = '';
  let told = false;
  let press = (): void => {};
  const terminal: Terminal = {
    out: (text) => {
      out += text;
      if (!told && text.startsWith('broker-')) setTimeout(ready, 20);
      told ||= text.startsWith('broker-');
    },
    err: (text) => {
      err += text;
    },
    env: {},
    isTty: false,
    columns: 100,
    nowMs: () => 0,
    untilInterrupted: () => Promise.resolve(),
    async *lines() {},
    async *input() {},
    outBytes: () => undefined,
    onReaderGone: () => () => undefined,
    onInterrupt: (heard) => {
      press = heard;
      return () => undefined;
    },
  };
  const ready = async (): Promise<void> => {
    await use(out);
    press();
  };
  const code = await main(['serve', ...args], terminal);
  return { code, out, err } satisfies Served;
}
const set = (key: string, value: string) => ['--set', `${key}=${value}`];
const AUTHORIZER = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';
const NODES = 'User:ANONYMOUS';

const aFile = join(folder, 'a-file');
writeFileSync(aFile, '');

/** What three brokers and their controller leave behind. */
const ofThree = join(folder, 'of-three');
for (const [name, id] of Object.entries({
  'controller-101': 101,
  'broker-1': 1,
  'broker-2': 2,
  'broker-3': 3,
})) {
  mkdirSync(join(ofThree, name), { recursive: true });
  const text = `version=1\nnode.id=${id}\ncluster.id=aaaaaaaaaaaaaaaaaaaaaA\n`;
  writeFileSync(join(ofThree, name, 'meta.properties'), text);
}

const refused = (...args: string[]) => serve(args, () => {});

describe('trial serve', () => {
  test('says where its brokers are, measures them, and shuts down in order', async () => {
    let metrics = '';
    let health = '';
    const { code, out, err } = await serve(
      ['--brokers', '2', '--port', '0', '--http-port', '0', '--topic', 'orders:2:2'],
      async (said) => {
        const url = /http:\/\/[^/\s]+/.exec(said)?.[0];
        metrics = await (await fetch(`${url}/metrics`)).text();
        health = await (await fetch(`${url}/healthz`)).text();
      },
    );

    expect(out).toMatch(/^bootstrap\.servers=127\.0\.0\.1:\d+,127\.0\.0\.1:\d+\nbroker-1 {2}127/);
    expect(metrics).toMatch(/kafka_server_replicamanager_leadercount\{node="broker-[12]"\} 1\n/);
    expect(metrics).toMatch(/kafka_controller_kafkacontroller_globalpartitioncount\{[^}]*\} 2\n/);
    expect(health).toBe('ok\n');
    expect(err).toContain('broker-1 has shut down');
    expect(code).toBe(0);
  });

  test('keeps what is in a folder for the next time', async () => {
    const args = ['--brokers', '1', '--port', '0', '--data', join(folder, 'kept')];
    await serve([...args, '--topic', 'orders'], () => {});

    const { code, err } = await serve([...args, '--brokers', '2'], () => {});

    expect(err).toContain('broker-1 loads orders-0 after a clean stop');
    expect(err).toContain('broker-2 is new to this cluster, and begins with nothing');
    expect(err).not.toContain('broker-1 is new');
    expect(code).toBe(0);
  });

  test('keeps a second cluster away from a folder that is in use', async () => {
    const args = ['--brokers', '1', '--port', '0', '--data', join(folder, 'used')];
    let second: Served | null = null;
    await serve(args, async () => {
      second = await refused(...args);
    });

    expect(second).toMatchObject({ code: 74 });
    expect(second!.err).toContain(`used is in use by process ${process.pid}`);
  });

  test('starts one node of a file, and says what has no effect there', async () => {
    const file = join(folder, 'server.properties');
    const lines = [
      'process.roles=broker,controller',
      'node.id=7',
      'controller.quorum.voters=7@127.0.0.1:0',
      'controller.listener.names=CONTROLLER',
      'listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0',
      'num.io.threads=8',
      `log.dirs=${join(folder, 'node-7')}`,
    ];
    writeFileSync(file, lines.join('\n'));

    const { code, out, err } = await serve(['--config', file], () => {});

    expect(out).toMatch(/^bootstrap\.servers=127\.0\.0\.1:\d+\nbroker-7 {2}127\.0\.0\.1:\d+ {2}\//);
    expect(err).toContain('num.io.threads has no effect: a node here is one thread');
    expect(code).toBe(0);
  });

  test.each([
    [64, 'min.isr is not a broker key', ['--set', 'min.isr=2']],
    [64, 'serve sets it', ['--set', 'node.id=3']],
    [64, 'Expected name, name:partitions', ['--topic', 'a:b']],
    [64, 'one or the other', ['--data', 'x', '--memory']],
    [64, 'keep today’s rules', ['--variant', 'truncation=to-high-watermark']],
    [64, 'not with --config', ['--config', 'x', '--brokers', '2']],
    [65, 'cannot read nothing.properties: no such file', ['--config', 'nothing.properties']],
    [64, 'INVALID_REPLICATION_FACTOR', ['--brokers', '1', '--port', '0', '--topic', 'a:1:2']],
    [64, '3 brokers would get port 65536; use at most 65533, or 0', ['--port', '65534']],
    [64, '--data: name a folder', ['--data', '']],
    [64, 'Topic a is there twice', ['--topic', 'a', '--topic', 'a:2']],
    [64, 'without a port', ['--advertised-host', 'a:1']],
    [64, 'does not have: a node here is one thread', ['--set', 'num.io.threads=8']],
    [64, 'ssl.provider is a key of Kafka’s', ['--set', 'ssl.provider=BC']],
    [64, 'use --brokers 3, or another --data', ['--brokers', '1', '--data', ofThree]],
    [64, 'has data of broker-2, broker-3', ['--brokers', '1', '--data', ofThree]],
    [64, 'use --controllers 1, or another', ['--controllers', '3', '--data', ofThree]],
    [74, 'a-file cannot be used: it is a file, not a folder', ['--data', aFile]],
    [74, 'nowhere cannot be used: ', ['--data', '/proc/nowhere']],
    [74, 'part of its path is a file', ['--data', join(aFile, 'below')]],
    // The authorizer is judged with the super users that another option names.
    [
      74,
      'a-file cannot be used',
      [...set('authorizer.class.name', AUTHORIZER), ...set('super.users', NODES), '--data', aFile],
    ],
  ])('ends with %i: %s', async (code, words, args) => {
    const ended = await refused(...args);

    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
  });

  test('says so when a port is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' ? String(address?.port) : '';

    const { code, err } = await refused('--brokers', '1', '--port', port);
    holder.close();

    expect(err).toContain(`port ${port}: something else listens there`);
    expect(code).toBe(74);
  });

  describe('leaves nobody listening when it ends with an error', () => {
    async function freePort(): Promise<number> {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return typeof address === 'object' && address !== null ? address.port : 0;
    }

    /** Rejects when somebody listens there. */
    async function listenAt(port: number): Promise<Server> {
      const server = createServer();
      await new Promise((resolve, reject) => {
        server.once('error', reject).listen(port, '127.0.0.1', () => resolve(null));
      });
      return server;
    }

    test('because --http-port is taken', async () => {
      const port = await freePort();
      const holder = await listenAt(0);
      const { port: taken } = holder.address() as AddressInfo;
      const own = ['--brokers', '1', '--port', String(port)];

      const { code, err } = await refused(...own, '--http-port', String(taken));
      holder.close();

      expect(err).toContain(`--http-port ${taken}: something else listens there`);
      expect(code).toBe(74);
      (await listenAt(port)).close();
    });

    test('because the journal is there already', async () => {
      const port = await freePort();
      const controllers = await freePort();
      const properties = join(folder, 'journalled.properties');
      const journal = join(folder, 'a.journal');
      writeFileSync(journal, '');
      writeFileSync(
        properties,
        [
          'process.roles=broker,controller',
          'node.id=1',
          'cluster.id=TrialTrialTrialTrialTA',
          `controller.quorum.voters=1@127.0.0.1:${controllers}`,
          'controller.listener.names=CONTROLLER',
          `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllers}`,
          `log.dirs=${join(folder, 'journalled')}`,
        ].join('\n'),
      );

      const { code, err } = await refused('--config', properties, '--journal', journal);

      expect(err).toContain('a.journal');
      expect(code).toBe(74);
      (await listenAt(port)).close();
    });
  });
});
