/**
 * What @platformatic/kafka does with a cluster, in a process of its own on a newer Node: runs the
 * step named last, tells what came of it as one JSON line. Run in the folder that has the package.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [brokers, step] = process.argv.slice(2);
const bootstrapBrokers = brokers.split(',');
const found = createRequire(join(process.cwd(), 'package.json')).resolve('@platformatic/kafka');
const kafka = await import(pathToFileURL(found).href);
const { Admin, Consumer, ProduceAcks, Producer, stringDeserializers, stringSerializers } = kafka;

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const PATIENCE_MS = 60_000;

const newAdmin = () => new Admin({ clientId: 'admin', bootstrapBrokers });
const newProducer = (options) =>
  new Producer({ clientId: 'p', bootstrapBrokers, serializers: stringSerializers, ...options });
const newConsumer = (groupId) =>
  new Consumer({
    clientId: 'c',
    groupId,
    bootstrapBrokers,
    deserializers: stringDeserializers,
    sessionTimeout: 6_000,
    heartbeatInterval: 250,
    maxWaitTime: 200,
    retries: 50,
    retryDelay: 100,
  });

async function until(condition) {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition() && performance.now() < endMs) await pause(20);
  return condition();
}

function parentDoes(what) {
  const done = new Promise((resolve) => process.once('message', resolve));
  process.send(what);
  return done;
}

/** A stream of a group's member; counts by value what it got. */
async function reading(consumer, topic, seen) {
  const stream = await consumer.consume({
    topics: [topic],
    autocommit: 100,
    mode: 'committed',
    fallbackMode: 'earliest',
  });
  stream.on('data', ({ value }) => seen.set(value, (seen.get(value) ?? 0) + 1));
  stream.on('error', () => {});
  return stream;
}

const steps = {
  async codecs() {
    const producer = newProducer();
    const sent = [];
    for (const compression of CODECS) {
      const messages = Array.from({ length: 20 }, (_, i) => ({
        topic: 'codecs',
        key: `k${i}`,
        value: `${compression}-${i}`,
      }));
      await producer.send({ messages, compression, acks: ProduceAcks.ALL });
      sent.push(...messages.map(({ value }) => value));
    }
    await producer.close();
    const seen = new Map();
    const consumer = newConsumer('codecs');
    const stream = await reading(consumer, 'codecs', seen);
    await until(() => seen.size >= sent.length);
    await stream.close();
    await consumer.close();
    return { missing: sent.filter((value) => seen.get(value) !== 1) };
  },

  /** Two members share; one dies without a word, and the other reads what was its. */
  async group() {
    const producer = newProducer();
    const send = async (from, to) => {
      const messages = Array.from({ length: to - from }, (_, i) => ({
        topic: 'group',
        key: `k${from + i}`,
        value: `v${from + i}`,
      }));
      await producer.send({ messages, acks: ProduceAcks.ALL });
    };
    const seen = new Map();
    const consumer = newConsumer('group');
    const stream = await reading(consumer, 'group', seen);
    await send(0, 100);
    await until(() => seen.size >= 100);
    await parentDoes('start a member');
    const own = () => consumer.assignments.flatMap((one) => one.partitions).length;
    const partitions = [own()];
    await parentDoes('kill the member');
    await send(100, 200);
    await until(() => own() === 4);
    partitions.push(own());
    await send(200, 300);
    await until(() => seen.size >= 300);
    await stream.close();
    await consumer.close();
    await producer.close();
    return { partitions, read: seen.size };
  },

  /** Stays in the group until it is killed. */
  async member() {
    const consumer = newConsumer('group');
    await reading(consumer, 'group', new Map());
    await until(() => consumer.assignments?.length > 0);
    process.send('member of the group');
    await pause(PATIENCE_MS);
  },

  async admin() {
    const admin = newAdmin();
    await admin.createTopics({ topics: ['made'], partitions: 3, replicas: 3 });
    const created = (await admin.listTopics()).includes('made');
    const metadata = await admin.metadata({ topics: ['made'] });
    const groups = [...(await admin.listGroups()).keys()].sort();
    await admin.deleteTopics({ topics: ['made'] });
    const deleted = !(await admin.listTopics()).includes('made');
    await admin.close();
    const { partitions } = metadata.topics.get('made');
    return { created, partitions: partitions.length, groups, deleted };
  },

  /** Sends one after the other while the parent restarts a broker; all must be there, once. */
  async restart() {
    const producer = newProducer({ idempotent: true, retries: 200, retryDelay: 100 });
    const acknowledged = [];
    for (let i = 0; i < 300; i++) {
      if (i === 50) void parentDoes('restart a broker');
      const value = `r${i}`;
      const messages = [{ topic: 'restart', key: `k${i}`, value }];
      await producer.send({ messages, acks: ProduceAcks.ALL });
      acknowledged.push(value);
      await pause(5);
    }
    await producer.close();
    const seen = new Map();
    const consumer = newConsumer('restart');
    const stream = await reading(consumer, 'restart', seen);
    await until(() => acknowledged.every((value) => seen.has(value)));
    await stream.close();
    await consumer.close();
    return { wrong: acknowledged.filter((value) => seen.get(value) !== 1) };
  },
};

const came = await steps[step]();
process.send(came, () => process.exit(0));
