import { expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { electLeadersRequest } from '../../../kafka/wire/generated/elect-leaders-request.ts';
import { ControllerDriver } from './driver.ts';

const PREFERRED = 0;
const UNCLEAN = 1;

function cluster(config: Record<string, string> = {}): ControllerDriver {
  const driver = new ControllerDriver(config);
  for (const broker of [1, 2, 3]) driver.start(broker);
  driver.createTopic({
    name: 'orders',
    assignments: [
      { partitionIndex: 0, brokerIds: [1, 2, 3] },
      { partitionIndex: 1, brokerIds: [2, 3, 1] },
    ],
  });
  return driver;
}

/** Broker 2 leads partition 0, and broker 1 is in sync again. */
function imbalanced(): ControllerDriver {
  const driver = cluster();
  driver.heartbeat(1, { wantFence: true });
  driver.heartbeat(1);
  for (const index of [0, 1]) driver.alterIsr('orders', [2, 3, 1], { index });
  expect(driver.partition('orders').leader).toBe(2);
  return driver;
}

function elect(driver: ControllerDriver, electionType: number, partitions: number[] = [0]) {
  const request = electLeadersRequest({
    electionType,
    topicPartitions: [{ topic: 'orders', partitions }],
  });
  const { replicaElectionResults } = driver.operate(apis.ElectLeaders, request);
  return replicaElectionResults[0]?.partitionResult.map((one) => one.errorCode);
}

test('a preferred election gives leadership back, and raises the leader epoch', () => {
  const driver = imbalanced();
  const { leaderEpoch } = driver.partition('orders');

  expect(elect(driver, PREFERRED)).toEqual([ErrorCode.NONE]);
  expect(driver.partition('orders')).toMatchObject({ leader: 1, leaderEpoch: leaderEpoch + 1 });
});

test('a partition with the leader that it should have needs no election', () => {
  const driver = imbalanced();

  expect(elect(driver, PREFERRED, [1])).toEqual([ErrorCode.ELECTION_NOT_NEEDED]);
  expect(elect(driver, UNCLEAN, [0])).toEqual([ErrorCode.ELECTION_NOT_NEEDED]);
});

test('a preferred replica that is not in sync is not available', () => {
  const driver = cluster();
  driver.heartbeat(1, { wantFence: true });
  driver.heartbeat(1);

  expect(elect(driver, PREFERRED)).toEqual([ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE]);
});

test('unknown topics and partitions are told', () => {
  const driver = cluster();

  expect(elect(driver, PREFERRED, [7])).toEqual([ErrorCode.UNKNOWN_TOPIC_OR_PARTITION]);
  const topicPartitions = [{ topic: 'nowhere', partitions: [0] }];
  const request = electLeadersRequest({ electionType: PREFERRED, topicPartitions });
  expect(driver.operate(apis.ElectLeaders, request).replicaElectionResults).toMatchObject([
    { partitionResult: [{ errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }] },
  ]);
});

test('an unknown kind of election refuses the whole request', () => {
  const request = electLeadersRequest({ electionType: 7, topicPartitions: null });

  expect(cluster().operate(apis.ElectLeaders, request).errorCode).toBe(ErrorCode.INVALID_REQUEST);
});

test('for all partitions only those that are tried are told of', () => {
  const driver = imbalanced();
  const request = electLeadersRequest({ electionType: PREFERRED, topicPartitions: null });

  expect(driver.operate(apis.ElectLeaders, request).replicaElectionResults).toMatchObject([
    { topic: 'orders', partitionResult: [{ partitionId: 0, errorCode: ErrorCode.NONE }] },
  ]);
});

test('an operator may elect uncleanly although the topic does not allow it', () => {
  const driver = cluster({ 'feature.eligible.leader.replicas.version': '0' });
  for (const broker of [2, 3, 1]) driver.heartbeat(broker, { wantFence: true });
  expect(driver.partition('orders')).toMatchObject({ leader: -1, isr: [1] });
  expect(elect(driver, UNCLEAN)).toEqual([ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE]);
  driver.heartbeat(3);

  expect(elect(driver, UNCLEAN)).toEqual([ErrorCode.NONE]);
  expect(driver.partition('orders')).toMatchObject({
    leader: 3,
    isr: [3],
    leaderRecoveryState: 1,
  });
});

test('with auto.leader.rebalance.enable off nothing goes back by itself', () => {
  const driver = new ControllerDriver({
    'auto.leader.rebalance.enable': 'false',
    'leader.imbalance.check.interval.seconds': '1',
    'broker.session.timeout.ms': '1000000',
  });
  for (const broker of [1, 2]) driver.start(broker);
  driver.createTopic({ name: 'orders', assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }] });
  driver.heartbeat(1, { wantFence: true });
  driver.heartbeat(1);
  driver.alterIsr('orders', [2, 1]);

  driver.advance(600_000);
  expect(driver.partition('orders').leader).toBe(2);
});

test('leaderless partitions that allow it are led uncleanly at the next pass', () => {
  const driver = new ControllerDriver({
    'feature.eligible.leader.replicas.version': '0',
    'unclean.leader.election.interval.ms': '2000',
    'broker.session.timeout.ms': '1000000',
  });
  for (const broker of [1, 2]) driver.start(broker);
  driver.createTopic({ name: 'orders', assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }] });
  driver.heartbeat(2, { wantFence: true });
  driver.heartbeat(1, { wantFence: true });
  driver.heartbeat(2);
  expect(driver.partition('orders').leader).toBe(-1);
  driver.alterConfigs({ topic: 'orders', set: { 'unclean.leader.election.enable': 'true' } });
  expect(driver.partition('orders').leader).toBe(-1);

  driver.advance(2000);
  expect(driver.partition('orders')).toMatchObject({ leader: 2, isr: [2] });
});
