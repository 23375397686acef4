/**
 * The state that the metadata log describes, up to one offset (Kafka: MetadataImage). One image
 * is changed in place by `applyRecord`; the registrations in it are replaced, never changed. A
 * broker's image holds what is committed; a controller's also what it has written since.
 */
import type { Uuid } from '../base/uuid.ts';
import { AclIndex } from '../security/acl-index.ts';
import type { ScramCredential } from '../security/scram.ts';
import type { BrokerRegistration } from './broker-registration.ts';
import { isActive } from './broker-registration.ts';
import type { PartitionRegistration } from './partition-registration.ts';

/** ConfigResource.Type ids. */
export const ConfigResourceType = { TOPIC: 2, BROKER: 4 } as const;

export interface TopicImage {
  readonly id: Uuid;
  readonly name: string;
  /** By partition id, without holes. */
  readonly partitions: PartitionRegistration[];
}

const NO_CONFIGS: ReadonlyMap<string, string> = new Map();

export class MetadataImage {
  readonly brokers = new Map<number, BrokerRegistration>();
  readonly topicsById = new Map<Uuid, TopicImage>();
  readonly topicsByName = new Map<string, TopicImage>();
  /** Dynamic configs by `configKey`; the cluster-wide broker defaults are of broker ''. */
  readonly configs = new Map<string, Map<string, string>>();
  /** By mechanism (its id in the protocol), then by user. */
  readonly scramCredentials = new Map<number, Map<string, ScramCredential>>();
  readonly acls = new AclIndex();
  /** Finalized feature levels; absent is level 0. */
  readonly features = new Map<string, number>();
  /** The first id of the next block of producer ids. */
  nextProducerId = 0;
  /** The last offset applied, -1 before the first. */
  offset = -1;
  /** The leader epoch of the last batch applied. */
  epoch = -1;

  /** Forgets everything. */
  clear(): void {
    this.brokers.clear();
    this.topicsById.clear();
    this.topicsByName.clear();
    this.configs.clear();
    this.scramCredentials.clear();
    this.acls.clear();
    this.features.clear();
    this.nextProducerId = 0;
    this.offset = -1;
    this.epoch = -1;
  }

  topic(name: string): TopicImage | undefined {
    return this.topicsByName.get(name);
  }

  partition(topicId: Uuid, partition: number): PartitionRegistration | undefined {
    return this.topicsById.get(topicId)?.partitions[partition];
  }

  featureLevel(name: string): number {
    return this.features.get(name) ?? 0;
  }

  scramCredential(user: string, mechanism: number): ScramCredential | undefined {
    return this.scramCredentials.get(mechanism)?.get(user);
  }

  /** Unfenced and not shutting down. */
  isActive(broker: number): boolean {
    return isActive(this.brokers.get(broker));
  }

  topicConfigs(topic: string): ReadonlyMap<string, string> {
    return this.configs.get(configKey(ConfigResourceType.TOPIC, topic)) ?? NO_CONFIGS;
  }

  brokerConfigs(broker: number): ReadonlyMap<string, string> {
    return this.configs.get(configKey(ConfigResourceType.BROKER, String(broker))) ?? NO_CONFIGS;
  }

  /** Dynamic broker configs that hold for the whole cluster. */
  clusterConfigs(): ReadonlyMap<string, string> {
    return this.configs.get(configKey(ConfigResourceType.BROKER, '')) ?? NO_CONFIGS;
  }

  /** Calls `visit` for every partition, topics in order of creation. */
  forEachPartition(
    visit: (partition: PartitionRegistration, topic: TopicImage, index: number) => void,
  ): void {
    for (const topic of this.topicsById.values()) {
      for (let index = 0; index < topic.partitions.length; index++) {
        visit(topic.partitions[index] as PartitionRegistration, topic, index);
      }
    }
  }
}

export function configKey(resourceType: number, resourceName: string): string {
  return `${resourceType}:${resourceName}`;
}
