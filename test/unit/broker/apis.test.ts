import { beforeAll, describe, expect, test } from 'vitest';
import { ZERO_UUID } from '../../../kafka/base/uuid.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { apiVersionsRequest } from '../../../kafka/wire/generated/api-versions-request.ts';
import { describeClusterRequest } from '../../../kafka/wire/generated/describe-cluster-request.ts';
import {
  describeConfigsRequest,
  describeConfigsResource,
} from '../../../kafka/wire/generated/describe-configs-request.ts';
import {
  describeTopicPartitionsRequest,
  topicRequest,
} from '../../../kafka/wire/generated/describe-topic-partitions-request.ts';
import {
  fetchPartition,
  fetchRequest,
  fetchTopic,
} from '../../../kafka/wire/generated/fetch-request.ts';
import { initProducerIdRequest } from '../../../kafka/wire/generated/init-producer-id-request.ts';
import {
  listOffsetsPartition,
  listOffsetsRequest,
  listOffsetsTopic,
} from '../../../kafka/wire/generated/list-offsets-request.ts';
import {
  metadataRequest,
  metadataRequestTopic,
} from '../../../kafka/wire/generated/metadata-request.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderPartition,
  offsetForLeaderTopic,
} from '../../../kafka/wire/generated/offset-for-leader-epoch-request.ts';
import { CLUSTER_ID, Lab } from './lab.ts';

let lab: Lab;
let leader: number;
let follower: number;

beforeAll(() => {
  lab = new Lab({ brokers: 2 });
  lab.untilRunning(1, 2);
  lab.createTopic('orders', { replicas: 2, config: { 'retention.ms': '1000000' } });
  leader = lab.leaderOf();
  follower = 3 - leader;
  lab.produce(leader, { records: 5 });
});

describe('Metadata', () => {
  const ask = (name: string, allowAutoTopicCreation = false, version = 12) =>
    lab.ask(
      1,
      apis.Metadata,
      metadataRequest({ topics: [metadataRequestTopic({ name })], allowAutoTopicCreation }),
      version,
    );

  test.each([1, 4, 8, 12])('tells brokers, topics and leaders in version %i', (version) => {
    const told = ask('orders', true, version);
    expect(told.brokers.map((one) => [one.nodeId, one.host, one.port])).toEqual([
      [1, 'broker-1', 9092],
      [2, 'broker-2', 9092],
    ]);
    expect(told.topics[0]).toMatchObject({ errorCode: ErrorCode.NONE, name: 'orders' });
    expect(told.topics[0]?.partitions[0]).toMatchObject({
      errorCode: ErrorCode.NONE,
      leaderId: leader,
    });
  });

  test('knows topics by id, and says which ids it does not know', () => {
    const { topicId } = lab.partition(leader);
    const ids = [topicId, 'AAAAAAAAAAAAAAAAAAAABQ'];
    const topics = ids.map((id) => metadataRequestTopic({ name: null, topicId: id }));
    const told = lab.ask(1, apis.Metadata, metadataRequest({ topics }));
    expect(told.topics.map((one) => [one.name, one.errorCode])).toEqual([
      ['orders', ErrorCode.NONE],
      [null, ErrorCode.UNKNOWN_TOPIC_ID],
    ]);
    expect(told.clusterId).toBe(CLUSTER_ID);
  });

  test('creates an unknown topic only when asked to', () => {
    expect(ask('fresh').topics[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    lab.advance(500);
    expect(ask('fresh').topics[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

    ask('fresh', true);
    lab.advance(500);

    expect(ask('fresh').topics[0]).toMatchObject({ errorCode: ErrorCode.NONE, name: 'fresh' });
    expect(ask('not/legal', true).topics[0]?.errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION);
  });
});

describe('ApiVersions', () => {
  test('lists what is served and nothing else', () => {
    const request = apiVersionsRequest({
      clientSoftwareName: 'test',
      clientSoftwareVersion: '1.0',
    });
    const { apiKeys } = lab.ask(1, apis.ApiVersions, request);
    expect(apiKeys.map((one) => one.apiKey)).toEqual([
      0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 32, 33, 35, 37, 42, 43,
      44, 45, 46, 47, 48, 55, 57, 60, 61, 64, 75, 80, 81,
    ]);
    expect(apiKeys[0]).toEqual({ apiKey: 0, minVersion: 0, maxVersion: 11 });
  });

  test('refuses software names that are none', () => {
    const request = apiVersionsRequest({ clientSoftwareName: '-', clientSoftwareVersion: '' });
    expect(lab.ask(1, apis.ApiVersions, request).errorCode).toBe(ErrorCode.INVALID_REQUEST);
  });
});

describe('Produce', () => {
  test('a follower refuses and says who leads and where', () => {
    const answer = lab.produce(follower);
    expect(answer).toMatchObject({
      errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
      baseOffset: -1,
      currentLeader: { leaderId: leader, leaderEpoch: 0 },
    });
  });

  test('unknown topics, bad acks and foreign partitions are told apart', () => {
    expect(lab.produce(leader, {}, 'nowhere').errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    expect(lab.produce(leader, {}, 'orders', 9).errorCode).toBe(
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    );
    expect(lab.produce(leader, { acks: 2 }).errorCode).toBe(ErrorCode.INVALID_REQUIRED_ACKS);
    expect(lab.produce(leader, {}, '__consumer_offsets').errorCode).toBe(
      ErrorCode.INVALID_TOPIC_EXCEPTION,
    );
  });

  test('acks=0 gets no answer, and an error closes its connection', () => {
    const lab = new Lab({ brokers: 2 });
    lab.untilRunning(1, 2);
    lab.createTopic('orders', { replicas: 2 });
    const leader = lab.leaderOf();
    const follower = 3 - leader;
    const before = lab.partition(leader).log?.logEndOffset ?? -1;
    const silent = lab.produceLater(leader, { acks: 0 });
    lab.advance(100);
    expect(lab.partition(leader).log?.logEndOffset).toBe(before + 1);
    const refused = lab.produceLater(follower, { acks: 0 });
    lab.advance(100);
    expect(() => refused()).toThrow('disconnected');
    expect(silent()).toBe(null);
  });
});

describe('Fetch', () => {
  const fetch = (broker: number, fetchOffset: number, currentLeaderEpoch: number) => {
    const { topicId } = lab.partition(broker);
    const wanted = fetchPartition({ fetchOffset, currentLeaderEpoch, partitionMaxBytes: 100_000 });
    const topics = [fetchTopic({ topicId, partitions: [wanted] })];
    const response = lab.ask(broker, apis.Fetch, fetchRequest({ topics, maxWaitMs: 100 }));
    return { response, answer: response.responses[0]?.partitions[0] };
  };

  test('offsets outside the log and other epochs are refused', () => {
    expect(fetch(leader, 1000, -1).answer?.errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    expect(fetch(leader, 0, 7).answer?.errorCode).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH);
    expect(fetch(leader, 0, 0).answer?.errorCode).toBe(ErrorCode.NONE);
  });

  test('a consumer may read what is committed from a follower', () => {
    lab.advance(1000);
    expect(fetch(follower, 0, -1).answer?.records?.length).toBeGreaterThan(61);
  });

  test('an unknown topic id is told as such', () => {
    for (const topicId of ['AAAAAAAAAAAAAAAAAAAABQ', ZERO_UUID]) {
      const topics = [fetchTopic({ topicId, partitions: [fetchPartition({})] })];
      const { responses } = lab.ask(leader, apis.Fetch, fetchRequest({ topics }));
      expect(responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_ID);
    }
  });

  test('an incremental session is not there', () => {
    const request = fetchRequest({ sessionId: 5, sessionEpoch: 1 });
    const { errorCode } = lab.ask(leader, apis.Fetch, request);
    expect(errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
  });
});

describe('ListOffsets', () => {
  const list = (timestamp: number, broker = leader, version = 10) => {
    const partitions = [listOffsetsPartition({ timestamp })];
    const topics = [listOffsetsTopic({ name: 'orders', partitions })];
    const request = listOffsetsRequest({ replicaId: -1, topics });
    return lab.ask(broker, apis.ListOffsets, request, version).topics[0]?.partitions[0];
  };

  test('finds the ends, the youngest record and the first one at a time', () => {
    const end = lab.partition(leader).log?.highWatermark;
    expect(list(-1)).toMatchObject({ errorCode: ErrorCode.NONE, offset: end, leaderEpoch: 0 });
    expect(list(-2)).toMatchObject({ errorCode: ErrorCode.NONE, offset: 0 });
    expect(list(0)).toMatchObject({ errorCode: ErrorCode.NONE, offset: 0 });
    expect(list(-3)?.offset).toBeGreaterThanOrEqual(0);
    expect(list(9_000_000_000_000)).toMatchObject({ errorCode: ErrorCode.NONE, offset: -1 });
  });

  test('takes the local log for all there is, and knows of nothing in another tier', () => {
    expect(list(-4)).toEqual(list(-2));
    expect(list(-5)).toMatchObject({ errorCode: ErrorCode.NONE, offset: -1, timestamp: -1 });
    expect(list(-4, leader, 7)?.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
    expect(list(-5, leader, 8)?.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
  });

  test('refuses a partition that is asked about twice', () => {
    const partitions = [-1, -2].map((timestamp) => listOffsetsPartition({ timestamp }));
    const topics = [listOffsetsTopic({ name: 'orders', partitions })];
    const request = listOffsetsRequest({ replicaId: -1, topics });
    const answers = lab.ask(leader, apis.ListOffsets, request).topics[0]?.partitions;
    expect(answers?.map((one) => one.errorCode)).toEqual([
      ErrorCode.INVALID_REQUEST,
      ErrorCode.INVALID_REQUEST,
    ]);
  });

  test('refuses timestamps that its version does not know, and followers', () => {
    expect(list(-3, leader, 6)?.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
    expect(list(-1, follower)?.errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  });
});

test('OffsetForLeaderEpoch tells where an epoch ended', () => {
  const ask = (leaderEpoch: number) => {
    const partitions = [offsetForLeaderPartition({ currentLeaderEpoch: 0, leaderEpoch })];
    const topics = [offsetForLeaderTopic({ topic: 'orders', partitions })];
    const request = offsetForLeaderEpochRequest({ topics });
    return lab.ask(leader, apis.OffsetForLeaderEpoch, request).topics[0]?.partitions[0];
  };
  const end = lab.partition(leader).log?.logEndOffset;
  expect(ask(0)).toMatchObject({ errorCode: ErrorCode.NONE, leaderEpoch: 0, endOffset: end });
  expect(ask(3)).toMatchObject({ errorCode: ErrorCode.NONE, leaderEpoch: -1, endOffset: -1 });
});

test('producer ids are given once over the whole cluster', () => {
  const ids: number[] = [];
  while (ids.length < 6) {
    for (const broker of [1, 2]) {
      const answer = lab.ask(
        broker,
        apis.InitProducerId,
        initProducerIdRequest({ transactionalId: null }),
      );
      if (answer.errorCode === ErrorCode.NONE) ids.push(answer.producerId);
      else expect(answer.errorCode).toBe(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
      lab.advance(50);
    }
  }
  expect(new Set(ids).size).toBe(ids.length);

  const transactional = initProducerIdRequest({ transactionalId: 'tx' });
  expect(lab.ask(1, apis.InitProducerId, transactional).errorCode).toBe(ErrorCode.INVALID_REQUEST);
});

test('CreateTopics is answered by the controller, through any broker', () => {
  expect(lab.createTopic('orders', { replicas: 2 })?.errorCode).toBe(
    ErrorCode.TOPIC_ALREADY_EXISTS,
  );
  expect(lab.createTopic('wide', { replicas: 4 })?.errorCode).toBe(
    ErrorCode.INVALID_REPLICATION_FACTOR,
  );
});

test('DescribeConfigs tells values and where they come from', () => {
  const resource = (resourceType: number, resourceName: string, keys: string[] | null) =>
    describeConfigsResource({ resourceType, resourceName, configurationKeys: keys });
  const request = describeConfigsRequest({
    resources: [
      resource(2, 'orders', ['retention.ms', 'segment.bytes']),
      resource(2, 'nowhere', null),
      resource(4, '1', null),
    ],
  });
  const { results } = lab.ask(1, apis.DescribeConfigs, request);
  expect(results[0]?.configs.map((one) => [one.name, one.value, one.configSource])).toEqual(
    expect.arrayContaining([
      ['retention.ms', '1000000', 1],
      ['segment.bytes', '1073741824', 5],
    ]),
  );
  expect(results[1]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  expect(results[2]?.configs.length).toBeGreaterThan(20);
});

test('DescribeCluster and DescribeTopicPartitions tell the same brokers and leaders', () => {
  const cluster = lab.ask(2, apis.DescribeCluster, describeClusterRequest());
  expect(cluster.brokers.map((one) => one.brokerId)).toEqual([1, 2]);
  const topics = [topicRequest({ name: 'orders' }), topicRequest({ name: 'nowhere' })];
  const request = describeTopicPartitionsRequest({ topics, responsePartitionLimit: 10 });
  const told = lab.ask(2, apis.DescribeTopicPartitions, request);
  expect(told.topics.map((one) => [one.name, one.errorCode])).toEqual([
    ['nowhere', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['orders', ErrorCode.NONE],
  ]);
  expect(told.topics[1]?.partitions[0]).toMatchObject({ leaderId: leader, isrNodes: [1, 2] });
});
