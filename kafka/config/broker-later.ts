/**
 * Broker keys of rooms that do not exist yet: the newer group protocol and transactions. They can be read
 * with their defaults, and giving another value is refused instead of having no effect.
 */
import { bool, int } from './define.ts';

const GROUPS = 'the consumer group protocol of KIP-848';
const TRANSACTIONS = 'transactions';

export const brokerLaterKeys = {
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
