import { expect, test } from 'vitest';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import type { CreatableTopic } from '../../../kafka/wire/generated/create-topics-request.ts';
import { ControllerDriver } from './driver.ts';

function cluster(config: Record<string, string> = {}): ControllerDriver {
  const driver = new ControllerDriver(config);
  for (const broker of [1, 2, 3]) driver.start(broker);
  return driver;
}

test('partitions and replicas default to the cluster configuration', () => {
  const driver = cluster({ 'num.partitions': '4', 'default.replication.factor': '2' });

  expect(driver.createTopic({ name: 'orders' })).toMatchObject({
    errorCode: ErrorCode.NONE,
    numPartitions: 4,
    replicationFactor: 2,
  });
  const partitions = driver.image.topic('orders')?.partitions ?? [];
  expect(partitions).toHaveLength(4);
  for (const { replicas, isr, leader, leaderEpoch, partitionEpoch } of partitions) {
    expect(replicas).toHaveLength(2);
    expect(isr).toEqual(replicas);
    expect({ leader, leaderEpoch, partitionEpoch }).toEqual({
      leader: replicas[0],
      leaderEpoch: 0,
      partitionEpoch: 0,
    });
  }
});

const manual = (...brokers: number[][]): Partial<CreatableTopic> => ({
  assignments: brokers.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
});

test.each<[string, Partial<CreatableTopic>, number, RegExp]>([
  [
    'more replicas than brokers',
    { replicationFactor: 4 },
    ErrorCode.INVALID_REPLICATION_FACTOR,
    /4 time\(s\).*only 3 broker/,
  ],
  ['no replicas', { replicationFactor: 0 }, ErrorCode.INVALID_REPLICATION_FACTOR, /larger than 0/],
  ['no partitions', { numPartitions: 0 }, ErrorCode.INVALID_PARTITIONS, /non-positive/],
  [
    'far too many partitions',
    { numPartitions: 2_000_000_000 },
    ErrorCode.POLICY_VIOLATION,
    /large/,
  ],
  ['an empty name', { name: '' }, ErrorCode.INVALID_TOPIC_EXCEPTION, /empty/],
  ['a name with a blank', { name: 'a b' }, ErrorCode.INVALID_TOPIC_EXCEPTION, /'a b'/],
  ['a name of 250 letters', { name: 'x'.repeat(250) }, ErrorCode.INVALID_TOPIC_EXCEPTION, /249/],
  ['a name that exists', { name: 'taken.name' }, ErrorCode.TOPIC_ALREADY_EXISTS, /already exists/],
  ['a colliding name', { name: 'taken_name' }, ErrorCode.INVALID_TOPIC_EXCEPTION, /collides/],
  ['the metadata topic', { name: '__cluster_metadata' }, ErrorCode.INVALID_REQUEST, /prohibited/],
  [
    'an unknown config',
    { configs: [{ name: 'min.isr', value: '1' }] },
    ErrorCode.INVALID_CONFIG,
    /min\.isr/,
  ],
  [
    'a bad config',
    { configs: [{ name: 'min.insync.replicas', value: '0' }] },
    ErrorCode.INVALID_CONFIG,
    /min\.insync\.replicas/,
  ],
  [
    'a config named __proto__',
    { configs: [{ name: '__proto__', value: '1' }] },
    ErrorCode.INVALID_CONFIG,
    /__proto__/,
  ],
  [
    'a config without value',
    { configs: [{ name: 'retention.ms', value: null }] },
    ErrorCode.INVALID_CONFIG,
    /Null/,
  ],
  [
    'an assignment and a factor',
    { ...manual([1]), replicationFactor: 1 },
    ErrorCode.INVALID_REQUEST,
    /replication factor/,
  ],
  ['an unknown broker', manual([1, 9]), ErrorCode.INVALID_REPLICA_ASSIGNMENT, /broker 9/],
  ['a broker twice', manual([1, 1]), ErrorCode.INVALID_REPLICA_ASSIGNMENT, /more than once/],
  [
    'uneven partitions',
    manual([1, 2], [1]),
    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    /unlike previous/,
  ],
  [
    'a hole in the partitions',
    { assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    /consecutive/,
  ],
])('CreateTopics refuses %s and creates nothing', (_what, topic, errorCode, message) => {
  const driver = cluster();
  driver.createTopic({ name: 'taken.name' });
  const before = driver.image.topicsById.size;

  const result = driver.createTopic({ name: 'orders', ...topic });

  expect(result.errorCode).toBe(errorCode);
  expect(result.errorMessage).toMatch(message);
  expect(driver.image.topicsById.size).toBe(before);
});

test('validateOnly answers as creation would, and creates nothing', () => {
  const driver = cluster();

  expect(driver.createTopic({ name: 'orders' }, true).errorCode).toBe(ErrorCode.NONE);
  expect(driver.image.topic('orders')).toBeUndefined();
});

test('a fenced broker is no ISR member of a new partition, and not its leader', () => {
  const driver = cluster();
  driver.heartbeat(1, { wantFence: true });

  driver.createTopic({ name: 'orders', ...manual([1, 2, 3]) });

  expect(driver.partition('orders')).toMatchObject({ replicas: [1, 2, 3], isr: [2, 3], leader: 2 });
});

test('topic configs are stored and described, the others with their defaults', () => {
  const driver = cluster();
  const configs = [{ name: 'min.insync.replicas', value: '2' }];

  const result = driver.createTopic({ name: 'orders', configs });

  expect([...driver.image.topicConfigs('orders')]).toEqual([['min.insync.replicas', '2']]);
  const described = new Map(result.configs?.map((one) => [one.name, one]));
  expect(described.get('min.insync.replicas')).toMatchObject({ value: '2', configSource: 1 });
  expect(described.get('retention.ms')).toMatchObject({ value: '604800000', configSource: 5 });
});
