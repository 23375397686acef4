import { describe, expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import {
  alterPartitionReassignmentsRequest,
  reassignableTopic,
} from '../../../kafka/wire/generated/alter-partition-reassignments-request.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsTopics,
} from '../../../kafka/wire/generated/list-partition-reassignments-request.ts';
import { ControllerDriver } from './driver.ts';

function cluster(config: Record<string, string> = {}): ControllerDriver {
  const driver = new ControllerDriver(config);
  for (const broker of [1, 2, 3, 4, 5]) driver.start(broker);
  driver.createTopic({
    name: 'orders',
    assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
  });
  return driver;
}

function reassign(
  driver: ControllerDriver,
  replicas: number[] | null,
  of: { topic?: string; index?: number } = {},
): number {
  const { topic: name = 'orders', index: partitionIndex = 0 } = of;
  const topics = [reassignableTopic({ name, partitions: [{ partitionIndex, replicas }] })];
  const request = alterPartitionReassignmentsRequest({ topics });
  const { responses } = driver.operate(apis.AlterPartitionReassignments, request);
  return responses[0]?.partitions[0]?.errorCode ?? -99;
}

function ongoing(driver: ControllerDriver) {
  const request = listPartitionReassignmentsRequest({ topics: null });
  return driver.operate(apis.ListPartitionReassignments, request).topics;
}

describe('a reassignment', () => {
  test('first adds the new replicas, and ends once all of them are in sync', () => {
    const driver = cluster();

    expect(reassign(driver, [4, 5, 1])).toBe(ErrorCode.NONE);
    expect(driver.partition('orders')).toMatchObject({
      replicas: [4, 5, 1, 2, 3],
      addingReplicas: [4, 5],
      removingReplicas: [2, 3],
      isr: [1, 2, 3],
      leader: 1,
      leaderEpoch: 0,
    });
    expect(driver.alterIsr('orders', [1, 2, 3, 4])).toBe(ErrorCode.NONE);
    expect(driver.partition('orders').replicas).toEqual([4, 5, 1, 2, 3]);
    expect(driver.alterIsr('orders', [1, 2, 3, 4, 5])).toBe(ErrorCode.NONE);
    expect(driver.partition('orders')).toMatchObject({
      replicas: [4, 5, 1],
      addingReplicas: [],
      removingReplicas: [],
      isr: [1, 4, 5],
      leader: 1,
    });
  });

  test('raises the leader epoch when a replica leaves, though the leader stays', () => {
    const driver = cluster();

    reassign(driver, [1, 2]);

    expect(driver.partition('orders')).toMatchObject({
      replicas: [1, 2],
      isr: [1, 2],
      leader: 1,
      leaderEpoch: 1,
    });
  });

  test('tells a leader that does not stay that another was elected', () => {
    const driver = cluster();
    reassign(driver, [4, 5]);

    const error = driver.alterIsr('orders', [1, 2, 3, 4, 5]);

    expect(error).toBe(ErrorCode.NEW_LEADER_ELECTED);
    expect(driver.partition('orders')).toMatchObject({
      replicas: [4, 5],
      isr: [4, 5],
      leader: 4,
      leaderEpoch: 1,
    });
  });

  test('that only changes the order is done at once, without another leader', () => {
    const driver = cluster();

    reassign(driver, [3, 1, 2]);

    expect(driver.partition('orders')).toMatchObject({
      replicas: [3, 1, 2],
      leader: 1,
      leaderEpoch: 0,
    });
    expect(ongoing(driver)).toEqual([]);
  });

  test('to where everything is already writes nothing', () => {
    const driver = cluster();
    const { offset } = driver.image;

    expect(reassign(driver, [1, 2, 3])).toBe(ErrorCode.NONE);
    expect(driver.image.offset).toBe(offset);
  });

  test('is listed while it goes on', () => {
    const driver = cluster();
    reassign(driver, [4, 2, 3]);

    expect(ongoing(driver)).toEqual([
      {
        name: 'orders',
        partitions: [
          {
            partitionIndex: 0,
            replicas: [4, 2, 3, 1],
            addingReplicas: [4],
            removingReplicas: [1],
          },
        ],
      },
    ]);
  });

  test('is not listed for partitions that do not move', () => {
    const driver = cluster();
    const topics = [listPartitionReassignmentsTopics({ name: 'orders', partitionIndexes: [0, 7] })];

    const request = listPartitionReassignmentsRequest({ topics });
    expect(driver.operate(apis.ListPartitionReassignments, request).topics).toEqual([]);
  });

  test('can be replaced by another while it goes on', () => {
    const driver = cluster();
    reassign(driver, [4, 2, 3]);

    expect(reassign(driver, [5, 2, 3])).toBe(ErrorCode.NONE);
    expect(driver.partition('orders')).toMatchObject({
      replicas: [5, 2, 3, 1, 4],
      addingReplicas: [5],
      removingReplicas: [1, 4],
    });
  });

  test('that is replaced by the way back ends at once', () => {
    const driver = cluster();
    reassign(driver, [4, 5]);

    reassign(driver, [1, 2, 3]);

    expect(driver.partition('orders')).toMatchObject({ replicas: [1, 2, 3], addingReplicas: [] });
    expect(ongoing(driver)).toEqual([]);
  });

  test('ends also when a fenced broker was the last that hindered it', () => {
    const driver = cluster();
    reassign(driver, [4, 1]);
    driver.alterIsr('orders', [1, 2, 3, 4]);

    expect(driver.partition('orders').replicas).toEqual([4, 1]);
  });

  test.each<[string, number[] | null, { topic?: string; index?: number }, number]>([
    ['an unknown topic', [1], { topic: 'nowhere' }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['an unknown partition', [1], { index: 5 }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['no replicas', [], {}, ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ['a broker twice', [1, 1], {}, ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ['an unregistered broker', [1, 9], {}, ErrorCode.INVALID_REPLICA_ASSIGNMENT],
    ['a cancel of nothing', null, {}, ErrorCode.NO_REASSIGNMENT_IN_PROGRESS],
  ])('is refused: %s', (_what, replicas, of, error) => {
    const driver = cluster();

    expect(reassign(driver, replicas, of)).toBe(error);
    expect(driver.partition('orders')).toMatchObject({ replicas: [1, 2, 3], partitionEpoch: 0 });
  });
});

describe('a cancelled reassignment', () => {
  test('goes back to the replicas from before, and takes the new ones out of the ISR', () => {
    const driver = cluster();
    reassign(driver, [4, 5, 1]);
    driver.alterIsr('orders', [1, 2, 3, 4]);

    expect(reassign(driver, null)).toBe(ErrorCode.NONE);

    expect(driver.partition('orders')).toMatchObject({
      isr: [1, 2, 3],
      addingReplicas: [],
      removingReplicas: [],
      leader: 1,
    });
    // The order is that of the move: Kafka does not remember the one from before.
    expect([...driver.partition('orders').replicas].sort()).toEqual([1, 2, 3]);
  });

  test('is refused when only replicas that were being added are in sync', () => {
    const driver = cluster();
    reassign(driver, [4, 5, 1]);
    driver.alterIsr('orders', [1, 2, 3, 4]);
    for (const broker of [1, 2, 3]) driver.heartbeat(broker, { wantFence: true });
    expect(driver.partition('orders')).toMatchObject({ isr: [4], leader: 4 });

    expect(reassign(driver, null)).toBe(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
  });

  test('may lead uncleanly where the topic allows it', () => {
    const driver = cluster({ 'unclean.leader.election.enable': 'true' });
    reassign(driver, [4, 5, 1]);
    driver.alterIsr('orders', [1, 2, 3, 4]);
    for (const broker of [1, 2, 3]) driver.heartbeat(broker, { wantFence: true });
    driver.heartbeat(1);

    expect(reassign(driver, null)).toBe(ErrorCode.NONE);
    expect(driver.partition('orders')).toMatchObject({ isr: [1], leader: 1, addingReplicas: [] });
    const elected = driver.events.filter((one) => one.kind === 'leader.elected').at(-1);
    expect(elected?.fields.at(-1)).toBe('unclean');
  });
});

test('nobody stays eligible who is no replica any more', () => {
  const driver = cluster({ 'min.insync.replicas': '3' });
  driver.heartbeat(3, { wantFence: true });
  expect(driver.partition('orders')).toMatchObject({ isr: [1, 2], elr: [3] });

  reassign(driver, [1, 2]);

  expect(driver.partition('orders')).toMatchObject({ replicas: [1, 2], isr: [1, 2], elr: [] });
});
