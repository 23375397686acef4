/**
 * The settings of one log as plain numbers, taken once from the parsed topic configuration, so
 * that the append path never looks a key up (Kafka: LogConfig).
 */
import type { TopicConfig } from '../config/topic.ts';
import type { CodecName } from '../host.ts';
import type { TimestampType } from '../records/batch.ts';
import { type CompressionChoice, withLevel } from '../records/compression.ts';

/** `Infinity` stands for Kafka's Long.MAX_VALUE; -1 in the retentions means no limit. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly segmentJitterMs: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly fileDeleteDelayMs: number;
  readonly flushMessages: number;
  readonly flushMs: number;
  readonly maxMessageBytes: number;
  readonly messageTimestampType: TimestampType;
  readonly messageTimestampBeforeMaxMs: number;
  readonly messageTimestampAfterMaxMs: number;
  /** What is stored: as the producer has it, uncompressed (null), or by one codec. */
  readonly compression: 'producer' | CompressionChoice | null;
  /** `cleanup.policy`: compaction needs keys; without `delete`, age and size delete nothing. */
  readonly compact: boolean;
  readonly delete: boolean;
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElectionEnable: boolean;
}

export function logConfigFrom(topic: TopicConfig): LogConfig {
  // Compaction alone gives nothing up by age or size.
  const deletes = topic.get('cleanup.policy').includes('delete');
  return {
    segmentBytes: topic.get('segment.bytes'),
    segmentMs: topic.get('segment.ms'),
    segmentJitterMs: topic.get('segment.jitter.ms'),
    segmentIndexBytes: topic.get('segment.index.bytes'),
    indexIntervalBytes: topic.get('index.interval.bytes'),
    retentionMs: deletes ? topic.get('retention.ms') : -1,
    retentionBytes: deletes ? topic.get('retention.bytes') : -1,
    fileDeleteDelayMs: topic.get('file.delete.delay.ms'),
    flushMessages: topic.get('flush.messages'),
    flushMs: topic.get('flush.ms'),
    maxMessageBytes: topic.get('max.message.bytes'),
    messageTimestampType: topic.get('message.timestamp.type'),
    messageTimestampBeforeMaxMs: topic.get('message.timestamp.before.max.ms'),
    messageTimestampAfterMaxMs: topic.get('message.timestamp.after.max.ms'),
    compression: compressionOf(topic),
    compact: topic.get('cleanup.policy').includes('compact'),
    delete: topic.get('cleanup.policy').includes('delete'),
    minInsyncReplicas: topic.get('min.insync.replicas'),
    uncleanLeaderElectionEnable: topic.get('unclean.leader.election.enable'),
  };
}

function compressionOf(topic: TopicConfig): LogConfig['compression'] {
  const type: CodecName | 'producer' | 'uncompressed' = topic.get('compression.type');
  if (type === 'producer') return type;
  if (type === 'uncompressed') return null;
  const gzip = topic.get('compression.gzip.level');
  return withLevel(type, { gzip, zstd: topic.get('compression.zstd.level') });
}

/** Kafka's defaults; for logs that no topic configures (the metadata log) and for tests. */
export const DEFAULT_LOG_CONFIG: LogConfig = {
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  retentionMs: 604_800_000,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  flushMessages: Number.POSITIVE_INFINITY,
  flushMs: Number.POSITIVE_INFINITY,
  maxMessageBytes: 1_048_588,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  messageTimestampAfterMaxMs: 3_600_000,
  compression: 'producer',
  compact: false,
  delete: true,
  minInsyncReplicas: 1,
  uncleanLeaderElectionEnable: false,
};
