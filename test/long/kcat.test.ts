/** librdkafka, as Debian's kcat has it, against brokers of our own. */
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RealCluster, startCluster } from '../../library/server.ts';
import { Authority, hasOpenssl } from '../support/certificates.ts';

const isThere = spawnSync('kcat', ['-V']).error === undefined;
const absent = isThere ? '' : ' (SKIPPED: it is not installed; on Debian, apt-get install kcat)';
if (!isThere) console.warn(`NOTICE: no test with kcat${absent}`);

let cluster: RealCluster;
beforeAll(async () => {
  cluster = await startCluster({ topics: { orders: { partitions: 3 } } });
});
afterAll(() => cluster.close());

/** With what is written to its standard input. */
function kcat(
  args: readonly string[],
  input = '',
  { bootstrap } = cluster,
): Promise<{ code: number | null; said: string }> {
  const child = spawn('kcat', ['-b', bootstrap.join(','), ...args]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      said += String(data);
    });
  }
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

const lines = Array.from({ length: 200 }, (_, i) => `line ${i}`);
const input = `${lines.join('\n')}\n`;
const sorted = (text: string) => text.split('\n').filter(Boolean).sort();

describe.skipIf(!isThere)(`kcat${absent}`, () => {
  test('lists brokers, topics and partitions', async () => {
    const { code, said } = await kcat(['-L']);

    expect(code).toBe(0);
    expect(said).toContain('3 brokers:');
    expect(said).toContain('topic "orders" with 3 partitions:');
    expect(said).toMatch(/partition 2, leader \d, replicas: \d,\d,\d, isrs: \d,\d,\d/);
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'writes and reads with %s',
    async (codec) => {
      const topic = `codec-${codec}`;
      await cluster.admin.createTopic({ name: topic, partitions: 2 });

      const written = await kcat(['-P', '-t', topic, '-z', codec, '-X', 'acks=all'], input);
      const read = await kcat(['-C', '-t', topic, '-o', 'beginning', '-e', '-q']);

      expect(written).toEqual({ code: 0, said: '' });
      expect(sorted(read.said)).toEqual([...lines].sort());
    },
  );

  test('writes idempotently, and with acks=1', async () => {
    const idempotent = ['-P', '-t', 'orders', '-p', '0', '-X', 'enable.idempotence=true'];

    expect((await kcat(idempotent, 'once\n')).code).toBe(0);
    expect((await kcat(['-P', '-t', 'orders', '-p', '0', '-X', 'acks=1'], 'again\n')).code).toBe(0);

    const read = await kcat(['-C', '-t', 'orders', '-p', '0', '-o', 'beginning', '-e', '-q']);
    expect(read.said).toBe('once\nagain\n');
  });

  test('reads as a member of a group, which goes on where it was', async () => {
    await cluster.admin.createTopic({ name: 'grouped', partitions: 3 });
    await kcat(['-P', '-t', 'grouped'], input);
    const asGroup = ['-G', 'readers', '-X', 'auto.offset.reset=earliest', '-q'];

    const first = await kcat([...asGroup, '-c', '200', 'grouped']);
    await kcat(['-P', '-t', 'grouped'], 'later\n');
    const second = await kcat([...asGroup, '-c', '1', 'grouped']);

    expect(sorted(first.said)).toEqual([...lines].sort());
    expect(second.said).toBe('later\n');
  });

  test('finds offsets by time', async () => {
    const before = Date.now();
    await kcat(['-P', '-t', 'orders', '-p', '1'], 'timed\n');

    const { said } = await kcat(['-Q', '-t', `orders:1:${before}`]);

    expect(said).toContain('orders [1] offset 0');
  });
});

describe.skipIf(!isThere || !hasOpenssl)(`kcat shows who it is${absent}`, () => {
  let authority: Authority;
  let secured: RealCluster;
  beforeAll(async () => {
    authority = new Authority();
    const { cert, key } = authority.issue('/CN=broker');
    const config = {
      'listener.security.protocol.map': 'CLIENTS:SASL_SSL',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': cert,
      'ssl.keystore.key': key,
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required
        user_alice="tea";`,
      'initial.scram.credentials':
        'SCRAM-SHA-256=[name=alice,password=tea];SCRAM-SHA-512=[name=alice,password=tea]',
    };
    secured = await startCluster({ topics: { orders: {} }, config });
  });
  afterAll(async () => {
    await secured.close();
    authority.remove();
  });

  const as = (mechanism: string, password: string) => [
    ...['-X', 'security.protocol=SASL_SSL', '-X', `ssl.ca.location=${authority.folder}/ca.pem`],
    ...['-X', `sasl.mechanism=${mechanism}`, '-X', 'sasl.username=alice'],
    ...['-X', `sasl.password=${password}`],
  ];

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'with %s over TLS, and is refused a wrong password',
    async (mechanism) => {
      const write = ['-P', '-t', 'orders', ...as(mechanism, 'tea')];
      const written = await kcat(write, `by ${mechanism}\n`, secured);
      const read = await kcat(
        ['-C', '-t', 'orders', '-o', 'beginning', '-e', '-q', ...as(mechanism, 'tea')],
        '',
        secured,
      );
      const refused = await kcat(['-L', '-m', '5', ...as(mechanism, 'coffee')], '', secured);

      expect(written).toEqual({ code: 0, said: '' });
      expect(read.said).toContain(`by ${mechanism}`);
      // It exits while threads of its own still use OpenSSL: seldom it ends by a signal instead of 1.
      expect(refused.code).not.toBe(0);
      expect(refused.said).toMatch(/Authentication failed/i);
    },
  );
});
