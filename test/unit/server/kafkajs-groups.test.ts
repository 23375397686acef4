/** Consumer groups as an unmodified client sees them: sharing, committing, leaving. */
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerCluster, startServerCluster } from '../../../server/cluster/cluster.ts';

let cluster: ServerCluster;
let kafka: Kafka;
beforeAll(async () => {
  const shape = { brokers: 3, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  const topics = [{ name: 'orders', partitions: 4, replicationFactor: 3 }];
  const config = {
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.num.partitions': '2',
  };
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config }, topics);
  kafka = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING });
});
afterAll(() => cluster.stop());

interface Member {
  readonly consumer: Consumer;
  readonly given: string[];
  assigned: number;
}

async function join(groupId: string): Promise<Member> {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 6_000,
    heartbeatInterval: 200,
    maxWaitTimeInMs: 50,
  });
  const member: Member = { consumer, given: [], assigned: 0 };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    member.assigned = payload.memberAssignment['orders']?.length ?? 0;
  });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 100,
    eachMessage: async ({ message }) => {
      member.given.push(String(message.value));
    },
  });
  return member;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`not within 20 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function send(from: number, to: number): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: to - from }, (_, i) => ({
    value: `v${from + i}`,
    partition: (from + i) % 4,
  }));
  await producer.send({ topic: 'orders', messages });
  await producer.disconnect();
}

test('two members share the topic, and who stays goes on where the other has committed', async () => {
  await send(0, 40);
  const a = await join('billing');
  const b = await join('billing');
  await until(() => a.assigned === 2 && b.assigned === 2);
  await send(40, 80);
  await until(() => a.given.length + b.given.length >= 80);
  await b.consumer.disconnect();
  await until(() => a.assigned === 4);
  await send(80, 120);
  await until(() => new Set([...a.given, ...b.given]).size === 120);

  const all = [...a.given, ...b.given].filter((value) => Number(value.slice(1)) >= 40);
  expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
  await a.consumer.disconnect();

  const admin = kafka.admin();
  await admin.connect();
  const { groups } = await admin.describeGroups(['billing']);
  const [orders] = await admin.fetchOffsets({ groupId: 'billing', topics: ['orders'] });
  const listed = await admin.listGroups();
  await admin.deleteGroups(['billing']);
  const left = await admin.listGroups();
  await admin.disconnect();
  expect(groups[0]).toMatchObject({ groupId: 'billing', state: 'Empty', members: [] });
  expect(orders!.partitions.map(({ offset }) => Number(offset))).toEqual([30, 30, 30, 30]);
  expect(listed.groups).toEqual([{ groupId: 'billing', protocolType: 'consumer' }]);
  expect(left.groups).toEqual([]);
}, 60_000);
