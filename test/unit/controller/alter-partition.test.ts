import { expect, test } from 'vitest';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { ControllerDriver } from './driver.ts';

function threeBrokers(config: Record<string, string> = {}): ControllerDriver {
  const driver = new ControllerDriver(config);
  for (const broker of [1, 2, 3, 4]) driver.start(broker);
  driver.createTopic({
    name: 'orders',
    assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
  });
  return driver;
}

test('a leader shrinks and grows the ISR; every change raises the partition epoch only', () => {
  const driver = threeBrokers();

  expect(driver.alterIsr('orders', [1, 2])).toBe(ErrorCode.NONE);
  expect(driver.partition('orders')).toMatchObject({
    isr: [1, 2],
    partitionEpoch: 1,
    leaderEpoch: 0,
  });
  expect(driver.alterIsr('orders', [1, 2, 3])).toBe(ErrorCode.NONE);
  expect(driver.partition('orders')).toMatchObject({
    isr: [1, 2, 3],
    partitionEpoch: 2,
    leaderEpoch: 0,
  });
});

type How = Parameters<ControllerDriver['alterIsr']>[2];
type Isr = Parameters<ControllerDriver['alterIsr']>[1];

// Each row breaks its own rule and every later one, so the order is what is tested.
const everyLaterRuleBroken = { isr: [9, 9] as Isr };
test.each<[string, How, number, Isr?]>([
  [
    'a wrong broker epoch refuses the whole request',
    { senderEpoch: 999, topicId: 'unknownTopicIdAAAAAAAA', leaderEpoch: 9 },
    ErrorCode.STALE_BROKER_EPOCH,
  ],
  ['an unregistered sender has a stale epoch', { sender: 8 }, ErrorCode.STALE_BROKER_EPOCH],
  [
    'an unknown topic id',
    { topicId: 'unknownTopicIdAAAAAAAA', leaderEpoch: 9 },
    ErrorCode.UNKNOWN_TOPIC_ID,
  ],
  ['an unknown partition', { index: 7, sender: 2 }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
  ['a leader epoch ahead of us', { leaderEpoch: 1, sender: 2 }, ErrorCode.NOT_CONTROLLER],
  [
    'a partition epoch ahead of us, before an old leader epoch',
    { partitionEpoch: 9, leaderEpoch: -1, sender: 2 },
    ErrorCode.NOT_CONTROLLER,
  ],
  [
    'an old leader epoch',
    { leaderEpoch: -1, partitionEpoch: -1, sender: 2 },
    ErrorCode.FENCED_LEADER_EPOCH,
  ],
  ['a sender that does not lead', { sender: 2, partitionEpoch: -1 }, ErrorCode.INVALID_REQUEST],
  ['an old partition epoch', { partitionEpoch: -1 }, ErrorCode.INVALID_UPDATE_VERSION],
  ['a member that is no replica', {}, ErrorCode.INVALID_REQUEST, [1, 4]],
  ['a member named twice', {}, ErrorCode.INVALID_REQUEST, [1, 1]],
  ['an empty ISR', {}, ErrorCode.INVALID_REQUEST, []],
  ['an ISR without the leader', {}, ErrorCode.INVALID_REQUEST, [2, [3, 999]]],
  ['recovering with company', { recovery: 1 }, ErrorCode.INVALID_REQUEST, [1, [2, 999]]],
  ['recovering once recovered', { recovery: 1 }, ErrorCode.INVALID_REQUEST, [1]],
  ['a member of an earlier incarnation', {}, ErrorCode.INELIGIBLE_REPLICA, [1, [2, 999]]],
])('AlterPartition is refused: %s', (_claim, how, error, isr = everyLaterRuleBroken.isr) => {
  const driver = threeBrokers();

  expect(driver.alterIsr('orders', isr, how)).toBe(error);
  expect(driver.partition('orders').partitionEpoch).toBe(0);
});

test('a member may come without an epoch', () => {
  expect(threeBrokers().alterIsr('orders', [1, [2, -1]])).toBe(ErrorCode.NONE);
});

test('a fenced or leaving broker is not let into an ISR (KIP-841)', () => {
  const driver = threeBrokers();
  driver.heartbeat(3, { wantFence: true });
  expect(driver.partition('orders').isr).toEqual([1, 2]);

  expect(driver.alterIsr('orders', [1, 2, 3])).toBe(ErrorCode.INELIGIBLE_REPLICA);
});

test('an ISR below the min ISR keeps who left eligible, and a full one clears them', () => {
  const driver = threeBrokers({ 'min.insync.replicas': '2' });

  driver.alterIsr('orders', [1]);
  expect(driver.partition('orders')).toMatchObject({ isr: [1], elr: [2, 3] });
  driver.alterIsr('orders', [1, 3]);
  expect(driver.partition('orders')).toMatchObject({ isr: [1, 3], elr: [] });
});
