/** Brokers as processes: what is killed with -9 comes back, and nothing acknowledged is missing. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerProcesses } from '../support/server-processes.ts';

const cluster = new ServerProcesses();
let kafka: Kafka;
beforeAll(async () => {
  await cluster.prepare(3, {
    'default.replication.factor': '3',
    'min.insync.replicas': '2',
    'num.partitions': '3',
    'offsets.topic.num.partitions': '3',
    'group.initial.rebalance.delay.ms': '0',
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
  });
  await cluster.startAll();
  kafka = new Kafka({
    brokers: cluster.bootstrap,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 200, maxRetryTime: 500 },
  });
}, 240_000);
afterAll(() => cluster.dispose());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything in a topic, as a new group sees it, until `wanted` is in it. */
async function readAll(topic: string, wanted: ReadonlySet<string>): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  const consumer = kafka.consumer({ groupId: `reads-${topic}-${process.hrtime.bigint()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const value = String(message.value);
      seen.set(value, (seen.get(value) ?? 0) + 1);
    },
  });
  const deadlineMs = performance.now() + 60_000;
  const missing = () => [...wanted].some((value) => !seen.has(value));
  while (missing() && performance.now() < deadlineMs) await pause(50);
  await consumer.disconnect();
  return seen;
}

test('kill -9 under load loses nothing that was acknowledged with acks=all', async () => {
  const plain = kafka.producer();
  // One send at a time and all to one partition: after an error, kafkajs gives the sequence number
  // of a send that may have been written to whichever is next, and without a key tries the former
  // in another partition; the next one is then taken for a repetition, and never written.
  const idempotent = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await Promise.all([plain.connect(), idempotent.connect()]);
  const acknowledged = new Set<string>();
  const once = new Set<string>();
  let over = false;
  let next = 0;
  const load = async (
    producer: Producer,
    topic: string,
    acks: Set<string>,
    key: string | null = null,
  ): Promise<void> => {
    while (!over) {
      const value = `r-${next++}`;
      const sent = await producer.send({ topic, acks: -1, messages: [{ key, value }] });
      if (sent.every((one) => one.errorCode === 0)) acks.add(value);
      await pause(2);
    }
  };
  const loads = [
    load(plain, 'load', acknowledged),
    load(plain, 'load', acknowledged),
    load(idempotent, 'once', once, 'all of them'),
  ];

  for (const node of [1, 2, 3, 2]) {
    await pause(700);
    await cluster.end(node, 'SIGKILL');
    await pause(300);
    await cluster.start(node);
  }
  await pause(500);
  over = true;
  await Promise.all(loads);
  await Promise.all([plain.disconnect(), idempotent.disconnect()]);

  expect(acknowledged.size).toBeGreaterThan(100);
  expect(once.size).toBeGreaterThan(20);
  const seen = await readAll('load', acknowledged);
  expect([...acknowledged].filter((value) => !seen.has(value))).toEqual([]);
  const seenOnce = await readAll('once', once);
  expect([...once].filter((value) => seenOnce.get(value) !== 1)).toEqual([]);
}, 240_000);

test('a cluster that was shut down and started again has everything', async () => {
  const producer = kafka.producer();
  await producer.connect();
  const values = Array.from({ length: 50 }, (_, i) => `kept-${i}`);
  const messages = values.map((value) => ({ value }));
  await producer.send({ topic: 'kept', acks: -1, messages });
  await producer.disconnect();

  const first = await cluster.end(1, 'SIGINT');
  // With two of three gone there is no quorum that could let the last one go: as with Kafka, it
  // waits. A second Ctrl-C ends it at once.
  await cluster.end(2, 'SIGINT');
  const last = cluster.end(3, 'SIGINT');
  await pause(2_000);
  cluster.signal(3, 'SIGINT');
  await last;
  await cluster.startAll();

  expect(first).toBe(0);
  const seen = await readAll('kept', new Set(values));
  expect([...seen.keys()].sort()).toEqual([...values].sort());
}, 240_000);

test('a second process of a node does not start', async () => {
  await expect(cluster.start(1)).rejects.toThrow('something else listens there');
}, 60_000);

test('ten thousand idle connections leave others unharmed and cost little', async () => {
  const port = Number(cluster.bootstrap[1]!.split(':')[1]);
  const before = residentBytes(cluster.pid(2));
  const sockets: Socket[] = [];
  for (let batch = 0; batch < 50; batch++) {
    const opened = Array.from({ length: 200 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => socket.destroy());
      sockets.push(socket);
      return new Promise<void>((resolve) => {
        socket.once('connect', () => resolve());
        socket.once('close', () => resolve());
      });
    });
    await Promise.all(opened);
  }

  const producer = kafka.producer();
  await producer.connect();
  const messages = [0, 1, 2].map((partition) => ({ value: 'x', partition }));
  const sent = await producer.send({ topic: 'kept', acks: -1, messages });
  await producer.disconnect();

  expect(sent.map((one) => one.errorCode)).toEqual([0, 0, 0]);
  expect(sockets.filter((socket) => !socket.destroyed)).toHaveLength(10_000);
  const each = (residentBytes(cluster.pid(2)) - before) / 10_000;
  expect(each).toBeLessThan(20_000);
  for (const socket of sockets) socket.destroy();
}, 240_000);

/** Where the system tells it; else 0. */
function residentBytes(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
