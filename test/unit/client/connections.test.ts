import { expect, test } from 'vitest';
import { createConsumerNode } from '../../../kafka/client/consumer/consumer-node.ts';
import { createProducerNode } from '../../../kafka/client/producer/producer-node.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { ANSWER, ModelCluster } from './support/model-cluster.ts';

const BOOTSTRAP = { 'bootstrap.servers': 'broker-1:9092', 'linger.ms': '0' };
const ONE_IN_FLIGHT = { 'max.in.flight.requests.per.connection': '1' };
const MINUTE_MS = 60_000;

function producer(config: Record<string, string> = {}): ModelCluster {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  cluster.start((host) => createProducerNode(host, { ...BOOTSTRAP, ...config }));
  return cluster;
}

test('a set-up that gets no answer is given up, later and later up to the maximum', () => {
  const cluster = new ModelCluster();
  cluster.unreachable.add(1);
  cluster.start((host) => createProducerNode(host, BOOTSTRAP));
  cluster.runFor(5 * MINUTE_MS);

  const waits = cluster.connects.slice(1).map(({ atMs }, i) => atMs - cluster.connects[i]!.atMs);

  expect(waits.length).toBeGreaterThan(8);
  expect(waits[0]).toBeGreaterThanOrEqual(10_000);
  expect(waits[0]).toBeLessThan(11_300);
  for (const wait of waits.slice(3)) {
    expect(wait).toBeGreaterThanOrEqual(30_000);
    expect(wait).toBeLessThan(31_300);
  }
});

test('refused connections are tried again with growing waits, from every bootstrap server', () => {
  const cluster = new ModelCluster(2);
  cluster.down.add(1).add(2);
  cluster.start((host) =>
    createProducerNode(host, { 'bootstrap.servers': 'broker-1:9092,broker-2:9092' }),
  );
  cluster.runFor(MINUTE_MS);

  const attempts = [1, 2].map((id) => cluster.connects.filter(({ brokerId }) => brokerId === id));
  for (const tried of attempts) {
    expect(tried.length).toBeGreaterThan(20);
    expect(tried.length).toBeLessThan(100);
  }
});

test('an idle connection is closed after connections.max.idle.ms and opened again for use', () => {
  const cluster = producer({ 'connections.max.idle.ms': '20000', 'metadata.max.age.ms': '600000' });
  cluster.send('orders', 'a');
  cluster.runFor(1000);
  const connectsBefore = cluster.connects.length;
  cluster.runFor(10_000);
  cluster.send('orders', 'b');
  cluster.runFor(15_000);
  expect(cluster.connects.length).toBe(connectsBefore);

  cluster.runFor(30_000);
  const id = cluster.send('orders', 'c');
  cluster.runFor(1000);

  expect(cluster.connects.length).toBeGreaterThan(connectsBefore);
  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 2 });
});

test('metadata is asked for again when it is metadata.max.age.ms old', () => {
  const cluster = producer({ 'metadata.max.age.ms': '10000', 'metadata.max.idle.ms': '3600000' });
  cluster.send('orders', 'a');
  cluster.runFor(1000);
  const before = cluster.requestsOf(apis.Metadata).length;

  cluster.runFor(100_000);

  const count = cluster.requestsOf(apis.Metadata).length - before;
  expect(count).toBeGreaterThanOrEqual(9);
  expect(count).toBeLessThanOrEqual(10);
});

test('a topic that is not written to for metadata.max.idle.ms is forgotten, then found again', () => {
  const cluster = producer({ 'metadata.max.age.ms': '10000', 'metadata.max.idle.ms': '30000' });
  cluster.send('orders', 'a');
  cluster.runFor(60_000);
  const last = cluster.requestsOf(apis.Metadata).at(-1)?.body as { topics: unknown[] };
  expect(last.topics).toEqual([]);

  const id = cluster.send('orders', 'b');
  cluster.runFor(1000);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
});

test('with acks=0 a connection that takes no more bytes holds further requests back', () => {
  const cluster = producer({ acks: '0', 'batch.size': '0' });
  cluster.send('orders', 'first');
  cluster.runFor(1000);
  cluster.bufferedBytes = 2_000_000;

  cluster.send('orders', 'held back');
  cluster.runFor(1000);
  expect(cluster.log('orders-0').values()).toEqual(['first']);
  cluster.drain();
  cluster.runFor(100);

  expect(cluster.log('orders-0').values()).toEqual(['first', 'held back']);
});

test('a leader epoch never moves back: old metadata does not win over a hint', () => {
  const cluster = new ModelCluster(2);
  cluster.addTopic('orders', 1);
  const log = cluster.log('orders-0');
  log.records.push({ value: '0', leaderEpoch: 0 });
  cluster.start((host) =>
    createConsumerNode(host, {
      'bootstrap.servers': 'broker-1:9092',
      'auto.offset.reset': 'earliest',
    }),
  );
  cluster.command({ kind: 'assign', partitions: [{ topic: 'orders', partition: 0 }] });
  cluster.command({ kind: 'poll', timeoutMs: 1000 });
  cluster.runFor(1000);
  log.moveTo(2);
  const staleUntilMs = cluster.nowMs + 3000;
  const metadataOf = cluster.leaderInMetadata;
  cluster.leaderInMetadata = (name) =>
    cluster.nowMs < staleUntilMs ? { leader: 1, leaderEpoch: 0 } : metadataOf(name);
  log.records.push({ value: '1', leaderEpoch: 1 });

  const poll = cluster.command({ kind: 'poll', timeoutMs: 2000 });
  cluster.runFor(2000);

  expect(cluster.result(poll)).toMatchObject({ kind: 'polled', records: [{ offset: 1 }] });
});

test('metadata is not asked for behind a full connection', () => {
  const cluster = producer({ ...ONE_IN_FLIGHT, 'metadata.max.age.ms': '3000' });
  cluster.send('orders', 'a');
  cluster.runFor(2000);
  cluster.fate = ({ apiKey }) => (apiKey === apis.Produce.key ? { kind: 'ignore' } : ANSWER);
  const seen = cluster.requests.length;
  cluster.send('orders', 'b');
  cluster.runFor(20_000);

  expect(cluster.requests.slice(seen).map(({ apiKey }) => apiKey)).toEqual([apis.Produce.key]);
});

test('metadata that waits for a full connection goes before the next batch', () => {
  const cluster = producer({ ...ONE_IN_FLIGHT, 'metadata.max.age.ms': '3000' });
  cluster.send('orders', 'a');
  cluster.runFor(2000);
  cluster.fate = ({ apiKey }) =>
    apiKey === apis.Produce.key ? { kind: 'delay', ms: 5000 } : ANSWER;
  const seen = cluster.requests.length;
  cluster.send('orders', 'b');
  cluster.runFor(500);
  cluster.send('orders', 'c');
  cluster.runFor(7000);

  const apiKeys = cluster.requests.slice(seen).map(({ apiKey }) => apiKey);
  expect(apiKeys).toEqual([apis.Produce.key, apis.Metadata.key, apis.Produce.key]);
});

test('a broker that was not needed so far is asked for metadata while the others are full', () => {
  const cluster = new ModelCluster(2);
  cluster.addTopic('orders', 1);
  const config = { ...BOOTSTRAP, ...ONE_IN_FLIGHT, 'metadata.max.age.ms': '3000' };
  cluster.start((host) => createProducerNode(host, config));
  cluster.send('orders', 'a');
  cluster.runFor(2000);
  cluster.fate = ({ apiKey }) => (apiKey === apis.Produce.key ? { kind: 'ignore' } : ANSWER);
  const seen = cluster.requests.length;
  cluster.send('orders', 'b');
  cluster.runFor(20_000);

  const asked = cluster.requests.slice(seen).filter(({ apiKey }) => apiKey === apis.Metadata.key);
  expect(asked.length).toBeGreaterThanOrEqual(5);
  expect(new Set(asked.map(({ brokerId }) => brokerId))).toEqual(new Set([2]));
});
