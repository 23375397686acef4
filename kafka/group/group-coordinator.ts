/**
 * The groups that this broker coordinates: those whose partition of `__consumer_offsets` it leads
 * (Kafka: GroupCoordinatorService). Leading means loading first; until that is done members are
 * told to come again, and when leadership is lost, to look for the new coordinator.
 */
import { Timer } from '../base/timers.ts';
import type { MetadataDelta } from '../metadata/delta.ts';
import type { MetadataImage } from '../metadata/image.ts';
import type { ReplicaManager } from '../replication/replica-manager.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { ClassicGroup } from './classic-group.ts';
import { GroupLoader } from './group-loader.ts';
import { groupPartition, OFFSETS_TOPIC } from './group-partition.ts';
import { groupTombstone, type OffsetChange, offsetRecord } from './group-records.ts';
import { Joins } from './joins.ts';
import { allTombstones, expiredOffsets, tombstonesOfTopics } from './offset-requests.ts';
import { type RoundSettings, Rounds } from './rounds.ts';
import { coordinatorError, GroupShard } from './shard.ts';

export interface GroupSettings extends RoundSettings {
  readonly offsetsTopicPartitions: number;
  readonly commitTimeoutMs: number;
  readonly loadBufferBytes: number;
  readonly retentionMs: number;
  readonly retentionCheckMs: number;
}

export interface GroupCoordinatorOptions {
  readonly runtime: NodeRuntime;
  readonly replicas: ReplicaManager;
  readonly image: MetadataImage;
  readonly brokerId: number;
  readonly settings: GroupSettings;
}

/** A partition's groups with what serves them. */
export interface ServedShard {
  readonly shard: GroupShard;
  readonly rounds: Rounds;
  readonly joins: Joins;
}

interface Served extends ServedShard {
  readonly loading: Timer;
  readonly expiry: Timer;
}

/** A buffer of the log is read per millisecond: a load is never over in the step it begins in. */
const LOAD_STEP_MS = 1;
/** Tombstones in one batch, far below what a batch may hold. */
const TOMBSTONES_AT_ONCE = 1000;

export class GroupCoordinator {
  private readonly options: GroupCoordinatorOptions;
  /** By partition of the offsets topic. */
  private readonly served = new Map<number, Served>();
  private stopped = false;

  constructor(options: GroupCoordinatorOptions) {
    this.options = options;
  }

  partitionOf(groupId: string): number {
    const { image, settings } = this.options;
    const count = image.topic(OFFSETS_TOPIC)?.partitions.length ?? settings.offsetsTopicPartitions;
    return groupPartition(groupId, count);
  }

  /** What serves a group, or why nothing does. */
  find(groupId: string): ServedShard | ErrorCode {
    if (this.stopped) return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    const served = this.served.get(this.partitionOf(groupId));
    if (served === undefined) return ErrorCode.NOT_COORDINATOR;
    const error = served.shard.availability;
    return error === ErrorCode.NONE ? served : error;
  }

  /** All that is served now, by ascending partition, loading ones included. */
  shards(): GroupShard[] {
    const partitions = [...this.served.keys()].sort((a, b) => a - b);
    return partitions.map((partition) => (this.served.get(partition) as Served).shard);
  }

  /** Call when the replicas are where the image says. */
  applyDelta(delta: MetadataDelta): void {
    if (this.stopped) return;
    const topic = this.options.image.topic(OFFSETS_TOPIC);
    for (const [index, { shard }] of [...this.served]) {
      if (shard.partition.topicId !== topic?.id) this.resigned(index);
    }
    const changed = topic === undefined ? undefined : delta.changedPartitions.get(topic.id);
    for (const index of changed?.keys() ?? []) {
      const registration = topic?.partitions[index];
      if (registration?.leader === this.options.brokerId) {
        this.elected(index, registration.leaderEpoch);
      } else this.resigned(index);
    }
    const deleted = new Set([...delta.deletedTopics.values()].map(({ name }) => name));
    if (deleted.size > 0) this.topicsDeleted(deleted);
  }

  private elected(index: number, leaderEpoch: number): void {
    const { runtime, replicas, settings } = this.options;
    const known = this.served.get(index);
    if (known !== undefined && known.shard.state !== 'failed') {
      known.shard.leaderEpoch = leaderEpoch;
      return;
    }
    this.resigned(index);
    const partition = replicas.partition(OFFSETS_TOPIC, index);
    if (partition === null) return;
    const { clock, trace, random } = runtime.host;
    const { deadlines } = replicas;
    const context = { clock, trace, deadlines, commitTimeoutMs: settings.commitTimeoutMs };
    const shard = new GroupShard(context, partition, leaderEpoch);
    const rounds = new Rounds(shard, settings, runtime.timers);
    const joins = new Joins(rounds, random.stream('group-member-id'));
    const loader = new GroupLoader(shard, settings.loadBufferBytes, runtime.rules.groupLoad);
    const served: Served = {
      ...{ shard, rounds, joins },
      loading: new Timer(() => this.load(served, loader)),
      expiry: new Timer(() => this.expire(served)),
    };
    this.served.set(index, served);
    runtime.timers.arm(served.loading, runtime.nowMs + LOAD_STEP_MS);
  }

  private load(served: Served, loader: GroupLoader): void {
    const { runtime } = this.options;
    const { shard, rounds } = served;
    const progress = loader.step();
    if (progress === 'more') {
      runtime.timers.arm(served.loading, runtime.nowMs + LOAD_STEP_MS);
      return;
    }
    shard.state = progress === 'done' ? 'active' : 'failed';
    shard.tell();
    if (progress === 'failed') return;
    for (const group of shard.groups.values()) rounds.resume(group);
    this.armExpiry(served);
  }

  private resigned(index: number): void {
    const served = this.served.get(index);
    if (served === undefined) return;
    this.served.delete(index);
    const { timers } = this.options.runtime;
    timers.cancel(served.loading);
    timers.cancel(served.expiry);
    const { shard, rounds } = served;
    for (const group of shard.groups.values()) rounds.end(group, 'the coordinator has moved');
    shard.unload();
    shard.tell();
  }

  // Offsets that go

  private armExpiry(served: Served): void {
    const { runtime, settings } = this.options;
    runtime.timers.arm(served.expiry, runtime.nowMs + settings.retentionCheckMs);
  }

  private expire(served: Served): void {
    const { runtime, settings } = this.options;
    const { shard } = served;
    const limits = {
      nowMs: runtime.host.clock.wallMs(),
      retentionMs: settings.retentionMs,
      rule: runtime.rules.offsetExpiry,
    };
    const changes: OffsetChange[] = [];
    const ended: ClassicGroup[] = [];
    for (const group of shard.groups.values()) {
      const expired = expiredOffsets(group, shard, limits);
      changes.push(...expired.changes);
      if (expired.isAll && group.state === 'Empty') ended.push(group);
    }
    this.writeTombstones(served, changes);
    for (const group of ended) this.deleteGroup(served, group, 'nothing of it is left', () => {});
    this.armExpiry(served);
  }

  private writeTombstones({ shard }: Served, changes: readonly OffsetChange[]): void {
    for (let from = 0; from < changes.length; from += TOMBSTONES_AT_ONCE) {
      const some = changes.slice(from, from + TOMBSTONES_AT_ONCE);
      shard.write(some.map(offsetRecord), some, () => {});
    }
  }

  private topicsDeleted(names: ReadonlySet<string>): void {
    for (const served of this.served.values()) {
      if (served.shard.state !== 'active') continue;
      this.writeTombstones(served, tombstonesOfTopics(served.shard, names));
    }
  }

  /** Takes a group that nobody is in and its offsets away; `done` hears when that is replicated. */
  delete(groupId: string, done: (error: ErrorCode) => void): void {
    const served = this.find(groupId);
    if (typeof served === 'number') return done(served);
    const group = served.shard.groups.get(groupId);
    if (group === undefined || group.state === 'Dead') return done(ErrorCode.GROUP_ID_NOT_FOUND);
    if (group.state !== 'Empty') return done(ErrorCode.NON_EMPTY_GROUP);
    this.deleteGroup(served, group, 'deleted', done);
  }

  private deleteGroup(
    { shard, rounds }: ServedShard,
    group: ClassicGroup,
    why: string,
    done: (error: ErrorCode) => void,
  ): void {
    const changes = allTombstones(shard, group.groupId);
    const records = [...changes.map(offsetRecord), groupTombstone(group.groupId)];
    const written = shard.write(records, changes, (error) => done(coordinatorError(error)));
    if (!written) return;
    rounds.end(group, why);
    shard.groups.delete(group.groupId);
  }

  /** The broker stops: nothing is written any more. */
  stop(): void {
    this.stopped = true;
    for (const index of [...this.served.keys()]) this.resigned(index);
  }
}
