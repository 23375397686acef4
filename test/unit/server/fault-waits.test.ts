/** What becomes of those who wait for a cluster: at heal, at close, and when they wait in vain. */
import { connect } from 'node:net';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RealCluster, startCluster } from '../../../library/server.ts';
import { partsOf } from '../../../server/cluster/cluster.ts';

/** Longer than any test may take. */
const HOURS_MS = 10_000_000;
const CLOSED = 'the cluster is closed';

async function connected(cluster: RealCluster): Promise<Producer> {
  const kafka = new Kafka({
    brokers: cluster.bootstrap,
    logLevel: logLevel.NOTHING,
    requestTimeout: HOURS_MS,
  });
  const producer = kafka.producer();
  await producer.connect();
  return producer;
}

const send = (producer: Producer) =>
  producer.send({ topic: 'orders', acks: -1, messages: [{ value: 'v' }] });

describe('a cluster that is healed', () => {
  let cluster: RealCluster;
  let producer: Producer;
  beforeAll(async () => {
    cluster = await startCluster({ brokers: 2, topics: { orders: {} } });
    producer = await connected(cluster);
  });
  afterEach(async () => {
    cluster.faults.heal();
    await cluster.faults.startAll();
  });
  afterAll(async () => {
    await producer.disconnect();
    await cluster.close();
  });

  test('answers what was held back, with what it was to be answered', async () => {
    const fault = cluster.faults.answer('Produce', { delayMs: HOURS_MS });
    const sent = send(producer);
    await fault.hit();

    cluster.faults.heal();

    expect((await sent)[0]!.errorCode).toBe(0);
  });

  test('answers what was held back by a broker that was paused then', async () => {
    const fault = cluster.faults.answer('Produce', { delayMs: HOURS_MS });
    const sent = send(producer);
    await fault.hit();
    for (const { name } of cluster.brokers) cluster.faults.pause(name);

    cluster.faults.heal();

    expect((await sent)[0]!.errorCode).toBe(0);
  });

  test('tells those who wait for requests, before and after', async () => {
    const fault = cluster.faults.answer('Produce', { delayMs: HOURS_MS, times: 2 });
    const hit = fault.hit({ timeoutMs: HOURS_MS, times: 2 });

    cluster.faults.heal();

    const words = 'only 0 of 2 requests of Produce came: heal() took the fault back';
    await expect(hit).rejects.toThrow(words);
    await expect(fault.hit({ times: 2 })).rejects.toThrow(words);
  });

  test('lets nobody wait for a broker that does not run', async () => {
    cluster.faults.kill('broker-2');

    const words = 'broker-2 does not run (it was killed)';
    await expect(cluster.faults.moveLeader({ topic: 'orders' }, 'broker-2')).rejects.toThrow(words);
    expect(() => cluster.faults.pause('broker-2')).toThrow(words);
    expect(() => cluster.faults.resume('broker-2')).toThrow(words);
  });

  test('gives a move up when the broker is killed', async () => {
    // Nobody hears the controller, so that nothing moves.
    for (const { name } of cluster.brokers) cluster.faults.cut(name, 'controller-101');
    const moved = cluster.faults.moveLeader({ topic: 'orders' }, 'broker-2');
    const ended = expect(moved).rejects.toThrow('broker-2 does not run (it was killed)');

    cluster.faults.kill('broker-2');

    await ended;
  });

  test('says that the controller is missing, and spares the broker', async () => {
    cluster.faults.kill('controller-101');

    const words = 'controller-101 does not run, and a majority of the controllers is needed';
    await expect(cluster.faults.restart('broker-1')).rejects.toThrow(words);
    expect(cluster.brokers.every((broker) => broker.running)).toBe(true);
  });

  test('starts a broker while its only controller is started, too', async () => {
    cluster.faults.kill('controller-101');
    cluster.faults.kill('broker-1');

    await Promise.all(['broker-1', 'controller-101'].map((name) => cluster.faults.start(name)));

    expect(cluster.brokers.every((broker) => broker.running)).toBe(true);
  });

  test('tells of a broker that broke, and goes on with the others', async () => {
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const broken = cluster['cluster'].machine('broker-2');
    partsOf(broken)!.server.interceptor = () => {
      throw new Error('out of order');
    };

    // Metadata 12 for all topics.
    const asked = '000000160003000c00000003000772646b61666b610000000000';
    const socket = connect(Number(cluster.brokers[1]!.address.split(':')[1]), '127.0.0.1');
    socket.on('error', () => {}).write(Buffer.from(asked, 'hex'));
    await new Promise((resolve) => socket.once('close', resolve));
    const words = told.mock.calls.map(([text]) => String(text)).join('');
    told.mockRestore();
    await cluster.faults.restart('broker-1');

    expect(words).toContain('broker-2 broke while it worked on "received"');
    expect(words).toContain('Error: out of order');
    expect(cluster.brokers.map((broker) => broker.running)).toEqual([true, false]);
    const moved = cluster.faults.moveLeader({ topic: 'orders' }, 'broker-2');
    await expect(moved).rejects.toThrow('broker-2 broke: out of order');
  });
});

describe('a cluster that is closed', () => {
  test('ends every wait, and says what it is', async () => {
    const cluster = await startCluster({ brokers: 2, topics: { orders: {} } });
    const { faults } = cluster;
    // Nobody hears the controller, so that nothing moves and nobody comes to serve.
    for (const { name } of cluster.brokers) faults.cut(name, 'controller-101');
    const fault = faults.answer('Produce', { delayMs: HOURS_MS });
    const waits = [
      faults.moveLeader({ topic: 'orders' }, 'broker-1'),
      faults.restart('broker-2'),
      fault.hit({ timeoutMs: HOURS_MS }),
    ].map((wait) => expect(wait).rejects.toThrow(CLOSED));

    await cluster.close();

    await Promise.all(waits);
    expect(cluster['cluster'].machines.filter((machine) => machine.up)).toEqual([]);
    expect(() => faults.kill('broker-1')).toThrow(CLOSED);
    expect(() => faults.heal()).toThrow(CLOSED);
    expect(() => faults.cut('broker-1', 'broker-2')).toThrow(CLOSED);
    expect(() => faults.answer('Produce', { delayMs: 1 })).toThrow(CLOSED);
    await expect(faults.start('broker-1')).rejects.toThrow(CLOSED);
    await expect(faults.stop('broker-1')).rejects.toThrow(CLOSED);
    await expect(fault.hit()).rejects.toThrow(CLOSED);
    await expect(cluster.admin.deleteTopic('orders')).rejects.toThrow(CLOSED);
    await cluster.close();
  });
});
