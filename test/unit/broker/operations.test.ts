/** What operators change, as brokers carry it out: whole clusters on the laboratory's disks. */
import { describe, expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import {
  alterPartitionReassignmentsRequest,
  reassignableTopic,
} from '../../../kafka/wire/generated/alter-partition-reassignments-request.ts';
import { createPartitionsRequest } from '../../../kafka/wire/generated/create-partitions-request.ts';
import {
  deleteTopicState,
  deleteTopicsRequest,
} from '../../../kafka/wire/generated/delete-topics-request.ts';
import { describeConfigsRequest } from '../../../kafka/wire/generated/describe-configs-request.ts';
import {
  fetchPartition,
  fetchRequest,
  fetchTopic,
} from '../../../kafka/wire/generated/fetch-request.ts';
import { incrementalAlterConfigsRequest } from '../../../kafka/wire/generated/incremental-alter-configs-request.ts';
import { unregisterBrokerRequest } from '../../../kafka/wire/generated/unregister-broker-request.ts';
import { Lab } from './lab.ts';

const TOPIC = 2;
const BROKER = 4;

function running(options: { brokers?: number; config?: Record<string, string> } = {}): Lab {
  const lab = new Lab({ brokers: 3, ...options });
  lab.untilRunning(...Array.from({ length: options.brokers ?? 3 }, (_, i) => i + 1));
  return lab;
}

function deleteTopic(lab: Lab, name: string): number {
  const request = deleteTopicsRequest({ topics: [deleteTopicState({ name })] });
  const { responses } = lab.ask(lab.aliveBroker(), apis.DeleteTopics, request);
  lab.advance(100);
  return responses[0]?.errorCode ?? -99;
}

function reassign(lab: Lab, replicas: number[] | null): number {
  const partitions = [{ partitionIndex: 0, replicas }];
  const topics = [reassignableTopic({ name: 'orders', partitions })];
  const request = alterPartitionReassignmentsRequest({ topics });
  const { responses } = lab.ask(lab.aliveBroker(), apis.AlterPartitionReassignments, request);
  return responses[0]?.partitions[0]?.errorCode ?? -99;
}

function alterConfigs(
  lab: Lab,
  of: { type: number; name: string; through?: number },
  values: Record<string, string | null>,
): number {
  const configs = Object.entries(values).map(([name, value]) => ({
    name,
    configOperation: value === null ? 1 : 0,
    value,
  }));
  const resources = [{ resourceType: of.type, resourceName: of.name, configs }];
  const request = incrementalAlterConfigsRequest({ resources });
  const through = of.through ?? lab.aliveBroker();
  const { responses } = lab.ask(through, apis.IncrementalAlterConfigs, request);
  lab.advance(100);
  return responses[0]?.errorCode ?? -99;
}

/** Directories of a partition on a broker's disk, those given up too. */
function directories(lab: Lab, broker: number, partition = 'orders-0'): string[] {
  const paths = lab.world.node(`broker-${broker}`).disk.files();
  const names = paths.map((path) => path.split('/').at(-2) ?? '');
  return [...new Set(names.filter((name) => name.startsWith(partition)))].sort();
}

describe('deleting a topic', () => {
  test('takes its replicas from every disk, at once by name and later for good', () => {
    const lab = running({ config: { 'log.segment.delete.delay.ms': '5000' } });
    lab.createTopic('orders');
    lab.produce(lab.leaderOf());

    expect(deleteTopic(lab, 'orders')).toBe(ErrorCode.NONE);

    for (const broker of [1, 2, 3]) {
      expect(lab.broker(broker).replicas.partition('orders', 0)).toBeNull();
      expect(directories(lab, broker)).toEqual([expect.stringMatching(/-delete$/)]);
    }
    lab.advance(6000);
    for (const broker of [1, 2, 3]) expect(directories(lab, broker)).toEqual([]);
  });

  test('a topic made anew under the name is empty, and the old id is refused', () => {
    const lab = running();
    lab.createTopic('orders');
    lab.produce(lab.leaderOf(), { records: 3 });
    const { topicId } = lab.partition(1);
    deleteTopic(lab, 'orders');

    lab.createTopic('orders');

    expect(lab.partition(1).topicId).not.toBe(topicId);
    expect(lab.partition(lab.leaderOf()).log?.logEndOffset).toBe(0);
    const partitions = [fetchPartition({ partition: 0, fetchOffset: 0 })];
    const request = fetchRequest({ topics: [fetchTopic({ topicId, partitions })] });
    const { responses } = lab.ask(lab.leaderOf(), apis.Fetch, request);
    expect(responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_ID);
    expect(lab.produce(lab.leaderOf()).baseOffset).toBe(0);
  });

  test('a broker that was down meanwhile sets its old replica aside', () => {
    const lab = running();
    lab.createTopic('orders');
    const leader = lab.leaderOf();
    const away = leader === 3 ? 2 : 3;
    lab.produce(leader, { records: 3 });
    lab.world.kill(`broker-${away}`);
    lab.until(() => lab.isrOf().split(',').length === 2);
    deleteTopic(lab, 'orders');
    lab.createTopic('orders');
    lab.produce(lab.leaderOf(), { records: 1 });

    lab.world.start(`broker-${away}`);
    lab.untilRunning(away);
    lab.until(() => lab.isrOf().split(',').includes(String(away)) || replicasOf(lab) < 3);

    expect(directories(lab, away)).toContainEqual(expect.stringMatching(/-stray$/));
    lab.advance(2000);
    const { log } = lab.partition(away);
    expect([log?.logEndOffset, log?.topicId]).toEqual([1, lab.partition(lab.leaderOf()).topicId]);
  });
});

function replicasOf(lab: Lab): number {
  return lab.partition(lab.leaderOf()).replicas.length;
}

describe('raising the number of partitions', () => {
  test('gives every new partition replicas that lead and follow', () => {
    const lab = running();
    lab.createTopic('orders');
    const topics = [{ name: 'orders', count: 3, assignments: null }];
    lab.ask(1, apis.CreatePartitions, createPartitionsRequest({ topics }));

    lab.until(() => lab.leaderOf('orders-2') > 0);
    lab.advance(100);
    const leader = lab.leaderOf('orders-2');
    expect(lab.produce(leader, {}, 'orders', 2).errorCode).toBe(ErrorCode.NONE);
    lab.advance(1000);
    for (const broker of [1, 2, 3]) {
      expect(lab.partition(broker, 'orders', 2).log?.logEndOffset).toBe(1);
    }
  });
});

describe('a reassignment', () => {
  test('copies everything to the new replicas before the old ones go', () => {
    const lab = running({ brokers: 5 });
    lab.createTopic('orders', { config: { 'min.insync.replicas': '2' } });
    const before = lab.partition(lab.leaderOf()).replicas;
    lab.produce(lab.leaderOf(), { records: 5 });
    const added = [1, 2, 3, 4, 5].filter((id) => !before.includes(id));

    expect(reassign(lab, added)).toBe(ErrorCode.NONE);
    lab.until(() => added.includes(lab.leaderOf()));
    lab.advance(1000);

    expect(lab.produce(lab.leaderOf()).baseOffset).toBe(5);
    lab.advance(1000);
    for (const broker of added) expect(lab.partition(broker).log?.logEndOffset).toBe(6);
    for (const broker of before) {
      expect(lab.broker(broker).replicas.partition('orders', 0)).toBeNull();
    }
  });

  test('that is cancelled takes the new replicas away again', () => {
    const lab = running({ brokers: 4 });
    lab.createTopic('orders');
    const before = [...lab.partition(lab.leaderOf()).replicas];
    const added = [1, 2, 3, 4].find((id) => !before.includes(id)) as number;
    lab.world.kill(`broker-${added}`);
    lab.until(() => lab.events.some((one) => one[2] === 'broker.fenced' && one[3] === added));
    expect(reassign(lab, [added, ...before.slice(0, 2)])).toBe(ErrorCode.NONE);
    lab.world.start(`broker-${added}`);
    lab.world.delay(
      [`broker-${added}`],
      before.map((id) => `broker-${id}`),
      { addUs: 30_000_000 },
    );
    lab.until(() => directories(lab, added).length > 0);

    expect(reassign(lab, null)).toBe(ErrorCode.NONE);

    lab.until(() => lab.broker(added).replicas.partition('orders', 0) === null);
    expect([...lab.partition(lab.leaderOf()).replicas].sort()).toEqual([...before].sort());
    expect(lab.produce(lab.leaderOf()).errorCode).toBe(ErrorCode.NONE);
  });

  test('a replica that goes and comes back begins anew', () => {
    const lab = running({ brokers: 3 });
    lab.createTopic('orders', { replicas: 2 });
    const [a, b] = lab.partition(lab.leaderOf()).replicas as [number, number];
    const other = [1, 2, 3].find((id) => id !== a && id !== b) as number;
    lab.produce(lab.leaderOf(), { records: 4 });

    for (const replicas of [
      [a, other],
      [a, b],
      [a, other],
      [a, b],
    ]) {
      expect(reassign(lab, replicas)).toBe(ErrorCode.NONE);
      lab.until(
        () => lab.isrOf() === replicas.join(',') || lab.isrOf() === replicas.toReversed().join(','),
      );
      lab.advance(200);
    }
    expect(lab.partition(b).log?.logEndOffset).toBe(4);
    expect(lab.stateOf(b)).toBe('RUNNING');
  });
});

describe('changed settings take effect in brokers that run', () => {
  test('of a topic: min.insync.replicas', () => {
    const lab = running();
    lab.createTopic('orders');
    const leader = lab.leaderOf();
    const away = [1, 2, 3].filter((id) => id !== leader);
    lab.world.kill(`broker-${away[0]}`);
    lab.until(() => lab.isrOf().split(',').length === 2);
    expect(lab.produce(leader).errorCode).toBe(ErrorCode.NONE);

    alterConfigs(
      lab,
      { type: TOPIC, name: 'orders', through: leader },
      { 'min.insync.replicas': '3' },
    );

    expect(lab.produce(leader).errorCode).toBe(ErrorCode.NOT_ENOUGH_REPLICAS);
  });

  test('of the cluster and of one broker: that of the broker counts', () => {
    const lab = running();
    lab.createTopic('orders');
    const leader = lab.leaderOf();
    const large = { 'message.max.bytes': '50' };

    expect(alterConfigs(lab, { type: BROKER, name: '' }, large)).toBe(ErrorCode.NONE);
    expect(lab.produce(leader).errorCode).toBe(ErrorCode.MESSAGE_TOO_LARGE);
    const own = { type: BROKER, name: String(leader), through: leader };
    expect(alterConfigs(lab, own, { 'message.max.bytes': '5000' })).toBe(ErrorCode.NONE);
    expect(lab.produce(leader).errorCode).toBe(ErrorCode.NONE);
    expect(alterConfigs(lab, own, { 'message.max.bytes': null })).toBe(ErrorCode.NONE);
    expect(lab.produce(leader).errorCode).toBe(ErrorCode.MESSAGE_TOO_LARGE);
  });

  test('and they are still there after a restart', () => {
    const lab = running({ brokers: 1 });
    lab.createTopic('orders', { replicas: 1 });
    alterConfigs(lab, { type: BROKER, name: '' }, { 'message.max.bytes': '50' });

    lab.world.kill('broker-1');
    lab.world.start('broker-1');
    lab.untilRunning(1);
    lab.until(() => lab.partition(1).isLeader);

    expect(lab.produce(1).errorCode).toBe(ErrorCode.MESSAGE_TOO_LARGE);
  });

  test.each<[string, { type: number; name: string; through: number }, Record<string, string>]>([
    ['another broker', { type: BROKER, name: '2', through: 1 }, { 'log.retention.ms': '5' }],
    ['a key read once', { type: BROKER, name: '1', through: 1 }, { 'num.partitions': '5' }],
    ['a bad value', { type: BROKER, name: '1', through: 1 }, { 'log.retention.ms': 'x' }],
    ['a bad value for all', { type: BROKER, name: '', through: 1 }, { 'log.segment.bytes': '1' }],
  ])('a broker refuses %s', (_what, of, values) => {
    expect(alterConfigs(running({ brokers: 2 }), of, values)).toBe(ErrorCode.INVALID_REQUEST);
  });

  test('and are told with where they come from', () => {
    const lab = running({ brokers: 1 });
    lab.createTopic('orders', { replicas: 1, config: { 'segment.ms': '7000' } });
    alterConfigs(lab, { type: BROKER, name: '' }, { 'log.retention.ms': '5000' });
    alterConfigs(lab, { type: BROKER, name: '1' }, { 'message.max.bytes': '6000' });
    const resources = [{ resourceType: TOPIC, resourceName: 'orders', configurationKeys: null }];

    const request = describeConfigsRequest({ resources });
    const { results } = lab.ask(1, apis.DescribeConfigs, request);

    const told = results[0]?.configs.map((one) => [one.name, [one.value, one.configSource]]);
    expect(Object.fromEntries(told ?? [])).toMatchObject({
      'segment.ms': ['7000', 1],
      'max.message.bytes': ['6000', 2],
      'retention.ms': ['5000', 3],
      'segment.bytes': ['1073741824', 5],
    });
  });
});

describe('several log directories', () => {
  const config = { 'log.dirs': '/left,/right', 'metadata.log.dir': '/meta' };

  test('when one fails, leaderships move off what lay in it, and the broker lives on', () => {
    const lab = running({ config });
    lab.createTopic('orders', { partitions: 2 });
    lab.advance(1000);
    const leader = lab.leaderOf('orders-0');
    lab.produce(leader);
    const failed = lab.partition(leader).log?.logDirectory.path as string;
    lab.world.diskError(`broker-${leader}`, { code: 'EIO', pathPrefix: failed });
    lab.produceLater(leader);

    lab.until(() => lab.leaderOf('orders-0') !== leader);
    lab.advance(1000);

    expect(lab.stateOf(leader)).toBe('RUNNING');
    expect(lab.isrOf('orders-0').split(',')).not.toContain(String(leader));
    expect(lab.isrOf('orders-1').split(',')).toContain(String(leader));
    expect(lab.produce(lab.leaderOf('orders-0')).errorCode).toBe(ErrorCode.NONE);
  });

  test('a broker starts without a directory that cannot be read, and with it the next time', () => {
    const lab = running({ config });
    lab.createTopic('orders', { partitions: 2 });
    lab.advance(1000);
    lab.world.kill('broker-1');
    lab.until(() => !lab.isrOf('orders-0').includes('1') && !lab.isrOf('orders-1').includes('1'));
    lab.world.diskError('broker-1', { code: 'EIO', pathPrefix: '/left' });
    lab.world.start('broker-1');
    lab.untilRunning(1);
    lab.advance(3000);
    const found = [0, 1].map((index) => lab.partition(1, 'orders', index).log !== null);
    expect(found.toSorted()).toEqual([false, true]);

    lab.world.kill('broker-1');
    lab.world.clearDiskFaults('broker-1');
    lab.world.start('broker-1');

    lab.until(() => [0, 1].every((index) => lab.isrOf(`orders-${index}`).split(',').length === 3));
  });

  test('a broker that lost its disk returns empty, and may lead again', () => {
    const lab = running({ brokers: 2 });
    lab.createTopic('orders', { replicas: 2, config: { 'min.insync.replicas': '1' } });
    const leader = lab.leaderOf();
    const other = 3 - leader;
    lab.produce(leader, { records: 3 });
    lab.advance(1000);
    lab.world.loseDisk(`broker-${other}`);
    lab.world.kill(`broker-${other}`);
    lab.world.start(`broker-${other}`);
    lab.until(() => !lab.isrOf().includes(String(other)));
    lab.until(() => lab.isrOf().split(',').length === 2);
    lab.advance(2000);

    lab.world.kill(`broker-${leader}`);

    lab.until(() => lab.leaderOf() === other);
    expect(lab.partition(other).log?.logEndOffset).toBe(3);
  });
});

test('an unregistered broker is gone from metadata, and refused until it registers anew', () => {
  const lab = running();
  lab.createTopic('orders');
  lab.world.kill('broker-3');
  lab.until(() => !lab.isrOf().includes('3'));

  const request = unregisterBrokerRequest({ brokerId: 3 });
  expect(lab.ask(1, apis.UnregisterBroker, request).errorCode).toBe(ErrorCode.NONE);
  lab.advance(200);

  expect(lab.broker(1).metadata.image.brokers.has(3)).toBe(false);
  expect(lab.ask(1, apis.UnregisterBroker, request).errorCode).toBe(
    ErrorCode.BROKER_ID_NOT_REGISTERED,
  );
  lab.world.start('broker-3');
  lab.until(() => lab.isrOf().split(',').length === 3);
});
