/**
 * What there is to tell of each record of the metadata log, found by comparing what it replaces
 * with what it leaves.
 */
import type { BrokerRegistration } from '../metadata/broker-registration.ts';
import { ConfigResourceType, type MetadataImage, type TopicImage } from '../metadata/image.ts';
import {
  directoryOf,
  LeaderRecoveryState,
  NO_LEADER,
  type PartitionRegistration,
  sameReplicas,
} from '../metadata/partition-registration.ts';
import type { Trace } from '../trace.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';

/** What a record is about to replace. */
export type Replaced = PartitionRegistration | BrokerRegistration | TopicImage | undefined;

type Telling = (trace: Trace) => void;

/** How a broker came back, by why its registration was written. */
const CLEAN = new Map([
  ['restarted', 'clean'],
  ['restarted-uncleanly', 'unclean'],
]);

export function replacedBy(image: MetadataImage, entry: MetadataRecord): Replaced {
  switch (entry.type) {
    case 'PartitionChangeRecord':
      return image.partition(entry.record.topicId, entry.record.partitionId);
    case 'RemoveTopicRecord':
      return image.topicsById.get(entry.record.topicId);
    case 'RegisterBrokerRecord':
    case 'BrokerRegistrationChangeRecord':
      return image.brokers.get(entry.record.brokerId);
    default:
      return undefined;
  }
}

/** @param image with the record applied. */
export function telling(
  image: MetadataImage,
  entry: MetadataRecord,
  change: { readonly replaced: Replaced; readonly why: string },
): Telling | null {
  const { why, replaced } = change;
  switch (entry.type) {
    case 'TopicRecord': {
      const { name, topicId } = entry.record;
      return (trace) => trace.emit('topic.created', name, topicId);
    }
    case 'RemoveTopicRecord': {
      const { topicId } = entry.record;
      const name = (replaced as TopicImage | undefined)?.name ?? '';
      return (trace) => trace.emit('topic.deleted', name, topicId);
    }
    case 'PartitionRecord':
    case 'PartitionChangeRecord': {
      const { topicId, partitionId } = entry.record;
      const after = image.partition(topicId, partitionId) as PartitionRegistration;
      const name = `${image.topicsById.get(topicId)?.name}-${partitionId}`;
      const before = replaced as PartitionRegistration | undefined;
      return (trace) => tellPartition(trace, name, { before, after, why });
    }
    case 'ConfigRecord': {
      const { resourceType, resourceName, name, value } = entry.record;
      const resource = resourceWords(resourceType, resourceName);
      return (trace) => trace.emit('config.changed', resource, name, value ?? '');
    }
    case 'FeatureLevelRecord': {
      const { name, featureLevel } = entry.record;
      return (trace) => trace.emit('feature.changed', name, featureLevel);
    }
    case 'UnregisterBrokerRecord': {
      const { brokerId } = entry.record;
      return (trace) => trace.emit('broker.unregistered', brokerId);
    }
    case 'RegisterBrokerRecord': {
      const { brokerId, brokerEpoch } = entry.record;
      const before = replaced as BrokerRegistration | undefined;
      if (before?.epoch === brokerEpoch) return null;
      const clean = before === undefined ? 'first' : (CLEAN.get(why) ?? 'unknown');
      return (trace) => trace.emit('broker.registered', brokerId, brokerEpoch, clean);
    }
    case 'BrokerRegistrationChangeRecord': {
      const { brokerId, fenced, inControlledShutdown } = entry.record;
      if (fenced === 0 && inControlledShutdown === 0) return null;
      return (trace) => {
        if (fenced > 0) trace.emit('broker.fenced', brokerId, why);
        if (fenced < 0) trace.emit('broker.unfenced', brokerId);
        if (inControlledShutdown > 0) trace.emit('broker.leaving', brokerId);
      };
    }
    default:
      return null;
  }
}

function resourceWords(type: number, name: string): string {
  if (type === ConfigResourceType.TOPIC) return `topic ${name}`;
  return name === '' ? 'all brokers' : `broker ${name}`;
}

function tellPartition(
  trace: Trace,
  name: string,
  change: { before: PartitionRegistration | undefined; after: PartitionRegistration; why: string },
): void {
  const { before, after, why } = change;
  tellAssignment(trace, name, change);
  const isr = after.isr.join();
  const elr = after.elr.join();
  if (before === undefined || before.leaderEpoch !== after.leaderEpoch) {
    const how = before === undefined ? 'created' : electedHow(before, after, why);
    trace.emit('leader.elected', name, after.leader, after.leaderEpoch, isr, elr, how);
  }
  if (before === undefined) return;
  if (sameReplicas(before.isr, after.isr) && sameReplicas(before.elr, after.elr)) return;
  trace.emit('isr.changed', name, isr, elr, after.partitionEpoch, why);
}

function tellAssignment(
  trace: Trace,
  name: string,
  {
    before,
    after,
    why,
  }: { before: PartitionRegistration | undefined; after: PartitionRegistration; why: string },
): void {
  const { replicas, addingReplicas: adding, removingReplicas: removing } = after;
  const same =
    before !== undefined &&
    sameReplicas(before.replicas, replicas) &&
    sameReplicas(before.addingReplicas, adding) &&
    sameReplicas(before.removingReplicas, removing);
  if (!same) {
    const lists = [replicas.join(), adding.join(), removing.join()] as const;
    trace.emit('replicas.changed', name, ...lists, after.partitionEpoch, why);
  }
  if (before === undefined) return;
  for (const broker of replicas) {
    const directory = directoryOf(after, broker);
    const known = before.replicas.includes(broker);
    if (!known || directoryOf(before, broker) === directory) continue;
    trace.emit('directory.assigned', name, broker, directory);
  }
}

function electedHow(
  before: PartitionRegistration,
  after: PartitionRegistration,
  why: string,
): string {
  if (after.leader === NO_LEADER) return 'none';
  if (before.elr.includes(after.leader)) return 'elr';
  const { RECOVERING } = LeaderRecoveryState;
  const unclean =
    !before.isr.includes(after.leader) &&
    (after.leaderRecoveryState === RECOVERING || why === 'reassignment-cancelled');
  if (unclean) {
    const gone = why === 'restarted-uncleanly' || why === 'unregistered' ? 1 : 0;
    const wasLast = before.lastKnownElr.includes(after.leader);
    const nobodyElse = before.isr.length + before.elr.length === gone;
    return wasLast && nobodyElse ? 'last-known-leader' : 'unclean';
  }
  if (!sameReplicas(before.replicas, after.replicas)) return 'reassigned';
  return why === 'preferred' ? 'preferred' : 'elected';
}
