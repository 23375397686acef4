/** ACLs as an unmodified client makes them and meets them. */
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidConfig } from '../../../kafka/config/parse.ts';
import { type ServerCluster, startServerCluster } from '../../../server/cluster/cluster.ts';

const JAAS = `org.apache.kafka.common.security.plain.PlainLoginModule required
  user_root="r" user_alice="a";`;
const config = {
  'listener.security.protocol.map': 'CLIENTS:SASL_PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'plain.sasl.jaas.config': JAAS,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:root;User:ANONYMOUS',
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '1',
};
const shape = { brokers: 3, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };

let cluster: ServerCluster;
beforeAll(async () => {
  const topics = [
    { name: 'orders', partitions: 2, replicationFactor: 3 },
    { name: 'secrets', partitions: 1, replicationFactor: 3 },
  ];
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config }, topics);
});
afterAll(() => cluster.stop());

function kafka(username: string): Kafka {
  const sasl = { mechanism: 'plain', username, password: username.charAt(0) } as const;
  return new Kafka({
    brokers: cluster.bootstrap,
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
    sasl,
  });
}

const alice = {
  principal: 'User:alice',
  host: '127.0.0.1',
  permissionType: AclPermissionTypes.ALLOW,
  resourcePatternType: ResourcePatternTypes.LITERAL,
};
const onTopic = { resourceType: AclResourceTypes.TOPIC, resourceName: 'orders' };
const onGroup = { resourceType: AclResourceTypes.GROUP, resourceName: 'billing' };

async function write(topic: string, acks = -1): Promise<number | undefined> {
  const producer = kafka('alice').producer();
  await producer.connect();
  try {
    const [sent] = await producer.send({ topic, acks, messages: [{ value: 'x' }] });
    return sent?.errorCode;
  } finally {
    await producer.disconnect();
  }
}

/** How many of a topic's records alice is given as a member of a group. */
async function read(groupId: string, wanted: number): Promise<number> {
  const consumer = kafka('alice').consumer({ groupId, maxWaitTimeInMs: 50 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    return await new Promise((resolve, reject) => {
      let given = 0;
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer
        .run({
          eachMessage: async () => {
            given += 1;
            if (given === wanted) resolve(given);
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

/** Kafka's name of what a client is told, which kafkajs wraps in several ways. */
async function refusal(what: Promise<unknown>): Promise<string> {
  interface Wrapped {
    readonly type?: string;
    readonly cause?: Wrapped;
    readonly errors?: readonly Wrapped[];
  }
  const error: Wrapped = await what.then(
    () => ({ type: 'it was done' }),
    (thrown: Wrapped) => thrown,
  );
  return error.type ?? error.errors?.[0]?.type ?? error.cause?.type ?? String(error);
}

test('a client may do what an administrator lets it, and nothing else', async () => {
  expect(await refusal(write('orders'))).toBe('TOPIC_AUTHORIZATION_FAILED');

  const admin = kafka('root').admin();
  await admin.connect();
  await admin.createAcls({
    acl: [
      { ...alice, ...onTopic, operation: AclOperationTypes.WRITE },
      { ...alice, ...onTopic, operation: AclOperationTypes.READ },
      { ...alice, ...onGroup, operation: AclOperationTypes.READ },
    ],
  });
  const described = await admin.describeAcls({
    ...alice,
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  } as never);
  const acls = described.resources.flatMap((one) =>
    one.acls.map(({ operation }) => [one.resourceName, operation]),
  );
  expect(acls).toEqual([
    ['orders', AclOperationTypes.WRITE],
    ['orders', AclOperationTypes.READ],
    ['billing', AclOperationTypes.READ],
  ]);

  // Three brokers agree on it: brokers are let in by each other all the while.
  expect(await write('orders')).toBe(0);
  expect(await read('billing', 1)).toBe(1);
  expect(await refusal(write('secrets'))).toBe('TOPIC_AUTHORIZATION_FAILED');
  // As kafkajs calls it when nobody tells it who coordinates a group.
  expect(await refusal(read('other', 1))).toContain('KafkaJSGroupCoordinatorNotFound');

  const hers = kafka('alice').admin();
  await hers.connect();
  expect(await hers.listTopics()).toEqual(['orders']);
  const made = hers.createTopics({ topics: [{ topic: 'mine' }] });
  expect(await refusal(made)).toBe('TOPIC_AUTHORIZATION_FAILED');
  expect(await refusal(hers.deleteTopics({ topics: ['orders'] }))).toBe(
    'TOPIC_AUTHORIZATION_FAILED',
  );
  const more = hers.createAcls({
    acl: [{ ...alice, ...onTopic, operation: AclOperationTypes.ALL }],
  });
  expect(await refusal(more)).toBe('CLUSTER_AUTHORIZATION_FAILED');
  await hers.disconnect();

  const { filterResponses } = await admin.deleteAcls({
    filters: [
      {
        ...onTopic,
        principal: 'User:alice',
        resourcePatternType: ResourcePatternTypes.MATCH,
        operation: AclOperationTypes.WRITE,
        permissionType: AclPermissionTypes.ALLOW,
      } as never,
    ],
  });
  await admin.disconnect();
  expect(filterResponses[0]?.matchingAcls).toHaveLength(1);
  expect(await refusal(write('orders'))).toBe('TOPIC_AUTHORIZATION_FAILED');
}, 60_000);

test.each([
  [{ 'super.users': 'User:root' }, 'leaves out User:ANONYMOUS'],
  [{ 'super.users': 'root;User:ANONYMOUS' }, 'has root, which is no principal'],
  [{ 'authorizer.class.name': 'my.Authorizer' }, 'needs own authorizers, not there yet'],
])('%j is refused', async (change, words) => {
  const asked = { ...shape, port: 0, data: null, config: { ...config, ...change } };

  await expect(startServerCluster(asked)).rejects.toThrow(InvalidConfig);
  await expect(startServerCluster(asked)).rejects.toThrow(words);
});
