import { expect, test } from 'vitest';
import { decodeText } from '../../../../kafka/base/text.ts';
import type { CommandResult } from '../../../../kafka/client/commands.ts';
import { createConsumerNode } from '../../../../kafka/client/consumer/consumer-node.ts';
import { apis } from '../../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../../kafka/wire/errors.ts';
import { ANSWER, ModelCluster } from '../support/model-cluster.ts';

const EARLIEST = { 'auto.offset.reset': 'earliest' };

function consumer(
  config: Record<string, string>,
  { brokers = 1, partitions = 1, records = 0 } = {},
): ModelCluster {
  const cluster = new ModelCluster(brokers);
  cluster.addTopic('orders', partitions);
  for (let i = 0; i < partitions; i++) write(cluster, records, i);
  cluster.start((host) =>
    createConsumerNode(host, { 'bootstrap.servers': 'broker-1:9092', ...config }),
  );
  const all = Array.from({ length: partitions }, (_, partition) => ({
    topic: 'orders',
    partition,
  }));
  cluster.command({ kind: 'assign', partitions: all });
  return cluster;
}

function write(cluster: ModelCluster, count: number, partition = 0): void {
  const log = cluster.log(`orders-${partition}`);
  for (let i = 0; i < count; i++) {
    log.records.push({ value: `${log.endOffset}`, leaderEpoch: log.leaderEpoch });
  }
}

function poll(cluster: ModelCluster, timeoutMs = 2000): CommandResult {
  const id = cluster.command({ kind: 'poll', timeoutMs });
  cluster.runFor(timeoutMs);
  const result = cluster.result(id);
  if (result === undefined) throw new Error('the poll was not answered');
  return result;
}

function offsets(result: CommandResult): number[] {
  if (result.kind !== 'polled') throw new Error(`not polled: ${JSON.stringify(result)}`);
  return result.records.map(({ offset }) => offset);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

test('earliest starts at the log start, and polls hand out every record once, in order', () => {
  const cluster = consumer({ ...EARLIEST, 'max.poll.records': '30' }, { records: 100 });

  const polled = [poll(cluster), poll(cluster), poll(cluster), poll(cluster)];

  expect(polled.flatMap(offsets)).toEqual(range(0, 100));
  expect(polled.map((one) => offsets(one).length)).toEqual([30, 30, 30, 10]);
  const first = polled[0] as CommandResult & { kind: 'polled' };
  expect(first.records[7]).toMatchObject({ topic: 'orders', partition: 0, leaderEpoch: 0 });
  const value = first.records[7]?.value as Uint8Array;
  expect(decodeText(value, 0, value.length)).toBe('7');
});

test('latest starts behind what is there', () => {
  const cluster = consumer({}, { records: 10 });

  const id = cluster.command({ kind: 'poll', timeoutMs: 5000 });
  cluster.runFor(1000);
  write(cluster, 3);
  cluster.runFor(4000);

  expect(offsets(cluster.result(id) as CommandResult)).toEqual([10, 11, 12]);
});

test('none raises an error until the application seeks', () => {
  const cluster = consumer({ 'auto.offset.reset': 'none' }, { records: 10 });

  expect(poll(cluster)).toMatchObject({ error: 'NoOffsetForPartitionException' });
  cluster.command({ kind: 'seek', to: { topic: 'orders', partition: 0 }, offset: 4 });
  expect(offsets(poll(cluster))).toEqual(range(4, 10));
});

test('a poll without records answers empty-handed when its time is over, not before', () => {
  const cluster = consumer(EARLIEST);

  const id = cluster.command({ kind: 'poll', timeoutMs: 1500 });
  cluster.runFor(1499);
  expect(cluster.result(id)).toBeUndefined();
  cluster.runFor(1);
  expect(cluster.result(id)).toEqual({ kind: 'polled', records: [] });
});

test('a seek drops what was fetched ahead', () => {
  const cluster = consumer({ ...EARLIEST, 'max.poll.records': '10' }, { records: 100 });
  expect(offsets(poll(cluster))).toEqual(range(0, 10));

  cluster.command({ kind: 'seek', to: { topic: 'orders', partition: 0 }, offset: 90 });

  expect(offsets(poll(cluster))).toEqual(range(90, 100));
});

test('a position out of range is reset, or raised when there is no policy', () => {
  for (const [policy, expected] of [
    ['earliest', range(5, 10)],
    ['none', null],
  ] as const) {
    const cluster = consumer({ 'auto.offset.reset': policy }, { records: 10 });
    cluster.log('orders-0').logStartOffset = 5;
    cluster.command({ kind: 'seek', to: { topic: 'orders', partition: 0 }, offset: 50 });

    const result = poll(cluster);

    if (expected !== null) expect(offsets(result)).toEqual(expected);
    else expect(result).toMatchObject({ error: 'OffsetOutOfRangeException', outcome: 'failed' });
  }
});

test('after a change of leader the position is validated, then consumption goes on', () => {
  const cluster = consumer(EARLIEST, { brokers: 2, records: 10 });
  expect(offsets(poll(cluster))).toEqual(range(0, 10));
  cluster.log('orders-0').moveTo(2);
  write(cluster, 5);

  const result = poll(cluster);

  expect(offsets(result)).toEqual(range(10, 15));
  const validations = cluster.requestsOf(apis.OffsetForLeaderEpoch);
  expect(validations.map(({ brokerId }) => brokerId)).toEqual([2]);
});

test('a truncated log is found by its epochs: the position goes back to where it diverges', () => {
  const cluster = consumer(EARLIEST, { brokers: 2, records: 10 });
  expect(offsets(poll(cluster))).toEqual(range(0, 10));
  const log = cluster.log('orders-0');
  log.truncate(6);
  log.moveTo(2);
  write(cluster, 8);

  expect(offsets(poll(cluster))).toEqual(range(6, 14));
});

test('without a reset policy a truncated log raises LogTruncationException', () => {
  const cluster = consumer({ 'auto.offset.reset': 'none' }, { brokers: 2, records: 10 });
  cluster.command({ kind: 'seek', to: { topic: 'orders', partition: 0 }, offset: 0 });
  expect(offsets(poll(cluster))).toEqual(range(0, 10));
  const log = cluster.log('orders-0');
  log.truncate(6);
  log.moveTo(2);
  write(cluster, 8);

  expect(poll(cluster)).toMatchObject({ kind: 'failed', error: 'LogTruncationException' });
  cluster.command({ kind: 'seek', to: { topic: 'orders', partition: 0 }, offset: 6 });
  expect(offsets(poll(cluster))).toEqual(range(6, 14));
});

test('errors that pass are ridden out: no record is lost or repeated', () => {
  const cluster = consumer(EARLIEST, { brokers: 2, partitions: 2, records: 250 });
  const errors = [
    ErrorCode.NOT_LEADER_OR_FOLLOWER,
    ErrorCode.OFFSET_NOT_AVAILABLE,
    ErrorCode.UNKNOWN_LEADER_EPOCH,
    ErrorCode.KAFKA_STORAGE_ERROR,
    ErrorCode.UNKNOWN_SERVER_ERROR,
  ];
  cluster.fate = ({ apiKey, index }) => {
    if (apiKey !== apis.Fetch.key || index >= 20) return ANSWER;
    const error = errors[index % 7];
    if (error !== undefined) return { kind: 'refuse', error };
    return index % 7 === 5 ? { kind: 'lose-response' } : ANSWER;
  };

  const polled = Array.from({ length: 12 }, () => poll(cluster));

  const records = polled.flatMap((one) => (one.kind === 'polled' ? one.records : []));
  for (const partition of [0, 1]) {
    const got = records.filter((record) => record.partition === partition);
    expect(got.map(({ offset }) => offset)).toEqual(range(0, 250));
  }
});

test('a batch with a wrong checksum is raised again and again until the application seeks', () => {
  const cluster = consumer(EARLIEST, { records: 3 });
  const log = cluster.log('orders-0');
  const read = log.read.bind(log);
  log.read = (offset, limit) => {
    const bytes = read(offset, limit);
    if (offset < 3) bytes[bytes.length - 1] = 255 - (bytes[bytes.length - 1] as number);
    return bytes;
  };

  expect(poll(cluster)).toMatchObject({ error: 'KafkaException' });
  expect(poll(cluster)).toMatchObject({ error: 'KafkaException' });
  write(cluster, 2);
  cluster.command({ kind: 'seek', to: { topic: 'orders', partition: 0 }, offset: 3 });
  expect(offsets(poll(cluster))).toEqual([3, 4]);
});

test('an idle consumer holds one fetch per leader and asks no more often than its wait allows', () => {
  const cluster = consumer(EARLIEST, { brokers: 3, partitions: 6 });
  poll(cluster, 1000);
  const before = cluster.requestsOf(apis.Fetch).length;

  poll(cluster, 10_000);

  const fetches = cluster.requestsOf(apis.Fetch).length - before;
  expect(fetches).toBeGreaterThan(3 * 10);
  expect(fetches).toBeLessThanOrEqual(3 * 21);
});

test('a broker without topic ids is fetched from by name', () => {
  const cluster = new ModelCluster();
  cluster.addTopic('orders', 1);
  write(cluster, 4);
  cluster.maxVersions.set(apis.Fetch.key, 11);
  cluster.maxVersions.set(apis.Metadata.key, 9);
  cluster.start((host) =>
    createConsumerNode(host, { 'bootstrap.servers': 'broker-1:9092', ...EARLIEST }),
  );
  cluster.command({ kind: 'assign', partitions: [{ topic: 'orders', partition: 0 }] });

  expect(offsets(poll(cluster))).toEqual(range(0, 4));
  expect(cluster.requestsOf(apis.Fetch)[0]?.version).toBe(11);
});

test('read_committed is refused until it is there', () => {
  expect(() => consumer({ 'isolation.level': 'read_committed' })).toThrow(/not there yet/);
});
