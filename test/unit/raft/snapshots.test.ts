import { expect, test } from 'vitest';
import { supportedFeatures } from '../../../kafka/metadata/features.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { brokerRegistrationRequest } from '../../../kafka/wire/generated/broker-registration-request.ts';
import { CLUSTER_ID, MetadataCluster } from './metadata-cluster.ts';
import { QuorumCluster } from './quorum-cluster.ts';

const CONTROLLER = 'controller-101';
/** A snapshot every few seconds of no-op records, and little kept behind it. */
const OFTEN = {
  'metadata.log.max.record.bytes.between.snapshots': '600',
  'metadata.log.segment.bytes': '1000',
  'metadata.max.retention.bytes': '1500',
};

function files(cluster: MetadataCluster, node: string, suffix: string): string[] {
  const { disk } = cluster.world.node(node);
  return disk.files().filter((path) => path.endsWith(suffix));
}

function register(cluster: MetadataCluster, id: number): void {
  const request = brokerRegistrationRequest({
    brokerId: id,
    clusterId: CLUSTER_ID,
    incarnationId: `incarnationOfBroker${id}AA`,
    features: supportedFeatures.map((feature) => ({ ...feature })),
    logDirs: [`logDirectoryOfBroker${id}A`],
  });
  cluster.observer(1).ask(apis.BrokerRegistration, request, () => {});
}

test('old snapshots go, and the log before them; a restarted controller reads the newest', () => {
  const cluster = new MetadataCluster(1, OFTEN);
  cluster.startAll();
  cluster.run(2000);
  register(cluster, 1);
  cluster.run(150_000);
  const snapshots = files(cluster, CONTROLLER, '.checkpoint');
  expect(snapshots.length).toBeGreaterThanOrEqual(1);
  const logs = files(cluster, CONTROLLER, '.log').filter((path) => path.includes('metadata'));
  expect(logs.some((path) => path.endsWith('/00000000000000000000.log'))).toBe(false);
  expect(cluster.observer(1).image.brokers.has(1)).toBe(true);

  cluster.world.powerCut(CONTROLLER, { unflushed: 'drop-all' });
  cluster.world.start(CONTROLLER);
  cluster.run(3000);
  expect(cluster.world.failures).toEqual([]);
  expect(cluster.observer(1).image.epoch).toBe(2);
  expect(cluster.observer(1).image.brokers.has(1)).toBe(true);
});

test('an observer that was away too long is given a snapshot', () => {
  const cluster = new MetadataCluster(2, OFTEN);
  cluster.startAll();
  cluster.run(2000);
  cluster.world.kill('broker-2');
  register(cluster, 7);
  cluster.run(150_000);
  cluster.world.start('broker-2');
  cluster.run(3000);

  expect(cluster.world.failures).toEqual([]);
  const { image, observer, snapshots } = cluster.observer(2);
  expect(snapshots).toBeGreaterThan(0);
  expect(image.brokers.has(7)).toBe(true);
  expect(observer?.highWatermark).toBe(observer?.logEndOffset);
  expect(image.offset).toBe(cluster.observer(1).image.offset);
});

test('a voter that comes back with an empty disk fetches a snapshot and goes on from there', () => {
  const config = { 'metadata.log.segment.bytes': '1500', 'metadata.max.retention.bytes': '2500' };
  const cluster = new QuorumCluster(3, { config });
  cluster.snapshotEvery = 13;
  cluster.startAll();
  cluster.run(70_000);
  const leader = cluster.leader();
  const lost = [1, 2, 3].find((id) => id !== leader) as number;
  cluster.world.loseDisk(`node-${lost}`);
  cluster.world.kill(`node-${lost}`);
  cluster.world.start(`node-${lost}`);
  cluster.run(5000);

  expect(cluster.world.failures).toEqual([]);
  expect(cluster.problems).toEqual([]);
  expect(cluster.leader()).toBe(leader);
  const behind = cluster.raft(leader).highWatermark - cluster.raft(lost).highWatermark;
  expect(behind).toBeLessThanOrEqual(2);
  expect(cluster.node(lost).loadedSnapshots).toBeGreaterThan(0);
});
