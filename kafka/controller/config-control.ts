/**
 * What the controller needs to know of configurations: a topic's effective values and whether
 * new ones are good (Kafka: ConfigurationControlManager). With eligible leader replicas on,
 * `min.insync.replicas` below the topic is a setting of the cluster, written into the metadata log
 * when the cluster begins, so that no broker judges by a value of its own.
 */
import { type BrokerConfig, brokerConfigs } from '../config/broker.ts';
import { checkConfig } from '../config/parse.ts';
import { type TopicConfig, topicConfigFor, topicConfigs } from '../config/topic.ts';
import { ConfigResourceType, type MetadataImage } from '../metadata/image.ts';
import { configRecord } from '../wire/generated/config-record.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';

const MIN_ISR = 'min.insync.replicas';
const UNCLEAN = 'unclean.leader.election.enable';

export class ConfigControl {
  private readonly image: MetadataImage;
  private readonly node: BrokerConfig;

  constructor(image: MetadataImage, node: BrokerConfig) {
    this.image = image;
    this.node = node;
  }

  /** min(min.insync.replicas, number of replicas). */
  effectiveMinIsr(topic: string, replicaCount: number): number {
    const text =
      this.image.topicConfigs(topic).get(MIN_ISR) ?? this.image.clusterConfigs().get(MIN_ISR);
    const minIsr = text === undefined ? this.node.get(MIN_ISR) : Number(text);
    return Math.min(minIsr, replicaCount);
  }

  uncleanElectionEnabled(topic: string): boolean {
    const text =
      this.image.topicConfigs(topic).get(UNCLEAN) ?? this.image.clusterConfigs().get(UNCLEAN);
    return text === undefined ? this.node.get(UNCLEAN) : text === 'true';
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
}
