/** Plots of clients of their own: what they ask for, how much, and where their numbers begin. */
import { LAST_PRODUCER_EPOCH } from '../../kafka/records/batch.ts';
import { MIN_VALUE_BYTES } from '../workload/record-value.ts';
import type { LoadEntry } from './load.ts';
import { type Plot, struck } from './plot.ts';
import type { Fault, Stage } from './stage.ts';

/** A consumer asks again and again where the end is, while leadership moves. */
export function beginsAgain(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition, { name: topic }] = stage.anyPartition();
  const consumer = stage.newClient('again');
  const config = { 'auto.offset.reset': 'latest', 'request.timeout.ms': draw.pick([1_000, 2_000]) };
  const start = draw.int(0, Math.floor(stage.shape.runForMs / 2));
  const gap = draw.pick([100, 300, 700]);
  const times = draw.int(4, 12);
  const faults: Fault[] = Array.from({ length: times }, (_, i) => ({
    ...stage.later(start, i * gap),
    kill: `client:${consumer}`,
    restartAfter: draw.pick([1, 20, 50]),
  }));
  const strikeAt = stage.later(start, draw.int(0, times) * gap);
  faults.push(struck(stage, `leader:${partition}`, strikeAt));
  if (draw.chance(70)) {
    faults.push({
      when: { event: 'leader.started', partition, count: draw.pick([1, 2, 2, 3]) },
      after: draw.pick([0, 0, 1]),
      cut: [`leader:${partition}`, `followers:${partition}`],
      for: draw.pick([200, 1_000, 4_000]),
    });
  }
  return { faults, workload: [{ consumer, topic, config }] };
}

/** Thousands of records at once, and followers that are not near. */
export function burst(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition, { name: topic, partitions }] = stage.anyPartition();
  const producer = stage.newClient('burst');
  const startAt = draw.int(0, stage.shape.runForMs);
  const config = {
    acks: 'all',
    'enable.idempotence': true,
    'batch.size': draw.pick([16_384, 1_000_000]),
    'linger.ms': draw.pick([0, 5]),
    'delivery.timeout.ms': 60_000,
  };
  const inFlight = draw.pick([6_000, 9_000]);
  const count = draw.pick([6_000, 15_000, 30_000]);
  const load = { startAt, inFlight, count, valueBytes: MIN_VALUE_BYTES };
  const entry = { producer, topic, ...load, partition: draw.int(0, partitions - 1), config };
  const far: Fault = {
    ...stage.later(startAt, -draw.pick([0, 100])),
    delay: [`leader:${partition}`, `followers:${partition}`],
    by: draw.pick([20, 100, 400, 400]),
    for: draw.pick([500, 2_000, 5_000, 5_000]),
  };
  return { faults: draw.chance(70) ? [far] : [], workload: [entry] };
}

const LAST_SEQUENCE = 2_147_483_647;

/** A producer that has lived long, and whose answers are lost when its numbers begin again. */
export function nearTheLimit(stage: Stage): Partial<Plot> {
  const { draw } = stage;
  const [partition, { name: topic, partitions }] = stage.anyPartition();
  const producer = stage.newClient('old');
  const recordsPerSecond = draw.pick([20, 100, 400]);
  const startAt = draw.int(0, Math.floor(stage.shape.runForMs / 2));
  const wrapAfterMs = draw.int(0, 2_000);
  const counters = {
    sequence: LAST_SEQUENCE - Math.floor((wrapAfterMs * recordsPerSecond) / 1_000),
    epoch: draw.chance(30) ? LAST_PRODUCER_EPOCH - draw.int(0, 2) : 0,
  };
  const config = {
    acks: 'all',
    'enable.idempotence': true,
    'linger.ms': draw.pick([0, 20, 100]),
    'request.timeout.ms': draw.pick([500, 1_500]),
    'delivery.timeout.ms': 20_000,
  };
  const load = { recordsPerSecond, count: 1_000, startAt, partition: partitions - 1 };
  const entry: LoadEntry = { producer, topic, ...load, counters, config };
  const wrapAt = startAt + wrapAfterMs;
  return { faults: answersLost(stage, { partition, producer, atMs: wrapAt }), workload: [entry] };
}

const OFTEN_RETAINED = {
  'log.retention.check.interval.ms': 500,
  'log.initial.task.delay.ms': 500,
};

/** Retention takes what a producer wrote while its answer is lost. */
export function forgotten(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  if (shape.promise === 'kept') return {};
  const [partition, { name: topic, partitions }] = stage.anyPartition();
  const producer = stage.newClient('slow');
  const start = draw.int(0, Math.floor(shape.runForMs / 2));
  const config = {
    acks: 'all',
    'enable.idempotence': true,
    'request.timeout.ms': draw.pick([1_500, 5_000]),
    'delivery.timeout.ms': 30_000,
  };
  const load = { recordsPerSecond: draw.pick([2, 20]), partition: partitions - 1 };
  const reader = { consumer: stage.newClient('keen'), topic };
  const set = {
    'retention.ms': draw.pick([500, 1_000, 2_000]),
    ...(draw.chance(60) ? { 'segment.bytes': draw.pick([200, 1_000]) } : {}),
  };
  return {
    faults: answersLost(stage, { partition, producer, atMs: start }),
    operations: [{ ...stage.later(0, 0), alterConfigs: `topic:${topic}`, set }],
    workload: [
      { producer, topic, ...load, config },
      { ...reader, config: { 'auto.offset.reset': 'earliest' } },
    ],
    config: OFTEN_RETAINED,
  };
}

/** A leader's clock is wrong while it writes, and is set right before retention looks. */
export function wrongClock(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  if (shape.promise === 'kept') return {};
  const [partition, { name: topic }] = stage.anyPartition();
  const start = draw.int(0, Math.floor(shape.runForMs / 2));
  const by = draw.pick([-1, -1, 1]) * draw.pick([5_000, 60_000, 1_800_000]);
  const name = stage.name('wrong-clock');
  const set = { 'retention.ms': draw.pick([2_000, 30_000, 600_000]) };
  return {
    faults: [
      { ...stage.later(start, 0), name, jumpClock: `leader:${partition}`, by },
      { ...stage.later(start, stage.span()), jumpClock: `struck:${name}`, by: -by },
    ],
    operations: [{ ...stage.later(0, 0), alterConfigs: `topic:${topic}`, set }],
    config: OFTEN_RETAINED,
  };
}

/** A producer with one request in flight, whose leader hangs while another one is elected. */
export function oneAtATime(stage: Stage): Partial<Plot> {
  const { draw, shape } = stage;
  const [partition, { name: topic, partitions }] = stage.anyPartition();
  const producer = stage.newClient('single');
  const start = draw.int(0, Math.floor(shape.runForMs / 2));
  const config = {
    acks: 'all',
    'enable.idempotence': draw.chance(20),
    'max.in.flight.requests.per.connection': 1,
    'metadata.max.age.ms': draw.pick([200, 1_000]),
    'request.timeout.ms': draw.pick([3_000, 10_000, 20_000]),
    'delivery.timeout.ms': 60_000,
    'linger.ms': draw.pick([0, 5]),
  };
  const load = { recordsPerSecond: draw.pick([10, 40]), partition: partitions - 1 };
  const leader = `leader:${partition}`;
  const when = stage.later(start, 0);
  const hung: Fault = draw.chance(60)
    ? struck(stage, leader, when)
    : { ...when, cut: [leader, `client:${producer}`], for: draw.pick([2_000, 6_000, 15_000]) };
  return {
    faults: [hung],
    operations: [
      {
        ...stage.later(start, draw.pick([100, 500, 2_000])),
        reassign: partition,
        replicas: draw.shuffled(stage.brokerIds).slice(0, Math.min(3, stage.brokerIds.length)),
      },
      { ...stage.later(start, draw.pick([1_000, 3_000])), electLeaders: 'preferred' },
    ],
    workload: [{ producer, topic, ...load, config }],
  };
}

interface Conversation {
  readonly partition: string;
  readonly producer: string;
  readonly atMs: number;
}

/** What is written is not confirmed, until the connection breaks and it is sent again. */
function answersLost(stage: Stage, { partition, producer, atMs }: Conversation): Fault[] {
  const { draw } = stage;
  const from = Math.max(0, atMs - draw.pick([0, 50, 300]));
  const sides: [string, string] = [`leader:${partition}`, `client:${producer}`];
  const lasting = draw.pick([200, 1_000, 3_000, 6_000]);
  const until = stage.later(from, lasting);
  return [
    { ...stage.later(from, 0), cut: sides, oneWay: true, for: lasting },
    ...(draw.chance(70) ? [{ ...until, reset: sides }] : []),
  ];
}
