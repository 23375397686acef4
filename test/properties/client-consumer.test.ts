/**
 * Whatever becomes of its requests, a consumer hands out every record of a log that only grows
 * exactly once and in order; where a log was truncated it goes back to where the log diverges,
 * never further, and reads what stands there now.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from '../../kafka/base/text.ts';
import { createConsumerNode } from '../../kafka/client/consumer/consumer-node.ts';
import type { CommandId } from '../../kafka/host.ts';
import { apis } from '../../kafka/wire/apis.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { ANSWER, type Fate, ModelCluster } from '../unit/client/support/model-cluster.ts';

const PARTITIONS = 2;
const BROKERS = 2;

const passing = [
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.LEADER_NOT_AVAILABLE,
  ErrorCode.KAFKA_STORAGE_ERROR,
  ErrorCode.UNKNOWN_LEADER_EPOCH,
  ErrorCode.OFFSET_NOT_AVAILABLE,
  ErrorCode.UNKNOWN_SERVER_ERROR,
];
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(ANSWER) },
  { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'lose-request' }) },
  { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'lose-response' }) },
  { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'ignore' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      error: fc.constantFrom(...passing),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delay' as const),
      ms: fc.integer({ min: 1, max: 3000 }),
    }),
  },
);

const partition = fc.integer({ min: 0, max: PARTITIONS - 1 });
const broker = fc.integer({ min: 1, max: BROKERS });
const grow = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      partition,
      count: fc.integer({ min: 1, max: 150 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('poll' as const),
      ms: fc.integer({ min: 0, max: 2000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move' as const), partition, leader: broker }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), broker }) },
);
const shrink = fc.record({
  kind: fc.constant('truncate' as const),
  partition,
  count: fc.integer({ min: 1, max: 60 }),
  leader: broker,
});
type Action = typeof grow | typeof shrink extends fc.Arbitrary<infer T> ? T : never;

interface Seen {
  readonly offset: number;
  readonly value: string;
}

function run(
  actions: readonly Action[],
  fates: readonly Fate[],
): { cluster: ModelCluster; seen: Seen[][] } {
  const cluster = new ModelCluster(BROKERS);
  cluster.addTopic('orders', PARTITIONS);
  const rest = [...fates];
  const scripted: number[] = [apis.Fetch.key, apis.ListOffsets.key];
  cluster.fate = ({ apiKey }) => (scripted.includes(apiKey) ? (rest.shift() ?? ANSWER) : ANSWER);
  let written = 0;
  const polls: CommandId[] = [];
  const write = (at: number, count: number) => {
    const log = cluster.log(`orders-${at}`);
    for (let i = 0; i < count; i++) {
      log.records.push({ value: `${written++}`, leaderEpoch: log.leaderEpoch });
    }
  };
  cluster.start((host) =>
    createConsumerNode(host, {
      'bootstrap.servers': 'broker-1:9092,broker-2:9092',
      'auto.offset.reset': 'earliest',
      'request.timeout.ms': '2000',
    }),
  );
  cluster.command({
    kind: 'assign',
    partitions: Array.from({ length: PARTITIONS }, (_, i) => ({ topic: 'orders', partition: i })),
  });
  const poll = (ms: number) => {
    polls.push(cluster.command({ kind: 'poll', timeoutMs: ms }));
    cluster.runFor(ms);
  };
  for (const one of actions) {
    if (one.kind === 'write') write(one.partition, one.count);
    else if (one.kind === 'poll') poll(one.ms);
    else if (one.kind === 'cut') cluster.cut(one.broker);
    else {
      const log = cluster.log(`orders-${one.partition}`);
      if (one.kind === 'truncate') log.truncate(Math.max(0, log.endOffset - one.count));
      log.moveTo(one.leader);
    }
  }
  // One record behind everything shows that the consumer came to the end of each log.
  for (let i = 0; i < PARTITIONS; i++) write(i, 1);
  for (let i = 0; i < 60; i++) poll(2000);
  const seen: Seen[][] = Array.from({ length: PARTITIONS }, () => []);
  for (const id of polls) {
    const result = cluster.result(id);
    if (result?.kind !== 'polled') throw new Error(`poll: ${JSON.stringify(result)}`);
    for (const { partition: at, offset, value } of result.records) {
      const bytes = value as Uint8Array;
      seen[at]?.push({ offset, value: decodeText(bytes, 0, bytes.length) });
    }
  }
  return { cluster, seen };
}

const fates = fc.array(fate, { maxLength: 40 });

test('every record of logs that only grow is handed out once and in order', () => {
  fc.assert(
    fc.property(fc.array(grow, { minLength: 3, maxLength: 30 }), fates, (actions, script) => {
      const { cluster, seen } = run(actions, script);

      for (let i = 0; i < PARTITIONS; i++) {
        expect(seen[i]?.map(({ value }) => value)).toEqual(cluster.log(`orders-${i}`).values());
      }
    }),
    { numRuns: 80 },
  );
});

test('after truncations the consumer ends up with the log as it stands', () => {
  const action = fc.oneof({ weight: 8, arbitrary: grow }, { weight: 1, arbitrary: shrink });
  fc.assert(
    fc.property(fc.array(action, { minLength: 3, maxLength: 30 }), fates, (actions, script) => {
      const { cluster, seen } = run(actions, script);

      for (let i = 0; i < PARTITIONS; i++) {
        const standing: string[] = [];
        for (const { offset, value } of seen[i] ?? []) {
          expect(offset).toBeLessThanOrEqual(standing.length);
          standing.length = offset;
          standing.push(value);
        }
        expect(standing).toEqual(cluster.log(`orders-${i}`).values());
      }
    }),
    { numRuns: 80 },
  );
});
