import { expect, test } from 'vitest';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { ControllerDriver } from './driver.ts';

const SESSION_MS = 9000;

function cluster(brokers: number, config: Record<string, string> = {}): ControllerDriver {
  const driver = new ControllerDriver({ 'metadata.max.idle.interval.ms': '0', ...config });
  for (let broker = 1; broker <= brokers; broker++) driver.start(broker);
  return driver;
}

function withOrders(config: Record<string, string> = {}): ControllerDriver {
  const driver = cluster(3, config);
  driver.createTopic({
    name: 'orders',
    assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
  });
  return driver;
}

test('a broker starts fenced and is unfenced once it has applied its own registration', () => {
  const driver = new ControllerDriver();
  const registered = driver.register(1, { incarnation: 'a' });
  const offset = driver.image.brokers.get(1)?.registrationOffset ?? 0;
  expect(registered).toMatchObject({ errorCode: ErrorCode.NONE, brokerEpoch: offset });

  expect(driver.heartbeat(1, { metadataOffset: offset - 1 })).toMatchObject({
    isFenced: true,
    isCaughtUp: false,
  });
  expect(driver.heartbeat(1, { wantFence: true })).toMatchObject({
    isFenced: true,
    isCaughtUp: true,
  });
  expect(driver.heartbeat(1)).toMatchObject({ isFenced: false });
});

test('a session ends exactly broker.session.timeout.ms after the last heartbeat', () => {
  const driver = withOrders();
  driver.advance(1000);
  driver.heartbeat(1);
  driver.heartbeat(2);
  driver.heartbeat(3);
  driver.advance(3000);
  driver.heartbeat(2);
  driver.heartbeat(3);

  driver.advance(SESSION_MS - 3001);
  expect(driver.partition('orders')).toMatchObject({ leader: 1, isr: [1, 2, 3] });
  driver.advance(1);
  expect(driver.partition('orders')).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3] });
  expect(driver.image.brokers.get(1)?.fenced).toBe(true);
});

test.each([
  ['0', { leader: -1, isr: [2], elr: [] }],
  ['1', { leader: -1, isr: [], elr: [2], lastKnownElr: [2] }],
])(
  'brokers that die together are fenced one by one, the last heard from last (ELR %s)',
  (elr, left) => {
    const driver = withOrders({ 'feature.eligible.leader.replicas.version': elr });
    driver.heartbeat(1);
    driver.heartbeat(3);
    driver.heartbeat(2);

    driver.advance(SESSION_MS);

    expect(driver.partition('orders')).toMatchObject(left);
  },
);

test('with a min ISR of 2 and ELR every broker that left below it stays eligible', () => {
  const driver = withOrders({ 'min.insync.replicas': '2' });
  driver.advance(SESSION_MS);

  expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [], elr: [2, 3] });
});

test('a killed broker must wait for its old session before it may register', () => {
  const driver = withOrders();
  driver.advance(SESSION_MS - 1);
  expect(driver.register(1, { incarnation: 'b' })?.errorCode).toBe(
    ErrorCode.DUPLICATE_BROKER_REGISTRATION,
  );
  driver.advance(1);

  expect(driver.register(1, { incarnation: 'b' })?.errorCode).toBe(ErrorCode.NONE);
});

test('the same incarnation that registers again keeps its epoch and stays unfenced', () => {
  const driver = withOrders();
  const epoch = driver.epochOf(1);

  driver.register(1, { incarnation: 'incarnation1' });

  expect(driver.epochOf(1)).toBe(epoch);
  expect(driver.image.brokers.get(1)?.fenced).toBe(false);
  expect(driver.partition('orders').isr).toEqual([1, 2, 3]);
});

test.each([
  [
    'another cluster id',
    { clusterId: 'anotherCluster_AAAAAAA' },
    ErrorCode.INCONSISTENT_CLUSTER_ID,
  ],
  ['the zero directory', { logDir: 'AAAAAAAAAAAAAAAAAAAAAA' }, ErrorCode.INVALID_REGISTRATION],
  [
    "another broker's directory",
    { logDir: 'logDirectoryOf1xxxxxxA' },
    ErrorCode.INVALID_REGISTRATION,
  ],
])('a registration with %s is refused', (_what, how, error) => {
  const driver = cluster(1);

  expect(driver.register(5, { incarnation: 'z', ...how })?.errorCode).toBe(error);
});

test('a heartbeat of an earlier incarnation is refused', () => {
  const driver = cluster(1);
  expect(driver.heartbeat(1, { epoch: 0 })?.errorCode).toBe(ErrorCode.STALE_BROKER_EPOCH);
});

test('the clean shutdown marker decides whether a returning broker stays eligible', () => {
  const eligible = (clean: boolean): readonly number[] => {
    const driver = withOrders({ 'min.insync.replicas': '2' });
    driver.alterIsr('orders', [1]);
    expect(driver.partition('orders').elr).toEqual([2, 3]);
    const previousEpoch = clean ? driver.epochOf(2) : -1;
    driver.heartbeat(2, { wantShutDown: true });
    driver.register(2, { incarnation: 'b', previousEpoch });
    return driver.partition('orders').elr;
  };

  expect(eligible(true)).toEqual([2, 3]);
  expect(eligible(false)).toEqual([3]);
});

test('an unregistered broker stays eligible until it registers anew, which counts as unclean', () => {
  const driver = withOrders({ 'min.insync.replicas': '2' });
  driver.alterIsr('orders', [1, 3]);
  driver.heartbeat(3, { wantShutDown: true });
  expect(driver.partition('orders')).toMatchObject({ isr: [1], elr: [3] });
  const previousEpoch = driver.epochOf(3);

  for (const broker of [1, 3]) driver.perform(driver.controller.cluster.unregister(broker));
  expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [], elr: [1, 3] });

  driver.register(3, { incarnation: 'b', previousEpoch });
  expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [], elr: [1] });
});

test('controlled shutdown moves leaders and ends when all others have seen it', () => {
  const driver = withOrders();
  const before = driver.image.offset;

  expect(driver.heartbeat(1, { wantShutDown: true })).toMatchObject({
    shouldShutDown: false,
    isFenced: false,
  });
  expect(driver.partition('orders')).toMatchObject({ leader: 2, isr: [2, 3] });
  expect(driver.image.brokers.get(1)).toMatchObject({ inControlledShutdown: true, fenced: false });
  driver.heartbeat(2, { metadataOffset: before });
  driver.heartbeat(3);
  expect(driver.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false });
  driver.heartbeat(2);
  expect(driver.heartbeat(1, { wantShutDown: true })).toMatchObject({
    shouldShutDown: true,
    isFenced: true,
  });
  expect(driver.image.brokers.get(1)?.fenced).toBe(true);
});

test('a broker in controlled shutdown may come back before its session has ended', () => {
  const driver = withOrders();
  driver.heartbeat(1, { wantShutDown: true });

  expect(driver.register(1, { incarnation: 'b' })?.errorCode).toBe(ErrorCode.NONE);
  expect(driver.image.brokers.get(1)).toMatchObject({ inControlledShutdown: false, fenced: true });
});

test('a broker that leads nothing shuts down at once', () => {
  const driver = withOrders();
  expect(driver.heartbeat(3, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
  expect(driver.partition('orders').isr).toEqual([1, 2]);
});

test('leadership goes back to the preferred replica at the next rebalance pass', () => {
  const driver = withOrders();
  driver.heartbeat(1, { wantFence: true });
  driver.heartbeat(1);
  driver.alterIsr('orders', [2, 3, 1]);
  expect(driver.partition('orders').leader).toBe(2);

  while (driver.nowMs < 299_000) {
    for (const broker of [1, 2, 3]) driver.heartbeat(broker);
    driver.advance(1000);
  }
  expect(driver.partition('orders').leader).toBe(2);
  driver.advance(1000);
  expect(driver.partition('orders')).toMatchObject({ leader: 1, isr: [2, 3, 1] });
});

test('a failed log directory loses leaderships and ISR seats', () => {
  const driver = withOrders();
  driver.heartbeat(1, { offlineLogDirs: ['logDirectoryOf1xxxxxxA'] });

  expect(driver.partition('orders')).toMatchObject({ leader: 2, isr: [2, 3] });
});

test('an answer waits until its records are committed, and so do later answers', () => {
  const driver = cluster(3);
  driver.autoCommit = false;
  const order: string[] = [];

  driver.controller.allocateProducerIds(
    { brokerId: 1, brokerEpoch: driver.epochOf(1) },
    (response) => order.push(`ids from ${response?.producerIdStart}`),
  );
  driver.controller.perform(driver.controller.cluster.unregister(77), (response) =>
    order.push(`error ${response?.errorCode}`),
  );
  expect(order).toEqual([]);
  driver.commit();

  expect(order).toEqual(['ids from 0', `error ${ErrorCode.BROKER_ID_NOT_REGISTERED}`]);
});

test('events are told when committed, not when written', () => {
  const driver = withOrders();
  driver.autoCommit = false;
  driver.events.length = 0;

  driver.alterIsr('orders', [1, 2]);
  expect(driver.events).toEqual([]);
  driver.commit();

  expect(driver.events).toEqual([
    { kind: 'isr.changed', fields: ['orders-0', '1,2', '', 1, 'alter-partition'] },
  ]);
});

test('producer id blocks are never given out twice, over restarts too', () => {
  const driver = cluster(1);
  const next = (of: ControllerDriver): number => {
    let start = -1;
    const request = { brokerId: 1, brokerEpoch: driver.epochOf(1) };
    of.controller.allocateProducerIds(request, (response) => {
      start = response?.producerIdStart ?? -1;
    });
    of.commit();
    return start;
  };

  expect([next(driver), next(driver), next(driver.restarted())]).toEqual([0, 1000, 2000]);
});

test('a restarted controller counts every session from its own start', () => {
  const driver = withOrders();
  driver.advance(SESSION_MS - 1);
  const successor = driver.restarted({ 'metadata.max.idle.interval.ms': '0' });
  successor.nowMs = 0;

  successor.advance(SESSION_MS - 1);
  expect(successor.partition('orders').leader).toBe(1);
  successor.advance(1);
  expect(successor.image.brokers.get(1)?.fenced).toBe(true);
});
