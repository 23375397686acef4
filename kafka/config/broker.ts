/**
 * Keys of brokers and controllers (Kafka's KafkaConfig, level 4.1). Log defaults are in
 * broker-log.ts, keys that wait for their room in broker-later.ts. `cluster.id` and
 * `feature.*` are ours: what `kafka-storage format` would have written into the log directory.
 */
import { brokerGroupKeys } from './broker-group.ts';
import { brokerLaterKeys } from './broker-later.ts';
import { brokerLogKeys } from './broker-log.ts';
import { brokerRules } from './broker-rules.ts';
import { brokerSecurityKeys, listenerSecurityKeys } from './broker-security.ts';
import { bool, className, defineConfigs, int, list, long, string } from './define.ts';
import {
  certificateRule,
  mechanismRule,
  protocolRule,
  superUserRule,
} from './listener-security.ts';
import type { ParsedConfig } from './parse.ts';

/** The replica selector that there is. */
export const RACK_AWARE_SELECTOR = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

const identityKeys = {
  'node.id': int({ default: -1, min: 0, doc: 'Number of this node, unique in the cluster.' }),
  'process.roles': list({
    default: [],
    allowed: ['broker', 'controller'],
    doc: 'What this process does.',
  }),
  'cluster.id': string({
    default: null,
    doc: 'Identity of the cluster, a 22-character UUID; a node refuses one that differs.',
  }),
  'feature.eligible.leader.replicas.version': int({
    default: 1,
    min: 0,
    max: 1,
    doc: 'Feature level a new cluster starts with: 1 keeps eligible leader replicas (KIP-966).',
  }),
  'initial.controllers': list({
    default: [],
    doc: 'First voters of a quorum whose voters can change (KIP-853): id@host:port:directory-id.',
  }),
  listeners: list({
    default: ['PLAINTEXT://:9092'],
    doc: 'Where to listen: NAME://host:port.',
  }),
  'advertised.listeners': list({
    default: null,
    doc: 'Addresses told to clients and other brokers; unset means listeners.',
  }),
  'controller.listener.names': list({
    default: [],
    doc: 'Names of the listeners that controllers use.',
  }),
  'inter.broker.listener.name': string({
    default: null,
    doc: 'Name of the listener brokers use among themselves; unset means the first.',
  }),
  'broker.rack': string({ default: null, doc: 'Rack of the broker; replicas spread over racks.' }),
  'replica.selector.class': className({
    default: null,
    notYet: 'own replica selectors',
    works: [RACK_AWARE_SELECTOR],
    doc: 'Which replica a consumer is sent to; unset: the leader (KIP-392).',
  }),
  'log.dirs': list({ default: ['/tmp/kafka-logs'], doc: 'Directories that hold partition logs.' }),
  'metadata.log.dir': string({
    default: null,
    doc: 'Directory of the metadata log; unset means the first of log.dirs.',
  }),
};

const controlPlaneKeys = {
  'broker.heartbeat.interval.ms': int({
    default: 2000,
    min: 1,
    doc: 'How often a broker tells the controller that it is alive.',
  }),
  'broker.session.timeout.ms': int({
    default: 9000,
    min: 1,
    doc: 'A broker that was not heard from for this long is fenced.',
  }),
  'initial.broker.registration.timeout.ms': int({
    default: 60000,
    min: 1,
    doc: 'A broker that cannot register within this time after its start halts.',
  }),
  'controlled.shutdown.enable': bool({
    default: true,
    doc: 'Whether a stopping broker first hands its leaderships over.',
  }),
  'auto.leader.rebalance.enable': bool({
    default: true,
    doc: 'Whether leadership goes back to preferred replicas by itself.',
  }),
  'leader.imbalance.check.interval.seconds': long({
    default: 300,
    min: 1,
    doc: 'Shortest time between two passes that give leadership back.',
  }),
  'unclean.leader.election.interval.ms': long({
    default: 300000,
    min: 1,
    doc: 'How often leaderless partitions that allow it get a leader from outside the ISR.',
  }),
  'delete.topic.enable': bool({ default: true, doc: 'Whether topics can be deleted.' }),
  'leader.imbalance.per.broker.percentage': int({
    default: 10,
    notYet: 'the ZooKeeper controller',
    doc: 'Imbalance the ZooKeeper controller tolerated; KRaft never reads it.',
  }),
  'controller.quorum.voters': list({
    default: [],
    doc: 'The controllers: id@host:port.',
  }),
  'controller.quorum.bootstrap.servers': list({
    default: [],
    doc: 'Where the quorum can be found when the log names its voters: host:port.',
  }),
  'controller.quorum.election.timeout.ms': int({
    default: 1000,
    min: 0,
    doc: 'Shortest wait for votes before an election is tried again.',
  }),
  'controller.quorum.fetch.timeout.ms': int({
    default: 2000,
    min: 0,
    doc: 'A voter that could not fetch for this long tries to become leader; above 500 ms.',
  }),
  'controller.quorum.election.backoff.max.ms': int({
    default: 1000,
    min: 0,
    doc: 'Largest random wait between two elections.',
  }),
  'controller.quorum.append.linger.ms': int({
    default: 25,
    min: 0,
    doc: 'How long the leader collects metadata records before it writes them.',
  }),
  'controller.quorum.request.timeout.ms': int({
    default: 2000,
    min: 0,
    doc: 'How long a request to the quorum may take.',
  }),
  'controller.quorum.retry.backoff.ms': int({
    default: 20,
    min: 0,
    doc: 'Wait before a failed request to the quorum is repeated.',
  }),
  'metadata.log.segment.bytes': int({
    default: 1073741824,
    min: 12,
    doc: 'Segment size of the metadata log.',
  }),
  'metadata.log.segment.ms': long({
    default: 604800000,
    doc: 'A segment of the metadata log is closed after this time.',
  }),
  'metadata.log.max.record.bytes.between.snapshots': long({
    default: 20971520,
    min: 1,
    doc: 'Bytes of metadata records after which a node makes a new snapshot.',
  }),
  'metadata.log.max.snapshot.interval.ms': long({
    default: 3600000,
    min: 0,
    doc: 'A snapshot is made at least this often while there are new records; 0 means never.',
  }),
  'metadata.max.retention.bytes': long({
    default: 104857600,
    doc: 'Metadata log and snapshots may take this much before old snapshots go; -1: no limit.',
  }),
  'metadata.max.retention.ms': long({
    default: 604800000,
    doc: 'How long old metadata snapshots are kept, and the log before them; -1: no limit.',
  }),
  'metadata.max.idle.interval.ms': int({
    default: 500,
    min: 0,
    doc: 'How often the active controller writes a no-op record; 0 means never.',
  }),
};

const replicationKeys = {
  'replica.lag.time.max.ms': long({
    default: 30000,
    min: 1,
    doc: 'A follower that was not caught up for this long leaves the ISR.',
  }),
  'replica.lag.max.messages': long({
    default: null,
    min: 1,
    notYet: 'the ISR rule of Kafka 0.8',
    doc: 'Records a follower could lag behind before leaving the ISR; gone since 0.9.',
  }),
  'replica.fetch.wait.max.ms': int({
    default: 500,
    min: 0,
    doc: 'How long a leader may hold back a follower’s fetch that has nothing to answer.',
  }),
  'replica.fetch.min.bytes': int({
    default: 1,
    min: 0,
    doc: 'Bytes a leader collects before it answers a follower’s fetch.',
  }),
  'replica.fetch.max.bytes': int({
    default: 1048576,
    min: 0,
    doc: 'Bytes a follower asks for per partition; one batch is always sent.',
  }),
  'replica.fetch.response.max.bytes': int({
    default: 10485760,
    min: 0,
    doc: 'Bytes a follower asks for in one response; one batch is always sent.',
  }),
  'replica.fetch.backoff.ms': int({
    default: 1000,
    min: 0,
    doc: 'Wait before a partition that failed to fetch is tried again.',
  }),
  'num.replica.fetchers': int({
    default: 1,
    min: 1,
    notYet: 'more than one fetcher per leader',
    doc: 'Connections a follower fetches with from one leader.',
  }),
  'replica.socket.timeout.ms': int({
    default: 30000,
    min: 1,
    doc: 'How long a follower waits for the answer to a fetch.',
  }),
  'replica.high.watermark.checkpoint.interval.ms': long({
    default: 5000,
    min: 1,
    doc: 'How often high watermarks are written down.',
  }),
};

const requestKeys = {
  'socket.request.max.bytes': int({
    default: 104857600,
    min: 1,
    doc: 'Largest request; a longer one closes the connection.',
  }),
  'connections.max.idle.ms': long({
    default: 600000,
    doc: 'Connections without traffic for this long are closed; negative means never.',
  }),
  'max.connections': int({
    default: 2147483647,
    min: 0,
    doc: 'Connections that are served at the same time; further ones wait.',
  }),
  'max.connections.per.ip': int({
    default: 2147483647,
    min: 0,
    doc: 'Connections that are taken from one address; further ones are closed.',
  }),
  'max.connections.per.ip.overrides': list({
    default: [],
    doc: 'Other limits for some addresses: 10.0.0.1:100,10.0.0.2:50.',
  }),
  'request.timeout.ms': int({
    default: 30000,
    min: 0,
    doc: 'How long this broker waits for answers of other nodes.',
  }),
  'socket.connection.setup.timeout.ms': long({
    default: 10000,
    min: 0,
    doc: 'How long a connection may take to be made, at first.',
  }),
  'socket.connection.setup.timeout.max.ms': long({
    default: 30000,
    min: 0,
    notYet: 'connection time-outs that grow',
    doc: 'How long a connection may take to be made, after repeated failures.',
  }),
  'fetch.max.bytes': int({
    default: 57671680,
    min: 1024,
    doc: 'Most bytes this broker answers one fetch with; one batch is always sent.',
  }),
  'max.incremental.fetch.session.cache.slots': int({
    default: 1000,
    min: 0,
    doc: 'Incremental fetch sessions this broker remembers.',
  }),
};

const brokerKeys = {
  ...identityKeys,
  ...controlPlaneKeys,
  ...replicationKeys,
  ...requestKeys,
  ...brokerLogKeys,
  ...brokerGroupKeys,
  ...brokerSecurityKeys,
  ...brokerLaterKeys,
};

export type BrokerConfig = ParsedConfig<typeof brokerKeys>;

export const brokerConfigs = defineConfigs(
  'broker',
  brokerKeys,
  [...brokerRules, protocolRule, mechanismRule, certificateRule, superUserRule],
  listenerSecurityKeys,
);
