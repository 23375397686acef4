/** What a test can do to real brokers, seen by an unmodified client. */
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RealCluster, startCluster } from '../../../library/server.ts';

let cluster: RealCluster;
let kafka: Kafka;
let producer: Producer;
beforeAll(async () => {
  cluster = await startCluster({ topics: { orders: { partitions: 2 }, other: {} } });
});
beforeEach(async () => {
  kafka = new Kafka({
    clientId: 'shop',
    brokers: cluster.bootstrap,
    logLevel: logLevel.NOTHING,
    requestTimeout: 2_000,
    retry: { initialRetryTime: 20, retries: 60, maxRetryTime: 200 },
  });
  producer = kafka.producer();
  await producer.connect();
});
afterEach(async () => {
  cluster.faults.heal();
  const gone = cluster.brokers.filter((broker) => !broker.running);
  for (const { name } of gone) await cluster.faults.start(name);
  await producer.disconnect();
});
afterAll(() => cluster.close());

const send = (topic = 'orders', partition = 0) =>
  producer.send({ topic, acks: -1, messages: [{ value: 'v', partition }] });

async function leaderOf(topic: string, partition = 0): Promise<string> {
  const [described] = await cluster.admin.describeTopics([topic]);
  return `broker-${described!.partitions.find((one) => one.partition === partition)!.leader}`;
}

describe('an answer', () => {
  test('with an error comes as often as it is asked for, and the client tries again', async () => {
    const fault = cluster.faults.answer('Produce', { error: 'NOT_ENOUGH_REPLICAS', times: 2 });

    const sent = send();
    await fault.hit({ times: 2 });

    expect((await sent)[0]!.errorCode).toBe(0);
    expect(fault.hits).toBe(2);
  });

  test('is for the topic, the partition and the client that it names', async () => {
    const faults = [
      cluster.faults.answer('Produce', { error: 'INVALID_TOPIC_EXCEPTION', topic: 'other' }),
      cluster.faults.answer('Produce', { error: 'INVALID_TOPIC_EXCEPTION', partition: 1 }),
      cluster.faults.answer('Produce', { error: 'INVALID_TOPIC_EXCEPTION', client: 'somebody' }),
    ];

    await send('orders', 0);

    expect(faults.map((one) => one.hits)).toEqual([0, 0, 0]);
    await expect(send('orders', 1)).rejects.toThrow();
    await expect(send('other')).rejects.toThrow();
    expect(faults.map((one) => one.hits)).toEqual([1, 1, 0]);
  });

  test('comes late', async () => {
    cluster.faults.answer('Produce', { delayMs: 300 });
    const beganMs = performance.now();

    await send();

    expect(performance.now() - beganMs).toBeGreaterThan(290);
  });

  test('that never struck says so', async () => {
    const fault = cluster.faults.answer('Produce', { error: 'UNKNOWN_SERVER_ERROR' });

    await expect(fault.hit({ timeoutMs: 10 })).rejects.toThrow('no request of Produce came');
  });
});

describe('a cluster', () => {
  test('goes on when the leader is killed, and takes it back', async () => {
    const leader = await leaderOf('orders');
    await send();

    cluster.faults.kill(leader);
    await send();
    await cluster.faults.start(leader);

    expect(await leaderOf('orders')).not.toBe('broker--1');
    expect(cluster.brokers.every((broker) => broker.running)).toBe(true);
  });

  test('lets a leader be moved', async () => {
    const before = await leaderOf('orders', 1);
    const to = before === 'broker-1' ? 'broker-2' : 'broker-1';

    await cluster.faults.moveLeader({ topic: 'orders', partition: 1 }, to);

    expect(await leaderOf('orders', 1)).toBe(to);
    expect((await send('orders', 1))[0]!.errorCode).toBe(0);
  });

  test('answers acks=all only once a cut between leader and followers is healed', async () => {
    const leader = await leaderOf('orders');
    const others = cluster.brokers.map(({ name }) => name).filter((name) => name !== leader);
    await send();
    for (const other of others) cluster.faults.cut(leader, other);

    let answered = false;
    const sent = send().then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 700));

    expect(answered).toBe(false);
    cluster.faults.heal();
    await sent;
  });

  test('hears nothing of clients that are cut off', async () => {
    for (const { name } of cluster.brokers) cluster.faults.cut(name, 'clients');
    let answered = false;
    const sent = send().then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));

    expect(answered).toBe(false);
    cluster.faults.heal();
    await sent;
  });

  test('lets a paused broker go on where it was', async () => {
    const leader = await leaderOf('orders');
    cluster.faults.pause(leader);
    const sent = send();
    await new Promise((resolve) => setTimeout(resolve, 300));

    cluster.faults.resume(leader);

    expect((await sent)[0]!.errorCode).toBe(0);
  });
});
