/**
 * Small clusters with random settings, loads and faults, for fast-check. `familiesOf` says which
 * kinds of faults may strike: the promise that must be kept does not hang on it, since a check
 * tells a violation from what a fault beyond the promise allows.
 */
import fc from 'fast-check';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';

type Fault = NonNullable<ScenarioInput['faults']>[number];

export interface Ranges {
  readonly maxFaults: number;
  readonly runForMs: readonly [number, number];
  /** Also faults that a cluster need not survive: disks that rot, lie, fail. */
  readonly disks: boolean;
}

interface Shape {
  readonly brokers: number;
  readonly partitions: number;
  readonly replicationFactor: number;
}

const shapes: fc.Arbitrary<Shape> = fc
  .record({ brokers: fc.integer({ min: 1, max: 4 }), partitions: fc.integer({ min: 1, max: 3 }) })
  .chain(({ brokers, partitions }) =>
    fc
      .integer({ min: 1, max: Math.min(brokers, 3) })
      .map((replicationFactor) => ({ brokers, partitions, replicationFactor })),
  );

export function clusters(ranges: Ranges): fc.Arbitrary<ScenarioInput> {
  return shapes.chain((shape) =>
    fc.integer({ min: ranges.runForMs[0], max: ranges.runForMs[1] }).chain((runFor) =>
      fc.record({
        name: fc.constant('random-cluster'),
        cluster: clusterOf(shape),
        workload: workloadOf(shape),
        faults: faultsOf(shape, runFor, ranges),
        runFor: fc.constant(runFor),
      }),
    ),
  );
}

function clusterOf(shape: Shape): fc.Arbitrary<ScenarioInput['cluster']> {
  const topicConfig = fc.record(
    {
      'min.insync.replicas': fc.integer({ min: 1, max: shape.replicationFactor }),
      'unclean.leader.election.enable': weighted([false, 5], [true, 1]),
      'segment.bytes': fc.constantFrom(4_000, 20_000),
      'flush.messages': fc.constantFrom(1, 7),
    },
    { requiredKeys: ['min.insync.replicas'] },
  );
  const brokerConfig = fc.record(
    {
      'replica.lag.time.max.ms': fc.constantFrom(2_000, 5_000, 30_000),
      'feature.eligible.leader.replicas.version': fc.constantFrom(0, 1),
    },
    { requiredKeys: [] },
  );
  return fc.record({
    brokers: fc.constant(shape.brokers),
    config: brokerConfig,
    topics: topicConfig.map((config) => [
      {
        name: 'orders',
        partitions: shape.partitions,
        replicationFactor: shape.replicationFactor,
        config,
      },
    ]),
  });
}

function workloadOf(shape: Shape): fc.Arbitrary<NonNullable<ScenarioInput['workload']>> {
  const config = fc
    .record({
      idempotent: fc.boolean(),
      acks: fc.constantFrom('0', '1', 'all', 'all'),
      linger: fc.constantFrom(0, 5, 50),
      inFlight: fc.integer({ min: 1, max: 5 }),
      requestTimeout: fc.constantFrom(1_500, 30_000),
    })
    .map(({ idempotent, acks, linger, inFlight, requestTimeout }) => ({
      acks: idempotent ? 'all' : acks,
      'enable.idempotence': idempotent,
      'linger.ms': linger,
      'max.in.flight.requests.per.connection': inFlight,
      'request.timeout.ms': requestTimeout,
    }));
  const producer = (name: string) =>
    fc.record(
      {
        producer: fc.constant(name),
        topic: fc.constant('orders'),
        recordsPerSecond: fc.constantFrom(3, 40, 150),
        valueBytes: fc.constantFrom(20, 200),
        partition: fc.constantFrom('round-robin' as const, shape.partitions - 1),
        config,
      },
      { requiredKeys: ['producer', 'topic', 'recordsPerSecond', 'valueBytes', 'config'] },
    );
  const consumer = fc.constant({
    consumer: 'c1',
    topic: 'orders',
    config: { 'auto.offset.reset': 'earliest' },
  });
  return fc
    .tuple(producer('p1'), fc.option(producer('p2'), { nil: undefined }), consumer)
    .map((entries) => entries.filter((one) => one !== undefined));
}

function faultsOf(shape: Shape, runFor: number, ranges: Ranges): fc.Arbitrary<Fault[]> {
  const partition = fc.nat({ max: shape.partitions - 1 });
  const node = fc.oneof(
    { weight: 4, arbitrary: partition.map((index) => `leader:orders-${index}`) },
    { weight: 2, arbitrary: partition.map((index) => `follower:orders-${index}`) },
    { weight: 1, arbitrary: partition.map((index) => `isr:orders-${index}`) },
    {
      weight: 3,
      arbitrary: fc.integer({ min: 1, max: shape.brokers }).map((id) => `broker-${id}`),
    },
    { weight: 1, arbitrary: fc.constant('controller-101') },
    { weight: 1, arbitrary: fc.constant('all:brokers') },
  );
  const side = fc.oneof(
    { weight: 5, arbitrary: node },
    { weight: 2, arbitrary: partition.map((index) => `followers:orders-${index}`) },
    { weight: 2, arbitrary: fc.constantFrom('all:brokers', 'all:clients', 'controller-101') },
  );
  const moment = fc.nat({ max: runFor });
  const lasting = fc.constantFrom(200, 1_000, 4_000, 11_000, 20_000);
  const pair = fc.tuple(side, side).filter(([from, to]) => from !== to);
  const at = moment;
  const faults: fc.WeightedArbitrary<Fault>[] = [
    { weight: 3, arbitrary: fc.record({ at, kill: node, restartAfter: lasting }) },
    {
      weight: 3,
      arbitrary: fc.record({
        at,
        powerCut: node,
        style: fc.constantFrom('random' as const, 'keep-prefix', 'drop-all', 'keep-all'),
        restartAfter: lasting,
      }),
    },
    { weight: 2, arbitrary: fc.record({ at, pause: node, for: lasting }) },
    { weight: 2, arbitrary: fc.record({ at, restart: node }) },
    { weight: 1, arbitrary: fc.record({ at, stop: node, restartAfter: lasting }) },
    { weight: 3, arbitrary: fc.record({ at, cut: pair, oneWay: fc.boolean(), for: lasting }) },
    { weight: 2, arbitrary: fc.record({ at, isolate: node, for: lasting }) },
    {
      weight: 2,
      arbitrary: fc.record({
        at,
        delay: pair,
        by: fc.constantFrom(5, 100, 800),
        jitter: fc.constantFrom(0, 50),
        oneWay: fc.boolean(),
        for: lasting,
      }),
    },
    { weight: 1, arbitrary: fc.record({ at, reset: pair }) },
    {
      weight: 2,
      arbitrary: fc.record({
        at,
        hold: pair,
        api: fc.constantFrom('Produce' as const, 'Fetch', 'AlterPartition', 'BrokerHeartbeat'),
        direction: fc.constantFrom('request' as const, 'response'),
        for: lasting,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        at,
        crashInStep: node,
        afterDiskCalls: fc.integer({ min: 1, max: 40 }),
        moment: fc.constantFrom('before' as const, 'after', 'torn'),
        restartAfter: lasting,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ at, slowCpu: node, times: fc.constantFrom(5, 100), for: lasting }),
    },
    { weight: 1, arbitrary: fc.record({ at, stallDisk: node, for: lasting }) },
    {
      weight: 1,
      arbitrary: fc.record({ at, jumpClock: node, by: fc.constantFrom(-60_000, 60_000) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        at,
        driftClock: node,
        ppm: fc.constantFrom(-200_000, 200_000),
        for: lasting,
      }),
    },
  ];
  if (ranges.disks) {
    faults.push(
      { weight: 2, arbitrary: fc.record({ at, loseDisk: node }) },
      { weight: 2, arbitrary: fc.record({ at, fillDisk: node, for: lasting }) },
      { weight: 2, arbitrary: fc.record({ at, failDisk: node, times: fc.constantFrom(1, 5) }) },
      { weight: 2, arbitrary: fc.record({ at, loseFlush: node, for: lasting }) },
      { weight: 2, arbitrary: fc.record({ at, misdirectWrite: node }) },
      {
        weight: 2,
        arbitrary: fc.record({
          at,
          flipBit: node,
          file: fc.constantFrom('orders-0/', '.log', '__cluster_metadata-0/'),
          where: fc.constantFrom('tail' as const, 'anywhere'),
        }),
      },
    );
  }
  return fc.array(fc.oneof(...faults), { maxLength: ranges.maxFaults });
}

function weighted<T>(...choices: readonly (readonly [T, number])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([value, weight]) => ({ weight, arbitrary: fc.constant(value) })));
}
