/**
 * The clients of a drawn scenario: producers of all kinds of acknowledgement, consumers, and what
 * operators ask for. A few dozen to a few hundred records are enough: what is looked for lies in
 * the order of events, not in their number.
 */
import type { ScenarioInput } from '../scenario/schema.ts';
import type { Draw } from './draw.ts';
import type { SwarmShape, SwarmTopic } from './shape.ts';

export type LoadEntry = NonNullable<ScenarioInput['workload']>[number];
type Config = Record<string, string | number | boolean>;

/** Records of one producer, about. */
const MOST_RECORDS = 400;

export function drawLoad(draw: Draw, shape: SwarmShape): LoadEntry[] {
  const entries: LoadEntry[] = [];
  const topics = shape.topics as readonly [SwarmTopic, ...SwarmTopic[]];
  const producers = draw.weighted([
    [1, 50],
    [2, 35],
    [3, 15],
  ]);
  for (let i = 1; i <= producers; i++) {
    const topic = topics[(i - 1) % topics.length] as SwarmTopic;
    entries.push(drawProducer(draw, `p${i}`, { shape, topic }));
  }
  const consumers = draw.weighted([
    [0, 15],
    [1, 60],
    [2, 25],
  ]);
  for (let i = 1; i <= consumers; i++) {
    const topic = draw.pick(topics);
    entries.push(drawConsumer(draw, `c${i}`, { shape, topic }));
  }
  return entries;
}

interface Where {
  readonly shape: SwarmShape;
  readonly topic: SwarmTopic;
}

function drawProducer(draw: Draw, producer: string, { shape, topic }: Where): LoadEntry {
  const config = drawProducerConfig(draw, shape);
  const entry: LoadEntry = { producer, topic: topic.name, config };
  const runForSeconds = shape.runForMs / 1_000;
  if (draw.chance(70)) {
    entry.recordsPerSecond = Math.min(
      draw.pick([1, 5, 20, 20, 60, 150]),
      Math.floor(MOST_RECORDS / runForSeconds),
    );
  } else {
    entry.inFlight = draw.pick([1, 2, 5, 20]);
    entry.count = draw.pick([20, 100, MOST_RECORDS]);
  }
  entry.valueBytes = draw.pick([16, 20, 60, 100, 300, 2_000]);
  if (draw.chance(30)) entry.keys = draw.pick(['unique', { distinct: 1 }, { distinct: 5 }]);
  if (draw.chance(60)) {
    entry.partition = draw.chance(60) ? 'round-robin' : draw.int(0, topic.partitions - 1);
  }
  if (draw.chance(15)) entry.startAt = draw.int(0, shape.runForMs);
  return entry;
}

function drawProducerConfig(draw: Draw, shape: SwarmShape): Config {
  const idempotent = draw.chance(60);
  const acks = draw.pick(shape.promise === 'kept' ? ['all'] : ['all', 'all', '1', '0']);
  const config: Config = { acks: idempotent ? 'all' : acks, 'enable.idempotence': idempotent };
  const requestTimeoutMs = draw.pick([500, 1_000, 1_500, 3_000, 30_000]);
  const lingerMs = draw.pick([0, 0, 5, 5, 50, 400]);
  config['request.timeout.ms'] = requestTimeoutMs;
  config['linger.ms'] = lingerMs;
  config['max.in.flight.requests.per.connection'] = draw.pick([1, 2, 5, 5]);
  const maybe = (percent: number, key: string, values: readonly Config[string][]): void => {
    if (draw.chance(percent)) config[key] = draw.pick(values);
  };
  maybe(40, 'batch.size', [0, 1, 200, 1_000]);
  maybe(40, 'retry.backoff.ms', [0, 10, 10, 100]);
  maybe(20, 'reconnect.backoff.ms', [5, 20]);
  // Kafka's own two minutes, and one to block, are simulated for little: nothing happens in them.
  if (draw.chance(95)) {
    const more = draw.pick([0, 1_000, 4_000, 15_000, 15_000]);
    config['delivery.timeout.ms'] = lingerMs + requestTimeoutMs + more;
  }
  if (!idempotent) maybe(20, 'retries', [0, 1, 3]);
  maybe(95, 'max.block.ms', [0, 200, 3_000, 12_000, 12_000, 12_000, 12_000, 12_000]);
  maybe(8, 'buffer.memory', [3_000, 20_000]);
  maybe(15, 'metadata.max.age.ms', [200, 2_000]);
  maybe(10, 'partitioner.adaptive.partitioning.enable', [false]);
  maybe(10, 'partitioner.availability.timeout.ms', [100, 1_000]);
  maybe(10, 'partitioner.ignore.keys', [true]);
  return config;
}

function drawConsumer(draw: Draw, consumer: string, { shape, topic }: Where): LoadEntry {
  const config: Config = {
    'auto.offset.reset': draw.chance(80) ? 'earliest' : 'latest',
  };
  const entry: LoadEntry = { consumer, topic: topic.name, config };
  const maybe = (percent: number, key: string, values: readonly Config[string][]): void => {
    if (draw.chance(percent)) config[key] = draw.pick(values);
  };
  maybe(50, 'request.timeout.ms', [1_000, 3_000]);
  maybe(20, 'max.poll.records', [1, 10]);
  maybe(25, 'fetch.max.wait.ms', [20, 400]);
  maybe(15, 'fetch.max.bytes', [1, 500, 5_000]);
  maybe(15, 'max.partition.fetch.bytes', [0, 1, 500]);
  maybe(10, 'fetch.min.bytes', [100, 1_000]);
  maybe(15, 'metadata.max.age.ms', [200, 2_000]);
  if (draw.chance(20)) entry.assign = [draw.int(0, topic.partitions - 1)];
  if (draw.chance(25)) entry.pollEvery = draw.pick([10, 200, 1_500]);
  if (draw.chance(15)) entry.startAt = draw.int(0, shape.runForMs);
  return entry;
}
