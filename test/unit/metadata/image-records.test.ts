import { expect, test } from 'vitest';
import { encodeText } from '../../../kafka/base/text.ts';
import { applySnapshot } from '../../../kafka/metadata/apply-batch.ts';
import { MetadataDelta } from '../../../kafka/metadata/delta.ts';
import { MetadataImage } from '../../../kafka/metadata/image.ts';
import { imageRecords } from '../../../kafka/metadata/image-records.ts';
import { applySnapshotToImage } from '../../../kafka/metadata/snapshot-delta.ts';
import { metadataRecord } from '../../../kafka/wire/metadata-records.ts';
import { ControllerDriver } from '../controller/driver.ts';

/** Everything but where brokers were registered: a snapshot does not say it. */
function contents(image: MetadataImage): unknown {
  return {
    brokers: [...image.brokers].map(([id, broker]) => [id, { ...broker, registrationOffset: 0 }]),
    topics: [...image.topicsById],
    names: [...image.topicsByName.keys()],
    configs: [...image.configs].map(([key, values]) => [key, [...values]]),
    features: [...image.features].sort(),
    rest: { ...image, ...Object.fromEntries(COMPARED.map((name) => [name, null])) },
  };
}
const COMPARED = ['brokers', 'topicsById', 'topicsByName', 'configs', 'features'];

function busyCluster(): ControllerDriver {
  const driver = new ControllerDriver();
  for (const broker of [1, 2, 3, 4]) driver.start(broker);
  const config = { name: 'retention.ms', value: '1000' };
  driver.createTopic({ name: 'a', numPartitions: 3, replicationFactor: 3 });
  driver.createTopic({ name: 'b', numPartitions: 1, replicationFactor: 2, configs: [config] });
  driver.controller.allocateProducerIds({ brokerId: 1, brokerEpoch: driver.epochOf(1) }, () => {});
  const bytes = (text: string) => encodeText(text);
  const credential = { salt: bytes('salt'), storedKey: bytes('stored'), serverKey: bytes('key') };
  for (const mechanism of [1, 2]) {
    const record = { name: 'alice', mechanism, iterations: 4096, ...credential };
    const records = [metadataRecord('UserScramCredentialRecord', record)];
    driver.controller.perform({ records, response: null, why: '' }, () => {});
  }
  const acl = { principal: 'User:alice', host: '*', operation: 3, permissionType: 3 };
  const records = ['orders', 'ord'].map((resourceName, i) =>
    metadataRecord('AccessControlEntryRecord', {
      id: `${'a'.repeat(21)}${'AQ'.charAt(i)}`,
      resourceType: 2,
      resourceName,
      patternType: 3 + i,
      ...acl,
    }),
  );
  driver.controller.perform({ records, response: null, why: '' }, () => {});
  driver.commit();
  // Silent brokers are fenced, one after another: ISRs shrink, eligible replicas appear.
  driver.advance(30_000);
  driver.start(2, 'incarnation2again');
  return driver;
}

function loaded(from: MetadataImage, into = new MetadataImage()): MetadataImage {
  const id = { offset: from.offset + 1, epoch: from.epoch };
  applySnapshot(into, { id, records: imageRecords(from) });
  return into;
}

test('a snapshot has everything that the image has', () => {
  const { image } = busyCluster();
  const partitions = [...image.topicsById.values()].flatMap((topic) => topic.partitions);
  expect([...image.scramCredentials.keys()]).toEqual([1, 2]);
  expect(image.acls.size).toBe(2);
  expect(partitions.some((one) => one.elr.length > 0)).toBe(true);

  expect(contents(loaded(image))).toEqual(contents(image));
  expect(imageRecords(loaded(image))).toEqual(imageRecords(image));
});

test('a snapshot replaces whatever was there', () => {
  const { image } = busyCluster();
  const other = new ControllerDriver();
  other.start(9);
  other.createTopic({ name: 'gone', numPartitions: 1, replicationFactor: 1 });

  expect(contents(loaded(image, other.image))).toEqual(contents(image));
});

test('the delta of a snapshot names what differs, and nothing else', () => {
  const driver = busyCluster();
  const image = loaded(driver.image);
  const kept = loaded(driver.image);
  driver.createTopic({ name: 'new', numPartitions: 1, replicationFactor: 1 });
  const created = driver.image.topic('new')?.id as string;
  const delta = new MetadataDelta();
  const snapshot = {
    id: { offset: driver.image.offset + 1, epoch: 1 },
    records: imageRecords(driver.image),
  };
  applySnapshotToImage(image, snapshot, delta);

  expect([...delta.createdTopics]).toEqual([created]);
  expect([...delta.changedPartitions.keys()]).toEqual([created]);
  expect(delta.changedConfigs.size + delta.changedFeatures.size).toBe(0);
  const back = new MetadataDelta();
  const before = { id: { offset: kept.offset + 1, epoch: 1 }, records: imageRecords(kept) };
  applySnapshotToImage(image, before, back);
  expect([...back.deletedTopics.keys()]).toEqual([created]);
  expect(back.changedPartitions.size).toBe(0);
});
