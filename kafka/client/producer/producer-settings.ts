/** The producer's configuration as plain numbers, read once from its parsed keys. */

import { parseConfig } from '../../config/parse.ts';
import {
  deliveryTimeoutMs,
  idempotenceEnabled,
  type ProducerConfig,
  producerConfigs,
} from '../../config/producer.ts';
import { type CompressionChoice, withLevel } from '../../records/compression.ts';
import { type ClientSettings, clientSettings } from '../client-core.ts';

export interface ProducerSettings extends ClientSettings {
  /** -1: all. */
  readonly acks: number;
  readonly idempotent: boolean;
  readonly retries: number;
  /** null: batches are not compressed. */
  readonly compression: CompressionChoice | null;
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly bufferMemoryBytes: number;
  readonly maxBlockMs: number;
  readonly maxRequestSize: number;
  readonly metadataMaxIdleMs: number;
  readonly deliveryTimeoutMs: number;
  readonly ignoreKeys: boolean;
  readonly adaptivePartitioning: boolean;
  /** 0: brokers that do not take requests are not avoided. */
  readonly availabilityTimeoutMs: number;
}

/** @throws InvalidConfig naming what is wrong. */
export function producerSettings(raw: Readonly<Record<string, string>>): ProducerSettings {
  const config: ProducerConfig = parseConfig(producerConfigs, raw, { at: 'producer config' });
  return {
    ...clientSettings(config, config.get('max.in.flight.requests.per.connection')),
    acks: config.get('acks') === 'all' ? -1 : Number(config.get('acks')),
    idempotent: idempotenceEnabled(config),
    retries: config.get('retries'),
    compression: compressionOf(config),
    batchSize: config.get('batch.size'),
    lingerMs: config.get('linger.ms'),
    bufferMemoryBytes: config.get('buffer.memory'),
    maxBlockMs: config.get('max.block.ms'),
    maxRequestSize: config.get('max.request.size'),
    metadataMaxIdleMs: config.get('metadata.max.idle.ms'),
    deliveryTimeoutMs: deliveryTimeoutMs(config),
    ignoreKeys: config.get('partitioner.ignore.keys'),
    adaptivePartitioning: config.get('partitioner.adaptive.partitioning.enable'),
    availabilityTimeoutMs: config.get('partitioner.availability.timeout.ms'),
  };
}

function compressionOf(config: ProducerConfig): CompressionChoice | null {
  const codec = config.get('compression.type');
  if (codec === 'none') return null;
  const gzip = config.get('compression.gzip.level');
  return withLevel(codec, { gzip, zstd: config.get('compression.zstd.level') });
}
