/**
 * What the leader of the quorum knows of the others: how far each has the log, and from the
 * voters' offsets the high watermark (Kafka: raft/…/LeaderState).
 */
import { assert } from '../base/assert.ts';
import type { Uuid } from '../base/uuid.ts';

export interface ReplicaProgress {
  readonly id: number;
  directoryId: Uuid;
  /** The offset of its last fetch; of a voter: everything below it is durable there. */
  endOffset: number;
  /** Wall clock, -1 before the first fetch; for DescribeQuorum. */
  lastFetchTimestampMs: number;
  lastCaughtUpTimestampMs: number;
  /** The high watermark it was last told, -1 if none on its present connection. */
  toldHighWatermark: number;
  /** The connection that its last fetch came on. */
  connection: unknown;
}

export class LeaderState {
  readonly epoch: number;
  readonly localId: number;
  /** The offset of this epoch's LeaderChange record. */
  readonly epochStartOffset: number;
  /** -1 until a majority has this epoch's LeaderChange record. */
  highWatermark = -1;
  readonly voters = new Map<number, ReplicaProgress>();
  readonly observers = new Map<number, ReplicaProgress>();

  constructor(parts: {
    epoch: number;
    localId: number;
    epochStartOffset: number;
    voters: Iterable<{ id: number; directoryId: Uuid }>;
  }) {
    this.epoch = parts.epoch;
    this.localId = parts.localId;
    this.epochStartOffset = parts.epochStartOffset;
    for (const { id, directoryId } of parts.voters) this.voters.set(id, progress(id, directoryId));
    assert(this.voters.has(this.localId), 'the leader is no voter');
  }

  /** The replica that fetches; unknown ids are observers. */
  replica(id: number, directoryId: Uuid): ReplicaProgress {
    let replica = this.voters.get(id) ?? this.observers.get(id);
    if (replica === undefined) {
      replica = progress(id, directoryId);
      this.observers.set(id, replica);
    }
    return replica;
  }

  /** Our own log is durable up to here. @returns whether the high watermark moved. */
  flushedTo(endOffset: number): boolean {
    const own = this.voters.get(this.localId) as ReplicaProgress;
    if (endOffset <= own.endOffset) return false;
    own.endOffset = endOffset;
    return this.advance();
  }

  /** @returns whether the high watermark moved. */
  fetchedAt(
    replica: ReplicaProgress,
    fetch: { offset: number; logEndOffset: number; wallMs: number },
  ): boolean {
    replica.lastFetchTimestampMs = fetch.wallMs;
    if (fetch.offset >= fetch.logEndOffset) replica.lastCaughtUpTimestampMs = fetch.wallMs;
    replica.endOffset = fetch.offset;
    return this.voters.has(replica.id) && this.advance();
  }

  /**
   * The offset that a majority has, once it lies beyond the LeaderChange record of this epoch:
   * records of earlier epochs are only then committed for good (KAFKA-12619). Never goes down.
   */
  private advance(): boolean {
    const offsets: number[] = [];
    for (const voter of this.voters.values()) offsets.push(voter.endOffset);
    offsets.sort((a, b) => b - a);
    const majority = offsets[offsets.length >> 1] as number;
    if (majority <= this.epochStartOffset || majority <= this.highWatermark) return false;
    this.highWatermark = majority;
    return true;
  }
}

function progress(id: number, directoryId: Uuid): ReplicaProgress {
  return {
    id,
    directoryId,
    endOffset: -1,
    lastFetchTimestampMs: -1,
    lastCaughtUpTimestampMs: -1,
    toldHighWatermark: -1,
    connection: null,
  };
}
