/** Keys of consumers (Kafka's ConsumerConfig, level 4.1). */
import { clientKeys } from './client.ts';
import { bool, defineConfigs, int, list, long, oneOf, string } from './define.ts';

/** As they go over the wire. */
const ASSIGNOR_NAMES = ['range', 'roundrobin', 'sticky', 'cooperative-sticky'];
/** As Kafka's configuration names them. */
const ASSIGNOR_CLASSES = ['Range', 'RoundRobin', 'Sticky', 'CooperativeSticky'].map(
  (name) => `org.apache.kafka.clients.consumer.${name}Assignor`,
);

const consumerKeys = {
  ...clientKeys,
  'connections.max.idle.ms': long({
    default: 540000,
    doc: 'Connections without traffic for this long are closed; negative means never.',
  }),
  'auto.offset.reset': oneOf(['latest', 'earliest', 'none'], {
    default: 'latest',
    doc: 'Where to start without a valid position; none raises an error.',
  }),
  'isolation.level': oneOf(['read_uncommitted', 'read_committed'], {
    default: 'read_uncommitted',
    notYet: 'transactions',
    doc: 'Whether records of open and aborted transactions are returned.',
  }),
  'client.rack': string({
    default: '',
    doc: 'Where the consumer is; it then reads from a replica there, if brokers select by rack.',
  }),
  'fetch.min.bytes': int({
    default: 1,
    min: 0,
    doc: 'Bytes the broker collects before it answers a fetch.',
  }),
  'fetch.max.wait.ms': int({
    default: 500,
    min: 0,
    doc: 'Longest time the broker holds a fetch back to collect them.',
  }),
  'fetch.max.bytes': int({
    default: 52428800,
    min: 0,
    doc: 'Bytes asked for in one fetch; one batch is always sent.',
  }),
  'max.partition.fetch.bytes': int({
    default: 1048576,
    min: 0,
    doc: 'Bytes asked for per partition; one batch is always sent.',
  }),
  'max.poll.records': int({ default: 500, min: 1, doc: 'Most records one poll returns.' }),
  'check.crcs': bool({ default: true, doc: 'Whether the checksum of each batch is verified.' }),
  'allow.auto.create.topics': bool({
    default: true,
    doc: 'Whether asking for an unknown topic may create it.',
  }),
  'default.api.timeout.ms': int({
    default: 60000,
    min: 0,
    doc: 'How long calls without a time-out of their own may take.',
  }),
  'group.id': string({
    default: null,
    doc: 'Group whose members share the partitions, and whose offsets are committed.',
  }),
  'group.instance.id': string({
    default: null,
    doc: 'Makes the membership static: a process with the same id takes the place of the last.',
  }),
  'group.protocol': oneOf(['classic', 'consumer'], {
    default: 'classic',
    notYet: 'the consumer group protocol of KIP-848',
    doc: 'Which group protocol to use.',
  }),
  'partition.assignment.strategy': list({
    default: ASSIGNOR_CLASSES.filter((one) => /Range|Cooperative/.test(one)),
    allowed: [...ASSIGNOR_NAMES, ...ASSIGNOR_CLASSES],
    doc: 'Assignors in order of preference; a group uses one that all its members have.',
  }),
  'session.timeout.ms': int({
    default: 45000,
    min: 0,
    doc: 'A member that was not heard from for this long is removed.',
  }),
  'heartbeat.interval.ms': int({
    default: 3000,
    min: 0,
    doc: 'How often a member tells the coordinator that it is alive.',
  }),
  'max.poll.interval.ms': int({
    default: 300000,
    min: 1,
    doc: 'A member that did not poll for this long leaves the group; rounds wait this long too.',
  }),
  'enable.auto.commit': bool({
    default: true,
    doc: 'Whether positions are committed by themselves; without a group nothing is.',
  }),
  'auto.commit.interval.ms': int({
    default: 5000,
    min: 0,
    doc: 'How often positions are committed by themselves.',
  }),
};

export const consumerConfigs = defineConfigs('consumer', consumerKeys, [
  (config) => {
    if (config.get('heartbeat.interval.ms') < config.get('session.timeout.ms')) return null;
    const problem = 'is not lower than session.timeout.ms';
    const allowed = `less than ${config.get('session.timeout.ms')}`;
    return { key: 'heartbeat.interval.ms', problem, allowed };
  },
  (config) => {
    const isWanted = config.isGiven('enable.auto.commit') && config.get('enable.auto.commit');
    if (!isWanted || config.get('group.id') !== null) return null;
    const problem = 'commits offsets for no group: there is no group.id';
    return { key: 'enable.auto.commit', problem, allowed: 'false, or with group.id' };
  },
]);
