/**
 * What the controller needs to know of configurations: a topic's effective values and whether
 * new ones are good (Kafka: ConfigurationControlManager). With eligible leader replicas on,
 * `min.insync.replicas` below the topic is a setting of the cluster, written into the metadata log
 * when the cluster begins, so that no broker judges by a value of its own.
 */
import { type BrokerConfig, brokerConfigs } from '../config/broker.ts';
import { checkConfig } from '../config/parse.ts';
import { type TopicConfig, topicConfigFor, topicConfigs } from '../config/topic.ts';
import { ConfigResourceType, configKey, type MetadataImage } from '../metadata/image.ts';
import { configRecord } from '../wire/generated/config-record.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';

const MIN_ISR = 'min.insync.replicas';
const UNCLEAN = 'unclean.leader.election.enable';
const BROKER_PREFIX = configKey(ConfigResourceType.BROKER, '');

export class ConfigControl {
  private readonly image: MetadataImage;
  private readonly node: BrokerConfig;

  constructor(image: MetadataImage, node: BrokerConfig) {
    this.image = image;
    this.node = node;
  }

  /** min(min.insync.replicas, number of replicas). */
  effectiveMinIsr(topic: string, replicaCount: number): number {
    const text = this.dynamicText(topic, MIN_ISR);
    const minIsr = text === undefined ? this.node.get(MIN_ISR) : Number(text);
    return Math.min(minIsr, replicaCount);
  }

  uncleanElectionEnabled(topic: string): boolean {
    const text = this.dynamicText(topic, UNCLEAN);
    return text === undefined ? this.node.get(UNCLEAN) : text === 'true';
  }

  /** Of the topic, else of this node, else of the cluster. */
  private dynamicText(topic: string, name: string): string | undefined {
    const { image } = this;
    return (
      image.topicConfigs(topic).get(name) ??
      image.brokerConfigs(this.node.get('node.id')).get(name) ??
      image.clusterConfigs().get(name)
    );
  }

  /** @returns what is wrong with configs for a new topic, null when nothing is. */
  topicConfigProblem(configs: Readonly<Record<string, string>>): string | null {
    const [error] = checkConfig(topicConfigs, configs, { at: 'topic' });
    return error === undefined ? null : error.message;
  }

  /** Every key of a topic that has (only) these configs. */
  effectiveTopicConfig(configs: Readonly<Record<string, string>>): TopicConfig {
    return topicConfigFor(this.node, configs);
  }

  /** Written at the birth of a cluster with eligible leader replicas (KIP-966). */
  clusterMinIsrRecord(): MetadataRecord {
    const record = configRecord({
      resourceType: ConfigResourceType.BROKER,
      resourceName: '',
      name: MIN_ISR,
      value: this.node.text(MIN_ISR) ?? brokerConfigs.keys[MIN_ISR].defaultText,
    });
    return { type: 'ConfigRecord', version: 0, record };
  }

  /** What makes it safe to turn ELR on: one min ISR for all brokers. */
  elrSafetyRecords(): MetadataRecord[] {
    const records: MetadataRecord[] = [];
    if (!this.image.clusterConfigs().has(MIN_ISR)) records.push(this.clusterMinIsrRecord());
    for (const [key, configs] of this.image.configs) {
      const resourceName = key.slice(BROKER_PREFIX.length);
      if (!key.startsWith(BROKER_PREFIX) || resourceName === '' || !configs.has(MIN_ISR)) continue;
      const resourceType = ConfigResourceType.BROKER;
      const record = configRecord({ resourceType, resourceName, name: MIN_ISR, value: null });
      records.push({ type: 'ConfigRecord', version: 0, record });
    }
    return records;
  }
}
