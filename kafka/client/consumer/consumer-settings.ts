/** The consumer's configuration as plain values, read once from its parsed keys. */
import { consumerConfigs } from '../../config/consumer.ts';
import { parseConfig } from '../../config/parse.ts';
import { type ClientSettings, clientSettings } from '../client-core.ts';

export interface ConsumerSettings extends ClientSettings {
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none';
  readonly fetchMinBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly fetchMaxBytes: number;
  readonly maxPartitionFetchBytes: number;
  readonly maxPollRecords: number;
  readonly checkCrcs: boolean;
  readonly allowAutoCreateTopics: boolean;
}

/** @throws InvalidConfig naming what is wrong. */
export function consumerSettings(raw: Readonly<Record<string, string>>): ConsumerSettings {
  const config = parseConfig(consumerConfigs, raw, { at: 'consumer config' });
  return {
    ...clientSettings(config),
    autoOffsetReset: config.get('auto.offset.reset'),
    fetchMinBytes: config.get('fetch.min.bytes'),
    fetchMaxWaitMs: config.get('fetch.max.wait.ms'),
    fetchMaxBytes: config.get('fetch.max.bytes'),
    maxPartitionFetchBytes: config.get('max.partition.fetch.bytes'),
    maxPollRecords: config.get('max.poll.records'),
    checkCrcs: config.get('check.crcs'),
    allowAutoCreateTopics: config.get('allow.auto.create.topics'),
  };
}
