/** What a scenario's settings promise, as the checks need it. */
import { brokerConfigs } from '../../kafka/config/broker.ts';
import { parseConfig } from '../../kafka/config/parse.ts';
import { topicConfigFor } from '../../kafka/config/topic.ts';
import type { RunSettings } from '../check/settings.ts';
import type { Scenario } from '../scenario/schema.ts';

export function runSettings(scenario: Scenario): RunSettings {
  const { cluster } = scenario;
  const broker = parseConfig(brokerConfigs, cluster.config, { at: 'cluster.config' });
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
    eligibleLeaderReplicas: broker.get('feature.eligible.leader.replicas.version') > 0,
    producerIdExpirationMs: broker.get('producer.id.expiration.ms'),
  };
}
