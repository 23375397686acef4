import { expect, test } from 'vitest';
import { Reader } from '../../../kafka/base/reader.ts';
import { Writer } from '../../../kafka/base/writer.ts';
import { supportedFeatures } from '../../../kafka/metadata/features.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { allocateProducerIdsRequest } from '../../../kafka/wire/generated/allocate-producer-ids-request.ts';
import { brokerRegistrationRequest } from '../../../kafka/wire/generated/broker-registration-request.ts';
import {
  creatableTopic,
  createTopicsRequest,
} from '../../../kafka/wire/generated/create-topics-request.ts';
import type { CreateTopicsResponse } from '../../../kafka/wire/generated/create-topics-response.ts';
import { describeQuorumRequest } from '../../../kafka/wire/generated/describe-quorum-request.ts';
import type { DescribeQuorumResponse } from '../../../kafka/wire/generated/describe-quorum-response.ts';
import { envelopeRequest } from '../../../kafka/wire/generated/envelope-request.ts';
import type { EnvelopeResponse } from '../../../kafka/wire/generated/envelope-response.ts';
import { decodeResponseHeader, encodeRequestHeader } from '../../../kafka/wire/headers.ts';
import { CLUSTER_ID, MetadataCluster, type ObserverNode } from './metadata-cluster.ts';

const CONTROLLER = 'controller-101';

/** Each delivery begins where the one before ended. */
function expectContiguous(observer: ObserverNode, from = 0): void {
  let next = from;
  for (const [first, end] of observer.deliveries) {
    expect(first).toBe(next);
    next = end;
  }
}

/** Registers brokers until there are `count` of them, which makes the log move. */
function register(observer: ObserverNode, id: number): void {
  observer.ask(
    apis.BrokerRegistration,
    brokerRegistrationRequest({
      brokerId: id,
      clusterId: CLUSTER_ID,
      incarnationId: `incarnationOfBroker${id}AA`,
      features: supportedFeatures.map((feature) => ({ ...feature })),
      logDirs: [`logDirectoryOfBroker${id}A`],
    }),
    () => {},
  );
}

test('an observer follows the leader and has what it committed', () => {
  const cluster = new MetadataCluster(1);
  cluster.startAll();
  cluster.run(2000);
  const observer = cluster.observer(1);

  expect(cluster.world.failures).toEqual([]);
  expect(observer.leaders).toEqual([
    { id: 101, epoch: 1, address: { host: CONTROLLER, port: 9093 } },
  ]);
  expect(observer.image.featureLevel('metadata.version')).toBe(27);
  expect([...observer.image.clusterConfigs()]).toEqual([['min.insync.replicas', '1']]);
});

test('an idle observer fetches twice a second, records and their commit in one response', () => {
  const cluster = new MetadataCluster(3);
  cluster.startAll();
  cluster.run(5000);
  const before = {
    frames: cluster.world.frames,
    deliveries: cluster.observer(2).deliveries.length,
  };

  cluster.run(10_000);

  expect(cluster.world.frames - before.frames).toBeLessThanOrEqual(3 * 2 * 2 * 10);
  const deliveries = cluster.observer(2).deliveries.length - before.deliveries;
  expect(deliveries).toBeGreaterThanOrEqual(19);
  expectContiguous(cluster.observer(2));
});

test('an observer hears of a commit within a round trip, linger and flush, not a fetch wait', () => {
  const cluster = new MetadataCluster(1, { 'metadata.max.idle.interval.ms': '0' });
  cluster.startAll();
  cluster.run(2000);
  register(cluster.observer(1), 1);

  cluster.run(600 + 100);

  expect(cluster.observer(1).image.brokers.has(1)).toBe(true);
});

test('a restarted observer keeps its log, and is told everything again once', () => {
  const cluster = new MetadataCluster(2);
  cluster.startAll();
  cluster.run(3000);
  register(cluster.observer(1), 1);
  cluster.run(1000);
  cluster.world.kill('broker-2');
  register(cluster.observer(1), 2);
  cluster.run(3000);
  cluster.world.start('broker-2');
  cluster.run(2000);

  const observer = cluster.observer(2);
  expect(cluster.world.failures).toEqual([]);
  expectContiguous(observer);
  expect(observer.image).toEqual(cluster.observer(1).image);
  expect([...observer.image.brokers.keys()]).toEqual([1, 2]);
});

test('an observer whose power is cut fetches what its disk lost', () => {
  const cluster = new MetadataCluster(2);
  cluster.startAll();
  cluster.run(3000);
  cluster.world.powerCut('broker-2', { unflushed: 'drop-all' });
  cluster.run(1000);
  cluster.world.start('broker-2');
  cluster.run(2000);

  expect(cluster.world.failures).toEqual([]);
  expect(cluster.observer(2).image).toEqual(cluster.observer(1).image);
});

test('an observer that starts before the controller finds it later', () => {
  const cluster = new MetadataCluster(1);
  cluster.world.start('broker-1');
  cluster.run(5000);
  cluster.world.start(CONTROLLER);
  cluster.run(3000);

  expect(cluster.world.failures).toEqual([]);
  expect(cluster.observer(1).observer?.leader?.id).toBe(101);
});

test('a restarted controller leads the next epoch with the same metadata', () => {
  const cluster = new MetadataCluster(1);
  cluster.startAll();
  cluster.run(2000);
  register(cluster.observer(1), 1);
  cluster.run(1000);
  const committed = cluster.observer(1).image.offset;
  cluster.world.powerCut(CONTROLLER, { unflushed: 'drop-all' });
  cluster.run(1000);
  cluster.world.start(CONTROLLER);
  cluster.run(3000);

  const { image, observer, leaders } = cluster.observer(1);
  expect(cluster.world.failures).toEqual([]);
  expect(leaders.map((leader) => leader?.epoch)).toEqual([1, 2]);
  expect(image.offset).toBeGreaterThan(committed);
  expect(image.epoch).toBe(2);
  expect(image.brokers.has(1)).toBe(true);
  expect(observer?.highWatermark).toBe(observer?.logEndOffset);
  expectContiguous(cluster.observer(1));
});

test('records that the leader lost before their flush are cut from observers, who never saw them committed', () => {
  const cluster = new MetadataCluster(1, { 'metadata.max.idle.interval.ms': '0' });
  cluster.startAll();
  cluster.run(2000);
  const { image } = cluster.observer(1);
  const committed = image.offset;
  cluster.world.diskStall(CONTROLLER, 60_000_000);
  register(cluster.observer(1), 1);
  cluster.run(2000);
  const { observer } = cluster.observer(1);
  expect(observer?.logEndOffset).toBeGreaterThan(committed + 1);
  expect(image.offset).toBe(committed);

  cluster.world.powerCut(CONTROLLER, { unflushed: 'drop-all' });
  cluster.world.clearDiskFaults(CONTROLLER);
  cluster.world.start(CONTROLLER);
  cluster.run(3000);

  expect(cluster.world.failures).toEqual([]);
  expect(image.brokers.has(1)).toBe(false);
  expect(image.epoch).toBe(2);
  expect(observer?.logEndOffset).toBe(image.offset + 1);
  expectContiguous(cluster.observer(1));
});

test('a request in an envelope is answered as its client asked it', () => {
  const cluster = new MetadataCluster(1);
  cluster.startAll();
  cluster.run(2000);
  const header = {
    requestApiKey: apis.CreateTopics.key,
    requestApiVersion: 7,
    correlationId: 4711,
    clientId: 'admin',
  };
  const writer = new Writer();
  writer.begin();
  encodeRequestHeader(writer, header, apis.CreateTopics);
  const topics = [creatableTopic({ name: 'orders', numPartitions: 1, replicationFactor: 3 })];
  apis.CreateTopics.request.encode(writer, createTopicsRequest({ topics }), 7);
  let answer: EnvelopeResponse | null = null;

  cluster
    .observer(1)
    .ask(
      apis.Envelope,
      envelopeRequest({ requestData: writer.finish(), clientHostAddress: new Uint8Array(4) }),
      (response) => {
        answer = response;
      },
    );
  cluster.run(1000);

  const { errorCode, responseData } = answer as unknown as EnvelopeResponse;
  expect(errorCode).toBe(ErrorCode.NONE);
  const reader = new Reader(responseData as Uint8Array);
  expect(decodeResponseHeader(reader, apis.CreateTopics, 7)).toBe(4711);
  const inner: CreateTopicsResponse = apis.CreateTopics.response.decode(reader, 7);
  expect(inner.topics[0]?.errorCode).toBe(ErrorCode.INVALID_REPLICATION_FACTOR);
});

test('DescribeQuorum tells the voter and the observers', () => {
  const cluster = new MetadataCluster(2);
  cluster.startAll();
  cluster.run(2000);
  let answer: DescribeQuorumResponse | null = null;
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  cluster.observer(1).ask(apis.DescribeQuorum, describeQuorumRequest({ topics }), (response) => {
    answer = response;
  });
  cluster.run(1000);

  const [partition] = (answer as unknown as DescribeQuorumResponse).topics[0]?.partitions ?? [];
  expect(partition).toMatchObject({ errorCode: 0, leaderId: 101, leaderEpoch: 1 });
  expect(partition?.currentVoters.map((voter) => voter.replicaId)).toEqual([101]);
  expect(partition?.observers.map((one) => one.replicaId).sort()).toEqual([1, 2]);
});

test('a broker that is not registered gets no producer ids', () => {
  const cluster = new MetadataCluster(1);
  cluster.startAll();
  cluster.run(1000);
  let errorCode = -99;
  const request = allocateProducerIdsRequest({ brokerId: 1, brokerEpoch: 5 });
  cluster.observer(1).ask(apis.AllocateProducerIds, request, (response) => {
    errorCode = response.errorCode;
  });
  cluster.run(1000);

  expect(errorCode).toBe(ErrorCode.STALE_BROKER_EPOCH);
});

test('a controller refuses storage of another cluster', () => {
  const cluster = new MetadataCluster(0);
  cluster.startAll();
  cluster.run(1000);
  cluster.world.kill(CONTROLLER);
  const config = cluster.world.node(CONTROLLER).config as Record<string, string>;
  config['cluster.id'] = 'AnotherCluster_AAAAAAA';
  cluster.world.start(CONTROLLER);
  cluster.run(1000);

  expect(cluster.world.node(CONTROLLER).state).toBe('halted');
  expect(cluster.world.failures).toEqual([]);
});

test.each(['write', 'flush', 'read'] as const)(
  'a controller whose disk fails to %s halts, and leads again when the disk is well',
  (operation) => {
    const cluster = new MetadataCluster(1);
    cluster.startAll();
    cluster.run(2000);
    cluster.world.diskError(CONTROLLER, { operation, code: 'EIO' });
    cluster.run(2000);
    if (operation === 'read') cluster.world.kill(CONTROLLER);
    else expect(cluster.world.node(CONTROLLER).state).toBe('halted');
    if (operation === 'read') {
      cluster.world.start(CONTROLLER);
      cluster.run(1000);
      expect(cluster.world.node(CONTROLLER).state).toBe('halted');
    }
    cluster.world.clearDiskFaults(CONTROLLER);
    cluster.world.start(CONTROLLER);
    cluster.run(3000);

    expect(cluster.world.failures).toEqual([]);
    expect(cluster.observer(1).image.epoch).toBeGreaterThan(1);
  },
);

test('a controlled stop leaves storage that the next start continues', () => {
  const cluster = new MetadataCluster(1);
  cluster.startAll();
  cluster.run(2000);
  cluster.world.stop(CONTROLLER);
  cluster.run(1000);
  expect(cluster.world.node(CONTROLLER).state).toBe('down');
  cluster.world.start(CONTROLLER);
  cluster.run(3000);

  expect(cluster.world.failures).toEqual([]);
  expect(cluster.observer(1).image.epoch).toBe(2);
});
