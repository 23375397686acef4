/**
 * The state in numbers, under the names by which Kafka's own metrics are known (JMX MBeans): for
 * the table "was, now, difference".
 */

import { isInternal } from './facts.ts';
import { lagsOf } from './lag.ts';
import { type ClusterState, type PartitionState, replicaCount } from './state.ts';

export interface Metric {
  /** The MBean and attribute, or '' where Kafka has no such metric. */
  readonly jmx: string;
  /** Short, for the table. */
  readonly title: string;
  readonly words: string;
  /** A gauge is about now, a counter about everything until now. */
  readonly kind: 'gauge' | 'counter';
  /** More is worse. */
  readonly isBad: boolean;
  readonly value: (state: ClusterState) => number;
}

const replicaManager = (name: string) => `kafka.server:type=ReplicaManager,name=${name}`;
const controller = (name: string) => `kafka.controller:type=KafkaController,name=${name}`;

function partitions(state: ClusterState): PartitionState[] {
  return Object.values(state.partitions).filter((one) => !isInternal(one.name));
}

function countOf(state: ClusterState, test: (partition: PartitionState) => boolean): number {
  return partitions(state).filter(test).length;
}

export const metrics: readonly Metric[] = [
  {
    jmx: replicaManager('UnderReplicatedPartitions'),
    title: 'Under-replicated partitions',
    words: 'partitions with fewer in-sync replicas than replicas',
    kind: 'gauge',
    isBad: true,
    value: (state) =>
      countOf(state, (one) => one.leader >= 0 && one.isr.length < replicaCount(one)),
  },
  {
    jmx: replicaManager('UnderMinIsrPartitionCount'),
    title: 'Under min ISR',
    words: 'partitions with fewer in-sync replicas than min.insync.replicas: acks=all is refused',
    kind: 'gauge',
    isBad: true,
    value: (state) => countOf(state, (one) => one.leader >= 0 && one.isr.length < one.minInSync),
  },
  {
    jmx: replicaManager('AtMinIsrPartitionCount'),
    title: 'At min ISR',
    words: 'partitions with exactly min.insync.replicas replicas in sync: one more and writes stop',
    kind: 'gauge',
    isBad: true,
    value: (state) => countOf(state, (one) => one.leader >= 0 && one.isr.length === one.minInSync),
  },
  {
    jmx: controller('OfflinePartitionsCount'),
    title: 'Offline partitions',
    words: 'partitions without a leader',
    kind: 'gauge',
    isBad: true,
    value: (state) => countOf(state, (one) => one.electedEvent > 0 && one.leader < 0),
  },
  {
    jmx: controller('ActiveControllerCount'),
    title: 'Active controllers',
    words: 'should be 1',
    kind: 'gauge',
    isBad: false,
    value: (state) => (state.controller.active === '' ? 0 : 1),
  },
  {
    jmx: controller('ActiveBrokerCount'),
    title: 'Active brokers',
    words: 'registered brokers that are not fenced, as the controller sees it',
    kind: 'gauge',
    isBad: false,
    value: (state) => brokers(state, false),
  },
  {
    jmx: controller('FencedBrokerCount'),
    title: 'Fenced brokers',
    words: 'registered brokers that are fenced',
    kind: 'gauge',
    isBad: true,
    value: (state) => brokers(state, true),
  },
  {
    jmx: replicaManager('IsrShrinksPerSec'),
    title: 'ISR shrinks',
    words: 'how often the in-sync replicas of a partition became fewer',
    kind: 'counter',
    isBad: true,
    value: (state) => state.counters.isrShrinks,
  },
  {
    jmx: replicaManager('IsrExpandsPerSec'),
    title: 'ISR expands',
    words: 'how often a replica caught up and came back',
    kind: 'counter',
    isBad: false,
    value: (state) => state.counters.isrExpands,
  },
  {
    jmx: 'kafka.controller:type=ControllerStats,name=LeaderElectionRateAndTimeMs',
    title: 'Leader elections',
    words: 'how often a partition got another leader or epoch',
    kind: 'counter',
    isBad: true,
    value: (state) => state.counters.elections,
  },
  {
    jmx: 'kafka.controller:type=ControllerStats,name=UncleanLeaderElectionsPerSec',
    title: 'Unclean elections',
    words: 'elections of a replica that was not in sync: acknowledged records may be gone',
    kind: 'counter',
    isBad: true,
    value: (state) => state.counters.uncleanElections,
  },
  {
    jmx: 'kafka.server:type=BrokerTopicMetrics,name=FailedProduceRequestsPerSec',
    title: 'Refused produces',
    words: 'batches that a leader refused without writing them',
    kind: 'counter',
    isBad: true,
    value: (state) => state.counters.producesRefused,
  },
  {
    jmx: 'kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec',
    title: 'Records in',
    words: 'records that leaders appended',
    kind: 'counter',
    isBad: false,
    value: (state) => state.counters.appendedRecords,
  },
  {
    jmx: 'kafka.producer:type=producer-metrics,name=record-retry-total',
    title: 'Producer retries',
    words: 'batches that a producer put back to send them again',
    kind: 'counter',
    isBad: true,
    value: (state) => state.counters.retries,
  },
  {
    jmx: '',
    title: 'Records truncated',
    words: 'records that replicas cut off their logs',
    kind: 'counter',
    isBad: true,
    value: (state) => state.counters.truncatedRecords,
  },
  {
    jmx: 'kafka.server:type=ReplicaFetcherManager,name=MaxLag,clientId=Replica',
    title: 'Replica max lag',
    words: 'records that the slowest follower is behind its leader',
    kind: 'gauge',
    isBad: true,
    value: (state) => maxLag(state, 'replica'),
  },
  {
    jmx: 'kafka.consumer:type=consumer-fetch-manager-metrics,name=records-lag-max',
    title: 'Consumer max lag',
    words: 'records that the slowest consumer is behind the high watermark',
    kind: 'gauge',
    isBad: true,
    value: (state) => maxLag(state, 'consumer'),
  },
  {
    jmx: 'kafka.log:type=LogManager,name=OfflineLogDirectoryCount',
    title: 'Offline log directories',
    words: 'log directories that a broker gave up after a disk error',
    kind: 'gauge',
    isBad: true,
    value: (state) => Object.values(state.nodes).filter((one) => one.logDirFailed !== '').length,
  },
];

function brokers(state: ClusterState, fenced: boolean): number {
  return Object.values(state.nodes).filter(
    (one) => one.role === 'broker' && one.brokerEpoch >= 0 && one.fenced === fenced,
  ).length;
}

function maxLag(state: ClusterState, kind: 'replica' | 'consumer'): number {
  let most = 0;
  for (const lag of lagsOf(state)) {
    if (lag.kind === kind && lag.records > most) most = lag.records;
  }
  return most;
}

export interface MetricRow {
  readonly metric: Metric;
  readonly was: number;
  readonly now: number;
  readonly delta: number;
}

export function metricRows(was: ClusterState, now: ClusterState): MetricRow[] {
  return metrics.map((metric) => {
    const before = metric.value(was);
    const after = metric.value(now);
    return { metric, was: before, now: after, delta: after - before };
  });
}
