/**
 * Applies one record of the metadata log to an image, and notes in a delta what it changed
 * (Kafka: MetadataDelta.replay and the replay methods of the controller's managers). Records come
 * from a quorum that is trusted: one that does not fit stops the node.
 */
import type { ScramCredential } from '../security/scram.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { brokerFromRecord, mergeBrokerChange } from './broker-registration.ts';
import type { MetadataDelta } from './delta.ts';
import { ConfigResourceType, configKey, type MetadataImage, type TopicImage } from './image.ts';
import {
  mergePartitionChange,
  type PartitionRegistration,
  partitionFromRecord,
} from './partition-registration.ts';
import { fits, fitting } from './unfit.ts';

export function applyRecord(
  image: MetadataImage,
  entry: MetadataRecord,
  offset: number,
  delta: MetadataDelta | null,
): void {
  fits(offset > image.offset, `metadata offset ${offset} after ${image.offset}`);
  image.offset = offset;
  if (delta !== null) delta.lastOffset = offset;
  switch (entry.type) {
    case 'RegisterBrokerRecord':
      image.brokers.set(entry.record.brokerId, brokerFromRecord(entry.record, offset));
      delta?.changedBrokers.add(entry.record.brokerId);
      return;
    case 'BrokerRegistrationChangeRecord':
      return applyBrokerChange(image, entry.record, delta);
    case 'UnregisterBrokerRecord':
      image.brokers.delete(entry.record.brokerId);
      delta?.changedBrokers.add(entry.record.brokerId);
      return;
    case 'TopicRecord':
      return applyTopic(image, entry.record.name, entry.record.topicId, delta);
    case 'RemoveTopicRecord':
      return applyRemoveTopic(image, entry.record.topicId, delta);
    case 'PartitionRecord':
      return applyPartition(image, entry.record, delta);
    case 'PartitionChangeRecord':
      return applyPartitionChange(image, entry.record, delta);
    case 'ConfigRecord':
      return applyConfig(image, entry.record, delta);
    case 'ClearElrRecord':
      return applyClearElr(image, entry.record.topicName, delta);
    case 'FeatureLevelRecord':
      if (entry.record.featureLevel === 0) image.features.delete(entry.record.name);
      else image.features.set(entry.record.name, entry.record.featureLevel);
      delta?.changedFeatures.add(entry.record.name);
      return;
    case 'ProducerIdsRecord':
      image.nextProducerId = entry.record.nextProducerId;
      return;
    case 'AccessControlEntryRecord': {
      const { id, ...acl } = entry.record;
      image.acls.add(id, acl);
      return;
    }
    case 'RemoveAccessControlEntryRecord':
      fits(image.acls.remove(entry.record.id), `no ACL ${entry.record.id}`);
      return;
    case 'UserScramCredentialRecord':
      return applyScramCredential(image, entry.record);
    case 'RemoveUserScramCredentialRecord': {
      const { name, mechanism } = entry.record;
      const users = image.scramCredentials.get(mechanism);
      fits(users?.delete(name) === true, `no SCRAM credential of ${name}`);
      return;
    }
    case 'NoOpRecord':
      return;
    default:
      fits(false, `metadata record ${entry.type} is not supported`);
  }
}

type RecordOf<T extends MetadataRecord['type']> = Extract<MetadataRecord, { type: T }>['record'];

function applyBrokerChange(
  image: MetadataImage,
  record: RecordOf<'BrokerRegistrationChangeRecord'>,
  delta: MetadataDelta | null,
): void {
  const before = fitting(image.brokers.get(record.brokerId), `no broker ${record.brokerId}`);
  fits(before.epoch === record.brokerEpoch, `broker ${record.brokerId} has another epoch`);
  image.brokers.set(record.brokerId, mergeBrokerChange(before, record));
  delta?.changedBrokers.add(record.brokerId);
}

function applyTopic(
  image: MetadataImage,
  name: string,
  id: string,
  delta: MetadataDelta | null,
): void {
  fits(!image.topicsByName.has(name), `topic '${name}' exists`);
  const topic: TopicImage = { id, name, partitions: [] };
  image.topicsById.set(id, topic);
  image.topicsByName.set(name, topic);
  delta?.createdTopics.add(id);
}

function applyRemoveTopic(image: MetadataImage, id: string, delta: MetadataDelta | null): void {
  const topic = topicOf(image, id);
  image.topicsById.delete(id);
  image.topicsByName.delete(topic.name);
  const key = configKey(ConfigResourceType.TOPIC, topic.name);
  if (image.configs.delete(key)) delta?.changedConfigs.add(key);
  delta?.topicDeleted(id, topic.name);
}

function applyPartition(
  image: MetadataImage,
  record: RecordOf<'PartitionRecord'>,
  delta: MetadataDelta | null,
): void {
  const topic = topicOf(image, record.topicId);
  fits(record.partitionId <= topic.partitions.length, `hole before ${topic.name} partition`);
  const before = topic.partitions[record.partitionId] ?? null;
  topic.partitions[record.partitionId] = partitionFromRecord(record);
  delta?.partitionChanged(topic.id, record.partitionId, before);
}

function applyPartitionChange(
  image: MetadataImage,
  record: RecordOf<'PartitionChangeRecord'>,
  delta: MetadataDelta | null,
): void {
  const topic = topicOf(image, record.topicId);
  const before: PartitionRegistration = fitting(
    topic.partitions[record.partitionId],
    `no partition ${topic.name}-${record.partitionId}`,
  );
  topic.partitions[record.partitionId] = mergePartitionChange(before, record);
  delta?.partitionChanged(topic.id, record.partitionId, before);
}

function applyConfig(
  image: MetadataImage,
  record: RecordOf<'ConfigRecord'>,
  delta: MetadataDelta | null,
): void {
  const key = configKey(record.resourceType, record.resourceName);
  delta?.changedConfigs.add(key);
  const configs = image.configs.get(key);
  if (record.value !== null) {
    if (configs === undefined) image.configs.set(key, new Map([[record.name, record.value]]));
    else configs.set(record.name, record.value);
    return;
  }
  if (configs === undefined) return;
  configs.delete(record.name);
  if (configs.size === 0) image.configs.delete(key);
}

function applyScramCredential(
  image: MetadataImage,
  { name, mechanism, iterations, ...bytes }: RecordOf<'UserScramCredentialRecord'>,
): void {
  const users = image.scramCredentials.get(mechanism) ?? new Map<string, ScramCredential>();
  image.scramCredentials.set(mechanism, users);
  // Views of the log's bytes, which are not kept.
  const salt = bytes.salt.slice();
  const storedKey = bytes.storedKey.slice();
  const serverKey = bytes.serverKey.slice();
  users.set(name, { salt, storedKey, serverKey, iterations });
}

/** Of one topic, or of all for the empty name; neither epoch rises. */
function applyClearElr(image: MetadataImage, name: string, delta: MetadataDelta | null): void {
  for (const topic of image.topicsById.values()) {
    if (name !== '' && topic.name !== name) continue;
    for (const [index, before] of topic.partitions.entries()) {
      if (before.elr.length === 0 && before.lastKnownElr.length === 0) continue;
      topic.partitions[index] = { ...before, elr: [], lastKnownElr: [] };
      delta?.partitionChanged(topic.id, index, before);
    }
  }
}

function topicOf(image: MetadataImage, id: string): TopicImage {
  return fitting(image.topicsById.get(id), `no topic with id ${id}`);
}
