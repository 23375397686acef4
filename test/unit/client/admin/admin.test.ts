import { expect, test } from 'vitest';
import { createAdminNode } from '../../../../kafka/client/admin/admin-node.ts';
import { apis } from '../../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../../kafka/wire/errors.ts';
import { ANSWER, ModelCluster } from '../support/model-cluster.ts';

function admin(brokers = 1): ModelCluster {
  const cluster = new ModelCluster(brokers);
  cluster.start((host) => createAdminNode(host, { 'bootstrap.servers': 'broker-1:9092' }));
  return cluster;
}

const ORDERS = { name: 'orders', partitions: 2, replicationFactor: 1, config: {} };

test('topics are created and then described', () => {
  const cluster = admin(2);

  const create = cluster.command({ kind: 'createTopics', topics: [ORDERS], timeoutMs: 5000 });
  cluster.runFor(100);
  const describe = cluster.command({ kind: 'describeTopics', topics: ['orders', 'nowhere'] });
  cluster.runFor(100);

  expect(cluster.result(create)).toEqual({
    kind: 'topicsCreated',
    results: [{ name: 'orders', error: 'NONE', message: null }],
  });
  expect(cluster.result(describe)).toMatchObject({
    kind: 'topicsDescribed',
    topics: [
      { name: 'orders', error: 'NONE', partitions: [{ leader: 1 }, { leader: 2 }] },
      { name: 'nowhere', error: 'UNKNOWN_TOPIC_OR_PARTITION', partitions: [] },
    ],
  });
});

test('a refusal is told as it is', () => {
  const cluster = admin();
  cluster.fate = ({ apiKey }) =>
    apiKey === apis.CreateTopics.key
      ? { kind: 'refuse', error: ErrorCode.INVALID_REPLICATION_FACTOR }
      : ANSWER;

  const id = cluster.command({ kind: 'createTopics', topics: [ORDERS], timeoutMs: 5000 });
  cluster.runFor(1000);

  expect(cluster.result(id)).toMatchObject({ results: [{ error: 'INVALID_REPLICATION_FACTOR' }] });
});

test('a call is repeated after a lost connection and waits for brokers that come late', () => {
  const cluster = new ModelCluster();
  cluster.down.add(1);
  cluster.start((host) => createAdminNode(host, { 'bootstrap.servers': 'broker-1:9092' }));
  const id = cluster.command({ kind: 'createTopics', topics: [ORDERS], timeoutMs: 30_000 });
  cluster.runFor(5000);
  cluster.fate = ({ apiKey, index }) =>
    apiKey === apis.CreateTopics.key && index === 0 ? { kind: 'lose-request' } : ANSWER;
  cluster.down.delete(1);
  cluster.runFor(5000);

  expect(cluster.result(id)).toMatchObject({ results: [{ error: 'NONE' }] });
});

test('a call that times out has failed when nothing was sent, else its outcome is unknown', () => {
  const unreachable = admin();
  unreachable.down.add(1);
  const silent = admin();
  silent.fate = ({ apiKey }) => (apiKey === apis.CreateTopics.key ? { kind: 'ignore' } : ANSWER);

  const results = [unreachable, silent].map((cluster) => {
    const id = cluster.command({ kind: 'createTopics', topics: [ORDERS], timeoutMs: 5000 });
    cluster.runFor(5000);
    return cluster.result(id);
  });

  expect(results).toMatchObject([
    { kind: 'failed', outcome: 'failed', error: 'TimeoutException' },
    { kind: 'failed', outcome: 'unknown', error: 'TimeoutException' },
  ]);
});

test('one broker is asked one thing at a time', () => {
  const cluster = admin();
  cluster.runFor(100);
  cluster.fate = ({ apiKey }) => (apiKey === apis.CreateTopics.key ? { kind: 'ignore' } : ANSWER);

  const create = cluster.command({ kind: 'createTopics', topics: [ORDERS], timeoutMs: 5000 });
  const describe = cluster.command({ kind: 'describeTopics', topics: ['orders'] });
  cluster.runFor(4000);
  expect(cluster.requests.at(-1)?.apiKey).toBe(apis.CreateTopics.key);
  cluster.runFor(4000);

  expect(cluster.completions).toEqual([create, describe]);
});
