/** A short round trip of an unmodified client; the long ones are in `test/long`. */
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerCluster, startServerCluster } from '../../../server/cluster/cluster.ts';

let cluster: ServerCluster;
let kafka: Kafka;
beforeAll(async () => {
  const shape = { brokers: 3, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  const topics = [{ name: 'orders', partitions: 3, replicationFactor: 3 }];
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config: {} }, topics);
  kafka = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING });
});
afterAll(() => cluster.stop());

describe('kafkajs', () => {
  test('sees every broker, the controller and every partition with its replicas in sync', async () => {
    const admin = kafka.admin();
    await admin.connect();

    const { brokers, controller } = await admin.describeCluster();
    const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] });
    await admin.disconnect();

    const addresses = brokers.map(({ host, port }) => `${host}:${port}`);
    expect(addresses.sort()).toEqual([...cluster.bootstrap].sort());
    expect([1, 2, 3]).toContain(controller);
    const { partitions } = topics[0]!;
    expect(partitions.map((one) => [one.partitionId, one.isr.length])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
  });

  test('writes with acks 1 and -1, with and without idempotence, and finds the offsets', async () => {
    const plain = kafka.producer();
    const idempotent = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await Promise.all([plain.connect(), idempotent.connect()]);
    const messages = [{ key: 'k', value: 'v', headers: { h: 'x' } }];
    const topicMessages = { topic: 'orders', messages: [{ ...messages[0]!, partition: 0 }] };

    const first = await plain.send({ ...topicMessages, acks: 1 });
    const second = await plain.send({ ...topicMessages, acks: -1 });
    const third = await idempotent.send({ ...topicMessages, acks: -1 });
    await Promise.all([plain.disconnect(), idempotent.disconnect()]);

    const answers = [first, second, third].map(([one]) => [one!.errorCode, one!.baseOffset]);
    expect(answers).toEqual([
      [0, '0'],
      [0, '1'],
      [0, '2'],
    ]);
    const admin = kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets('orders');
    await admin.disconnect();
    expect(ends.find((one) => one.partition === 0)).toMatchObject({ high: '3', low: '0' });
  });
});
