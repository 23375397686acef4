import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServerCluster } from '../../../../server/cluster/cluster.ts';
import { trial, typedTrial } from '../in-process.ts';

const AT = ['--bootstrap-server', '127.0.0.1:9'];

describe('a mistake on the command line ends with 64 before anything is asked', () => {
  test.each([
    [['topics', '--list'], "required option '--bootstrap-server"],
    [['topics', '--bootstrap-server', 'here', '--list'], 'Expected host:port'],
    [['topics', ...AT], 'exactly one of --create, --list'],
    [['topics', ...AT, '--list', '--create'], 'exactly one of'],
    [
      ['topics', ...AT, '--list', '--partitions', '3'],
      '--partitions goes with --create or --alter',
    ],
    [['topics', ...AT, '--create', '--partitions', '0'], 'Expected an integer from 1 on'],
    [['topics', ...AT, '--create', '--replica-assignment', '1:1'], 'cannot have a broker twice'],
    [['consume', ...AT], 'exactly one of --topic and --include'],
    [['consume', ...AT, '--topic', 'x', '--offset', '3'], '--offset needs --partition'],
    [['consume', ...AT, '--topic', 'x', '--property', 'print.kee=true'], 'mean print.key?'],
    [
      ['consume', ...AT, '--topic', 'x', '--consumer-property', 'fetch.min.byte=1'],
      'fetch.min.bytes?',
    ],
    [['consume', ...AT, '--topic', 'x', '--value-deserializer', 'Lng'], 'mean LongDeserializer?'],
    [['consume', ...AT, '--topic', 'a b'], 'Topic name is invalid'],
    [['produce', ...AT, '--topic', 'a b'], 'Topic name is invalid'],
    [['produce', ...AT], "required option '--topic"],
    [['produce', ...AT, '--topic', 'x', '--property', 'parse.key'], 'Expected key=value'],
    [['produce', ...AT, '--topic', 'x', '--property', 'headers.separator=:'], 'may not be equal'],
    [['produce', ...AT, '--topic', 'x', '--compression-codec', 'zip'], 'none, gzip, snappy'],
    [['produce', ...AT, '--topic', 'x', '--request-required-acks', '2'], 'acks=2'],
    [['topics', ...AT, '--list', '--command-config', 'package.json'], 'is not an admin key'],
    [['groups', ...AT, '--describe'], 'one of --group and --all-groups'],
    [['groups', ...AT, '--reset-offsets', '--group', 'g', '--topic', 't'], '--to-earliest'],
    [['groups', ...AT, '--reset-offsets', '--group', 'g', '--to-latest'], 'whose offsets'],
    [['groups', ...AT, '--list', '--state', 'sleepy'], 'allowed are Stable'],
    [['configs', ...AT, '--describe'], 'says whose'],
    [['configs', ...AT, '--describe', '--broker', 'one'], 'is its id'],
    [['configs', ...AT, '--alter', '--topic', 't'], '--alter needs --add-config'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await trial(...args);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(words);
  });
});

describe('a file that is no properties file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trial-odd-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function listedWith(bytes: Buffer) {
    const file = join(folder, 'odd');
    writeFileSync(file, bytes);
    return trial('topics', ...AT, '--list', '--command-config', file);
  }

  test('is refused when it holds what no text does', async () => {
    const { code, err } = await listedWith(Buffer.from('\u007fELF\u0001\0\0\0 x=1'));

    expect(code).toBe(65);
    expect(err).toContain('odd is not a properties file: it is not text\n');
  });

  test('is complained of in few lines, without what would act on a terminal', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `\u001b[2J\u0007\u009bkey${i}=\u001b[31m\n`);
    const { code, err } = await listedWith(Buffer.from(`${'long'.repeat(999)}\n${lines.join('')}`));

    expect(code).toBe(64);
    expect(err).toContain('  \\u001b[2J\\u0007\\u009bkey0 is not');
    expect(err).toContain('  … 21 more\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(err.length).toBeLessThan(2_000);
  });
});

describe('when nobody answers', () => {
  test('every tool says where it asked and why that failed, and ends with 74', async () => {
    const unused = await freePort();
    const at = ['--bootstrap-server', `127.0.0.1:${unused},nowhere.invalid:9092`];
    const ended = await Promise.all([
      trial('topics', ...at, '--list'),
      typedTrial(['x'], 'produce', ...at, '--topic', 'x'),
      trial('consume', ...at, '--topic', 'x'),
    ]);

    for (const { code, out, err } of ended) {
      expect({ code, out }).toEqual({ code: 74, out: '' });
      expect(err).toContain(
        `no Kafka broker answers at 127.0.0.1:${unused}, nowhere.invalid:9092\n`,
      );
      expect(err).toContain(`  127.0.0.1:${unused}: connection refused\n`);
    }
  });

  test('a server that says nothing is told from one that is not there', async () => {
    const port = await served(() => undefined);
    const at = ['--bootstrap-server', `127.0.0.1:${port}`, '--timeout', '700'];
    const { code, err } = await trial('groups', ...at, '--list');

    expect(code).toBe(74);
    expect(err).toContain(`  127.0.0.1:${port}: connected, and no answer came (security.protocol`);
    expect(err).toContain('listGroups timed out');
  });

  test.each([
    ['says nothing', Buffer.of(), 'connected, and no answer came'],
    ['speaks HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'speaks HTTP and is no'],
    ['names impossible lengths', Buffer.of(127, 255, 255, 255), 'there is no Kafka broker'],
    ['answers with too little', Buffer.of(0, 0, 0, 0), 'there is no Kafka broker'],
    ['closes the connection', null, 'closed without an answer'],
  ])('a server that %s ends every tool with 74, where it is and why', async (_, said, words) => {
    const port = await served((socket) => {
      socket.once('data', () => (said === null ? socket.end() : socket.write(said)));
    });
    const at = ['--bootstrap-server', `127.0.0.1:${port}`];
    const ended = await Promise.all([
      trial('topics', ...at, '--list'),
      typedTrial(['x', 'y'], 'produce', ...at, '--topic', 'x'),
      trial('consume', ...at, '--topic', 'x'),
      trial('consume', ...at, '--topic', 'x', '--group', 'g'),
    ]);

    for (const { code, out, err } of ended) {
      expect({ code, out }).toEqual({ code: 74, out: '' });
      expect(err).toContain(`no Kafka broker answers at 127.0.0.1:${port}\n`);
      expect(err).toContain(`  127.0.0.1:${port}: `);
      expect(err).toContain(words);
      expect(err).not.toContain('was not sent');
    }
  });
});

test('a broker that advertises what nobody can reach is named while clients try', async () => {
  const shape = {
    brokers: 1,
    controllers: 1,
    host: '127.0.0.1',
    advertisedHost: 'nowhere.invalid',
  };
  const cluster = await startServerCluster({ ...shape, port: 0, data: null, config: {} });
  const port = cluster.brokers[0]?.parts.listeners['PLAINTEXT']?.port;
  // The topic is created in time or not: the record waits for metadata, or for the broker itself.
  const patience = ['--max-block-ms', '700', '--request-timeout-ms', '600', '--timeout', '0'];
  const at = ['--bootstrap-server', `127.0.0.1:${port}`, ...patience];
  const delivery = ['--producer-property', 'delivery.timeout.ms=700'];
  const { code, err } = await typedTrial(['x'], 'produce', ...at, ...delivery, '--topic', 'x');
  cluster.kill();

  expect(code).toBe(1);
  const told = 'as the cluster advertises a broker, cannot be reached: ';
  expect(err).toContain(`warning: nowhere.invalid:${port}, ${told}`);
});

const servers: Server[] = [];
afterEach(() => {
  for (const one of servers.splice(0)) one.close();
});

/** @returns the port at which everybody is met like this. */
function served(met: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    met(socket);
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
