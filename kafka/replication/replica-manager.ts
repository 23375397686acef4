/**
 * The partitions that this broker hosts and how metadata changes them (Kafka: ReplicaManager):
 * look-up by name and by id for requests, leaders and followers from every metadata delta,
 * fetchers per leader broker, the ISR check, and directories that go offline.
 */
import { Timer } from '../base/timers.ts';
import type { Uuid } from '../base/uuid.ts';
import type { Log } from '../log/log.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import type { MetadataDelta } from '../metadata/delta.ts';
import type { MetadataImage, TopicImage } from '../metadata/image.ts';
import { directoryOf, type PartitionRegistration } from '../metadata/partition-registration.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { ErrorCode } from '../wire/errors.ts';
import { Deadlines } from './deadlines.ts';
import type { FetcherManager } from './fetcher-manager.ts';
import { Partition } from './partition.ts';
import type { PartitionContext } from './partition-context.ts';

/** The logs of this broker; LogManager fits. */
export interface LogStore {
  /**
   * null while the directory it is or may be in is offline.
   * @param directory where the controller believes it to be; the zero uuid: it does not know.
   */
  getOrCreateLog(topic: string, partition: number, topicId: Uuid, directory: Uuid): Log | null;
  deleteLog(topic: string, partition: number, why: string): void;
  directoryIdOf(log: Log): Uuid;
}

export interface ReplicaManagerOptions {
  readonly runtime: NodeRuntime;
  readonly context: PartitionContext;
  readonly image: MetadataImage;
  readonly logs: LogStore;
  readonly fetchers: FetcherManager;
  /** Told of a replica that does not lie where the controller believes it to be. */
  liesElsewhere(partition: Partition, directory: Uuid): void;
}

interface HostedTopic {
  readonly id: Uuid;
  readonly name: string;
  /** By partition index; holes are partitions without a replica here. */
  readonly partitions: (Partition | undefined)[];
}

export class ReplicaManager {
  readonly deadlines: Deadlines;
  private readonly options: ReplicaManagerOptions;
  private readonly byName = new Map<string, HostedTopic>();
  private readonly byId = new Map<Uuid, HostedTopic>();
  private readonly led = new Set<Partition>();
  private readonly isrCheck: Timer;
  private inControlledShutdown = false;

  constructor(options: ReplicaManagerOptions) {
    this.options = options;
    this.deadlines = new Deadlines(options.runtime.timers, options.runtime.host.clock);
    this.isrCheck = new Timer(() => this.checkIsrs());
  }

  /** Begins to look after ISRs, every half of replica.lag.time.max.ms. */
  start(): void {
    this.armIsrCheck();
  }

  private armIsrCheck(): void {
    const { runtime, context } = this.options;
    const everyMs = Math.max(1, Math.floor(context.replicaLagTimeMaxMs / 2));
    runtime.timers.arm(this.isrCheck, runtime.nowMs + everyMs);
  }

  private checkIsrs(): void {
    for (const partition of this.led) partition.maybeShrinkIsr();
    this.armIsrCheck();
  }

  /** The replica of a partition here, or null (`missingError` says why). */
  partition(topic: string, index: number): Partition | null {
    return this.byName.get(topic)?.partitions[index] ?? null;
  }

  partitionById(topicId: Uuid, index: number): Partition | null {
    return this.byId.get(topicId)?.partitions[index] ?? null;
  }

  /** Why `partition` is null: the client should look elsewhere, or nobody has it. */
  missingError(topic: string, index: number): ErrorCode {
    const known = this.options.image.topic(topic)?.partitions[index] !== undefined;
    return known ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  }

  missingIdError(topicId: Uuid, index: number): ErrorCode {
    const topic = this.options.image.topicsById.get(topicId);
    if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_ID;
    return this.missingError(topic.name, index);
  }

  /** All replicas here, for traces, tools and checks. */
  *partitions(): Iterable<Partition> {
    for (const topic of this.byName.values()) {
      for (const partition of topic.partitions) if (partition !== undefined) yield partition;
    }
  }

  /**
   * Brings the replicas here to what the image says, where `delta` says that it changed. Only
   * the merged result of a batch is seen: a topic may have been removed and made anew in it.
   */
  applyDelta(delta: MetadataDelta): void {
    for (const { id } of delta.deletedTopics.values()) this.deleteTopic(id);
    const followers: [Partition, PartitionRegistration][] = [];
    const { brokerId } = this.options.context;
    for (const [topicId, changed] of delta.changedPartitions) {
      const topic = this.options.image.topicsById.get(topicId);
      if (topic === undefined) continue;
      for (const index of changed.keys()) {
        const registration = topic.partitions[index];
        if (registration === undefined) continue;
        if (!registration.replicas.includes(brokerId)) {
          this.deletePartition(topicId, index, 'reassigned');
          continue;
        }
        const partition = this.host(topic, index, directoryOf(registration, brokerId));
        if (registration.leader === brokerId) this.lead(partition, registration);
        else followers.push([partition, registration]);
      }
    }
    for (const [partition, registration] of followers) this.follow(partition, registration);
    this.options.fetchers.closeIdle();
  }

  /**
   * The partition object, with its log if that can be had. A replica whose directory failed stays
   * without: an empty one elsewhere would forget what it has promised.
   */
  private host({ id, name }: TopicImage, index: number, directory: Uuid): Partition {
    let topic = this.byId.get(id);
    if (topic === undefined) {
      topic = { id, name, partitions: [] };
      this.byId.set(id, topic);
      this.byName.set(name, topic);
    }
    let partition = topic.partitions[index];
    if (partition === undefined) {
      partition = new Partition(this.options.context, name, id, index);
      topic.partitions[index] = partition;
      const log = this.options.logs.getOrCreateLog(name, index, id, directory);
      if (log !== null) partition.open(log);
    }
    this.tellDirectory(partition, directory);
    return partition;
  }

  private tellDirectory(partition: Partition, believed: Uuid): void {
    if (partition.log === null) return;
    const directory = this.options.logs.directoryIdOf(partition.log);
    if (directory !== believed) this.options.liesElsewhere(partition, directory);
  }

  private lead(partition: Partition, registration: PartitionRegistration): void {
    this.options.fetchers.stop(partition);
    if (partition.log === null) return;
    if (partition.makeLeader(registration)) this.led.add(partition);
  }

  private follow(partition: Partition, registration: PartitionRegistration): void {
    this.led.delete(partition);
    const following = partition.makeFollower(registration);
    const { log } = partition;
    const { fetchers, context } = this.options;
    const leaving =
      this.inControlledShutdown &&
      (registration.leader < 0 || !registration.isr.includes(context.brokerId));
    if (leaving || log === null) fetchers.stop(partition);
    else if (following === 'anew') fetchers.restart(partition, log);
    else if (following === 'goes-on') fetchers.goOn(partition, log);
  }

  private deleteTopic(topicId: Uuid): void {
    const topic = this.byId.get(topicId);
    if (topic === undefined) return;
    for (let index = 0; index < topic.partitions.length; index++) {
      this.deletePartition(topicId, index, 'topic-deleted');
    }
    this.byId.delete(topicId);
    if (this.byName.get(topic.name) === topic) this.byName.delete(topic.name);
  }

  private deletePartition(topicId: Uuid, index: number, why: string): void {
    const topic = this.byId.get(topicId);
    const partition = topic?.partitions[index];
    if (topic === undefined || partition === undefined) return;
    topic.partitions[index] = undefined;
    this.led.delete(partition);
    this.options.fetchers.stop(partition);
    partition.close(this.missingIdError(topicId, index));
    this.options.logs.deleteLog(topic.name, index, why);
  }

  /** Replicas in a directory that failed are not served any more, in whatever role. */
  directoryFailed(directory: LogDirectory): void {
    for (const partition of this.partitions()) {
      if (partition.log === null || partition.log.logDirectory !== directory) continue;
      this.led.delete(partition);
      this.options.fetchers.stop(partition);
      partition.close(ErrorCode.KAFKA_STORAGE_ERROR);
    }
  }

  /** From now on, replicas that leave their ISR are not fetched any more. */
  beginControlledShutdown(): void {
    this.inControlledShutdown = true;
  }

  stop(): void {
    this.options.runtime.timers.cancel(this.isrCheck);
    this.options.fetchers.closeAll();
  }
}
