import { expect, test } from 'vitest';
import { createProducerNode } from '../../../../kafka/client/producer/producer-node.ts';
import { baseSequenceAt, producerEpochAt } from '../../../../kafka/records/batch.ts';
import { apis } from '../../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../../kafka/wire/errors.ts';
import { ANSWER, type Fate, ModelCluster, type SeenRequest } from '../support/model-cluster.ts';

const BOOTSTRAP = { 'bootstrap.servers': 'broker-1:9092', 'linger.ms': '0' };
const NOT_IDEMPOTENT = { 'enable.idempotence': 'false' };

/** A producer that knows topic `orders` (one partition) and has written `first` to it. */
function warmProducer(config: Record<string, string> = {}, brokers = 1): ModelCluster {
  const cluster = new ModelCluster(brokers);
  cluster.addTopic('orders', 1);
  cluster.start((host) => createProducerNode(host, { ...BOOTSTRAP, ...config }));
  cluster.send('orders', 'first');
  cluster.runFor(500);
  expect(cluster.log('orders-0').values()).toEqual(['first']);
  return cluster;
}

/** The fates of the Produce requests from now on, in order of arrival; then all are answered. */
function script(cluster: ModelCluster, fates: Fate[]): void {
  const rest = [...fates];
  cluster.fate = ({ apiKey }: SeenRequest) =>
    apiKey === apis.Produce.key ? (rest.shift() ?? ANSWER) : ANSWER;
}

function sequences(cluster: ModelCluster): [epoch: number, sequence: number][] {
  return cluster.produceRequests().map(({ topicData }) => {
    const records = topicData[0]?.partitionData[0]?.records as Uint8Array;
    return [producerEpochAt(records, 0), baseSequenceAt(records, 0)];
  });
}

test('a lost response is retried under the same sequence and written once', () => {
  const cluster = warmProducer();
  script(cluster, [{ kind: 'lose-response' }]);

  const id = cluster.send('orders', 'v');
  cluster.runFor(2000);

  expect(cluster.log('orders-0').values()).toEqual(['first', 'v']);
  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
  expect(sequences(cluster)).toEqual([
    [0, 0],
    [0, 1],
    [0, 1],
  ]);
  expect(cluster.traced).toContain('client.retried orders-0 NETWORK_EXCEPTION 1');
});

test('without idempotence a lost response duplicates', () => {
  const cluster = warmProducer(NOT_IDEMPOTENT);
  script(cluster, [{ kind: 'lose-response' }]);

  cluster.send('orders', 'v');
  cluster.runFor(2000);

  expect(cluster.log('orders-0').values()).toEqual(['first', 'v', 'v']);
});

const ONE_RECORD_BATCHES = { 'batch.size': '0' };

test('without idempotence and with several requests in flight a retry is overtaken', () => {
  const cluster = warmProducer({ ...NOT_IDEMPOTENT, ...ONE_RECORD_BATCHES });
  script(cluster, [{ kind: 'refuse', error: ErrorCode.NOT_ENOUGH_REPLICAS }]);

  for (const value of ['a', 'b', 'c']) cluster.send('orders', value);
  cluster.runFor(2000);

  expect(cluster.log('orders-0').values()).toEqual(['first', 'b', 'c', 'a']);
});

test('max.in.flight.requests.per.connection=1 keeps the order without idempotence', () => {
  const cluster = warmProducer({
    ...NOT_IDEMPOTENT,
    ...ONE_RECORD_BATCHES,
    'max.in.flight.requests.per.connection': '1',
  });
  script(cluster, [{ kind: 'refuse', error: ErrorCode.NOT_ENOUGH_REPLICAS }]);

  for (const value of ['a', 'b', 'c']) cluster.send('orders', value);
  cluster.runFor(2000);

  expect(cluster.log('orders-0').values()).toEqual(['first', 'a', 'b', 'c']);
});

test('with idempotence a retry is not overtaken by what was in flight behind it', () => {
  const cluster = warmProducer(ONE_RECORD_BATCHES);
  script(cluster, [{ kind: 'refuse', error: ErrorCode.NOT_ENOUGH_REPLICAS }]);

  for (const value of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) cluster.send('orders', value);
  cluster.runFor(5000);

  expect(cluster.log('orders-0').values().join('')).toBe('firstabcdefg');
  expect(sequences(cluster).every(([epoch]) => epoch === 0)).toBe(true);
});

test('no more than max.in.flight requests wait for their answers', () => {
  const cluster = warmProducer(ONE_RECORD_BATCHES);
  cluster.fate = () => ({ kind: 'ignore' });

  for (let i = 0; i < 20; i++) cluster.send('orders', `${i}`);
  cluster.runFor(1000);

  expect(cluster.produceRequests().length).toBe(1 + 5);
});

test('a producer whose state the brokers lost goes on under a raised epoch', () => {
  const cluster = warmProducer(ONE_RECORD_BATCHES);
  cluster.send('orders', 'second');
  cluster.runFor(100);
  script(cluster, [{ kind: 'refuse', error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER }]);

  const ids = ['a', 'b'].map((value) => cluster.send('orders', value));
  cluster.runFor(2000);

  expect(cluster.log('orders-0').values()).toEqual(['first', 'second', 'a', 'b']);
  expect(sequences(cluster).slice(-2)).toEqual([
    [1, 0],
    [1, 1],
  ]);
  for (const id of ids) expect(cluster.result(id)).toMatchObject({ kind: 'sent' });
});

test('UNKNOWN_PRODUCER_ID raises the epoch and retries', () => {
  const cluster = warmProducer();
  script(cluster, [{ kind: 'refuse', error: ErrorCode.UNKNOWN_PRODUCER_ID }]);

  const id = cluster.send('orders', 'v');
  cluster.runFor(2000);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
  expect(sequences(cluster).at(-1)).toEqual([1, 0]);
});

test('DUPLICATE_SEQUENCE_NUMBER counts as success without offset', () => {
  const cluster = warmProducer();
  script(cluster, [{ kind: 'refuse', error: ErrorCode.DUPLICATE_SEQUENCE_NUMBER }]);

  const id = cluster.send('orders', 'v');
  cluster.runFor(2000);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: -1 });
});

test('what was refused for lack of replicas until the end certainly failed', () => {
  const cluster = warmProducer({ 'delivery.timeout.ms': '31000' });
  cluster.fate = ({ apiKey }) =>
    apiKey === apis.Produce.key ? { kind: 'refuse', error: ErrorCode.NOT_ENOUGH_REPLICAS } : ANSWER;

  const id = cluster.send('orders', 'v');
  cluster.runFor(30_999);
  expect(cluster.result(id)).toBeUndefined();
  cluster.runFor(1100);

  expect(cluster.result(id)).toMatchObject({ kind: 'failed', outcome: 'failed' });
});

test('one answer that leaves a write behind makes the outcome unknown', () => {
  for (const error of [
    ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    ErrorCode.REQUEST_TIMED_OUT,
    ErrorCode.NOT_LEADER_OR_FOLLOWER,
    ErrorCode.KAFKA_STORAGE_ERROR,
  ]) {
    const cluster = warmProducer({ 'delivery.timeout.ms': '31000' });
    let count = 0;
    cluster.fate = ({ apiKey }) => {
      if (apiKey !== apis.Produce.key) return ANSWER;
      count += 1;
      return count === 1
        ? { kind: 'write-and-refuse', error }
        : { kind: 'refuse', error: ErrorCode.NOT_ENOUGH_REPLICAS };
    };

    const id = cluster.send('orders', 'v');
    cluster.runFor(32_000);

    expect(cluster.result(id)).toMatchObject({ kind: 'failed', outcome: 'unknown' });
    expect(cluster.log('orders-0').values()).toEqual(['first', 'v']);
  }
});

test('delivery.timeout.ms fails what was never sent and leaves open what is in flight', () => {
  const cluster = warmProducer({
    'delivery.timeout.ms': '31000',
    'request.timeout.ms': '31000',
    ...ONE_RECORD_BATCHES,
    'max.in.flight.requests.per.connection': '1',
  });
  cluster.fate = () => ({ kind: 'ignore' });

  const sent = cluster.send('orders', 'sent');
  const queued = cluster.send('orders', 'queued');
  cluster.runFor(31_000);

  expect(cluster.result(sent)).toMatchObject({ outcome: 'unknown', error: 'TimeoutException' });
  expect(cluster.result(queued)).toMatchObject({ outcome: 'failed', error: 'TimeoutException' });
});

test('the sequences of a batch that expired in flight are left behind, nothing is written twice', () => {
  const cluster = warmProducer({
    'delivery.timeout.ms': '5000',
    'request.timeout.ms': '3000',
    ...ONE_RECORD_BATCHES,
  });
  cluster.fate = ({ apiKey }) => (apiKey === apis.Produce.key ? { kind: 'ignore' } : ANSWER);
  const lost = ['a', 'b'].map((value) => cluster.send('orders', value));
  cluster.runFor(5500);
  cluster.fate = () => ANSWER;

  const id = cluster.send('orders', 'c');
  cluster.runFor(4000);

  for (const one of lost) expect(cluster.result(one)).toMatchObject({ outcome: 'unknown' });
  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
  expect(cluster.log('orders-0').values()).toEqual(['first', 'c']);
});

test('request.timeout.ms drops the connection and tries again on a new one', () => {
  const cluster = warmProducer({ 'request.timeout.ms': '1000' });
  script(cluster, [{ kind: 'ignore' }]);

  const id = cluster.send('orders', 'v');
  cluster.runFor(900);
  expect(cluster.result(id)).toBeUndefined();
  cluster.runFor(1000);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
});

test('the producer follows a leader that moved, by the hint in the response', () => {
  const cluster = warmProducer({}, 3);
  cluster.log('orders-0').moveTo(3);
  const before = cluster.requestsOf(apis.Metadata).length;

  const id = cluster.send('orders', 'v');
  cluster.runFor(30);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
  expect(cluster.requestsOf(apis.Metadata).length - before).toBeLessThanOrEqual(1);
  expect(cluster.requestsOf(apis.Produce).map(({ brokerId }) => brokerId)).toEqual([1, 1, 3]);
});

test('records wait for a leader and go once there is one', () => {
  const cluster = warmProducer({}, 2);
  cluster.log('orders-0').moveTo(-1);

  const id = cluster.send('orders', 'v');
  cluster.runFor(8000);
  expect(cluster.result(id)).toBeUndefined();
  cluster.log('orders-0').moveTo(2);
  cluster.runFor(2500);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
  expect(cluster.requestsOf(apis.Metadata).length).toBeLessThan(40);
});

test('a broker that comes back is connected to again', () => {
  const cluster = warmProducer();
  cluster.down.add(1);
  cluster.cut(1);

  const id = cluster.send('orders', 'v');
  cluster.runFor(10_000);
  expect(cluster.result(id)).toBeUndefined();
  cluster.down.delete(1);
  cluster.runFor(2500);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 1 });
});

test('a producer id that cannot be had yet is asked for again', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  let refusals = 3;
  cluster.fate = ({ apiKey }) =>
    apiKey === apis.InitProducerId.key && refusals-- > 0
      ? { kind: 'refuse', error: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS }
      : ANSWER;
  cluster.start((host) => createProducerNode(host, BOOTSTRAP));

  const id = cluster.send('orders', 'v');
  cluster.runFor(3000);

  expect(cluster.result(id)).toMatchObject({ kind: 'sent', offset: 0 });
  expect(cluster.requestsOf(apis.InitProducerId).length).toBe(4);
});
