/** What the group coordinator takes from a broker's configuration (Kafka: GroupCoordinatorConfig). */
import type { BrokerConfig } from '../config/broker.ts';
import type { GroupSettings } from '../group/group-coordinator.ts';

const MINUTE_MS = 60_000;

export function groupSettings(config: BrokerConfig): GroupSettings {
  return {
    offsetsTopicPartitions: config.get('offsets.topic.num.partitions'),
    commitTimeoutMs: config.get('offsets.commit.timeout.ms'),
    loadBufferBytes: config.get('offsets.load.buffer.size'),
    retentionMs: config.get('offsets.retention.minutes') * MINUTE_MS,
    retentionCheckMs: config.get('offsets.retention.check.interval.ms'),
    initialRebalanceDelayMs: config.get('group.initial.rebalance.delay.ms'),
    maxGroupSize: config.get('group.max.size'),
  };
}
