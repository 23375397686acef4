/**
 * Broker keys about logs and records: the defaults that topics inherit (`log.*` and friends,
 * see topic.ts for which one a topic key falls back to) and the housekeeping of log directories.
 */
import { compressionLevelKeys } from './compression.ts';
import { bool, int, LONG_MAX, list, long, oneOf } from './define.ts';

const COMPACTION = 'log compaction';

export const brokerLogKeys = {
  'num.partitions': int({
    default: 1,
    min: 1,
    doc: 'Partitions of a topic that is created without saying how many.',
  }),
  'default.replication.factor': int({
    default: 1,
    min: 1,
    max: 32767,
    doc: 'Replicas of a topic that is created without saying how many.',
  }),
  'auto.create.topics.enable': bool({
    default: true,
    doc: 'Whether asking for the metadata of an unknown topic creates it.',
  }),
  'min.insync.replicas': int({
    default: 1,
    min: 1,
    doc: 'In-sync replicas needed to accept a write with acks=all and to move the high watermark.',
  }),
  'unclean.leader.election.enable': bool({
    default: false,
    doc: 'Whether a replica outside the ISR may lead when nobody else can; loses records.',
  }),
  'message.max.bytes': int({
    default: 1048588,
    min: 0,
    doc: 'Largest record batch a topic accepts, in bytes.',
  }),
  'compression.type': oneOf(['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'], {
    default: 'producer',
    doc: 'Codec of stored batches; producer keeps what the producer chose.',
  }),
  ...compressionLevelKeys,
  'log.segment.bytes': int({
    default: 1073741824,
    min: 14,
    doc: 'A segment is closed before it would exceed this size.',
  }),
  'log.roll.ms': long({
    default: null,
    min: 1,
    doc: 'A segment is closed after this time even if it is not full.',
  }),
  'log.roll.hours': int({
    default: 168,
    min: 1,
    doc: 'As log.roll.ms, in hours, if that is unset.',
  }),
  'log.roll.jitter.ms': long({
    default: null,
    min: 0,
    doc: 'Largest random time taken off log.roll.ms, so that logs do not roll together.',
  }),
  'log.roll.jitter.hours': int({
    default: 0,
    min: 0,
    doc: 'As log.roll.jitter.ms, in hours, if that is unset.',
  }),
  'log.retention.ms': long({
    default: null,
    min: -1,
    doc: 'Segments whose newest record is older are deleted; -1 keeps them.',
  }),
  'log.retention.minutes': int({
    default: null,
    min: -1,
    doc: 'As log.retention.ms, in minutes, if that is unset.',
  }),
  'log.retention.hours': int({
    default: 168,
    min: -1,
    doc: 'As log.retention.ms, in hours, if neither ms nor minutes is set.',
  }),
  'log.retention.bytes': long({
    default: -1,
    min: -1,
    doc: 'Oldest segments are deleted while a partition is larger; -1 means no limit.',
  }),
  'log.retention.check.interval.ms': long({
    default: 300000,
    min: 1,
    doc: 'How often logs are looked through for segments to delete.',
  }),
  'log.initial.task.delay.ms': long({
    default: 30000,
    min: 0,
    doc: 'How long after start the periodic log tasks first run.',
  }),
  'log.cleanup.policy': list({
    default: ['delete'],
    allowed: ['delete', 'compact'],
    notYet: COMPACTION,
    doc: 'What happens to old records: delete by age and size, or compact by key.',
  }),
  'log.cleaner.delete.retention.ms': long({
    default: 86400000,
    min: 0,
    notYet: COMPACTION,
    doc: 'How long compaction keeps tombstones.',
  }),
  'log.index.size.max.bytes': int({
    default: 10485760,
    min: 4,
    doc: 'Largest offset index; a segment whose index is full is closed.',
  }),
  'log.index.interval.bytes': int({
    default: 4096,
    min: 0,
    doc: 'Bytes of batches between two entries of the sparse offset index.',
  }),
  'log.flush.interval.messages': long({
    default: LONG_MAX,
    min: 1,
    doc: 'Records appended to a log before it is flushed to disk; the default leaves it to the OS.',
  }),
  'log.flush.interval.ms': long({
    default: null,
    min: 0,
    doc: 'Longest time a record stays unflushed; unset means log.flush.scheduler.interval.ms.',
  }),
  'log.flush.scheduler.interval.ms': long({
    default: LONG_MAX,
    min: 0,
    doc: 'How often logs are looked through for overdue flushes.',
  }),
  'log.flush.offset.checkpoint.interval.ms': int({
    default: 60000,
    min: 0,
    doc: 'How often recovery points are written down.',
  }),
  'log.flush.start.offset.checkpoint.interval.ms': int({
    default: 60000,
    min: 0,
    doc: 'How often log start offsets are written down.',
  }),
  'log.segment.delete.delay.ms': long({
    default: 60000,
    min: 0,
    doc: 'How long a deleted segment file stays on disk under another name.',
  }),
  'log.message.timestamp.type': oneOf(['CreateTime', 'LogAppendTime'], {
    default: 'CreateTime',
    doc: 'Whether records keep the producer’s timestamp or get the broker’s.',
  }),
  'log.message.timestamp.before.max.ms': long({
    default: LONG_MAX,
    min: 0,
    doc: 'How far a record’s timestamp may lie before the broker’s clock.',
  }),
  'log.message.timestamp.after.max.ms': long({
    default: 3600000,
    min: 0,
    doc: 'How far a record’s timestamp may lie after the broker’s clock.',
  }),
  'log.dir.failure.timeout.ms': long({
    default: 30000,
    min: 1,
    doc: 'A broker halts if it cannot report a failed log directory within this time.',
  }),
  'producer.id.expiration.ms': int({
    default: 86400000,
    min: 1,
    doc: 'How long the state of a silent producer is kept in a partition.',
  }),
  'producer.id.expiration.check.interval.ms': int({
    default: 600000,
    min: 1,
    doc: 'How often expired producer state is looked for.',
  }),
};
