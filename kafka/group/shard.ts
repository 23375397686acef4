/**
 * The groups of one partition of `__consumer_offsets`, on the broker that leads it (Kafka:
 * CoordinatorRuntime's context and GroupCoordinatorShard). What changes is written with acks=all;
 * whoever asked is answered once the high watermark has passed the write, in the order of the
 * log, or told that it is not known after offsets.commit.timeout.ms.
 */
import { Fifo } from '../base/fifo.ts';
import type { Clock } from '../host.ts';
import { BatchBuilder } from '../records/builder.ts';
import { Deadlined, type Deadlines } from '../replication/deadlines.ts';
import type { Partition } from '../replication/partition.ts';
import type { Waiter } from '../replication/waiters.ts';
import type { Trace } from '../trace.ts';
import { ErrorCode } from '../wire/errors.ts';
import { ClassicGroup } from './classic-group.ts';
import type { OffsetChange, RawRecord } from './group-records.ts';
import { OffsetStore } from './offset-store.ts';

export interface ShardContext {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly deadlines: Deadlines;
  readonly commitTimeoutMs: number;
}

export type ShardState = 'loading' | 'active' | 'failed' | 'unloaded';

/** Called once: NONE when it is replicated, else what the member is told. */
export type Settled = (error: ErrorCode) => void;

const builder = new BatchBuilder();
const NO_CHANGES: readonly OffsetChange[] = [];

class PendingWrite extends Deadlined {
  /** Exclusive; of a read that waits for what was written before it, the end of that. */
  readonly endOffset: number;
  readonly changes: readonly OffsetChange[];
  settled: Settled | null;

  constructor(endOffset: number, changes: readonly OffsetChange[], settled: Settled | null) {
    super();
    this.endOffset = endOffset;
    this.changes = changes;
    this.settled = settled;
  }

  settle(error: ErrorCode): void {
    const { settled } = this;
    this.settled = null;
    settled?.(error);
  }

  /** The write stays where it is and may still be replicated; its outcome is unknown. */
  override expire(): void {
    this.settle(ErrorCode.REQUEST_TIMED_OUT);
  }
}

export class GroupShard implements Waiter {
  state: ShardState = 'loading';
  leaderEpoch: number;
  readonly partition: Partition;
  readonly groups = new Map<string, ClassicGroup>();
  readonly offsets = new OffsetStore();
  readonly context: ShardContext;
  /** Of `Waiter`: it leaves the partition's list when it is unloaded. */
  done = false;
  private readonly writes = new Fifo<PendingWrite>();
  /** End (exclusive) of the last write; -1: none yet. */
  private writtenEndOffset = -1;

  constructor(context: ShardContext, partition: Partition, leaderEpoch: number) {
    this.context = context;
    this.partition = partition;
    this.leaderEpoch = leaderEpoch;
    partition.waiters.produces.add(this);
  }

  /** NONE, or why no group of this partition can be served now. */
  get availability(): ErrorCode {
    if (this.state === 'active') return ErrorCode.NONE;
    return this.state === 'loading'
      ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
      : ErrorCode.NOT_COORDINATOR;
  }

  tell(): void {
    const { partition, leaderEpoch, groups, offsets } = this;
    const counts = [groups.size, offsets.count] as const;
    const { trace } = this.context;
    trace.emit('coordinator.changed', partition.name, leaderEpoch, this.state, ...counts);
  }

  /**
   * One batch of records; `changes` are the offsets among them, which are seen from then on.
   * @returns false when nothing was written; `settled` has been told why then.
   */
  write(
    records: readonly RawRecord[],
    changes: readonly OffsetChange[],
    settled: Settled,
  ): boolean {
    const nowMs = this.context.clock.wallMs();
    builder.begin();
    for (const { key, value } of records) builder.append(nowMs, key, value);
    const appended = this.partition.appendAsLeader(builder.finish({}), -1, 'coordinator');
    if (appended.error !== ErrorCode.NONE) {
      settled(appended.error);
      return false;
    }
    this.writtenEndOffset = appended.lastOffset + 1;
    for (const change of changes) this.offsets.write(change);
    this.park(changes, settled);
    return true;
  }

  /** Once all that was written before is replicated: at once if it is already. */
  afterWrites(settled: Settled): void {
    if (this.writes.length === 0) settled(ErrorCode.NONE);
    else this.park(NO_CHANGES, settled);
  }

  private park(changes: readonly OffsetChange[], settled: Settled): void {
    const write = new PendingWrite(this.writtenEndOffset, changes, settled);
    this.writes.push(write);
    this.context.deadlines.arm(write, this.context.commitTimeoutMs);
  }

  /** Offsets that were found in the log; `endOffset` is that of their batch. */
  loaded(endOffset: number, changes: readonly OffsetChange[]): void {
    this.writtenEndOffset = endOffset;
    for (const change of changes) this.offsets.write(change);
    if (endOffset > this.highWatermark) {
      this.writes.push(new PendingWrite(endOffset, changes, null));
    } else for (const change of changes) this.offsets.commit(change);
  }

  private get highWatermark(): number {
    return this.partition.leaderLog?.highWatermark ?? -1;
  }

  /** The high watermark may have moved. */
  recheck(): void {
    const { highWatermark } = this;
    for (;;) {
      const first = this.writes.peek();
      if (first === null || first.endOffset > highWatermark) return;
      this.writes.shift();
      this.context.deadlines.cancel(first);
      const baseOffset = first.endOffset - first.changes.length;
      first.changes.forEach((change, i) => {
        this.committed(change, baseOffset + i);
      });
      first.settle(ErrorCode.NONE);
    }
  }

  private committed(change: OffsetChange, recordOffset: number): void {
    this.offsets.commit(change);
    const { group, topic, partition, value } = change;
    const { trace } = this.context;
    const name = `${topic}-${partition}`;
    if (value === null) trace.emit('offset.removed', group, name);
    else
      trace.emit('offset.committed', group, name, value.offset, this.partition.name, recordOffset);
  }

  /** For a commit, or a record of one, whose group is not there: a group that nobody has joined. */
  simpleGroup(groupId: string): ClassicGroup {
    const known = this.groups.get(groupId);
    if (known !== undefined) return known;
    const group = ClassicGroup.empty(groupId, this.context.clock.wallMs());
    this.groups.set(groupId, group);
    return group;
  }

  /** Another broker leads the partition now; whoever waits is told to look for it. */
  unload(): void {
    this.state = 'unloaded';
    this.done = true;
    this.partition.waiters.produces.remove(this);
    for (const write of this.writes.drain()) {
      this.context.deadlines.cancel(write);
      write.settle(ErrorCode.NOT_COORDINATOR);
    }
  }
}

/** What a member is told when the coordinator could not write. */
export function coordinatorError(error: ErrorCode): ErrorCode {
  switch (error) {
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.NOT_ENOUGH_REPLICAS:
    case ErrorCode.REQUEST_TIMED_OUT:
      return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
    case ErrorCode.KAFKA_STORAGE_ERROR:
      return ErrorCode.NOT_COORDINATOR;
    case ErrorCode.MESSAGE_TOO_LARGE:
    case ErrorCode.RECORD_LIST_TOO_LARGE:
    case ErrorCode.INVALID_FETCH_SIZE:
      return ErrorCode.UNKNOWN_SERVER_ERROR;
    default:
      return error;
  }
}
