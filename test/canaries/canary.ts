/** What a canary is, and the small clusters that they live in. */
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import type { Lie } from './lie.ts';

export interface Canary {
  readonly check: string;
  readonly what: string;
  readonly scenario: ScenarioInput;
  readonly lies: readonly Lie[];
  /** What goes on without the lie that makes it one; default: nothing. */
  readonly truth?: readonly Lie[];
}

export function cluster(parts: {
  brokers?: number;
  controllers?: number;
  minInSync?: number;
  runFor?: number;
  acks?: string;
  /** A connection has one request in work at a time: several producers write at once. */
  producers?: readonly string[];
  idempotent?: boolean;
  faults?: ScenarioInput['faults'];
  topicConfig?: Record<string, string>;
}): ScenarioInput {
  const {
    brokers = 3,
    controllers = 1,
    minInSync = 2,
    acks = 'all',
    idempotent = true,
    faults = [],
  } = parts;
  const { producers = ['p1'], topicConfig = {}, runFor = 3_000 } = parts;
  return {
    name: 'canary',
    cluster: {
      brokers,
      controllers,
      topics: [
        {
          name: 'orders',
          replicationFactor: brokers,
          config: { 'min.insync.replicas': minInSync, ...topicConfig },
        },
      ],
    },
    workload: [
      ...producers.map((producer) => ({
        producer,
        topic: 'orders',
        recordsPerSecond: 100,
        config: { acks, 'enable.idempotence': idempotent, 'linger.ms': 0 },
      })),
      { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
    ],
    faults,
    runFor,
    convergeWithin: 40_000,
  };
}

export const quiet = cluster({});
export const slowFollowersThenLeaderDies = cluster({
  producers: ['p1', 'p2', 'p3'],
  faults: [
    { at: 1_000, delay: ['leader:orders-0', 'followers:orders-0'], by: 300 },
    { at: 1_700, reset: ['leader:orders-0', 'followers:orders-0'] },
    { at: 1_700, kill: 'leader:orders-0', restartAfter: 15_000 },
  ],
});
export const twoBrokersLeaderDies = cluster({
  brokers: 2,
  minInSync: 1,
  faults: [{ at: 1_000, kill: 'leader:orders-0', restartAfter: 15_000 }],
});

/** Flips a bit of the first batch's last byte, which is the header count of a record. */
export function altered(batches: Uint8Array): Uint8Array {
  const copy = batches.slice();
  const value = copy.length - 2;
  copy[value] = (copy[value] as number) ^ 1;
  return copy;
}
