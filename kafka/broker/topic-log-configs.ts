/**
 * The settings that logs on this broker have: the topic's own, else the cluster-wide dynamic ones
 * of the metadata log, else this broker's (Kafka: DynamicBrokerConfig, TopicConfigHandler).
 */
import { type BrokerConfig, brokerConfigs } from '../config/broker.ts';
import { parseConfig } from '../config/parse.ts';
import { topicConfigFor } from '../config/topic.ts';
import { type LogConfig, logConfigFrom } from '../log/log-config.ts';
import { ConfigResourceType, configKey, type MetadataImage } from '../metadata/image.ts';

const CLUSTER_KEY = configKey(ConfigResourceType.BROKER, '');
const TOPIC_PREFIX = configKey(ConfigResourceType.TOPIC, '');

export class TopicLogConfigs {
  private readonly given: Readonly<Record<string, string>>;
  private readonly image: MetadataImage;
  /** The broker's settings under the cluster-wide dynamic ones; null: to be read anew. */
  private merged: BrokerConfig | null = null;

  /** @param given the broker's own configuration, as text. */
  constructor(given: Readonly<Record<string, string>>, image: MetadataImage) {
    this.given = given;
    this.image = image;
  }

  of(topic: string): LogConfig {
    this.merged ??= parseConfig(
      brokerConfigs,
      { ...this.given, ...Object.fromEntries(this.image.clusterConfigs()) },
      { at: 'broker' },
    );
    const overrides = Object.fromEntries(this.image.topicConfigs(topic));
    return logConfigFrom(topicConfigFor(this.merged, overrides));
  }

  /** Which topics a changed config resource concerns; null: all of them. */
  topicsOf(changedKey: string): readonly string[] | null {
    if (changedKey === CLUSTER_KEY) {
      this.merged = null;
      return null;
    }
    if (!changedKey.startsWith(TOPIC_PREFIX)) return [];
    return [changedKey.slice(TOPIC_PREFIX.length)];
  }
}
