/**
 * What a property may be about, for fast-check: clusters, settings, workloads, plans of faults, and
 * whole scenarios of them. Values shrink towards one broker, no faults, Kafka's defaults.
 */
import fc from 'fast-check';
import { MAX_DURATION_MS } from '../sim/scenario/duration.ts';
import type { ScenarioInput } from '../sim/scenario/schema.ts';
import { TrialError } from './errors.ts';
import { checkKnown, checkWhole, shownValue } from './known-options.ts';

export type ScenarioFault = NonNullable<ScenarioInput['faults']>[number];
type Entry = NonNullable<ScenarioInput['workload']>[number];
type Fault = ScenarioFault;

export interface Ranges {
  readonly maxFaults: number;
  /** How long the runs are: always so long, or from the first to the second. */
  readonly runForMs: number | readonly [least: number, most: number];
  /** Also faults that a cluster need not survive: disks that rot, lie, fail. */
  readonly disks: boolean;
}

const DEFAULT_RANGES = { maxFaults: 4, runForMs: [2_000, 20_000], disks: false } as const;

/** The topic is always called `orders`. */
export interface Shape {
  readonly brokers: number;
  readonly partitions: number;
  readonly replicationFactor: number;
}

const shape: fc.Arbitrary<Shape> = fc
  .record({ brokers: fc.integer({ min: 1, max: 4 }), partitions: fc.integer({ min: 1, max: 3 }) })
  .chain(({ brokers, partitions }) =>
    fc
      .integer({ min: 1, max: Math.min(brokers, 3) })
      .map((replicationFactor) => ({ brokers, partitions, replicationFactor })),
  );

/** A whole run: a cluster with its load and its faults. */
function scenario(given: Partial<Ranges> = {}): fc.Arbitrary<ScenarioInput> {
  checkKnown('arbitraries.scenario', given, RANGES);
  const { runForMs = DEFAULT_RANGES.runForMs, ...rest } = given;
  const [min, max] = lengths('arbitraries.scenario: runForMs', runForMs);
  checkRanges('arbitraries.scenario', rest);
  return shape.chain((shape) =>
    fc.integer({ min, max }).chain((runFor) =>
      fc.record({
        name: fc.constant('random-cluster'),
        cluster: cluster(shape),
        workload: workload(shape),
        faults: faults(shape, { ...rest, runForMs: runFor }),
        runFor: fc.constant(runFor),
      }),
    ),
  );
}

const RANGES = ['maxFaults', 'runForMs', 'disks'] as const;
const LENGTHS = { least: 0, most: MAX_DURATION_MS };

/** @throws TrialError unless it is whole ms, or the two ends of a range of them. */
function lengths(what: string, runForMs: unknown): readonly [number, number] {
  if (!Array.isArray(runForMs)) {
    checkWhole(what, runForMs, LENGTHS);
    return [runForMs as number, runForMs as number];
  }
  const [least, most]: readonly number[] = runForMs;
  if (runForMs.length !== 2) {
    throw new TrialError(`${what}: expected [least, most], not ${shownValue(runForMs)}`);
  }
  checkWhole(`${what}[0]`, least, LENGTHS);
  checkWhole(`${what}[1]`, most, { ...LENGTHS, least: least as number });
  return [least as number, most as number];
}

function checkRanges(what: string, { maxFaults, disks }: Partial<Ranges>): void {
  if (maxFaults !== undefined) checkWhole(`${what}: maxFaults`, maxFaults, { least: 0 });
  if (disks === undefined || typeof disks === 'boolean') return;
  throw new TrialError(`${what}: disks: expected true or false, not ${shownValue(disks)}`);
}

/** @throws TrialError for what no cluster can be. */
function checkShape(what: string, shape: Shape): void {
  checkKnown(`${what}: shape`, shape, ['brokers', 'partitions', 'replicationFactor']);
  const { brokers, partitions, replicationFactor } = shape;
  checkWhole(`${what}: brokers`, brokers, { least: 1 });
  checkWhole(`${what}: partitions`, partitions, { least: 1 });
  checkWhole(`${what}: replicationFactor`, replicationFactor, { least: 1, most: brokers });
}

/** Settings of a topic, by Kafka's keys. */
function topicConfig(shape: Shape) {
  checkShape('arbitraries.topicConfig', shape);
  return fc.record(
    {
      'min.insync.replicas': fc.integer({ min: 1, max: shape.replicationFactor }),
      'unclean.leader.election.enable': weighted([false, 5], [true, 1]),
      'segment.bytes': fc.constantFrom(4_000, 20_000),
      'flush.messages': fc.constantFrom(1, 7),
    },
    { requiredKeys: ['min.insync.replicas'] },
  );
}

/** Settings of brokers. */
const brokerConfig = fc.record(
  {
    'replica.lag.time.max.ms': fc.constantFrom(2_000, 5_000, 30_000),
    'feature.eligible.leader.replicas.version': fc.constantFrom(0, 1),
  },
  { requiredKeys: [] },
);

/** Settings of a producer that go together. */
const producerConfig = fc
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

/** A cluster with the topic `orders`. */
function cluster(shape: Shape): fc.Arbitrary<ScenarioInput['cluster']> {
  checkShape('arbitraries.cluster', shape);
  return fc.record({
    brokers: fc.constant(shape.brokers),
    config: brokerConfig,
    topics: topicConfig(shape).map((config) => [
      {
        name: 'orders',
        partitions: shape.partitions,
        replicationFactor: shape.replicationFactor,
        config,
      },
    ]),
  });
}

/** One or two producers and a consumer of `orders`. */
function workload(shape: Shape): fc.Arbitrary<Entry[]> {
  checkShape('arbitraries.workload', shape);
  const producer = (name: string) =>
    fc.record(
      {
        producer: fc.constant(name),
        topic: fc.constant('orders'),
        recordsPerSecond: fc.constantFrom(3, 40, 150),
        valueBytes: fc.constantFrom(20, 200),
        partition: fc.constantFrom('round-robin' as const, shape.partitions - 1),
        config: producerConfig,
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

/** A plan of faults within the first `runForMs` of a run: one length, as it is of one run. */
function faults(
  shape: Shape,
  given: { readonly runForMs: number; readonly maxFaults?: number; readonly disks?: boolean },
): fc.Arbitrary<Fault[]> {
  checkShape('arbitraries.faults', shape);
  checkKnown('arbitraries.faults', given, RANGES);
  checkWhole('arbitraries.faults: runForMs', given.runForMs, LENGTHS);
  checkRanges('arbitraries.faults', given);
  const { runForMs, maxFaults = DEFAULT_RANGES.maxFaults, disks = false } = given;
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
  const moment = fc.nat({ max: runForMs });
  const lasting = fc.constantFrom(200, 1_000, 4_000, 11_000, 20_000);
  const pair = fc.tuple(side, side).filter(([from, to]) => from !== to);
  const at = moment;
  const kinds: fc.WeightedArbitrary<Fault>[] = [
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
  if (disks) {
    kinds.push(
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
  // A drawn target may well be nobody: a follower of a partition that has none.
  const fault = fc.oneof(...kinds).map((one): Fault => ({ ...one, mayMiss: true }));
  return fc.array(fault, { maxLength: maxFaults });
}

function weighted<T>(...choices: readonly (readonly [T, number])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([value, weight]) => ({ weight, arbitrary: fc.constant(value) })));
}

export const arbitraries = {
  /** Brokers, partitions of `orders` and replicas of each that go together. */
  shape,
  cluster,
  topicConfig,
  brokerConfig,
  producerConfig,
  workload,
  faults,
  scenario,
};
