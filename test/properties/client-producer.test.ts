/**
 * Whatever becomes of requests and responses: an idempotent producer neither duplicates nor
 * reorders, and every producer tells the truth. `sent` is in the log at that offset, `failed` is
 * not in the log, `unknown` may be either.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createProducerNode } from '../../kafka/client/producer/producer-node.ts';
import type { CommandId } from '../../kafka/host.ts';
import { apis } from '../../kafka/wire/apis.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';
import { ANSWER, type Fate, ModelCluster } from '../unit/client/support/model-cluster.ts';

const PARTITIONS = 3;
const BROKERS = 3;
const HEALED_AFTER_MS = 400_000;

const refusals = [
  ErrorCode.NOT_ENOUGH_REPLICAS,
  ErrorCode.LEADER_NOT_AVAILABLE,
  ErrorCode.INVALID_RECORD,
];
const refusalsAfterWriting = [
  ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  ErrorCode.REQUEST_TIMED_OUT,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.KAFKA_STORAGE_ERROR,
  ErrorCode.UNKNOWN_SERVER_ERROR,
];

const answered = fc.constant<Fate>(ANSWER);
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: answered },
  { weight: 2, arbitrary: fc.constant<Fate>({ kind: 'lose-request' }) },
  { weight: 2, arbitrary: fc.constant<Fate>({ kind: 'lose-response' }) },
  { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'ignore' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      error: fc.constantFrom(...refusals),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('write-and-refuse' as const),
      error: fc.constantFrom(...refusalsAfterWriting),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delay' as const),
      ms: fc.integer({ min: 1, max: 6000 }),
    }),
  },
);

type Action =
  | { kind: 'send'; partition: number; count: number; together: boolean }
  | { kind: 'wait'; ms: number }
  | { kind: 'move'; partition: number; leader: number }
  | { kind: 'cut'; broker: number };

const partition = fc.integer({ min: 0, max: PARTITIONS - 1 });
const broker = fc.integer({ min: 1, max: BROKERS });
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      partition,
      count: fc.integer({ min: 1, max: 6 }),
      together: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 3000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('move' as const), partition, leader: broker }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), broker }) },
);

const plan = fc.record({
  actions: fc.array(action, { minLength: 5, maxLength: 40 }),
  fates: fc.array(fate, { minLength: 10, maxLength: 60 }),
  batchSize: fc.constantFrom('0', '120', '16384'),
  lingerMs: fc.constantFrom('0', '5', '50'),
  maxInFlight: fc.integer({ min: 1, max: 5 }),
  deliveryTimeoutMs: fc.constantFrom('6000', '20000', '120000'),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

interface Sent {
  readonly id: CommandId;
  readonly partition: number;
  readonly value: string;
}

function run(
  { actions, fates, batchSize, lingerMs, maxInFlight, deliveryTimeoutMs }: Plan,
  config: Record<string, string>,
): { cluster: ModelCluster; sent: Sent[] } {
  const cluster = new ModelCluster(BROKERS);
  cluster.addTopic('orders', PARTITIONS);
  const rest = [...fates];
  let isWarm = false;
  cluster.fate = ({ apiKey }) =>
    isWarm && apiKey === apis.Produce.key ? (rest.shift() ?? ANSWER) : ANSWER;
  cluster.start((host) =>
    createProducerNode(host, {
      'bootstrap.servers': 'broker-1:9092,broker-2:9092',
      'batch.size': batchSize,
      'linger.ms': lingerMs,
      'max.in.flight.requests.per.connection': `${maxInFlight}`,
      'request.timeout.ms': '2000',
      'delivery.timeout.ms': deliveryTimeoutMs,
      ...config,
    }),
  );
  const sent: Sent[] = [];
  const send = (partition: number, count = 1) => {
    const values = Array.from({ length: count }, (_, i) => `${sent.length + i}`);
    const firstId = cluster.sendAll('orders', values, { partition });
    values.forEach((value, i) => {
      sent.push({ id: (firstId + i) as CommandId, partition, value });
    });
  };
  // A leader without any state of a producer takes whatever sequence comes first, so order and
  // single copies are promised only from the first acknowledged batch on.
  for (let i = 0; i < PARTITIONS; i++) send(i);
  cluster.runFor(1000);
  isWarm = true;
  for (const one of actions) {
    if (one.kind === 'wait') cluster.runFor(one.ms);
    else if (one.kind === 'cut') cluster.cut(one.broker);
    else if (one.kind === 'move') cluster.log(`orders-${one.partition}`).moveTo(one.leader);
    else if (one.together) send(one.partition, one.count);
    else for (let i = 0; i < one.count; i++) send(one.partition);
  }
  cluster.runFor(HEALED_AFTER_MS);
  return { cluster, sent };
}

function expectTruth(cluster: ModelCluster, sent: readonly Sent[]): void {
  for (const { id, partition, value } of sent) {
    const values = cluster.log(`orders-${partition}`).values();
    const result = cluster.result(id);
    if (result?.kind === 'sent') {
      expect(result.partition).toBe(partition);
      if (result.offset >= 0) expect(values[result.offset]).toBe(value);
      else expect(values).toContain(value);
    } else if (result?.kind === 'failed') {
      if (result.outcome === 'failed') expect(values).not.toContain(value);
    } else expect(result, 'every send is answered').toBeDefined();
  }
}

test('an idempotent producer neither duplicates nor reorders and tells the truth', () => {
  fc.assert(
    fc.property(plan, (one) => {
      const { cluster, sent } = run(one, {});

      expectTruth(cluster, sent);
      for (let i = 0; i < PARTITIONS; i++) {
        const written = cluster.log(`orders-${i}`).values().map(Number);
        expect(written).toEqual([...new Set(written)].sort((a, b) => a - b));
      }
    }),
    { numRuns: 300 },
  );
});

test('sends handed over together are answered as if they came one by one', () => {
  fc.assert(
    fc.property(plan, (one) => {
      const answersWhen = (together: boolean) => {
        const actions = one.actions.map((action) =>
          action.kind === 'send' ? { ...action, together } : action,
        );
        const { cluster, sent } = run({ ...one, actions, fates: [] }, {});
        return sent.map(({ id, value }) => ({ value, result: cluster.result(id) }));
      };

      expect(answersWhen(true)).toEqual(answersWhen(false));
    }),
    { numRuns: 100 },
  );
});

/** With acks=1 a leader that lost its office says so before it writes, never after. */
function withoutWaitingForFollowers(fate: Fate): Fate {
  if (fate.kind !== 'write-and-refuse') return fate;
  return fate.error === ErrorCode.NOT_LEADER_OR_FOLLOWER ? { ...fate, kind: 'refuse' } : fate;
}

test('a producer without idempotence tells the truth too', () => {
  fc.assert(
    fc.property(plan, fc.constantFrom('all', '1'), (one, acks) => {
      const fates = acks === 'all' ? one.fates : one.fates.map(withoutWaitingForFollowers);
      const { cluster, sent } = run({ ...one, fates }, { 'enable.idempotence': 'false', acks });

      expectTruth(cluster, sent);
    }),
    { numRuns: 200 },
  );
});

test('with one request in flight acknowledged records keep their order, repeats aside', () => {
  fc.assert(
    fc.property(plan, (one) => {
      const { cluster, sent } = run({ ...one, maxInFlight: 1 }, { 'enable.idempotence': 'false' });

      const acknowledged = new Set(
        sent.filter(({ id }) => cluster.result(id)?.kind === 'sent').map(({ value }) => value),
      );
      for (let i = 0; i < PARTITIONS; i++) {
        const written = cluster
          .log(`orders-${i}`)
          .values()
          .filter((one) => acknowledged.has(one));
        const firsts = written.filter((value, at) => written.indexOf(value) === at).map(Number);
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
      }
    }),
    { numRuns: 100 },
  );
});
