/** The consumer's configuration as plain values, read once from its parsed keys. */
import { consumerConfigs } from '../../config/consumer.ts';
import { parseConfig } from '../../config/parse.ts';
import { type ClientSettings, clientSettings } from '../client-core.ts';
import type { Assignor } from './assignors/assignor.ts';
import { assignorNamed } from './assignors/assignors.ts';

/** Kafka: ConsumerUtils.CONSUMER_MAX_INFLIGHT_REQUESTS_PER_CONNECTION */
const MAX_IN_FLIGHT = 100;

type ParsedConsumerConfig = ReturnType<typeof parsed>;

export interface ConsumerSettings extends ClientSettings {
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none';
  /** '': nobody knows where it is. */
  readonly clientRack: string;
  readonly fetchMinBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly fetchMaxBytes: number;
  readonly maxPartitionFetchBytes: number;
  readonly maxPollRecords: number;
  readonly checkCrcs: boolean;
  readonly allowAutoCreateTopics: boolean;
  readonly defaultApiTimeoutMs: number;
  /** null: no group, so nothing is committed. */
  readonly group: GroupSettings | null;
}

export interface GroupSettings {
  readonly groupId: string;
  /** null: a dynamic member. */
  readonly instanceId: string | null;
  readonly assignors: readonly Assignor[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly maxPollIntervalMs: number;
  /** null: positions are committed when the application asks. */
  readonly autoCommitIntervalMs: number | null;
}

/** @throws InvalidConfig naming what is wrong. */
export function consumerSettings(raw: Readonly<Record<string, string>>): ConsumerSettings {
  const config = parsed(raw);
  return {
    ...clientSettings(config, MAX_IN_FLIGHT),
    autoOffsetReset: config.get('auto.offset.reset'),
    clientRack: config.get('client.rack'),
    fetchMinBytes: config.get('fetch.min.bytes'),
    fetchMaxWaitMs: config.get('fetch.max.wait.ms'),
    fetchMaxBytes: config.get('fetch.max.bytes'),
    maxPartitionFetchBytes: config.get('max.partition.fetch.bytes'),
    maxPollRecords: config.get('max.poll.records'),
    checkCrcs: config.get('check.crcs'),
    allowAutoCreateTopics: config.get('allow.auto.create.topics'),
    defaultApiTimeoutMs: config.get('default.api.timeout.ms'),
    group: groupSettings(config),
  };
}

function parsed(raw: Readonly<Record<string, string>>) {
  return parseConfig(consumerConfigs, raw, { at: 'consumer config' });
}

function groupSettings(config: ParsedConsumerConfig): GroupSettings | null {
  const groupId = config.get('group.id');
  if (groupId === null) return null;
  const names = config.get('partition.assignment.strategy');
  const commits = config.get('enable.auto.commit');
  return {
    groupId,
    instanceId: config.get('group.instance.id'),
    assignors: names.flatMap((name) => assignorNamed(name) ?? []),
    sessionTimeoutMs: config.get('session.timeout.ms'),
    heartbeatIntervalMs: config.get('heartbeat.interval.ms'),
    maxPollIntervalMs: config.get('max.poll.interval.ms'),
    autoCommitIntervalMs: commits ? config.get('auto.commit.interval.ms') : null,
  };
}
