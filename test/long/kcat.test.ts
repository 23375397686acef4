/** librdkafka, as Debian's kcat has it, against brokers of our own. */
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RealCluster, startCluster } from '../../library/server.ts';

const isThere = spawnSync('kcat', ['-V']).error === undefined;
if (!isThere) console.warn('NOTICE: no kcat here, its tests are SKIPPED');

let cluster: RealCluster;
beforeAll(async () => {
  cluster = await startCluster({ topics: { orders: { partitions: 3 } } });
});
afterAll(() => cluster.close());

/** With what is written to its standard input. */
function kcat(args: readonly string[], input = ''): Promise<{ code: number | null; said: string }> {
  const child = spawn('kcat', ['-b', cluster.bootstrap.join(','), ...args]);
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

describe.skipIf(!isThere)('kcat', () => {
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
