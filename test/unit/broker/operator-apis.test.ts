/** What operators may ask of brokers and what they are told: whole clusters in the laboratory. */
import { describe, expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { alterConfigsRequest } from '../../../kafka/wire/generated/alter-configs-request.ts';
import {
  deleteRecordsPartition,
  deleteRecordsRequest,
  deleteRecordsTopic,
} from '../../../kafka/wire/generated/delete-records-request.ts';
import {
  componentData,
  describeClientQuotasRequest,
} from '../../../kafka/wire/generated/describe-client-quotas-request.ts';
import { describeConfigsRequest } from '../../../kafka/wire/generated/describe-configs-request.ts';
import {
  describableLogDirTopic,
  describeLogDirsRequest,
} from '../../../kafka/wire/generated/describe-log-dirs-request.ts';
import { Lab } from './lab.ts';

const TOPIC = 2;
const BROKER = 4;

function running(config: Record<string, string> = {}): Lab {
  const lab = new Lab({ brokers: 3, config });
  lab.untilRunning(1, 2, 3);
  lab.createTopic('orders');
  return lab;
}

function deleteRecords(lab: Lab, broker: number, offset: number, timeoutMs = 5000) {
  const partitions = [deleteRecordsPartition({ partitionIndex: 0, offset })];
  const topics = [deleteRecordsTopic({ name: 'orders', partitions })];
  const request = deleteRecordsRequest({ topics, timeoutMs });
  return lab.ask(broker, apis.DeleteRecords, request).topics[0]?.partitions[0];
}

describe('deleting records', () => {
  test('is done when every live replica begins where it was asked to', () => {
    const lab = running();
    const leader = lab.leaderOf();
    for (let i = 0; i < 10; i++) lab.produce(leader);
    lab.advance(1000);

    expect(deleteRecords(lab, leader, 4)).toEqual({
      partitionIndex: 0,
      errorCode: ErrorCode.NONE,
      lowWatermark: 4,
    });
    for (const broker of [1, 2, 3]) {
      expect(lab.partition(broker).log?.logStartOffset, `broker ${broker}`).toBe(4);
    }
    expect(deleteRecords(lab, leader, -1)).toMatchObject({ errorCode: 0, lowWatermark: 10 });
  });

  test('is refused beyond the high watermark, and by brokers that do not lead', () => {
    const lab = running();
    const leader = lab.leaderOf();
    lab.produce(leader);
    lab.advance(1000);

    const refused = { errorCode: ErrorCode.OFFSET_OUT_OF_RANGE, lowWatermark: -1 };
    expect(deleteRecords(lab, leader, 2)).toMatchObject(refused);
    expect(deleteRecords(lab, leader, -7)).toMatchObject(refused);
    const other = leader === 1 ? 2 : 1;
    expect(deleteRecords(lab, other, 1)?.errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    expect(lab.partition(leader).log?.logStartOffset).toBe(0);
  });

  test('waits no longer than it was told, but for dead replicas not at all', () => {
    const lab = running();
    const leader = lab.leaderOf();
    for (let i = 0; i < 5; i++) lab.produce(leader);
    lab.advance(1000);
    const dead = leader === 1 ? 2 : 1;
    lab.world.kill(`broker-${dead}`);

    expect(deleteRecords(lab, leader, 3, 200)?.errorCode).toBe(ErrorCode.REQUEST_TIMED_OUT);
    expect(lab.partition(leader).log?.logStartOffset).toBe(3);
    lab.advance(15_000);
    expect(deleteRecords(lab, leader, 4, 2000)).toMatchObject({ errorCode: 0, lowWatermark: 4 });
  });

  test('outlives the restart of all brokers that stop in order', () => {
    const lab = running();
    const leader = lab.leaderOf();
    for (let i = 0; i < 5; i++) lab.produce(leader);
    lab.advance(1000);
    deleteRecords(lab, leader, 3);
    for (const broker of [1, 2, 3]) lab.world.stop(`broker-${broker}`);
    lab.advance(20_000);
    for (const broker of [1, 2, 3]) lab.world.start(`broker-${broker}`);
    lab.untilRunning(1, 2, 3);
    lab.advance(5000);

    expect(lab.partition(1).log?.logStartOffset).toBe(3);
  });

  test('is not for topics that are only compacted', () => {
    const lab = running();
    alterConfigs(lab, TOPIC, 'orders', { 'cleanup.policy': 'compact' });
    const leader = lab.leaderOf();

    expect(deleteRecords(lab, leader, 0)?.errorCode).toBe(ErrorCode.POLICY_VIOLATION);
  });
});

function configsOf(lab: Lab, type: number, name: string, keys: string[] | null) {
  const resource = { resourceType: type, resourceName: name, configurationKeys: keys };
  const request = describeConfigsRequest({ resources: [resource], includeSynonyms: true });
  return lab.ask(1, apis.DescribeConfigs, request).results[0]?.configs ?? [];
}

function alterConfigs(lab: Lab, type: number, name: string, values: Record<string, string>) {
  const configs = Object.entries(values).map(([key, value]) => ({ name: key, value }));
  const resources = [{ resourceType: type, resourceName: name, configs }];
  const { responses } = lab.ask(1, apis.AlterConfigs, alterConfigsRequest({ resources }));
  lab.advance(200);
  return responses[0]?.errorCode;
}

describe('altering configs the older way', () => {
  test('sets what is named and unsets all else', () => {
    const lab = running();

    expect(alterConfigs(lab, TOPIC, 'orders', { 'retention.ms': '5', 'segment.ms': '6' })).toBe(0);
    expect(alterConfigs(lab, TOPIC, 'orders', { 'segment.ms': '7' })).toBe(0);

    const set = configsOf(lab, TOPIC, 'orders', null).filter((one) => one.configSource === 1);
    expect(set.map(({ name, value }) => [name, value])).toEqual([['segment.ms', '7']]);
  });

  test('is judged like the newer one', () => {
    const lab = running();

    expect(alterConfigs(lab, TOPIC, 'nobody', { 'retention.ms': '5' })).toBe(
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    );
    expect(alterConfigs(lab, TOPIC, 'orders', { 'retention.ms': 'long' })).toBe(
      ErrorCode.INVALID_CONFIG,
    );
    expect(alterConfigs(lab, BROKER, '2', { 'log.segment.bytes': '5000' })).toBe(
      ErrorCode.INVALID_REQUEST,
    );
  });
});

describe('describing configs', () => {
  test('tells where else a key has a value, the strongest first', () => {
    const lab = running({ 'log.retention.hours': '2' });
    expect(alterConfigs(lab, BROKER, '1', { 'log.retention.ms': '9000' })).toBe(0);
    alterConfigs(lab, TOPIC, 'orders', { 'retention.ms': '5' });

    const [told] = configsOf(lab, TOPIC, 'orders', ['retention.ms']);

    expect(told?.synonyms.map(({ name, value, source }) => [name, value, source])).toEqual([
      ['retention.ms', '5', 1],
      ['log.retention.ms', '9000', 2],
      ['log.retention.hours', '2', 4],
      ['log.retention.hours', '168', 5],
    ]);
  });

  test('of no named key tells all', () => {
    const lab = running();

    expect(configsOf(lab, TOPIC, 'orders', [])).toEqual(configsOf(lab, TOPIC, 'orders', null));
  });
});

test('log directories tell what lies in them', () => {
  const lab = running({ 'log.dirs': '/left,/right', 'metadata.log.dir': '/meta' });
  const leader = lab.leaderOf();
  lab.produce(leader);
  const of = (request: Parameters<typeof describeLogDirsRequest>[0]) =>
    lab.ask(leader, apis.DescribeLogDirs, describeLogDirsRequest(request)).results;
  const log = lab.partition(leader).log;

  const all = of({ topics: null });
  expect(all.map((one) => [one.errorCode, one.logDir])).toEqual([
    [0, '/left'],
    [0, '/right'],
  ]);
  expect(all.find((one) => one.logDir === log?.logDirectory.path)?.topics).toEqual([
    {
      name: 'orders',
      partitions: [
        { partitionIndex: 0, partitionSize: log?.sizeBytes, offsetLag: 0, isFutureKey: false },
      ],
    },
  ]);
  const other = [describableLogDirTopic({ topic: 'orders', partitions: [1] })];
  expect(of({ topics: other }).flatMap((one) => one.topics)).toEqual([]);
});

test('of client quotas there are none, and bad questions are refused', () => {
  const lab = running();
  const ask = (...of: [string, number, string | null][]) => {
    const components = of.map(([entityType, matchType, match]) =>
      componentData({ entityType, matchType, match }),
    );
    return lab.ask(1, apis.DescribeClientQuotas, describeClientQuotasRequest({ components }));
  };

  expect(ask(['user', 2, null])).toMatchObject({ errorCode: 0, entries: [] });
  expect(ask(['user', 0, 'a'], ['client-id', 1, null])).toMatchObject({ entries: [] });
  expect(ask(['shoe', 2, null]).errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
  expect(ask(['user', 0, null])).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST });
  expect(ask(['ip', 2, null], ['user', 2, null]).errorCode).toBe(ErrorCode.INVALID_REQUEST);
});
