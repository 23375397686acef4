/**
 * Kafka's settings of a drawn cluster: time-outs compressed so that a session, a lag and a
 * retry fit into a few simulated seconds, and values at the edges more often than real clusters
 * would have them.
 */
import type { Draw } from './draw.ts';
import type { SwarmShape, SwarmTopic } from './shape.ts';

type Config = Record<string, string | number | boolean>;

/** The time-outs that faults are timed against. */
export interface SwarmTimings {
  readonly sessionTimeoutMs: number;
  readonly lagTimeMaxMs: number;
}

export function drawTimings(draw: Draw): SwarmTimings {
  return {
    sessionTimeoutMs: draw.pick([1_000, 2_000, 2_000, 3_000, 5_000, 9_000]),
    lagTimeMaxMs: draw.pick([800, 1_500, 3_000, 3_000, 6_000, 30_000]),
  };
}

/** For every broker and controller. */
export function drawClusterConfig(draw: Draw, shape: SwarmShape, timings: SwarmTimings): Config {
  const { sessionTimeoutMs, lagTimeMaxMs } = timings;
  const config: Config = {
    'broker.session.timeout.ms': sessionTimeoutMs,
    'broker.heartbeat.interval.ms': Math.floor(sessionTimeoutMs / draw.pick([3, 4, 5, 10])),
    'replica.lag.time.max.ms': lagTimeMaxMs,
    'replica.fetch.wait.max.ms': Math.min(lagTimeMaxMs, draw.pick([50, 200, 500, 500, 800])),
    'feature.eligible.leader.replicas.version': shape.eligibleLeaderReplicas ? 1 : 0,
  };
  const maybe = (percent: number, key: string, values: readonly Config[string][]): void => {
    if (draw.chance(percent)) config[key] = draw.pick(values);
  };
  maybe(50, 'replica.socket.timeout.ms', [1_000, 2_000, 5_000]);
  maybe(40, 'request.timeout.ms', [1_000, 2_000, 5_000]);
  maybe(40, 'replica.fetch.backoff.ms', [1, 20, 200]);
  maybe(30, 'replica.fetch.max.bytes', [0, 1, 400, 5_000]);
  maybe(20, 'replica.fetch.response.max.bytes', [1, 1_000, 20_000]);
  maybe(20, 'replica.fetch.min.bytes', [200, 5_000]);
  // A follower that may not fetch what it waits for gets a batch per wait, and catches up in hours.
  if (Number(config['replica.fetch.min.bytes']) > Number(config['replica.fetch.max.bytes'])) {
    delete config['replica.fetch.min.bytes'];
  }
  maybe(25, 'max.incremental.fetch.session.cache.slots', [0, 1, 2, 4]);
  maybe(50, 'replica.high.watermark.checkpoint.interval.ms', [50, 300, 1_000]);
  maybe(25, 'log.flush.offset.checkpoint.interval.ms', [100, 1_000]);
  maybe(20, 'controlled.shutdown.enable', [false]);
  maybe(15, 'fetch.max.bytes', [1_024, 4_000]);
  maybe(20, 'log.initial.task.delay.ms', [0, 500]);
  maybe(15, 'log.retention.check.interval.ms', [200, 2_000]);
  maybe(15, 'socket.connection.setup.timeout.ms', [300, 1_000]);
  maybe(15, 'log.index.interval.bytes', [0, 300]);
  if (shape.directories.length > 1) config['log.dirs'] = shape.directories.join(',');
  if (shape.metadataDirectory !== null) config['metadata.log.dir'] = shape.metadataDirectory;
  maybe(15, 'log.dir.failure.timeout.ms', [3_000]);
  maybe(10, 'log.flush.start.offset.checkpoint.interval.ms', [100, 1_000]);
  maybe(8, 'socket.request.max.bytes', [100_000]);
  maybe(10, 'auto.create.topics.enable', [false]);
  maybe(10, 'num.partitions', [1, 3]);
  maybe(10, 'default.replication.factor', [1, Math.min(3, shape.brokers)]);
  // Who is forgotten may write a record again, or out of order.
  if (shape.promise === 'any' && draw.chance(8)) {
    config['producer.id.expiration.ms'] = draw.pick([500, 3_000]);
    config['producer.id.expiration.check.interval.ms'] = draw.pick([200, 1_000]);
  }
  if (draw.chance(10)) {
    config['log.flush.scheduler.interval.ms'] = draw.pick([20, 500]);
    config['log.flush.interval.ms'] = draw.pick([0, 200]);
  }
  maybe(25, 'leader.imbalance.check.interval.seconds', [1, 3]);
  maybe(10, 'auto.leader.rebalance.enable', [false]);
  maybe(20, 'unclean.leader.election.interval.ms', [500, 3_000]);
  return { ...config, ...drawQuorumConfig(draw) };
}

function drawQuorumConfig(draw: Draw): Config {
  const config: Config = {};
  const maybe = (percent: number, key: string, values: readonly Config[string][]): void => {
    if (draw.chance(percent)) config[key] = draw.pick(values);
  };
  maybe(50, 'controller.quorum.election.timeout.ms', [150, 400, 1_000]);
  maybe(50, 'controller.quorum.fetch.timeout.ms', [1_000, 1_500, 3_000]);
  maybe(40, 'controller.quorum.election.backoff.max.ms', [50, 300]);
  maybe(30, 'controller.quorum.request.timeout.ms', [300, 1_000]);
  maybe(30, 'controller.quorum.append.linger.ms', [0, 5, 100]);
  maybe(15, 'controller.quorum.retry.backoff.ms', [0, 5, 200]);
  maybe(10, 'metadata.log.segment.ms', [100, 2_000]);
  maybe(20, 'metadata.max.idle.interval.ms', [0, 100, 2_000]);
  maybe(25, 'metadata.log.max.record.bytes.between.snapshots', [1, 600, 4_000]);
  maybe(15, 'metadata.log.max.snapshot.interval.ms', [300, 2_000]);
  maybe(20, 'metadata.log.segment.bytes', [600, 20_000, 60_000]);
  maybe(20, 'metadata.max.retention.bytes', [1_000, 30_000]);
  maybe(10, 'metadata.max.retention.ms', [500, 3_000]);
  return config;
}

export function drawTopicConfig(draw: Draw, topic: SwarmTopic, shape: SwarmShape): Config {
  const config: Config = { 'min.insync.replicas': topic.minInSyncReplicas };
  if (topic.unclean) config['unclean.leader.election.enable'] = true;
  const maybe = (percent: number, key: string, values: readonly Config[string][]): void => {
    if (draw.chance(percent)) config[key] = draw.pick(values);
  };
  maybe(40, 'segment.bytes', [200, 1_000, 4_000, 20_000]);
  maybe(15, 'segment.ms', [300, 2_000]);
  maybe(25, 'flush.messages', [1, 1, 3, 20]);
  maybe(10, 'flush.ms', [50, 1_000]);
  maybe(10, 'index.interval.bytes', [0, 100]);
  maybe(8, 'message.timestamp.type', ['LogAppendTime']);
  if (shape.promise === 'any' && draw.chance(8)) {
    if (draw.chance(60)) config['retention.bytes'] = draw.pick([0, 500, 5_000]);
    else config['retention.ms'] = draw.pick([0, 500, 5_000]);
    config['file.delete.delay.ms'] = draw.pick([0, 500, 60_000]);
  }
  return config;
}
