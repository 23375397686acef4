/** What a scenario's settings promise, as the checks need it. */
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { parseConfig } from '../../kafka/config/parse.ts';
import { topicConfigFor } from '../../kafka/config/topic.ts';
import type { RunSettings } from '../check/settings.ts';
import type { Scenario } from '../scenario/schema.ts';

export function runSettings(scenario: Scenario): RunSettings {
  const { cluster } = scenario;
  const broker = parseConfig(brokerConfigs, cluster.config, { at: 'cluster.config' });
  const anyTopic = topicConfigFor(broker, {});
  return {
    topics: cluster.topics.map((topic) => {
      const config = topicConfigFor(broker, topic.config);
      return {
        name: topic.name,
        partitions: topic.partitions,
        replicationFactor: topic.replicationFactor,
        minInSyncReplicas: config.get('min.insync.replicas'),
        uncleanLeaderElection: config.get('unclean.leader.election.enable'),
      };
    }),
    defaults: {
      minInSyncReplicas: broker.get('min.insync.replicas'),
      uncleanLeaderElection: broker.get('unclean.leader.election.enable'),
    },
    tightReplication: tightReplication(cluster.config),
    eligibleLeaderReplicas: broker.get('feature.eligible.leader.replicas.version') > 0,
    replicaLagTimeMaxMs: broker.get('replica.lag.time.max.ms'),
    retention: {
      retentionMs: anyTopic.get('retention.ms'),
      limitBytes: anyTopic.get('retention.bytes'),
      appendTime: anyTopic.get('message.timestamp.type') === 'LogAppendTime',
    },
    producerIdExpirationMs: broker.get('producer.id.expiration.ms'),
  };
}

/** Keys by which replication is slower, or found late sooner, below or above their default. */
const TIGHTER = {
  'broker.session.timeout.ms': 'below',
  'replica.lag.time.max.ms': 'below',
  'replica.fetch.max.bytes': 'below',
  'replica.fetch.response.max.bytes': 'below',
  'replica.fetch.min.bytes': 'above',
  'replica.fetch.wait.max.ms': 'above',
  'replica.fetch.backoff.ms': 'above',
} as const;

function tightReplication(config: Readonly<Record<string, string>>): string | null {
  const defaults = parseConfig(brokerConfigs, {}, { at: 'defaults' });
  for (const [name, side] of Object.entries(TIGHTER)) {
    const value = config[name];
    if (value === undefined) continue;
    const usual = defaults.get(name as keyof typeof TIGHTER);
    const isTight = side === 'below' ? Number(value) < usual : Number(value) > usual;
    if (isTight) return `${name}=${value}`;
  }
  return null;
}
