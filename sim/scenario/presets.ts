/**
 * Settings and habits under which Kafka promises too little to keep every record: a search that does not
 * find the loss is broken. Each preset is laid over any scenario (`withPreset`); what is lost then
 * is `allowed`, by what the preset says. Each has a hand-made story that shows the loss.
 */
import type { GroupEntry, Scenario } from './schema.ts';

type Config = Readonly<Record<string, string>>;

export interface Preset {
  readonly name: string;
  readonly doc: string;
  readonly broker: Config;
  /** Of every topic. */
  readonly topic: Config;
  /** Of every producer. */
  readonly producer: Config;
  /** What the application of every member of a group makes of what it is given. */
  readonly member?: Partial<Pick<GroupEntry, 'commit' | 'handOver' | 'process' | 'config'>>;
  /** The check that comes out as allowed, and the beginning of what permits it. */
  readonly finds: { readonly check: string; readonly allowedBy: string };
  /** A built-in story. */
  readonly scenario: string;
}

const SAFE_TOPIC = { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' };
const IDEMPOTENT = { acks: 'all', 'enable.idempotence': 'true', retries: '2147483647' };

export const presets: readonly Preset[] = [
  {
    name: 'acks-0',
    doc: 'Nobody confirms anything: what the leader never got counts as sent (KIP-98, ProducerConfig).',
    broker: {},
    topic: SAFE_TOPIC,
    producer: { acks: '0', 'enable.idempotence': 'false' },
    finds: { check: 'acked-durable', allowedBy: 'acks=0' },
    scenario: 'acks-0-loses-silently',
  },
  {
    name: 'acks-1',
    doc: 'The leader confirms before any follower has the record, and dies.',
    broker: {},
    topic: SAFE_TOPIC,
    producer: { acks: '1', 'enable.idempotence': 'false' },
    finds: { check: 'acked-durable', allowedBy: 'acks=1' },
    scenario: 'acks-1-loses-an-acknowledged-record',
  },
  {
    name: 'no-min-isr',
    doc: 'acks=all confirmed by a leader alone, then a follower that never had it is elected.',
    broker: {},
    topic: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
    producer: IDEMPOTENT,
    finds: { check: 'acked-durable', allowedBy: 'unclean.leader.election.enable' },
    scenario: 'min-isr-1-unclean-election-loses',
  },
  {
    name: 'unclean-on',
    doc: 'Whoever had the record is down, a replica without it is elected and wins every truncation.',
    broker: {},
    topic: { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'true' },
    producer: IDEMPOTENT,
    finds: { check: 'acked-durable', allowedBy: 'unclean.leader.election.enable' },
    scenario: 'unclean-election-loses-although-two-had-it',
  },
  {
    name: 'fsync-none',
    doc: 'acks=all counts copies in page caches; all replicas lose their power at once.',
    broker: {},
    topic: SAFE_TOPIC,
    producer: IDEMPOTENT,
    finds: { check: 'acked-durable', allowedBy: 'unclean stop of every in-sync' },
    scenario: 'power-loss-of-all-replicas-loses-unflushed',
  },
  {
    name: 'last-replica-standing',
    doc: 'The ISR cannot become empty: its last member leads again without the tail it lost (KIP-966).',
    broker: { 'feature.eligible.leader.replicas.version': '0' },
    topic: SAFE_TOPIC,
    producer: IDEMPOTENT,
    finds: { check: 'acked-durable', allowedBy: 'data loss on 1 in-sync replica' },
    scenario: 'last-replica-standing-loses-its-tail',
  },
  {
    name: 'no-idempotence',
    doc: 'A batch whose answer was lost is sent again and written twice.',
    broker: {},
    topic: SAFE_TOPIC,
    producer: { acks: 'all', 'enable.idempotence': 'false' },
    finds: { check: 'no-dup', allowedBy: 'enable.idempotence=false' },
    scenario: 'lost-ack-duplicates',
  },
  {
    name: 'in-flight-5-no-idempotence',
    doc: 'A batch that failed is sent again behind its successor (KAFKA-3197).',
    broker: {},
    topic: SAFE_TOPIC,
    producer: {
      acks: 'all',
      'enable.idempotence': 'false',
      'max.in.flight.requests.per.connection': '5',
    },
    finds: { check: 'producer-order', allowedBy: 'enable.idempotence=false' },
    scenario: 'five-in-flight-reorders',
  },
  {
    name: 'autocommit-async',
    doc: 'Auto commit counts what workers still process; the application dies (KafkaConsumer).',
    broker: {},
    topic: SAFE_TOPIC,
    producer: {},
    member: {
      commit: 'auto',
      handOver: true,
      process: 100,
      config: { 'auto.commit.interval.ms': '100' },
    },
    finds: { check: 'at-least-once', allowedBy: 'commits what workers still have' },
    scenario: 'auto-commit-behind-workers-loses',
  },
  {
    name: 'commit-before-process',
    doc: 'The application commits what it was given, then processes it, and dies in between.',
    broker: {},
    topic: SAFE_TOPIC,
    producer: {},
    member: { commit: 'before', process: 10 },
    finds: { check: 'at-least-once', allowedBy: 'commits before processing' },
    scenario: 'commit-before-processing-loses',
  },
];

/** The scenario with the preset's settings and habits over its own. */
export function withPreset(scenario: Scenario, preset: Preset): Scenario {
  const { cluster, workload } = scenario;
  return {
    ...scenario,
    cluster: {
      ...cluster,
      config: { ...cluster.config, ...preset.broker },
      topics: cluster.topics.map((one) => ({ ...one, config: { ...one.config, ...preset.topic } })),
    },
    workload: workload.map((one) => {
      if ('producer' in one) return { ...one, config: { ...one.config, ...preset.producer } };
      if (!('group' in one) || preset.member === undefined) return one;
      return { ...one, ...preset.member, config: { ...one.config, ...preset.member.config } };
    }),
  };
}
