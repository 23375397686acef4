/**
 * A leader partition over a log of numbers only: what the leader decides depends on offsets, and
 * the tests set these directly. Replicated bytes are covered by the cluster tests.
 */
import type { Log } from '../../../kafka/log/log.ts';
import { TODAY } from '../../../kafka/protocol/rules.ts';
import type { ClusterView, PartitionAssignment } from '../../../kafka/replication/cluster-view.ts';
import type { IsrProposal } from '../../../kafka/replication/isr-state.ts';
import { type Following, Partition } from '../../../kafka/replication/partition.ts';
import { RecheckQueue } from '../../../kafka/replication/waiters.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';

export class OffsetsOnly {
  logStartOffset = 0;
  logEndOffset = 0;
  highWatermark = 0;
  /** Behind the log end while a flush is owed. */
  flushOwedFrom = -1;
  /** The base offset of the newest segment. */
  activeSegmentStart = 0;
  readonly epochs: [epoch: number, start: number][] = [];
  config = { minInsyncReplicas: 1 };
  private readonly owed: (() => void)[] = [];

  get lastStableOffset(): number {
    return this.highWatermark;
  }
  get latestEpoch(): number {
    return this.epochs.at(-1)?.[0] ?? -1;
  }
  get acknowledgedEndOffset(): number {
    return this.flushOwedFrom < 0 ? this.logEndOffset : this.flushOwedFrom;
  }
  assignEpochStart(epoch: number, start: number): void {
    this.epochs.push([epoch, start]);
  }
  maybeIncrementHighWatermark(offset: number): boolean {
    if (offset <= this.highWatermark) return false;
    this.highWatermark = Math.min(offset, this.logEndOffset);
    return true;
  }
  updateHighWatermark(offset: number): number {
    this.highWatermark = Math.max(this.logStartOffset, Math.min(offset, this.logEndOffset));
    return this.highWatermark;
  }
  whenAcknowledged(_endOffset: number, done: () => void): void {
    this.owed.push(done);
  }
  /** Ten bytes a record. */
  read(startOffset: number, maxBytes: number, isolation: string, minOneBatch: boolean) {
    const inside = startOffset >= this.logStartOffset && startOffset <= this.logEndOffset;
    const error = inside ? ErrorCode.NONE : ErrorCode.OFFSET_OUT_OF_RANGE;
    const bound = isolation === 'log_end' ? this.logEndOffset : this.highWatermark;
    const there = inside ? Math.max(0, bound - startOffset) : 0;
    const fit = Math.floor(maxBytes / 10);
    const count = Math.min(there, Math.max(fit, minOneBatch ? 1 : 0));
    return { error, records: new Uint8Array(count * 10), segmentBaseOffset: 0, position: 0 };
  }
  readableBytes(startOffset: number, isolation: string): number {
    const bound = isolation === 'log_end' ? this.logEndOffset : this.highWatermark;
    if (startOffset < this.activeSegmentStart && bound >= this.activeSegmentStart) {
      return Number.POSITIVE_INFINITY;
    }
    return Math.max(0, bound - startOffset) * 10;
  }
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } {
    const at = this.epochs.findLastIndex(([known]) => known <= epoch);
    if (epoch > this.latestEpoch) return { epoch: -1, endOffset: -1 };
    if (at < 0) return { epoch, endOffset: this.epochs[0]![1] };
    const next = this.epochs[at + 1];
    return { epoch: this.epochs[at]![0], endOffset: next?.[1] ?? this.logEndOffset };
  }
  flushed(): void {
    this.flushOwedFrom = -1;
    for (const done of this.owed.splice(0)) done();
  }
  /** One record per append. */
  appendAsLeader() {
    const baseOffset = this.logEndOffset;
    this.logEndOffset += 1;
    return {
      error: ErrorCode.NONE,
      errorMessage: null,
      baseOffset,
      lastOffset: baseOffset,
      appendTimeMs: -1,
      logStartOffset: 0,
      duplicate: false,
      acknowledged: this.flushOwedFrom < 0,
    };
  }
}

export class LeaderHarness {
  nowMs = 1_000_000;
  readonly log = new OffsetsOnly();
  readonly events: unknown[][] = [];
  readonly proposals: IsrProposal[] = [];
  readonly deferred: (() => void)[] = [];
  /** Alive epochs by broker id. */
  readonly alive = new Map<number, number>([
    [1, 11],
    [2, 12],
    [3, 13],
  ]);
  readonly leaving = new Set<number>();
  readonly racks = new Map<number, string>();
  readonly partition: Partition;

  constructor() {
    const cluster: ClusterView = {
      aliveBrokerEpoch: (id) => this.alive.get(id) ?? -1,
      rackOf: (id) => this.racks.get(id) ?? null,
      isShuttingDown: (id) => this.leaving.has(id),
    };
    this.partition = new Partition(
      {
        brokerId: 1,
        brokerEpoch: () => 11,
        replicaLagTimeMaxMs: 30_000,
        clock: { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs },
        trace: { emit: (...event: unknown[]) => void this.events.push(event) },
        cluster,
        rechecks: new RecheckQueue((action) => void this.deferred.push(action)),
        rules: TODAY,
        proposeIsr: (_partition, proposal) => void this.proposals.push(proposal),
      },
      'orders',
      'AAAAAAAAAAAAAAAAAAAAAg',
      0,
    );
    this.partition.open(this.log as unknown as Log);
  }

  lead(overrides: Partial<PartitionAssignment> = {}): this {
    this.partition.makeLeader(assignment(overrides));
    return this;
  }

  follow(overrides: Partial<PartitionAssignment> = {}): Following {
    return this.partition.makeFollower(assignment({ leader: 2, ...overrides }));
  }

  /** Appends up to `endOffset`, as a client with acks=1. */
  appendTo(endOffset: number): void {
    while (this.log.logEndOffset < endOffset) this.partition.appendAsLeader(new Uint8Array(0), 1);
  }

  /** Follower `id` fetches at `offset`, from the incarnation that is alive unless told otherwise. */
  fetch(id: number, offset: number, brokerEpoch = this.alive.get(id) ?? -1): ErrorCode {
    const follower = this.partition.follower(id);
    if (follower === null) throw new Error(`broker ${id} does not follow`);
    const end = this.log.logEndOffset;
    return this.partition.recordFollowerFetch(follower, offset, 0, end, brokerEpoch);
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }

  endStep(): void {
    for (let next = this.deferred.shift(); next !== undefined; next = this.deferred.shift()) next();
  }
}

export function assignment(overrides: Partial<PartitionAssignment> = {}): PartitionAssignment {
  return {
    leader: 1,
    leaderEpoch: 5,
    partitionEpoch: 8,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    ...overrides,
  };
}
