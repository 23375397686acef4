/**
 * The settings of this broker as they are now: its own dynamic ones from the metadata log, else
 * those of the cluster, else what it was started with (KIP-226; Kafka: DynamicBrokerConfig). Only
 * some keys can be dynamic. The settings of a topic's logs stand on them (TopicConfigHandler).
 */
import { type BrokerConfig, brokerConfigs } from '../config/broker.ts';
import type { ConfigKeys } from '../config/define.ts';
import { isDynamicBrokerKey } from '../config/dynamic.ts';
import { checkConfig, parseConfig } from '../config/parse.ts';
import { topicConfigFor, topicSynonyms } from '../config/topic.ts';
import { type LogConfig, logConfigFrom } from '../log/log-config.ts';
import { ConfigResourceType, configKey, type MetadataImage } from '../metadata/image.ts';

const CLUSTER_KEY = configKey(ConfigResourceType.BROKER, '');
const TOPIC_PREFIX = configKey(ConfigResourceType.TOPIC, '');

/** `broker`: dynamic, of this broker; `cluster`: dynamic, of all. */
export type ConfigLayer = 'broker' | 'cluster' | 'static';

/** One place where a key has a value. */
export interface ConfigSetting {
  readonly name: string;
  readonly value: string;
  readonly layer: ConfigLayer | 'default';
}

export class DynamicConfigs {
  private readonly given: Readonly<Record<string, string>>;
  private readonly image: MetadataImage;
  private readonly brokerId: number;
  private readonly ownKey: string;
  /** Null: to be read anew. */
  private merged: BrokerConfig | null = null;

  /** @param given the broker's own configuration, as text. */
  constructor(given: Readonly<Record<string, string>>, image: MetadataImage, brokerId: number) {
    this.given = given;
    this.image = image;
    this.brokerId = brokerId;
    this.ownKey = configKey(ConfigResourceType.BROKER, String(brokerId));
  }

  /** Everything that holds for this broker now. */
  get current(): BrokerConfig {
    this.merged ??= parseConfig(brokerConfigs, this.texts(), { at: 'broker' });
    return this.merged;
  }

  private texts(): Record<string, string> {
    const { image, brokerId } = this;
    const texts = { ...this.given };
    for (const layer of [image.clusterConfigs(), image.brokerConfigs(brokerId)]) {
      for (const [name, value] of layer) if (isDynamicBrokerKey(name)) texts[name] = value;
    }
    return texts;
  }

  /** The present configuration of a topic's logs. */
  ofTopic(topic: string): LogConfig {
    const overrides = Object.fromEntries(this.image.topicConfigs(topic));
    return logConfigFrom(topicConfigFor(this.current, overrides));
  }

  /** Where the value of a broker key comes from that is not a default. */
  layerOf(name: string): ConfigLayer {
    const { image, brokerId } = this;
    if (!isDynamicBrokerKey(name)) return 'static';
    if (image.brokerConfigs(brokerId).has(name)) return 'broker';
    return image.clusterConfigs().has(name) ? 'cluster' : 'static';
  }

  /** As `layerOf`, for a topic key that the topic does not set itself. */
  layerOfTopicKey(name: keyof typeof topicSynonyms): ConfigLayer {
    const key = topicSynonyms[name].find((synonym) => this.current.isGiven(synonym.key))?.key;
    return key === undefined ? 'static' : this.layerOf(key);
  }

  /**
   * Everywhere that one of these keys is set, in order of precedence, then their defaults.
   * @param names keys that stand for each other: log.retention.ms, .minutes, .hours.
   */
  settings(names: readonly string[]): ConfigSetting[] {
    const { image, brokerId, given } = this;
    const found: ConfigSetting[] = [];
    const dynamic = names.filter(isDynamicBrokerKey);
    const layers = [
      ['broker', image.brokerConfigs(brokerId)],
      ['cluster', image.clusterConfigs()],
    ] as const;
    for (const [layer, texts] of layers) {
      for (const name of dynamic) {
        const value = texts.get(name);
        if (value !== undefined) found.push({ name, value, layer });
      }
    }
    for (const name of names) {
      const value = given[name];
      if (value !== undefined) found.push({ name, value, layer: 'static' });
    }
    const keys: ConfigKeys = brokerConfigs.keys;
    for (const name of names) {
      const value = keys[name]?.defaultText ?? null;
      if (value !== null) found.push({ name, value, layer: 'default' });
    }
    return found;
  }

  /** What is wrong with changes of the cluster's or this broker's settings; null: unset. */
  problemWith(
    changes: ReadonlyMap<string, string | null>,
    { ofOneBroker }: { readonly ofOneBroker: boolean },
  ): string | null {
    const { image, brokerId } = this;
    const layer = ofOneBroker ? image.brokerConfigs(brokerId) : image.clusterConfigs();
    const texts: Record<string, string> = { ...this.given, ...Object.fromEntries(layer) };
    for (const [name, value] of changes) {
      if (value !== null) texts[name] = value;
      else if (this.given[name] !== undefined) texts[name] = this.given[name];
      else delete texts[name];
    }
    const [error] = checkConfig(brokerConfigs, texts, { at: 'broker' });
    return error === undefined ? null : error.message;
  }

  /**
   * Takes a change of a config resource in.
   * @returns the topics whose logs it concerns; null: those of all topics.
   */
  changed(key: string): readonly string[] | null {
    if (key === CLUSTER_KEY || key === this.ownKey) {
      this.merged = null;
      return null;
    }
    if (!key.startsWith(TOPIC_PREFIX)) return [];
    return [key.slice(TOPIC_PREFIX.length)];
  }
}
