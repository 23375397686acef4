import { expect, test } from 'vitest';
import { createAdminNode } from '../../../../kafka/client/admin/admin-node.ts';
import type { ClientCommand } from '../../../../kafka/client/commands.ts';
import { apis } from '../../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../../kafka/wire/errors.ts';
import { ANSWER, ModelCluster } from '../support/model-cluster.ts';

function admin(): ModelCluster {
  const cluster = new ModelCluster(3);
  cluster.addTopic('orders', 3);
  const servers = { 'bootstrap.servers': 'broker-1:9092,broker-3:9092' };
  cluster.start((host) => createAdminNode(host, servers));
  cluster.runFor(100);
  return cluster;
}

const asked = (cluster: ModelCluster, key: number) =>
  cluster.requests.filter((one) => one.apiKey === key).map((one) => one.brokerId);

const ENDS: ClientCommand = {
  kind: 'listOffsets',
  partitions: [0, 1, 2].map((partition) => ({ topic: 'orders', partition, timestampMs: -1 })),
  timeoutMs: 10_000,
};
const OFFSETS: ClientCommand = { kind: 'listGroupOffsets', group: 'billing', timeoutMs: 10_000 };

test('offsets of logs are asked from each leader, and again from a new one', () => {
  const cluster = admin();
  cluster.fate = ({ apiKey, brokerId, index }) => {
    const isOld = apiKey === apis.ListOffsets.key && brokerId === 2 && index < 3;
    return isOld ? { kind: 'refuse', error: ErrorCode.NOT_LEADER_OR_FOLLOWER } : ANSWER;
  };
  const id = cluster.command(ENDS);
  cluster.runFor(50);
  expect(asked(cluster, apis.ListOffsets.key)).toEqual([1, 2, 3]);
  const { leaderInMetadata } = cluster;
  cluster.leaderInMetadata = (name) => ({ ...leaderInMetadata(name), leader: 2 });
  cluster.log('orders-1').leader = 2;
  cluster.runFor(1000);

  expect(cluster.result(id)).toMatchObject({
    kind: 'offsetsListed',
    partitions: [0, 1, 2].map((partition) => ({ partition, error: 'NONE', offset: 0 })),
  });
  expect(asked(cluster, apis.ListOffsets.key)).toEqual([1, 2, 3, 2]);
});

test('offsets of a topic that is not there are told as that', () => {
  const cluster = admin();
  const partitions = [{ topic: 'nowhere', partition: 0, timestampMs: -2 }];
  const id = cluster.command({ kind: 'listOffsets', partitions, timeoutMs: 10_000 });
  cluster.runFor(100);

  expect(cluster.result(id)).toMatchObject({
    partitions: [{ error: 'UNKNOWN_TOPIC_OR_PARTITION', offset: -1 }],
  });
});

test('a coordinator that is another by now is looked up again', () => {
  const cluster = admin();
  cluster.groups.committedOffset = 41;
  let moved = false;
  cluster.fate = ({ apiKey }) => {
    if (apiKey === apis.OffsetFetch.key && !moved) {
      moved = true;
      cluster.groups.coordinator = 3;
    }
    return ANSWER;
  };
  const id = cluster.command(OFFSETS);
  cluster.runFor(1000);

  expect(cluster.result(id)).toMatchObject({
    kind: 'groupOffsetsListed',
    offsets: [{ topic: 'orders', partition: 0, offset: 41 }],
  });
  expect(asked(cluster, apis.OffsetFetch.key)).toEqual([1, 3]);
});

test('a coordinator that cannot be reached is looked up again', () => {
  const cluster = admin();
  cluster.groups.coordinator = 2;
  cluster.down.add(2);
  const id = cluster.command(OFFSETS);
  cluster.runFor(2000);
  expect(cluster.results.has(id)).toBe(false);
  cluster.groups.coordinator = 3;
  cluster.runFor(2000);

  expect(cluster.result(id)).toMatchObject({ kind: 'groupOffsetsListed' });
});

test('brokers that cannot ask about several groups at once are asked in the old form', () => {
  const cluster = new ModelCluster(3);
  cluster.maxVersions.set(apis.FindCoordinator.key, 3);
  cluster.maxVersions.set(apis.OffsetFetch.key, 7);
  cluster.maxVersions.set(apis.ListGroups.key, 3);
  cluster.start((host) => createAdminNode(host, { 'bootstrap.servers': 'broker-1:9092' }));
  const offsets = cluster.command(OFFSETS);
  const list: ClientCommand = {
    kind: 'listGroups',
    states: ['Stable'],
    types: ['Classic'],
    timeoutMs: 10_000,
  };
  const groups = cluster.command(list);
  cluster.runFor(1000);

  expect(cluster.result(offsets)).toMatchObject({ kind: 'groupOffsetsListed' });
  expect(cluster.result(groups)).toMatchObject({
    groups: [1, 2, 3].map((broker) => ({ group: `of-broker-${broker}` })),
  });
});

test('what a coordinator refuses is told as it is', () => {
  const cluster = admin();
  cluster.fate = ({ apiKey }) =>
    apiKey === apis.OffsetFetch.key
      ? { kind: 'refuse', error: ErrorCode.GROUP_AUTHORIZATION_FAILED }
      : ANSWER;
  const id = cluster.command(OFFSETS);
  cluster.runFor(1000);

  expect(cluster.result(id)).toMatchObject({
    kind: 'failed',
    outcome: 'failed',
    error: 'GROUP_AUTHORIZATION_FAILED',
  });
});
