/**
 * Broker keys of rooms that do not exist yet: consumer groups and transactions. They can be read
 * with their defaults, and giving another value is refused instead of having no effect.
 */
import { bool, int, long } from './define.ts';

const GROUPS = 'consumer groups';
const TRANSACTIONS = 'transactions';

export const brokerLaterKeys = {
  'offsets.topic.num.partitions': int({
    default: 50,
    min: 1,
    notYet: GROUPS,
    doc: 'Partitions of __consumer_offsets.',
  }),
  'offsets.topic.replication.factor': int({
    default: 3,
    min: 1,
    max: 32767,
    notYet: GROUPS,
    doc: 'Replicas of __consumer_offsets.',
  }),
  'offsets.topic.segment.bytes': int({
    default: 104857600,
    min: 1,
    notYet: GROUPS,
    doc: 'Segment size of __consumer_offsets.',
  }),
  'offsets.retention.minutes': int({
    default: 10080,
    min: 1,
    notYet: GROUPS,
    doc: 'How long committed offsets outlive the last use of their group.',
  }),
  'offsets.retention.check.interval.ms': long({
    default: 600000,
    min: 1,
    notYet: GROUPS,
    doc: 'How often expired offsets are looked for.',
  }),
  'offsets.commit.timeout.ms': int({
    default: 5000,
    min: 1,
    notYet: GROUPS,
    doc: 'Longest wait for an offset commit to reach all in-sync replicas.',
  }),
  'group.initial.rebalance.delay.ms': int({
    default: 3000,
    min: 0,
    notYet: GROUPS,
    doc: 'How long a new group waits for more members before its first rebalance.',
  }),
  'group.min.session.timeout.ms': int({
    default: 6000,
    min: 1,
    notYet: GROUPS,
    doc: 'Smallest session.timeout.ms a member may ask for.',
  }),
  'group.max.session.timeout.ms': int({
    default: 1800000,
    min: 1,
    notYet: GROUPS,
    doc: 'Largest session.timeout.ms a member may ask for.',
  }),
  'group.consumer.session.timeout.ms': int({
    default: 45000,
    min: 1,
    notYet: GROUPS,
    doc: 'Session time-out of members of the newer group protocol.',
  }),
  'group.consumer.heartbeat.interval.ms': int({
    default: 5000,
    min: 1,
    notYet: GROUPS,
    doc: 'Heartbeat interval of members of the newer group protocol.',
  }),
  'transaction.state.log.num.partitions': int({
    default: 50,
    min: 1,
    notYet: TRANSACTIONS,
    doc: 'Partitions of __transaction_state.',
  }),
  'transaction.state.log.replication.factor': int({
    default: 3,
    min: 1,
    max: 32767,
    notYet: TRANSACTIONS,
    doc: 'Replicas of __transaction_state.',
  }),
  'transaction.state.log.min.isr': int({
    default: 2,
    min: 1,
    notYet: TRANSACTIONS,
    doc: 'min.insync.replicas of __transaction_state.',
  }),
  'transaction.max.timeout.ms': int({
    default: 900000,
    min: 1,
    notYet: TRANSACTIONS,
    doc: 'Largest transaction.timeout.ms a producer may ask for.',
  }),
  'transactional.id.expiration.ms': int({
    default: 604800000,
    min: 1,
    notYet: TRANSACTIONS,
    doc: 'How long an unused transactional.id is remembered.',
  }),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int({
    default: 10000,
    min: 1,
    notYet: TRANSACTIONS,
    doc: 'How often timed-out transactions are looked for.',
  }),
  'transaction.partition.verification.enable': bool({
    default: true,
    notYet: TRANSACTIONS,
    doc: 'Whether a leader asks the coordinator before the first write of a transaction.',
  }),
};
