/**
 * Questions that a broker asks its metadata image (Kafka: KRaftMetadataCache): who is alive, how
 * clients of a listener reach a broker, what a partition looks like to them.
 */
import { OFFSETS_TOPIC } from '../group/group-partition.ts';
import type { Address } from '../host.ts';
import {
  type BrokerRegistration,
  endpointOf,
  hasOnlineDirectory,
} from '../metadata/broker-registration.ts';
import type { MetadataImage } from '../metadata/image.ts';
import { directoryOf, type PartitionRegistration } from '../metadata/partition-registration.ts';
import type { ClusterView } from '../replication/cluster-view.ts';

const INTERNAL_TOPICS = new Set([OFFSETS_TOPIC, '__transaction_state']);

/** Topics of the brokers' own, which clients may read and not write. */
export function isInternalTopic(topic: string): boolean {
  return INTERNAL_TOPICS.has(topic);
}

export interface Endpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export class MetadataView implements ClusterView {
  readonly image: MetadataImage;

  constructor(image: MetadataImage) {
    this.image = image;
  }

  aliveBrokerEpoch(brokerId: number): number {
    const broker = this.image.brokers.get(brokerId);
    return broker === undefined || broker.fenced ? -1 : broker.epoch;
  }

  rackOf(brokerId: number): string | null {
    return this.image.brokers.get(brokerId)?.rack ?? null;
  }

  isShuttingDown(brokerId: number): boolean {
    return this.image.brokers.get(brokerId)?.inControlledShutdown ?? false;
  }

  /** Unfenced brokers, by ascending id. */
  aliveBrokers(): BrokerRegistration[] {
    const alive: BrokerRegistration[] = [];
    for (const broker of this.image.brokers.values()) if (!broker.fenced) alive.push(broker);
    return alive.sort((a, b) => a.id - b.id);
  }

  /** How a registered broker is reached on a listener, fenced or not; null when it is not. */
  endpoint(brokerId: number, listener: string): Endpoint | null {
    const broker = this.image.brokers.get(brokerId);
    if (broker === undefined) return null;
    const found = endpointOf(broker, listener);
    if (found === undefined) return null;
    return { nodeId: brokerId, host: found.host, port: found.port, rack: broker.rack };
  }

  addressOf(brokerId: number, listener: string): Address | null {
    const endpoint = this.endpoint(brokerId, listener);
    return endpoint === null ? null : { host: endpoint.host, port: endpoint.port };
  }

  /** Replicas that nobody can reach: broker gone, fenced, or their directory failed. */
  offlineReplicas(partition: PartitionRegistration, listener: string): number[] {
    return partition.replicas.filter((id) => {
      const broker = this.image.brokers.get(id);
      if (broker === undefined || broker.fenced) return true;
      if (endpointOf(broker, listener) === undefined) return true;
      return !hasOnlineDirectory(broker, directoryOf(partition, id));
    });
  }
}
