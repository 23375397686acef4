/** SASL on real sockets, as an unmodified client authenticates, and as old ones did. */
import { connect } from 'node:net';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidConfig } from '../../../kafka/config/parse.ts';
import { startCluster } from '../../../library/server.ts';
import { type ServerCluster, startServerCluster } from '../../../server/cluster/cluster.ts';

const JAAS = `org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="secret";`;
const config = {
  'listener.security.protocol.map': 'CLIENTS:SASL_PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.clients.plain.sasl.jaas.config': JAAS,
  'initial.scram.credentials':
    'SCRAM-SHA-256=[name=bob,password=tea];SCRAM-SHA-512=[name=bob,password=coffee]',
};
const shape = { brokers: 3, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };

let cluster: ServerCluster;
beforeAll(async () => {
  const topics = [{ name: 'orders', partitions: 3, replicationFactor: 3 }];
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config }, topics);
});
afterAll(() => cluster.stop());

function kafka(sasl?: SASLOptions, bootstrap = cluster.bootstrap): Kafka {
  return new Kafka({
    brokers: bootstrap,
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
    ...(sasl && { sasl }),
  });
}

describe('kafkajs', () => {
  test.each([
    { mechanism: 'plain', username: 'alice', password: 'secret' },
    { mechanism: 'scram-sha-256', username: 'bob', password: 'tea' },
    { mechanism: 'scram-sha-512', username: 'bob', password: 'coffee' },
  ] as const)('writes and reads with $mechanism', async (sasl) => {
    const client = kafka(sasl);
    const producer = client.producer();
    await producer.connect();
    const [sent] = await producer.send({ topic: 'orders', messages: [{ value: sasl.mechanism }] });
    await producer.disconnect();
    const admin = client.admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    await admin.disconnect();

    expect(sent).toMatchObject({ errorCode: 0 });
    expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(cluster.bootstrap);
  });

  test.each([
    { mechanism: 'plain', username: 'alice', password: 'wrong' },
    { mechanism: 'scram-sha-256', username: 'bob', password: 'coffee' },
    { mechanism: 'scram-sha-512', username: 'nobody', password: 'coffee' },
  ] as const)('is refused a wrong password with $mechanism', async (sasl) => {
    const admin = kafka(sasl).admin();

    await expect(admin.connect()).rejects.toMatchObject({ name: 'KafkaJSSASLAuthenticationError' });
  });

  test('gets nothing without', async () => {
    const admin = kafka().admin();
    // Versions are told to anybody.
    await admin.connect();

    await expect(admin.listTopics()).rejects.toThrow();
    await admin.disconnect();
  });
});

test('an old client sends its token bare, after a handshake of version 0', async () => {
  const [host, port] = cluster.bootstrap[0]!.split(':') as [string, string];
  const socket = connect(Number(port), host);
  const mechanism = Buffer.from('PLAIN');
  const handshake = Buffer.from([0, 17, 0, 0, 0, 0, 0, 7, 255, 255, 0, mechanism.length]);
  const metadata = Buffer.from([0, 3, 0, 1, 0, 0, 0, 8, 255, 255, 0, 0, 0, 0]);
  const sized = (body: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, body.length]), body]);
  socket.write(sized(Buffer.concat([handshake, mechanism])));
  socket.write(sized(Buffer.from('\0alice\0secret')));
  socket.write(sized(metadata));

  const answers: Buffer[] = [];
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      answers.push(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
    if (answers.length === 3) break;
  }

  const [agreed, accepted, brokers] = answers as [Buffer, Buffer, Buffer];
  expect([agreed.readInt32BE(0), agreed.readInt16BE(4)]).toEqual([7, 0]);
  expect(accepted).toHaveLength(0);
  expect([brokers.readInt32BE(0), brokers.readInt32BE(4)]).toEqual([8, 3]);
});

test('the admin client of an embedded cluster needs no password, and those of others do', async () => {
  await using own = await startCluster({ brokers: 1, topics: { orders: {} }, config });
  await own.admin.createTopic({ name: 'later' });
  const found = await own.admin.describeTopics(['orders', 'later']);
  const refused = kafka(undefined, own.bootstrap).admin();
  await refused.connect();
  const plain = { mechanism: 'plain', username: 'alice', password: 'secret' } as const;
  const known = kafka(plain, own.bootstrap).admin();
  await known.connect();

  expect(found.map(({ name, error }) => `${name} ${error}`).sort()).toEqual([
    'later NONE',
    'orders NONE',
  ]);
  await expect(refused.listTopics()).rejects.toThrow();
  expect(await known.listTopics()).toEqual(expect.arrayContaining(['orders', 'later']));
  await Promise.all([refused.disconnect(), known.disconnect()]);
});

test.each([
  [{ 'sasl.enabled.mechanisms': 'GSSAPI' }, 'makes listener CLIENTS use GSSAPI, not there'],
  [
    { 'listener.name.clients.plain.sasl.jaas.config': 'nothing' },
    'has PLAIN for listener CLIENTS, whose JAAS text cannot be read',
  ],
  [
    { 'listener.name.clients.scram-sha-512.sasl.jaas.config': JAAS },
    'has SCRAM-SHA-512 for listener CLIENTS, whose JAAS text is for another',
  ],
  [{ 'initial.scram.credentials': 'bob=tea' }, 'initial.scram.credentials=[hidden] cannot be read'],
  [{ 'listener.security.protocol.map': 'A:SASL_PLAINTEXT,B:PLAINTEXT' }, 'one NAME:PROTOCOL'],
  [{ 'listener.security.protocol.map': 'A:TELEPATHY' }, 'has an unknown protocol for A'],
  [{ 'listener.name.clients.num.partitions': '3' }, 'listener.name.clients.num.partitions is not'],
])('%j is refused, and no password is shown', async (change, words) => {
  const asked = { ...shape, port: 0, data: null, config: { ...config, ...change } };

  const problem = await startServerCluster(asked).then(
    () => null,
    (error: unknown) => error,
  );

  expect(problem).toBeInstanceOf(InvalidConfig);
  expect((problem as Error).message).toContain(words);
  expect((problem as Error).message).not.toMatch(/secret|tea/);
});
