/**
 * Where Kafka's rules are written down: config keys and improvement proposals that legend and
 * explanations refer to. Links are opened by people only; the page itself asks nobody.
 */

export interface RuleLink {
  /** As Kafka calls it: a config key, a KIP, a chapter. */
  readonly name: string;
  readonly href: string;
}

const DOCUMENTATION = 'https://kafka.apache.org/41/';
const PROPOSALS = 'https://cwiki.apache.org/confluence/display/KAFKA/';

function config(group: 'broker' | 'topic' | 'producer' | 'consumer', key: string): RuleLink {
  const page = `${DOCUMENTATION}configuration/${group}-configs/`;
  return { name: key, href: `${page}#${group}configs_${key}` };
}

function proposal(number: number, title: string): RuleLink {
  const page = `KIP-${number}: ${title}`.replaceAll(':', '%3A').replaceAll(' ', '+');
  return { name: `KIP-${number}`, href: PROPOSALS + page };
}

function design(name: string): RuleLink {
  return { name, href: `${DOCUMENTATION}design/design/#replication` };
}

export const rules = {
  acks: config('producer', 'acks'),
  retries: config('producer', 'retries'),
  maxInFlight: config('producer', 'max.in.flight.requests.per.connection'),
  idempotence: config('producer', 'enable.idempotence'),
  deliveryTimeout: config('producer', 'delivery.timeout.ms'),
  requestTimeout: config('producer', 'request.timeout.ms'),
  autoCommit: config('consumer', 'enable.auto.commit'),
  maxPollInterval: config('consumer', 'max.poll.interval.ms'),
  groupSession: config('consumer', 'session.timeout.ms'),
  assignors: config('consumer', 'partition.assignment.strategy'),
  groupCoordinator: config('broker', 'group.initial.rebalance.delay.ms'),
  offsetsRetention: config('broker', 'offsets.retention.minutes'),
  autoOffsetReset: config('consumer', 'auto.offset.reset'),
  minInSync: config('topic', 'min.insync.replicas'),
  uncleanElection: config('topic', 'unclean.leader.election.enable'),
  flushMessages: config('topic', 'flush.messages'),
  retention: config('topic', 'retention.ms'),
  replicaLagTime: config('broker', 'replica.lag.time.max.ms'),
  sessionTimeout: config('broker', 'broker.session.timeout.ms'),
  controlledShutdown: config('broker', 'controlled.shutdown.enable'),
  producerExpiry: config('broker', 'producer.id.expiration.ms'),
  replication: design('replication'),
  replicatedLog: design('replicated log'),
  protocol: { name: 'protocol guide', href: 'https://kafka.apache.org/41/design/protocol/' },
  exactlyOnce: proposal(98, 'Exactly Once Delivery and Transactional Messaging'),
  leaderEpochs: proposal(
    101,
    'Alter Replication Protocol to use Leader Epoch rather than High Watermark for Truncation',
  ),
  divergence: proposal(
    279,
    'Fix log divergence between leader and follower after fast leader fail over',
  ),
  fetchSessions: proposal(
    227,
    'Introduce Incremental FetchRequests to Increase Partition Scalability',
  ),
  fencedConsumers: proposal(320, 'Allow fetchers to detect and handle log truncation'),
  alterPartition: proposal(497, 'Add inter-broker API to alter ISR'),
  quorum: proposal(595, 'A Raft Protocol for the Metadata Quorum'),
  preVote: proposal(996, 'Pre-Vote'),
  quorumController: proposal(631, 'The Quorum-based Kafka Controller'),
  snapshots: proposal(630, 'Kafka Raft Snapshot'),
  reassignment: proposal(455, 'Create an Administrative API for Replica Reassignment'),
  directories: proposal(858, 'Handle JBOD broker disk failure in KRaft'),
  features: proposal(584, 'Versioning scheme for features'),
  eligibleReplicas: proposal(966, 'Eligible Leader Replicas'),
  deliveryTime: proposal(91, 'Provide Intuitive User Timeouts in The Producer'),
} as const satisfies Record<string, RuleLink>;
