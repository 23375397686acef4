import { expect, test } from 'vitest';
import { applyRecord } from '../../../kafka/metadata/apply-record.ts';
import { MetadataDelta } from '../../../kafka/metadata/delta.ts';
import { MetadataImage } from '../../../kafka/metadata/image.ts';
import { configRecord } from '../../../kafka/wire/generated/config-record.ts';
import { partitionChangeRecord } from '../../../kafka/wire/generated/partition-change-record.ts';
import { partitionRecord } from '../../../kafka/wire/generated/partition-record.ts';
import { type MetadataRecord, metadataRecord } from '../../../kafka/wire/metadata-records.ts';

const OLD = 'oldTopicIdAAAAAAAAAAAA';
const NEW = 'newTopicIdAAAAAAAAAAAA';

const topic = (topicId: string, name = 'orders'): MetadataRecord =>
  metadataRecord('TopicRecord', { name, topicId });
const partition = (topicId: string, partitionId = 0): MetadataRecord =>
  metadataRecord(
    'PartitionRecord',
    partitionRecord({
      topicId,
      partitionId,
      replicas: [1, 2],
      isr: [1, 2],
      leader: 1,
      leaderEpoch: 0,
      partitionEpoch: 0,
    }),
  );
const elect = (topicId: string, leader: number): MetadataRecord =>
  metadataRecord(
    'PartitionChangeRecord',
    partitionChangeRecord({ topicId, partitionId: 0, leader }),
  );
const remove = (topicId: string): MetadataRecord =>
  metadataRecord('RemoveTopicRecord', { topicId });

function apply(image: MetadataImage, ...records: MetadataRecord[]): MetadataDelta {
  const delta = new MetadataDelta();
  for (const record of records) applyRecord(image, record, image.offset + 1, delta);
  return delta;
}

test('a leader that goes and comes back within one delta is one change, seen by its epoch', () => {
  const image = new MetadataImage();
  apply(image, topic(OLD), partition(OLD));
  const before = image.partition(OLD, 0);

  const delta = apply(image, elect(OLD, -1), elect(OLD, 1));

  expect(delta.changedPartitions.get(OLD)).toEqual(new Map([[0, before]]));
  expect(image.partition(OLD, 0)).toMatchObject({ leader: 1, leaderEpoch: 2, partitionEpoch: 2 });
});

test('a topic removed and made again under its name is one deletion and one creation', () => {
  const image = new MetadataImage();
  apply(image, topic(OLD), partition(OLD));

  const delta = apply(image, elect(OLD, 2), remove(OLD), topic(NEW), partition(NEW));

  expect([...delta.deletedTopics.keys()]).toEqual([OLD]);
  expect([...delta.createdTopics]).toEqual([NEW]);
  expect([...delta.changedPartitions]).toEqual([[NEW, new Map([[0, null]])]]);
  expect(image.topic('orders')?.id).toBe(NEW);
});

test('a topic that came and went within one delta leaves no trace in it but its configs', () => {
  const image = new MetadataImage();
  const config = metadataRecord(
    'ConfigRecord',
    configRecord({ resourceType: 2, resourceName: 'orders', name: 'retention.ms', value: '1' }),
  );

  const delta = apply(image, topic(NEW), config, partition(NEW), remove(NEW));

  expect(delta.deletedTopics.size + delta.createdTopics.size + delta.changedPartitions.size).toBe(
    0,
  );
  expect(image.topicConfigs('orders').size).toBe(0);
});

test('a config set to null is gone', () => {
  const image = new MetadataImage();
  const set = (value: string | null): MetadataRecord =>
    metadataRecord(
      'ConfigRecord',
      configRecord({ resourceType: 4, resourceName: '', name: 'min.insync.replicas', value }),
    );

  apply(image, set('2'));
  expect(image.clusterConfigs().get('min.insync.replicas')).toBe('2');
  apply(image, set(null));
  expect(image.configs.size).toBe(0);
});

test('a record that does not fit the image stops the node', () => {
  const image = new MetadataImage();
  expect(() => apply(image, elect(OLD, 1))).toThrow(/no topic/);
  expect(() => applyRecord(image, topic(NEW), -1, null)).toThrow(/metadata offset/);
});
