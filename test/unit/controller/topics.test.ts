import { describe, expect, test } from 'vitest';
import { ZERO_UUID } from '../../../kafka/base/uuid.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import {
  type CreatePartitionsTopic,
  createPartitionsRequest,
  createPartitionsTopic,
} from '../../../kafka/wire/generated/create-partitions-request.ts';
import {
  type DeleteTopicState,
  deleteTopicState,
  deleteTopicsRequest,
} from '../../../kafka/wire/generated/delete-topics-request.ts';
import { ControllerDriver } from './driver.ts';

const UNKNOWN_ID = 'unknownTopicIdAAAAAAAA';

function cluster(config: Record<string, string> = {}): ControllerDriver {
  const driver = new ControllerDriver(config);
  for (const broker of [1, 2, 3]) driver.start(broker);
  driver.createTopic({
    name: 'orders',
    assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
    configs: [{ name: 'retention.ms', value: '1000' }],
  });
  driver.createTopic({ name: 'others', numPartitions: 2, replicationFactor: 1 });
  return driver;
}

function deletes(
  driver: ControllerDriver,
  topics: Partial<DeleteTopicState>[],
): (readonly [string | null, number])[] {
  const request = deleteTopicsRequest({ topics: topics.map((one) => deleteTopicState(one)) });
  const { responses } = driver.operate(apis.DeleteTopics, request);
  return responses.map(({ name, errorCode }) => [name, errorCode] as const);
}

describe('DeleteTopics', () => {
  test('a deleted topic is gone with its partitions and its configs', () => {
    const driver = cluster();

    expect(deletes(driver, [{ name: 'orders' }])).toEqual([['orders', ErrorCode.NONE]]);

    expect(driver.image.topic('orders')).toBeUndefined();
    expect(driver.image.topicConfigs('orders').size).toBe(0);
    expect(driver.replayed().topicsByName.has('orders')).toBe(false);
  });

  test('a topic of the same name that is made anew has another id and begins at epoch 0', () => {
    const driver = cluster();
    const before = driver.image.topic('orders')?.id;
    driver.heartbeat(1, { wantFence: true });
    deletes(driver, [{ name: 'orders' }]);

    driver.createTopic({ name: 'orders', numPartitions: 1, replicationFactor: 2 });

    expect(driver.image.topic('orders')?.id).not.toBe(before);
    expect(driver.partition('orders')).toMatchObject({ leaderEpoch: 0, partitionEpoch: 0 });
  });

  test('topics are named or known by id, and each is answered for itself', () => {
    const driver = cluster();
    const topicId = driver.image.topic('others')?.id ?? '';

    expect(deletes(driver, [{ name: 'nowhere' }, { topicId }, { topicId: UNKNOWN_ID }])).toEqual([
      ['nowhere', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
      ['others', ErrorCode.NONE],
      [null, ErrorCode.UNKNOWN_TOPIC_ID],
    ]);
    expect(driver.image.topic('others')).toBeUndefined();
  });

  test('what is named twice, both ways or not at all is refused and left alone', () => {
    const driver = cluster();
    const topicId = driver.image.topic('others')?.id ?? '';
    const invalid = ErrorCode.INVALID_REQUEST;

    expect(deletes(driver, [{ name: 'orders' }, { name: 'orders' }])).toEqual([
      ['orders', invalid],
    ]);
    expect(deletes(driver, [{ name: 'others' }, { topicId }])).toEqual([['others', invalid]]);
    expect(deletes(driver, [{ name: 'others', topicId }])).toEqual([['others', invalid]]);
    expect(deletes(driver, [{ topicId: ZERO_UUID }])).toEqual([[null, invalid]]);
    expect([...driver.image.topicsByName.keys()]).toEqual(['orders', 'others']);
  });

  test('older versions name topics only', () => {
    const driver = cluster();
    const request = deleteTopicsRequest({ topicNames: ['orders'] });

    expect(driver.operate(apis.DeleteTopics, request, 5).responses).toMatchObject([
      { name: 'orders', errorCode: ErrorCode.NONE },
    ]);
  });

  test('delete.topic.enable=false refuses every deletion', () => {
    const driver = cluster({ 'delete.topic.enable': 'false' });

    const refused = ErrorCode.TOPIC_DELETION_DISABLED;
    expect(deletes(driver, [{ name: 'orders' }])).toEqual([['orders', refused]]);
    expect(driver.image.topic('orders')).toBeDefined();
  });
});

function grow(
  driver: ControllerDriver,
  topic: Partial<CreatePartitionsTopic>,
  validateOnly = false,
): number {
  const topics = [createPartitionsTopic({ name: 'orders', ...topic })];
  const request = createPartitionsRequest({ topics, validateOnly });
  return driver.operate(apis.CreatePartitions, request).results[0]?.errorCode ?? -99;
}

const by = (...brokerIds: number[]) => ({ brokerIds });

describe('CreatePartitions', () => {
  test('new partitions follow the old ones and have as many replicas', () => {
    const driver = cluster();

    expect(grow(driver, { count: 3, assignments: null })).toBe(ErrorCode.NONE);

    expect(driver.image.topic('orders')?.partitions.length).toBe(3);
    expect(driver.partition('orders', 2).replicas.length).toBe(3);
  });

  test('given replicas are taken; those that are not active stay out of the ISR', () => {
    const driver = cluster();
    driver.heartbeat(2, { wantFence: true });

    expect(grow(driver, { count: 2, assignments: [by(2, 3, 1)] })).toBe(ErrorCode.NONE);

    const made = { replicas: [2, 3, 1], isr: [3, 1], leader: 3, leaderEpoch: 0 };
    expect(driver.partition('orders', 1)).toMatchObject(made);
  });

  test.each<[string, Partial<CreatePartitionsTopic>, number]>([
    [
      'an unknown topic',
      { name: 'nowhere', count: 2, assignments: null },
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    ],
    ['as many as there are', { count: 1, assignments: null }, ErrorCode.INVALID_PARTITIONS],
    ['fewer than there are', { count: 0, assignments: null }, ErrorCode.INVALID_PARTITIONS],
    [
      'more assignments than partitions',
      { count: 2, assignments: [by(1, 2, 3), by(1, 2, 3)] },
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
    [
      'another number of replicas',
      { count: 2, assignments: [by(1, 2)] },
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
    [
      'an unregistered broker',
      { count: 2, assignments: [by(1, 2, 9)] },
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
    [
      'a broker named twice',
      { count: 2, assignments: [by(1, 2, 2)] },
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
    ['an excessive number', { count: 20_000, assignments: null }, ErrorCode.POLICY_VIOLATION],
  ])('is refused: %s', (_what, topic, error) => {
    const driver = cluster();

    expect(grow(driver, topic)).toBe(error);
    expect(driver.image.topic('orders')?.partitions.length).toBe(1);
  });

  test('is refused when no broker is active', () => {
    const driver = cluster();
    for (const broker of [1, 2, 3]) driver.heartbeat(broker, { wantFence: true });

    const failed = ErrorCode.INVALID_REPLICATION_FACTOR;
    expect(grow(driver, { count: 2, assignments: null })).toBe(failed);
    const manual = { count: 2, assignments: [by(1, 2, 3)] };
    expect(grow(driver, manual)).toBe(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
  });

  test('a topic named twice is refused once; validateOnly changes nothing', () => {
    const driver = cluster();
    const topic = createPartitionsTopic({ name: 'orders', count: 2, assignments: null });
    const request = createPartitionsRequest({ topics: [topic, topic] });

    expect(driver.operate(apis.CreatePartitions, request).results).toMatchObject([
      { name: 'orders', errorCode: ErrorCode.INVALID_REQUEST },
    ]);
    expect(grow(driver, { count: 2, assignments: null }, true)).toBe(ErrorCode.NONE);
    expect(driver.image.topic('orders')?.partitions.length).toBe(1);
  });
});
