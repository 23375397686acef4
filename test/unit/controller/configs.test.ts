import { describe, expect, test } from 'vitest';
import { ConfigOperation } from '../../../kafka/controller/alter-configs.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { updateFeaturesRequest } from '../../../kafka/wire/generated/update-features-request.ts';
import { type ConfigChange, ControllerDriver } from './driver.ts';

const ELR = 'eligible.leader.replicas.version';
const MIN_ISR = 'min.insync.replicas';

function cluster(config: Record<string, string> = {}): ControllerDriver {
  const driver = new ControllerDriver(config);
  for (const broker of [1, 2, 3]) driver.start(broker);
  driver.createTopic({
    name: 'orders',
    assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
  });
  return driver;
}

describe('IncrementalAlterConfigs', () => {
  test('sets and unsets single settings of a topic', () => {
    const driver = cluster();
    const set = { 'retention.ms': '5', 'segment.bytes': '5000' };

    expect(driver.alterConfigs({ topic: 'orders', set })).toBe(ErrorCode.NONE);
    expect(Object.fromEntries(driver.image.topicConfigs('orders'))).toEqual(set);
    expect(driver.alterConfigs({ topic: 'orders', delete: ['retention.ms'] })).toBe(ErrorCode.NONE);
    expect([...driver.image.topicConfigs('orders').keys()]).toEqual(['segment.bytes']);
  });

  test('writes nothing for a topic that has the value, but always for brokers', () => {
    const driver = cluster();
    driver.alterConfigs({ topic: 'orders', set: { 'retention.ms': '5' } });
    const { offset } = driver.image;

    driver.alterConfigs({ topic: 'orders', set: { 'retention.ms': '5' } });
    expect(driver.image.offset).toBe(offset);
    for (const times of [1, 2]) {
      driver.alterConfigs({ broker: '', set: { 'log.retention.ms': '5' } });
      expect(driver.image.offset).toBe(offset + times);
    }
  });

  test('elements are added to a list, and taken out, once', () => {
    const driver = cluster();

    driver.alterConfigs({ topic: 'orders', append: { 'cleanup.policy': 'delete' } });
    expect(driver.image.topicConfigs('orders').get('cleanup.policy')).toBe('delete');
    driver.alterConfigs({ broker: '', append: { 'log.cleanup.policy': 'delete,delete' } });
    expect(driver.image.clusterConfigs().get('log.cleanup.policy')).toBe('delete');
  });

  test.each<[string, ConfigChange, number]>([
    [
      'an unknown topic',
      { topic: 'nowhere', set: { 'retention.ms': '5' } },
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    ],
    [
      'an unknown key',
      { topic: 'orders', set: { 'retention.mss': '5' } },
      ErrorCode.INVALID_CONFIG,
    ],
    ['a bad value', { topic: 'orders', set: { 'retention.ms': 'x' } }, ErrorCode.INVALID_CONFIG],
    [
      'an element added to what is no list',
      { topic: 'orders', append: { 'retention.ms': '5' } },
      ErrorCode.INVALID_CONFIG,
    ],
    [
      'no value',
      { topic: 'orders', raw: [{ name: 'retention.ms', configOperation: 0, value: null }] },
      ErrorCode.INVALID_REQUEST,
    ],
    [
      'an unknown operation',
      { topic: 'orders', raw: [{ name: 'retention.ms', configOperation: 9, value: '5' }] },
      ErrorCode.INVALID_REQUEST,
    ],
    [
      'a key twice',
      {
        topic: 'orders',
        raw: [
          { name: 'retention.ms', configOperation: ConfigOperation.SET, value: '5' },
          { name: 'retention.ms', configOperation: ConfigOperation.DELETE, value: null },
        ],
      },
      ErrorCode.INVALID_REQUEST,
    ],
    [
      'an unregistered broker',
      { broker: '9', set: { 'log.retention.ms': '5' } },
      ErrorCode.BROKER_ID_NOT_REGISTERED,
    ],
    [
      'a broker that is no number',
      { broker: 'x', set: { 'log.retention.ms': '5' } },
      ErrorCode.INVALID_REQUEST,
    ],
    [
      'a min ISR of one broker while ELR is on',
      { broker: '1', set: { [MIN_ISR]: '2' } },
      ErrorCode.INVALID_CONFIG,
    ],
    [
      'the removal of the min ISR of the cluster while ELR is on',
      { broker: '', delete: [MIN_ISR] },
      ErrorCode.INVALID_CONFIG,
    ],
  ])('is refused as a whole: %s', (_what, change, error) => {
    const driver = cluster();
    const { offset } = driver.image;

    expect(driver.alterConfigs(change)).toBe(error);
    expect(driver.image.offset).toBe(offset);
  });

  test('one bad setting keeps the others of its resource from being made', () => {
    const driver = cluster();

    driver.alterConfigs({ topic: 'orders', set: { 'retention.ms': '5', 'segment.ms': '-5' } });

    expect(driver.image.topicConfigs('orders').size).toBe(0);
  });

  test('another min ISR counts from the next change on, and forgets who was eligible', () => {
    const driver = cluster({ [MIN_ISR]: '3' });
    driver.alterIsr('orders', [1, 2]);
    expect(driver.partition('orders')).toMatchObject({ isr: [1, 2], elr: [3] });
    const { partitionEpoch } = driver.partition('orders');

    driver.alterConfigs({ topic: 'orders', set: { [MIN_ISR]: '2' } });
    expect(driver.partition('orders')).toMatchObject({ isr: [1, 2], elr: [], partitionEpoch });
    expect(driver.replayed().topic('orders')?.partitions[0]?.elr).toEqual([]);
    driver.alterIsr('orders', [1]);
    expect(driver.partition('orders')).toMatchObject({ isr: [1], elr: [2] });
    driver.alterConfigs({ broker: '', set: { [MIN_ISR]: '3' } });
    expect(driver.partition('orders').elr).toEqual([]);
  });
});

function update(
  driver: ControllerDriver,
  feature: string,
  maxVersionLevel: number,
  upgradeType = 1,
): number {
  const updates = [{ feature, maxVersionLevel, upgradeType, allowDowngrade: false }];
  const request = updateFeaturesRequest({ featureUpdates: updates });
  return driver.operate(apis.UpdateFeatures, request).errorCode;
}

describe('UpdateFeatures', () => {
  test('eligible leader replicas can be turned on: the min ISR becomes the cluster’s', () => {
    const driver = cluster({ 'feature.eligible.leader.replicas.version': '0', [MIN_ISR]: '2' });
    driver.alterConfigs({ broker: '1', set: { [MIN_ISR]: '1' } });
    driver.alterIsr('orders', [1]);
    expect(driver.partition('orders').elr).toEqual([]);

    expect(update(driver, ELR, 1)).toBe(ErrorCode.NONE);

    expect(driver.image.clusterConfigs().get(MIN_ISR)).toBe('2');
    expect(driver.image.brokerConfigs(1).size).toBe(0);
    driver.alterIsr('orders', [1, 2, 3]);
    driver.alterIsr('orders', [1]);
    expect(driver.partition('orders').elr).toEqual([2, 3]);
  });

  test('turned off, those who are eligible may still be elected, and are then forgotten', () => {
    const driver = cluster({ [MIN_ISR]: '2' });
    for (const broker of [3, 2, 1]) driver.heartbeat(broker, { wantFence: true });
    expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [], elr: [1, 2] });

    expect(update(driver, ELR, 0)).toBe(ErrorCode.INVALID_UPDATE_VERSION);
    expect(update(driver, ELR, 0, 2)).toBe(ErrorCode.NONE);
    driver.heartbeat(2);

    const led = { leader: 2, isr: [2], elr: [], lastKnownElr: [] };
    expect(driver.partition('orders')).toMatchObject(led);
    driver.heartbeat(2, { wantFence: true });
    expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [2], elr: [] });
  });

  test('turned off while nobody can lead, the last known leader may still return', () => {
    const driver = cluster();
    for (const broker of [3, 2, 1]) driver.heartbeat(broker, { wantFence: true });
    driver.register(1, { incarnation: 'z' });
    expect(driver.partition('orders')).toMatchObject({ isr: [], elr: [], lastKnownElr: [1] });

    update(driver, ELR, 0, 2);
    driver.heartbeat(2);
    expect(driver.partition('orders').leader).toBe(-1);
    driver.heartbeat(1);

    const led = { leader: 1, isr: [1], lastKnownElr: [], leaderRecoveryState: 1 };
    expect(driver.partition('orders')).toMatchObject(led);
  });

  test('turned on while nobody leads, the last in sync is known to have led last', () => {
    const driver = cluster({ 'feature.eligible.leader.replicas.version': '0' });
    for (const broker of [2, 3, 1]) driver.heartbeat(broker, { wantFence: true });
    expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [1] });

    update(driver, ELR, 1);
    driver.register(1, { incarnation: 'z' });

    expect(driver.partition('orders')).toMatchObject({ isr: [], lastKnownElr: [1] });
    driver.heartbeat(1);
    expect(driver.partition('orders').leader).toBe(1);
  });

  test.each<[string, string, number, number]>([
    ['a feature that nobody knows', 'share.version', 1, 1],
    ['a level that is not supported', ELR, 2, 1],
    ['a negative level', ELR, -1, 2],
    ['a downgrade to a higher level', ELR, 1, 2],
    ['an unknown kind of upgrade', ELR, 1, 7],
    ['another metadata.version', 'metadata.version', 20, 2],
  ])('is refused: %s', (_what, feature, level, type) => {
    const driver = cluster({ 'feature.eligible.leader.replicas.version': '0' });

    expect(update(driver, feature, level, type)).toBe(ErrorCode.INVALID_UPDATE_VERSION);
  });
});
