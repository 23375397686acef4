/**
 * The records that make an empty image this one, for snapshots (Kafka: MetadataImage.write). Who
 * gives an image another part must give it a record here; a test compares the two.
 */
import { type MetadataRecord, metadataRecord } from '../wire/metadata-records.ts';
import type { BrokerRegistration } from './broker-registration.ts';
import { METADATA_VERSION } from './features.ts';
import type { MetadataImage, TopicImage } from './image.ts';
import type { PartitionRegistration } from './partition-registration.ts';

export function imageRecords(image: MetadataImage): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  // The metadata version comes first: it says how the others are to be read.
  const names = [...image.features.keys()].sort();
  names.sort((a, b) => Number(b === METADATA_VERSION) - Number(a === METADATA_VERSION));
  for (const name of names) {
    const featureLevel = image.featureLevel(name);
    records.push(metadataRecord('FeatureLevelRecord', { name, featureLevel }));
  }
  const brokers = [...image.brokers.values()].sort((a, b) => a.id - b.id);
  for (const broker of brokers) records.push(brokerRecord(broker));
  for (const topic of image.topicsById.values()) records.push(...topicRecords(topic));
  for (const [key, configs] of image.configs) records.push(...configRecords(key, configs));
  if (image.nextProducerId > 0) {
    const { nextProducerId } = image;
    const record = { brokerId: -1, brokerEpoch: -1, nextProducerId };
    records.push(metadataRecord('ProducerIdsRecord', record));
  }
  for (const [id, acl] of image.acls) {
    records.push(metadataRecord('AccessControlEntryRecord', { id, ...acl }));
  }
  for (const [mechanism, users] of image.scramCredentials) {
    for (const [name, credential] of users) {
      const record = { name, mechanism, ...credential };
      records.push(metadataRecord('UserScramCredentialRecord', record));
    }
  }
  return records;
}

function brokerRecord(broker: BrokerRegistration): MetadataRecord {
  return metadataRecord('RegisterBrokerRecord', {
    brokerId: broker.id,
    isMigratingZkBroker: false,
    incarnationId: broker.incarnationId,
    brokerEpoch: broker.epoch,
    endPoints: broker.endpoints.map((one) => ({ ...one })),
    features: broker.features.map((one) => ({ ...one })),
    rack: broker.rack,
    fenced: broker.fenced,
    inControlledShutdown: broker.inControlledShutdown,
    logDirs: [...broker.logDirs],
  });
}

function topicRecords({ id, name, partitions }: TopicImage): MetadataRecord[] {
  return [
    metadataRecord('TopicRecord', { name, topicId: id }),
    ...partitions.map((one, index) => partitionRecord(id, index, one)),
  ];
}

function partitionRecord(
  topicId: string,
  partitionId: number,
  partition: PartitionRegistration,
): MetadataRecord {
  const { elr, lastKnownElr } = partition;
  return metadataRecord('PartitionRecord', {
    partitionId,
    topicId,
    replicas: [...partition.replicas],
    isr: [...partition.isr],
    removingReplicas: [...partition.removingReplicas],
    addingReplicas: [...partition.addingReplicas],
    leader: partition.leader,
    leaderRecoveryState: partition.leaderRecoveryState,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    directories: [...partition.directories],
    eligibleLeaderReplicas: elr.length === 0 ? null : [...elr],
    lastKnownElr: lastKnownElr.length === 0 ? null : [...lastKnownElr],
  });
}

/** @param key as `configKey` makes it. */
function configRecords(key: string, configs: ReadonlyMap<string, string>): MetadataRecord[] {
  const colon = key.indexOf(':');
  const resourceType = Number(key.slice(0, colon));
  const resourceName = key.slice(colon + 1);
  return [...configs].map(([name, value]) =>
    metadataRecord('ConfigRecord', { resourceType, resourceName, name, value }),
  );
}
