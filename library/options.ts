/** What a program says of a cluster and of its clients, and the scenario entries that it means. */

import type { ScenarioInput } from '../sim/scenario/schema.ts';
import { TrialError } from './errors.ts';
import { checkKnown, shownValue } from './known-options.ts';

export type ConfigValue = string | number | boolean;
export type KafkaConfig = Readonly<Record<string, ConfigValue>>;

export interface TopicOptions {
  /** Default: 1. */
  readonly partitions?: number;
  /** Default: 3, or as many as there are brokers. */
  readonly replicationFactor?: number;
  readonly config?: KafkaConfig;
}

export interface ClusterOptions {
  /** The course of chance. Default: 1. */
  readonly seed?: string | number;
  /** Of the scenario that comes of it: lower-case words joined by dashes. */
  readonly name?: string;
  /** Default: 3. */
  readonly brokers?: number;
  /** Voters of the quorum. Default: 1. */
  readonly controllers?: number;
  /** combined: the first brokers are the controllers, too. Default: separate. */
  readonly roles?: 'separate' | 'combined';
  readonly voters?: 'static' | 'dynamic';
  readonly spareControllers?: number;
  /** Kafka's own keys, for every broker and controller. */
  readonly config?: KafkaConfig;
  /** broker.rack of each broker; the first again when there are more brokers. */
  readonly racks?: readonly string[];
  /** Historic rules instead of today's: variant to option (`trial list variants`). */
  readonly variants?: Readonly<Record<string, string>>;
  /** By name. */
  readonly topics?: Readonly<Record<string, TopicOptions>>;
}

/** Kafka's own keys, and how the client is called and what it is for. */
export interface ProducerOptions {
  readonly [key: string]: ConfigValue | undefined;
  readonly name?: string;
  readonly topic?: string;
}

export interface ConsumerOptions {
  readonly [key: string]: ConfigValue | readonly number[] | undefined;
  readonly name?: string;
  readonly topic?: string;
  /** Default: all. */
  readonly partitions?: readonly number[];
}

export interface AdminOptions {
  readonly name?: string;
}

const CLUSTER_OPTIONS = {
  seed: true,
  name: true,
  brokers: true,
  controllers: true,
  roles: true,
  voters: true,
  spareControllers: true,
  config: true,
  racks: true,
  variants: true,
  topics: true,
} as const satisfies Record<keyof ClusterOptions, true>;

const FULL_REPLICATION = 3;

/** What the form of a scenario could not say in the words of options. */
export function checkOptions(options: ClusterOptions): void {
  checkKnown('createCluster', options, Object.keys(CLUSTER_OPTIONS));
  const { topics, seed } = options;
  if (topics !== undefined && !isPlain(topics)) throw wrongOptions('topics', topics);
  for (const [name, topic] of Object.entries(topics ?? {})) {
    if (!isPlain(topic)) throw wrongOptions(`topics.${name}`, topic);
  }
  if (seed !== undefined) checkSeed(seed);
}

function wrongOptions(what: string, value: unknown): TrialError {
  const help = what === 'topics' ? ', such as { orders: { partitions: 2 } }' : '';
  return new TrialError(
    `createCluster: ${what}: expected an object${help}, not ${shownValue(value)}`,
  );
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Those that `trial run --seed` takes, so that every run can be run again. */
export function checkSeed(seed: unknown): void {
  const text = typeof seed === 'number' || typeof seed === 'string' ? String(seed) : '';
  if (/^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text))) return;
  throw new TrialError(
    `seed: expected an integer from 0 to 2^53 - 1, not ${text || shownValue(seed)}`,
  );
}

export function clusterInput(options: ClusterOptions): NonNullable<ScenarioInput['cluster']> {
  const { seed: _seed, name: _name, topics = {}, ...cluster } = options;
  const most = Math.min(FULL_REPLICATION, options.brokers ?? FULL_REPLICATION);
  return {
    ...cluster,
    ...(cluster.config === undefined ? {} : { config: { ...cluster.config } }),
    topics: Object.entries(topics).map(([topic, one]) => ({
      replicationFactor: most,
      ...one,
      config: { ...one.config },
      name: topic,
    })),
  } as NonNullable<ScenarioInput['cluster']>;
}

export function producerEntry(
  { name, topic, ...config }: ProducerOptions,
  defaultName: string,
  onlyTopic: string | null,
) {
  const producer = name ?? defaultName;
  return { producer, topic: topicOf(producer, topic, onlyTopic), sends: [], config: given(config) };
}

export function consumerEntry(
  { name, topic, partitions, ...config }: ConsumerOptions,
  defaultName: string,
  onlyTopic: string | null,
) {
  const consumer = name ?? defaultName;
  const assign = partitions === undefined ? ('all' as const) : [...partitions];
  return {
    consumer,
    topic: topicOf(consumer, topic, onlyTopic),
    assign,
    config: { 'auto.offset.reset': 'earliest', ...given(config) },
  };
}

export function adminEntry(options: AdminOptions, defaultName: string) {
  checkKnown('admin', options, ['name']);
  return { admin: options.name ?? defaultName };
}

function topicOf(client: string, topic: string | undefined, onlyTopic: string | null): string {
  const named = topic ?? onlyTopic;
  if (named !== null) return named;
  throw new TrialError(`${client}: the cluster has no single topic; say which one with { topic }`);
}

function given(config: Readonly<Record<string, unknown>>): Record<string, ConfigValue> {
  const said = Object.entries(config).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as Record<string, ConfigValue>;
}
