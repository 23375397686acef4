/**
 * What a snapshot changes for a node that had an older image: everything that differs, what is
 * missing in it counts as gone (Kafka: MetadataDelta.finishSnapshot).
 */
import { applySnapshot, type MetadataSnapshot } from './apply-batch.ts';
import type { MetadataDelta } from './delta.ts';
import { MetadataImage, type TopicImage } from './image.ts';

/** Makes the image what the snapshot says, and notes the differences in `delta`. */
export function applySnapshotToImage(
  image: MetadataImage,
  snapshot: MetadataSnapshot,
  delta: MetadataDelta,
): void {
  const before = copyOf(image);
  applySnapshot(image, snapshot);
  for (const id of allKeys(before.brokers, image.brokers)) {
    if (!same(before.brokers.get(id), image.brokers.get(id))) delta.changedBrokers.add(id);
  }
  for (const key of allKeys(before.configs, image.configs)) {
    if (!same(entriesOf(before, key), entriesOf(image, key))) delta.changedConfigs.add(key);
  }
  for (const name of allKeys(before.features, image.features)) {
    if (before.featureLevel(name) !== image.featureLevel(name)) delta.changedFeatures.add(name);
  }
  for (const [id, topic] of before.topicsById) {
    if (!image.topicsById.has(id)) delta.topicDeleted(id, topic.name);
  }
  for (const topic of image.topicsById.values()) {
    noteTopic(before.topicsById.get(topic.id), topic, delta);
  }
  delta.lastOffset = image.offset;
}

function noteTopic(before: TopicImage | undefined, topic: TopicImage, delta: MetadataDelta): void {
  if (before === undefined) delta.createdTopics.add(topic.id);
  topic.partitions.forEach((partition, index) => {
    const old = before?.partitions[index] ?? null;
    if (!same(old, partition)) delta.partitionChanged(topic.id, index, old);
  });
}

/** Registrations are replaced, never changed, so that a copy of the maps is enough. */
function copyOf(image: MetadataImage): MetadataImage {
  const copy = new MetadataImage();
  for (const [id, broker] of image.brokers) copy.brokers.set(id, broker);
  for (const [id, topic] of image.topicsById) {
    const copied = { ...topic, partitions: [...topic.partitions] };
    copy.topicsById.set(id, copied);
    copy.topicsByName.set(topic.name, copied);
  }
  for (const [key, configs] of image.configs) copy.configs.set(key, new Map(configs));
  for (const [name, level] of image.features) copy.features.set(name, level);
  return copy;
}

function entriesOf(image: MetadataImage, key: string): (readonly [string, string])[] {
  return [...(image.configs.get(key) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
}

function allKeys<K>(a: ReadonlyMap<K, unknown>, b: ReadonlyMap<K, unknown>): Set<K> {
  return new Set([...a.keys(), ...b.keys()]);
}

/** Deep equality of plain data. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), b as Record<string, unknown>];
  return (
    left.length === Object.keys(b).length &&
    left.every(([name, value]) => Object.hasOwn(right, name) && same(value, right[name]))
  );
}
