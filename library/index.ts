/**
 * `kafka-trial`: a Kafka cluster in virtual time for programs and tests. Everything is
 * synchronous, the same seed gives the same run, and nothing outside of the cluster is touched:
 * it runs in Node and in a browser alike.
 */
import type { ScenarioInput } from '../sim/scenario/schema.ts';
import { Cluster } from './cluster.ts';
import { TrialError } from './errors.ts';
import { checkKnown, shownValue } from './known-options.ts';
import { type ClusterOptions, checkOptions, checkSeed, clusterInput } from './options.ts';
import { Recording } from './recording.ts';

/** To be awaited once, before a cluster in which something compresses runs. */
export { loadCodecsForRuns as loadCompression } from '../codecs/for-runs.ts';
export type { Verdict } from '../sim/check/verdict.ts';
export type { RunReport } from '../sim/run/report.ts';
export type { ScenarioInput } from '../sim/scenario/schema.ts';
export type { Admin, Answer } from './admin.ts';
export { Cluster, type RunOptions, type Trigger } from './cluster.ts';
export type { Consumer, ReceivedRecord } from './consumer.ts';
export { TrialError, TrialTimeoutError } from './errors.ts';
export type { Reason } from './explanation.ts';
export type { ClusterOptions, ConsumerOptions, ProducerOptions, TopicOptions } from './options.ts';
export type { PartitionState } from './partition-state.ts';
export type { Ack, AckState, NewRecord, Producer } from './producer.ts';
export type { Duration } from './time.ts';
export { type Fault, fault, type Operation, operation } from './verbs.ts';

const DEFAULT_SEED = 1;

/** It boots when it is first told to run, or looked at. Throws a TrialError for what cannot be. */
export function createCluster(options: ClusterOptions = {}): Cluster {
  checkOptions(options);
  const recording = new Recording({
    name: options.name ?? 'library',
    cluster: clusterInput(options),
    runFor: 0,
  });
  recording.parseWithoutSends('the cluster cannot be created');
  return new Cluster(recording, options.seed ?? DEFAULT_SEED);
}

export interface ScenarioOptions {
  /** Default: 1. */
  readonly seed?: string | number;
  /** Without its trace, many runs take less memory. Default: true. */
  readonly trace?: boolean;
}

/** The cluster of a scenario, with its load and its faults; `finish` runs it to its end. */
export function openScenario(scenario: ScenarioInput, options: ScenarioOptions = {}): Cluster {
  checkKnown('openScenario', options, ['seed', 'trace']);
  const { seed = DEFAULT_SEED, trace = true } = options;
  if (typeof scenario !== 'object' || scenario === null || Array.isArray(scenario)) {
    throw new TrialError(`openScenario: expected a scenario, not ${shownValue(scenario)}`);
  }
  const recording = Recording.of(scenario);
  checkSeed(seed);
  recording.parseWithoutSends(scenario.name ?? 'openScenario');
  return new Cluster(recording, seed, trace);
}
