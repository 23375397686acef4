import { expect, test } from 'vitest';
import { encodeText } from '../../../../kafka/base/text.ts';
import { murmur2, partitionForKey } from '../../../../kafka/client/producer/murmur2.ts';
import { createProducerNode } from '../../../../kafka/client/producer/producer-node.ts';
import { recordCountAt } from '../../../../kafka/records/batch.ts';
import { ModelCluster } from '../support/model-cluster.ts';

const BOOTSTRAP = { 'bootstrap.servers': 'broker-1:9092' };

function producer(cluster: ModelCluster, config: Record<string, string> = {}): void {
  cluster.start((host) => createProducerNode(host, { ...BOOTSTRAP, ...config }));
}

function batchSizes(cluster: ModelCluster): number[] {
  return cluster
    .produceRequests()
    .flatMap(({ topicData }) =>
      topicData.flatMap(({ partitionData }) =>
        partitionData.map(({ records }) => recordCountAt(records as Uint8Array, 0)),
      ),
    );
}

test('murmur2 agrees with known hashes', () => {
  const known: [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ];
  for (const [text, hash] of known) expect(murmur2(encodeText(text))).toBe(hash);
  expect(partitionForKey(encodeText('21'), 7)).toBe((-973932308 & 0x7fffffff) % 7);
});

test('records sent within linger.ms travel in one batch', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster, { 'linger.ms': '20' });
  cluster.runFor(100);

  const ids = [0, 1, 2, 3].map((i) => {
    cluster.runFor(4);
    return cluster.send('orders', `v${i}`);
  });
  cluster.runFor(100);

  expect(batchSizes(cluster)).toEqual([4]);
  expect(ids.map((id) => cluster.result(id))).toMatchObject(
    [0, 1, 2, 3].map((offset) => ({ kind: 'sent', partition: 0, offset })),
  );
});

test('a batch that reaches batch.size leaves before its linger is over', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster, { 'linger.ms': '10000', 'batch.size': '400' });
  cluster.runFor(100);

  for (let i = 0; i < 9; i++) cluster.send('orders', 'x'.repeat(100));
  cluster.runFor(100);

  expect(batchSizes(cluster)).toEqual([3, 3]);
  cluster.runFor(10_000);
  expect(batchSizes(cluster)).toEqual([3, 3, 3]);
});

test('sends before any metadata wait for it and keep their order', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster);

  for (let i = 0; i < 20; i++) cluster.send('orders', `v${i}`);
  cluster.runFor(1000);

  expect(cluster.log('orders-0').values()).toEqual(Array.from({ length: 20 }, (_, i) => `v${i}`));
});

test('explicit partitions and keys decide, keyless records stick to a partition per batch', () => {
  const cluster = new ModelCluster(3);
  cluster.addTopic('orders', 6);
  producer(cluster, { 'batch.size': '1000' });
  cluster.runFor(100);

  const explicit = cluster.send('orders', 'a', { partition: 4 });
  const keyed = cluster.send('orders', 'b', { key: 'foobar' });
  const keyless = Array.from({ length: 200 }, () => cluster.send('orders', 'x'.repeat(90)));
  cluster.runFor(1000);

  expect(cluster.result(explicit)).toMatchObject({ partition: 4 });
  expect(cluster.result(keyed)).toMatchObject({ partition: (-790332482 & 0x7fffffff) % 6 });
  const partitions = keyless.map((id) => (cluster.result(id) as { partition: number }).partition);
  const switches = partitions.filter((one, i) => i > 0 && one !== partitions[i - 1]).length;
  expect(new Set(partitions).size).toBeGreaterThan(2);
  expect(switches).toBeLessThan(200 / 5);
});

test('a full buffer blocks sends in order until memory is free', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster, { 'buffer.memory': '2000', 'batch.size': '1000', 'linger.ms': '10000' });
  cluster.runFor(100);

  const count = 60;
  for (let i = 0; i < count; i++) cluster.send('orders', `${i}`.padStart(100, '.'));
  cluster.runFor(1000);

  expect(
    cluster
      .log('orders-0')
      .values()
      .map((value) => Number(value.replaceAll('.', ''))),
  ).toEqual(Array.from({ length: count }, (_, i) => i));
});

test('a send that finds no memory within max.block.ms certainly failed', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster, {
    'buffer.memory': '2000',
    'batch.size': '1000',
    'max.block.ms': '300',
    'delivery.timeout.ms': '40000',
  });
  cluster.runFor(100);
  cluster.fate = () => ({ kind: 'ignore' });

  const ids = Array.from({ length: 40 }, () => cluster.send('orders', 'x'.repeat(100)));
  cluster.runFor(400);

  const refused = ids.filter((id) => cluster.result(id) !== undefined);
  expect(refused).toEqual(ids.slice(-refused.length));
  expect(refused.length).toBeGreaterThan(10);
  for (const id of refused) {
    expect(cluster.result(id)).toMatchObject({ outcome: 'failed', error: 'TimeoutException' });
  }
  cluster.runFor(60_000);
  expect(ids.every((id) => cluster.result(id) !== undefined)).toBe(true);
});

test('a send to a topic that does not exist fails after max.block.ms', () => {
  const cluster = new ModelCluster();
  producer(cluster, { 'max.block.ms': '2000' });

  const id = cluster.send('nowhere', 'v');
  cluster.runFor(1999);
  expect(cluster.result(id)).toBeUndefined();
  cluster.runFor(1);
  expect(cluster.result(id)).toMatchObject({ outcome: 'failed', error: 'TimeoutException' });
});

test('a record above max.request.size is refused without being sent', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster);
  cluster.runFor(100);

  const id = cluster.send('orders', 'x'.repeat(1_048_576));
  cluster.runFor(1000);

  expect(cluster.result(id)).toMatchObject({ outcome: 'failed', error: 'RecordTooLargeException' });
  expect(cluster.log('orders-0').endOffset).toBe(0);
});

test('a batch that the broker finds too large is split and every record keeps its answer', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  cluster.log('orders-0').maxMessageBytes = 700;
  producer(cluster, { 'linger.ms': '5' });
  cluster.runFor(100);

  const ids = Array.from({ length: 20 }, (_, i) => cluster.send('orders', `${i}`.padEnd(100, '.')));
  const single = cluster.send('orders', 'x'.repeat(800));
  const after = cluster.send('orders', 'after');
  cluster.runFor(5000);

  expect(ids.map((id) => cluster.result(id))).toMatchObject(
    ids.map((_, offset) => ({ kind: 'sent', offset })),
  );
  expect(cluster.result(single)).toMatchObject({ outcome: 'failed', error: 'MESSAGE_TOO_LARGE' });
  expect(cluster.result(after)).toMatchObject({ kind: 'sent', offset: 20 });
});

test('flush sends what lingers and answers when it is acknowledged', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 2);
  producer(cluster, { 'linger.ms': '60000' });
  cluster.runFor(100);
  const ids = [0, 1].map((partition) => cluster.send('orders', 'v', { partition }));

  const flush = cluster.command({ kind: 'flush' });
  expect(cluster.result(flush)).toBeUndefined();
  cluster.runFor(50);

  expect(cluster.completions).toEqual([...ids, flush]);
  const later = cluster.send('orders', 'later', { partition: 0 });
  cluster.runFor(1000);
  expect(cluster.result(later)).toBeUndefined();
});

test('close finishes what was sent; what it cannot finish in time is failed or unknown', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster, { 'linger.ms': '60000', 'max.in.flight.requests.per.connection': '1' });
  cluster.runFor(100);
  const first = cluster.send('orders', 'first');
  cluster.command({ kind: 'flush' });
  cluster.runFor(100);
  cluster.fate = () => ({ kind: 'ignore' });

  const inFlight = cluster.send('orders', 'in flight');
  cluster.command({ kind: 'flush' });
  cluster.runFor(100);
  const queued = cluster.send('orders', 'queued');
  const close = cluster.command({ kind: 'close', timeoutMs: 500 });
  const late = cluster.send('orders', 'late');
  cluster.runFor(1000);

  expect(cluster.result(first)).toMatchObject({ kind: 'sent' });
  expect(cluster.result(inFlight)).toMatchObject({ kind: 'failed', outcome: 'unknown' });
  expect(cluster.result(queued)).toMatchObject({ kind: 'failed', outcome: 'failed' });
  expect(cluster.result(late)).toMatchObject({ kind: 'failed', outcome: 'failed' });
  expect(cluster.result(close)).toEqual({ kind: 'done' });
});

test('configuration that contradicts idempotence is refused, or switches it off when not asked for', () => {
  const create = (config: Record<string, string>) => () =>
    producer(new ModelCluster(), { ...config });

  expect(create({ 'enable.idempotence': 'true', acks: '1' })).toThrow(/acks/);
  expect(create({ 'compression.lz4.level': '3' })).toThrow(/not there yet/);
  expect(create({ 'compression.gzip.level': '0' })).toThrow(/would not compress/);
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster, { acks: '1' });
  cluster.send('orders', 'v');
  cluster.runFor(1000);
  expect(cluster.log('orders-0').endOffset).toBe(1);
  expect(cluster.requests.some(({ apiKey }) => apiKey === 22)).toBe(false);
});

test('acks=0 is answered at once, without offset and whatever happens', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  producer(cluster, { acks: '0', 'linger.ms': '0' });
  cluster.send('orders', 'first');
  cluster.runFor(100);
  cluster.fate = () => ({ kind: 'ignore' });

  const id = cluster.send('orders', 'v');

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', partition: 0, offset: -1 });
  cluster.runFor(1000);
  expect(cluster.log('orders-0').values()).toEqual(['first']);
});
