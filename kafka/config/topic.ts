/**
 * Keys of topics (Kafka's LogConfig) and how a topic inherits from its broker: a key that the
 * topic does not set falls back to the first of its broker synonyms that was given, in order of
 * precedence (`log.retention.ms` before `.minutes` before `.hours`), then to its default.
 *
 * Kafka 4 refuses segments below 1 MiB except through an internal key; here small segments are
 * how rolling and recovery get tested, so `segment.bytes` keeps the older minimum.
 */
import type { BrokerConfig } from './broker.ts';
import { compressionLevelKeys, gzipLevelIsNotZero } from './compression.ts';
import { bool, defineConfigs, int, LONG_MAX, list, long, oneOf } from './define.ts';
import { type ParsedConfig, parseOver } from './parse.ts';

const COMPACTION = 'log compaction';

const topicKeys = {
  'min.insync.replicas': int({
    default: 1,
    min: 1,
    doc: 'In-sync replicas needed to accept a write with acks=all and to move the high watermark.',
  }),
  'unclean.leader.election.enable': bool({
    default: false,
    doc: 'Whether a replica outside the ISR may lead when nobody else can; loses records.',
  }),
  'max.message.bytes': int({
    default: 1048588,
    min: 0,
    doc: 'Largest record batch the topic accepts, in bytes.',
  }),
  'compression.type': oneOf(['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'], {
    default: 'producer',
    doc: 'Codec of stored batches; producer keeps what the producer chose.',
  }),
  ...compressionLevelKeys,
  'segment.bytes': int({
    default: 1073741824,
    min: 14,
    doc: 'A segment is closed before it would exceed this size.',
  }),
  'segment.ms': long({
    default: 604800000,
    min: 1,
    doc: 'A segment is closed after this time even if it is not full.',
  }),
  'segment.jitter.ms': long({
    default: 0,
    min: 0,
    doc: 'Largest random time taken off segment.ms.',
  }),
  'segment.index.bytes': int({
    default: 10485760,
    min: 4,
    doc: 'Largest offset index; a segment whose index is full is closed.',
  }),
  'index.interval.bytes': int({
    default: 4096,
    min: 0,
    doc: 'Bytes of batches between two entries of the sparse offset index.',
  }),
  'retention.ms': long({
    default: 604800000,
    min: -1,
    doc: 'Segments whose newest record is older are deleted; -1 keeps them.',
  }),
  'retention.bytes': long({
    default: -1,
    min: -1,
    doc: 'Oldest segments are deleted while a partition is larger; -1 means no limit.',
  }),
  'file.delete.delay.ms': long({
    default: 60000,
    min: 0,
    doc: 'How long a deleted segment file stays on disk under another name.',
  }),
  'cleanup.policy': list({
    default: ['delete'],
    allowed: ['delete', 'compact'],
    notYet: COMPACTION,
    works: ['compact'],
    doc: 'What happens to old records: delete by age and size; compact keeps all, as no cleaner runs.',
  }),
  'delete.retention.ms': long({
    default: 86400000,
    min: 0,
    notYet: COMPACTION,
    doc: 'How long compaction keeps tombstones.',
  }),
  'flush.messages': long({
    default: LONG_MAX,
    min: 1,
    doc: 'Records appended before the log is flushed to disk; the default leaves it to the OS.',
  }),
  'flush.ms': long({
    default: LONG_MAX,
    min: 0,
    doc: 'Longest time a record stays unflushed; the default leaves it to the OS.',
  }),
  'message.timestamp.type': oneOf(['CreateTime', 'LogAppendTime'], {
    default: 'CreateTime',
    doc: 'Whether records keep the producer’s timestamp or get the broker’s.',
  }),
  'message.timestamp.before.max.ms': long({
    default: LONG_MAX,
    min: 0,
    doc: 'How far a record’s timestamp may lie before the broker’s clock.',
  }),
  'message.timestamp.after.max.ms': long({
    default: 3600000,
    min: 0,
    doc: 'How far a record’s timestamp may lie after the broker’s clock.',
  }),
};

export const topicConfigs = defineConfigs('topic', topicKeys, [gzipLevelIsNotZero]);

export type TopicConfig = ParsedConfig<typeof topicKeys>;

type TopicKey = keyof typeof topicKeys;
type BrokerKey = keyof BrokerConfig['table']['keys'];
interface Synonym {
  key: BrokerKey;
  /** Factor from the broker key's unit to the topic key's. */
  times: number;
}

const MINUTE_MS = 60000;
const HOUR_MS = 3600000;

/** Broker keys a topic key falls back to, highest precedence first. */
export const topicSynonyms: Readonly<Record<TopicKey, readonly Synonym[]>> = {
  'min.insync.replicas': [{ key: 'min.insync.replicas', times: 1 }],
  'unclean.leader.election.enable': [{ key: 'unclean.leader.election.enable', times: 1 }],
  'max.message.bytes': [{ key: 'message.max.bytes', times: 1 }],
  'compression.type': [{ key: 'compression.type', times: 1 }],
  'compression.gzip.level': [{ key: 'compression.gzip.level', times: 1 }],
  'compression.lz4.level': [{ key: 'compression.lz4.level', times: 1 }],
  'compression.zstd.level': [{ key: 'compression.zstd.level', times: 1 }],
  'segment.bytes': [{ key: 'log.segment.bytes', times: 1 }],
  'segment.ms': [
    { key: 'log.roll.ms', times: 1 },
    { key: 'log.roll.hours', times: HOUR_MS },
  ],
  'segment.jitter.ms': [
    { key: 'log.roll.jitter.ms', times: 1 },
    { key: 'log.roll.jitter.hours', times: HOUR_MS },
  ],
  'segment.index.bytes': [{ key: 'log.index.size.max.bytes', times: 1 }],
  'index.interval.bytes': [{ key: 'log.index.interval.bytes', times: 1 }],
  'retention.ms': [
    { key: 'log.retention.ms', times: 1 },
    { key: 'log.retention.minutes', times: MINUTE_MS },
    { key: 'log.retention.hours', times: HOUR_MS },
  ],
  'retention.bytes': [{ key: 'log.retention.bytes', times: 1 }],
  'file.delete.delay.ms': [{ key: 'log.segment.delete.delay.ms', times: 1 }],
  'cleanup.policy': [{ key: 'log.cleanup.policy', times: 1 }],
  'delete.retention.ms': [{ key: 'log.cleaner.delete.retention.ms', times: 1 }],
  'flush.messages': [{ key: 'log.flush.interval.messages', times: 1 }],
  'flush.ms': [
    { key: 'log.flush.interval.ms', times: 1 },
    { key: 'log.flush.scheduler.interval.ms', times: 1 },
  ],
  'message.timestamp.type': [{ key: 'log.message.timestamp.type', times: 1 }],
  'message.timestamp.before.max.ms': [{ key: 'log.message.timestamp.before.max.ms', times: 1 }],
  'message.timestamp.after.max.ms': [{ key: 'log.message.timestamp.after.max.ms', times: 1 }],
};

/**
 * The effective configuration of a topic on a broker.
 * @throws InvalidConfig if `overrides` has an unknown key or a bad value.
 */
export function topicConfigFor(
  broker: BrokerConfig,
  overrides: Readonly<Record<string, string>>,
  at = 'topic',
): TopicConfig {
  const inherited = new Map<string, string>();
  for (const [name, synonyms] of Object.entries(topicSynonyms)) {
    const text = inheritedText(broker, synonyms);
    if (text !== null) inherited.set(name, text);
  }
  return parseOver(topicConfigs, overrides, inherited, { at });
}

function inheritedText(broker: BrokerConfig, synonyms: readonly Synonym[]): string | null {
  const given = synonyms.find((synonym) => broker.isGiven(synonym.key));
  if (given === undefined) return null;
  const text = broker.text(given.key);
  if (text === null || given.times === 1 || Number(text) < 0) return text;
  return String(Number(text) * given.times);
}
