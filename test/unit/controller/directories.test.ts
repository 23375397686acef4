import { expect, test } from 'vitest';
import type { Uuid } from '../../../kafka/base/uuid.ts';
import { assignDirectories } from '../../../kafka/controller/assign-directories.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { assignReplicasToDirsRequest } from '../../../kafka/wire/generated/assign-replicas-to-dirs-request.ts';
import { ControllerDriver } from './driver.ts';

const LEFT: Uuid = 'leftDirectoryOf1AAAAAA';
const RIGHT: Uuid = 'rightDirectoryOf1AAAAA';

/** Broker 1 has two log directories. */
function cluster(): ControllerDriver {
  const driver = new ControllerDriver({ 'min.insync.replicas': '2' });
  driver.register(1, { incarnation: 'a', logDirs: [LEFT, RIGHT] });
  driver.heartbeat(1);
  for (const broker of [2, 3]) driver.start(broker);
  driver.createTopic({
    name: 'orders',
    assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
  });
  return driver;
}

function assign(
  driver: ControllerDriver,
  directory: Uuid,
  of: { topicId?: Uuid; index?: number; broker?: number; epoch?: number } = {},
): number {
  const { broker = 1, index: partitionIndex = 0 } = of;
  const topicId = of.topicId ?? driver.image.topic('orders')?.id ?? '';
  const request = assignReplicasToDirsRequest({
    brokerId: broker,
    brokerEpoch: of.epoch ?? driver.epochOf(broker),
    directories: [{ id: directory, topics: [{ topicId, partitions: [{ partitionIndex }] }] }],
  });
  const { controller } = driver;
  const result = assignDirectories(controller.image, controller.replication, request);
  const response = driver.perform(result);
  const [answered] = response.directories;
  return response.errorCode || (answered?.topics[0]?.partitions[0]?.errorCode ?? -99);
}

test('a replica of a broker with several directories has none until the broker tells it', () => {
  const driver = cluster();
  expect(driver.partition('orders').directories[0]).toBe('AAAAAAAAAAAAAAAAAAAAAA');

  expect(assign(driver, RIGHT)).toBe(ErrorCode.NONE);

  expect(driver.partition('orders')).toMatchObject({ leader: 1, leaderEpoch: 0 });
  expect(driver.partition('orders').directories[0]).toBe(RIGHT);
});

test('a directory that fails takes only the replicas in it out of ISRs and leaderships', () => {
  const driver = cluster();
  assign(driver, RIGHT);

  driver.heartbeat(1, { offlineLogDirs: [LEFT] });
  expect(driver.partition('orders')).toMatchObject({ leader: 1, isr: [1, 2, 3] });
  driver.heartbeat(1, { offlineLogDirs: [LEFT, RIGHT] });
  expect(driver.partition('orders')).toMatchObject({ leader: 2, isr: [2, 3] });
});

test.each(['0', '1'])(
  'who is unfenced by the heartbeat that reports a directory lost leads nothing in it (ELR %s)',
  (elr) => {
    const driver = new ControllerDriver({ 'feature.eligible.leader.replicas.version': elr });
    driver.register(1, { incarnation: 'a', logDirs: [LEFT, RIGHT] });
    driver.heartbeat(1);
    driver.start(2);
    const assignments = [0, 1].map((partitionIndex) => ({ partitionIndex, brokerIds: [1] }));
    driver.createTopic({ name: 'orders', assignments });
    expect(assign(driver, LEFT)).toBe(ErrorCode.NONE);
    expect(assign(driver, RIGHT, { index: 1 })).toBe(ErrorCode.NONE);
    driver.heartbeat(1, { wantFence: true });

    driver.heartbeat(1, { offlineLogDirs: [RIGHT] });

    expect(driver.image.brokers.get(1)).toMatchObject({ fenced: false, logDirs: [LEFT] });
    expect(driver.partition('orders', 0).leader).toBe(1);
    expect(driver.partition('orders', 1).leader).toBe(-1);
  },
);

test('a directory that fails is looked through for what its broker does not hold in sync, too', () => {
  const driver = cluster();
  assign(driver, RIGHT);
  driver.alterIsr('orders', [1, 2]);
  for (const broker of [1, 2]) driver.heartbeat(broker, { wantFence: true });
  driver.alterConfigs({ topic: 'orders', set: { 'unclean.leader.election.enable': 'true' } });
  expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [], elr: [1, 2] });

  driver.heartbeat(1, { wantFence: true, offlineLogDirs: [RIGHT] });

  expect(driver.partition('orders')).toMatchObject({ leader: 3, isr: [3] });
});

test('a replica that turns out to lie in a failed directory loses its place', () => {
  const driver = cluster();
  driver.heartbeat(1, { offlineLogDirs: [LEFT] });
  expect(driver.partition('orders').leader).toBe(1);

  expect(assign(driver, LEFT)).toBe(ErrorCode.NONE);

  expect(driver.partition('orders')).toMatchObject({ leader: 2, isr: [2, 3] });
  expect(driver.partition('orders').directories[0]).toBe(LEFT);
});

test('a broker that returns with another disk may lead once it has told where replicas lie', () => {
  const driver = cluster();
  assign(driver, RIGHT);
  driver.heartbeat(1, { wantFence: true });
  driver.register(1, { incarnation: 'b', logDirs: ['newDirectoryOf1AAAAAAA'] });
  driver.heartbeat(1);
  driver.alterIsr('orders', [2, 3, 1]);
  for (const broker of [2, 3]) driver.heartbeat(broker, { wantFence: true });
  expect(driver.partition('orders')).toMatchObject({ leader: -1 });

  assign(driver, 'newDirectoryOf1AAAAAAA');
  expect(driver.partition('orders')).toMatchObject({ leader: 1 });
});

test.each<[string, Parameters<typeof assign>[2], number]>([
  ['a stale broker epoch', { epoch: 0 }, ErrorCode.STALE_BROKER_EPOCH],
  ['an unregistered broker', { broker: 9 }, ErrorCode.STALE_BROKER_EPOCH],
  ['an unknown topic', { topicId: 'unknownTopicIdAAAAAAAA' }, ErrorCode.UNKNOWN_TOPIC_ID],
  ['an unknown partition', { index: 7 }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
])('is refused: %s', (_what, of, error) => {
  expect(assign(cluster(), LEFT, of)).toBe(error);
});

test('a broker without a replica of the partition is refused', () => {
  const driver = cluster();
  driver.createTopic({ name: 'other', assignments: [{ partitionIndex: 0, brokerIds: [2] }] });
  const topicId = driver.image.topic('other')?.id ?? '';

  expect(assign(driver, LEFT, { topicId })).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
});
