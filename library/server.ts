/**
 * `kafka-trial/server`: a cluster of real brokers in this process, for tests with any Kafka client.
 * Sockets and time are real here, so runs are not repeatable; what breaks, breaks on purpose.
 */
import type { ClusterAdmin } from '../server/cluster/admin.ts';
import { type ServerCluster, startServerCluster } from '../server/cluster/cluster.ts';
import { LeftBehind } from '../server/cluster/left-behind.ts';
import type { Machine } from '../server/cluster/machine.ts';
import { ClusterFaults } from '../server/faults/cluster-faults.ts';
import type { Connection } from '../server/network/connection.ts';
import type { Ended } from '../server/node-process.ts';
import type { ConfigValue, KafkaConfig } from './options.ts';
import { checkServerOptions, type ServerOptions } from './server-options.ts';

export { AdminError, type ClusterAdmin } from '../server/cluster/admin.ts';
export type {
  AnswerFault,
  AnswerOptions,
  ErrorName,
  HitOptions,
} from '../server/faults/answer-faults.ts';
export type { ClusterFaults, LinkOptions } from '../server/faults/cluster-faults.ts';
export type { ConfigValue, KafkaConfig, TopicOptions } from './options.ts';
export type { ServerOptions } from './server-options.ts';

export interface Broker {
  /** `broker-1` */
  readonly name: string;
  readonly id: number;
  /** `127.0.0.1:34567` */
  readonly address: string;
  /** Its process is there. */
  readonly running: boolean;
}

/** What differs from Kafka's defaults, because tests should not have to wait or to say it. */
const FOR_TESTS: KafkaConfig = {
  // A broker that is killed is noticed after two seconds, not nine.
  'broker.session.timeout.ms': 2_000,
  'broker.heartbeat.interval.ms': 500,
  // Each step of a start writes metadata; nobody needs to collect it in batches here.
  'controller.quorum.append.linger.ms': 1,
  'group.initial.rebalance.delay.ms': 0,
  'offsets.topic.num.partitions': 5,
};

const FULL_REPLICATION = 3;
const HOST = '127.0.0.1';

export class RealCluster implements AsyncDisposable {
  /** For `new Kafka({ brokers })` and the like. */
  readonly bootstrap: string[];
  readonly admin: ClusterAdmin;
  readonly faults: ClusterFaults;
  private readonly cluster: ServerCluster;
  private closing: Promise<void> | null = null;

  /** Use `startCluster`. */
  constructor(cluster: ServerCluster, faults: ClusterFaults) {
    this.cluster = cluster;
    this.bootstrap = cluster.bootstrap;
    this.admin = cluster.admin;
    this.faults = faults;
  }

  get brokers(): readonly Broker[] {
    return this.cluster.brokers.map(({ name, parts, process }, i) => ({
      name,
      id: Number(parts.config['node.id']),
      address: this.bootstrap[i] ?? '',
      running: process !== null,
    }));
  }

  /** Ends every node, and every wait for one: in order when a folder keeps what they have, else at once. */
  async close(): Promise<void> {
    this.closing ??= this.end();
    await this.closing;
  }

  private async end(): Promise<void> {
    if (this.cluster.shape.data !== null) await this.cluster.stop();
    this.cluster.kill();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Resolves when every broker serves and every topic has its leaders. Rejects with TypeError or
 * RangeError for an option, before anything is started.
 */
export async function startCluster(options: ServerOptions = {}): Promise<RealCluster> {
  checkServerOptions(options);
  const { brokers = 3, controllers = 1, topics = {}, data = null, port = 0 } = options;
  const most = Math.min(FULL_REPLICATION, brokers);
  const config = asTexts({
    'default.replication.factor': most,
    ...FOR_TESTS,
    ...options.config,
  });
  const wanted = Object.entries(topics).map(([name, topic]) => ({
    name,
    partitions: topic.partitions ?? 1,
    replicationFactor: topic.replicationFactor ?? most,
    config: asTexts(topic.config ?? {}),
  }));
  let faults: ClusterFaults | null = null;
  const opened = (machine: Machine, connection: Connection): void =>
    faults?.opened(machine, connection);
  const shape = { brokers, controllers, host: HOST, advertisedHost: HOST, port, data, config };
  const events = { opened, ended: tellEnd };
  const cluster = await startServerCluster(shape, wanted, events).catch((error: unknown) => {
    if (!(error instanceof LeftBehind)) throw error;
    const remedy = `use ${error.option}: ${error.wanted}, or another folder`;
    throw new RangeError(`startCluster: data: ${error.message}; ${remedy}`, { cause: error });
  });
  faults = new ClusterFaults(cluster);
  return new RealCluster(cluster, faults);
}

/** A node that ended though nobody asked for it must not do so in silence. */
function tellEnd(node: string, ended: Ended): void {
  if (ended.how === 'halted') process.stderr.write(`${node} gave up: ${ended.reason}\n`);
  if (ended.how !== 'broken') return;
  const words = `${node} broke while it worked on "${ended.input}": a mistake in trial itself`;
  const { error } = ended;
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${words}\n${stack}\n`);
}

function asTexts(config: Readonly<Record<string, ConfigValue>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));
}
