/**
 * What a scenario fixes before its first event: who is a broker, how many replicas have to be in
 * sync, what an acknowledgement promises. Read straight from the scenario, so that the page needs
 * no config tables for it; the defaults are Kafka's.
 */
import type { Scenario } from '../../sim/scenario/schema.ts';

export type NodeRole = 'broker' | 'controller' | 'producer' | 'consumer' | 'admin' | 'client';

export interface TopicFacts {
  readonly name: string;
  readonly replicationFactor: number;
  /** min.insync.replicas as the topic itself sets it; null: the brokers' holds. */
  readonly ownMinInSync: number | null;
  readonly uncleanElection: boolean;
}

export interface RunFacts {
  /** The brokers' min.insync.replicas, for topics without their own. */
  readonly minInSync: number;
  /** replica.lag.time.max.ms: so long a follower may stay behind. */
  readonly replicaLagMs: number;
  /** broker.session.timeout.ms: so long a broker may be unheard. */
  readonly sessionTimeoutMs: number;
  readonly topics: readonly TopicFacts[];
  /** By client name; '' where the client has no such setting. */
  readonly clients: Readonly<Record<string, { readonly role: NodeRole; readonly acks: string }>>;
}

const REPLICA_LAG_MS = 30_000;
const SESSION_TIMEOUT_MS = 9_000;

export const NO_FACTS: RunFacts = {
  minInSync: 1,
  replicaLagMs: REPLICA_LAG_MS,
  sessionTimeoutMs: SESSION_TIMEOUT_MS,
  topics: [],
  clients: {},
};

export function factsOf(scenario: Scenario): RunFacts {
  const { cluster, workload } = scenario;
  const clients: Record<string, { role: NodeRole; acks: string }> = {
    'lab-admin': { role: 'admin', acks: '' },
    'lab-reader': { role: 'consumer', acks: '' },
  };
  for (const entry of workload) {
    if ('producer' in entry) {
      clients[entry.producer] = { role: 'producer', acks: acksOf(entry.config['acks']) };
    } else if ('consumer' in entry) clients[entry.consumer] = { role: 'consumer', acks: '' };
    else clients[entry.admin] = { role: 'admin', acks: '' };
  }
  const setting = (topic: Scenario['cluster']['topics'][number], key: string) =>
    topic.config[key] ?? cluster.config[key];
  const topics = cluster.topics.map((topic): TopicFacts => {
    const own = topic.config['min.insync.replicas'];
    return {
      name: topic.name,
      replicationFactor: topic.replicationFactor,
      ownMinInSync: own === undefined ? null : Number(own),
      uncleanElection: setting(topic, 'unclean.leader.election.enable') === 'true',
    };
  });
  const minInSync = Number(cluster.config['min.insync.replicas'] ?? 1);
  const replicaLagMs = Number(cluster.config['replica.lag.time.max.ms'] ?? REPLICA_LAG_MS);
  const session = cluster.config['broker.session.timeout.ms'] ?? SESSION_TIMEOUT_MS;
  return { minInSync, replicaLagMs, sessionTimeoutMs: Number(session), topics, clients };
}

function acksOf(value: string | undefined): string {
  return value === undefined || value === '-1' ? 'all' : value;
}

/** The role that a node's name and the scenario give it. */
export function roleOf(name: string, facts: RunFacts): NodeRole {
  if (name.startsWith('broker-')) return 'broker';
  if (name.startsWith('controller-')) return 'controller';
  return facts.clients[name]?.role ?? 'client';
}

/** `orders-0` → topic `orders`, number 0; null for a text that names no partition. */
export function partitionParts(name: string): { topic: string; number: number } | null {
  const dash = name.lastIndexOf('-');
  const digits = name.slice(dash + 1);
  if (dash <= 0 || !/^\d+$/.test(digits)) return null;
  return { topic: name.slice(0, dash), number: Number(digits) };
}

/** Kafka's own topics: consumer offsets, transaction state, the metadata log. */
export function isInternal(partition: string): boolean {
  return partition.startsWith('__');
}
