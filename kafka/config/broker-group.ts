/** Keys of the group coordinator and of the topic in which it keeps groups and their offsets. */
import { int, long } from './define.ts';

export const brokerGroupKeys = {
  'offsets.topic.num.partitions': int({
    default: 50,
    min: 1,
    doc: 'Partitions of __consumer_offsets.',
  }),
  'offsets.topic.replication.factor': int({
    default: 3,
    min: 1,
    max: 32767,
    doc: 'Replicas of __consumer_offsets.',
  }),
  'offsets.topic.segment.bytes': int({
    default: 104857600,
    min: 1,
    doc: 'Segment size of __consumer_offsets.',
  }),
  'offsets.retention.minutes': int({
    default: 10080,
    min: 1,
    doc: 'How long committed offsets outlive the last use of their group.',
  }),
  'offsets.retention.check.interval.ms': long({
    default: 600000,
    min: 1,
    doc: 'How often expired offsets are looked for.',
  }),
  'offsets.commit.timeout.ms': int({
    default: 5000,
    min: 1,
    doc: 'Longest wait for an offset commit to reach all in-sync replicas.',
  }),
  'group.initial.rebalance.delay.ms': int({
    default: 3000,
    min: 0,
    doc: 'How long a new group waits for more members before its first rebalance.',
  }),
  'group.min.session.timeout.ms': int({
    default: 6000,
    min: 1,
    doc: 'Smallest session.timeout.ms a member may ask for.',
  }),
  'group.max.session.timeout.ms': int({
    default: 1800000,
    min: 1,
    doc: 'Largest session.timeout.ms a member may ask for.',
  }),
  'group.max.size': int({
    default: 2147483647,
    min: 1,
    doc: 'Most members of one group; more are refused.',
  }),
  'offset.metadata.max.bytes': int({
    default: 4096,
    doc: 'Largest text that may be committed with an offset.',
  }),
  'offsets.load.buffer.size': int({
    default: 5242880,
    min: 1,
    doc: 'Bytes read at a time when a coordinator loads its groups.',
  }),
};
