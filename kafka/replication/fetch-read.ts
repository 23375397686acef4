/**
 * One partition's part of a fetch, read from the local log (Kafka: Partition.fetchRecords and
 * readRecords): fencing by leader epoch, divergence by the epoch of the last fetched record
 * (KIP-320, KIP-595), and the offsets as they were before the read.
 */
import type { Log } from '../log/log.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { FetchPartition } from '../wire/generated/fetch-request.ts';
import { type EpochEndOffset, epochEndOffset } from '../wire/generated/fetch-response.ts';
import type { FetchPart } from './delayed-fetch.ts';
import type { FollowerState } from './follower-state.ts';
import type { Partition } from './partition.ts';
import { NO_PREFERRED_REPLICA } from './preferred-replica.ts';

export type FetchIsolation = 'log_end' | 'high_watermark' | 'txn_committed';

export interface FetchSpec {
  /** The follower that fetches, -1 for a consumer. */
  readonly replicaId: number;
  /** The follower's broker epoch, -1 when it says none. */
  readonly replicaEpoch: number;
  readonly isolation: FetchIsolation;
  /** Followers do not answer it (followers' fetches, consumers before v11). */
  readonly leaderOnly: boolean;
  /** Of a consumer that may be sent to another replica (KIP-392); absent: it may not. */
  readonly clientRack?: string;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

const UNKNOWN_OFFSET = -1;
const NO_DIVERGENCE: Readonly<EpochEndOffset> = epochEndOffset();
const NO_RECORDS = new Uint8Array(0);

/** The end (exclusive) of what a reader may see. */
export function readBound(log: Log, isolation: FetchIsolation): number {
  if (isolation === 'log_end') return log.logEndOffset;
  return isolation === 'high_watermark' ? log.highWatermark : log.lastStableOffset;
}

/** True when the fetcher's last record is not this log's, or its epoch is not known here. */
export function isDiverging(log: Log, request: FetchPartition): boolean {
  const { lastFetchedEpoch, fetchOffset } = request;
  if (lastFetchedEpoch < 0) return false;
  // The common case: the fetcher is in the log's last epoch.
  if (lastFetchedEpoch === log.latestEpoch) return log.logEndOffset < fetchOffset;
  const end = log.endOffsetForEpoch(lastFetchedEpoch);
  return end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset;
}

/** Whether a fetch that diverges is told so. */
export function tellsDivergence(
  partition: Partition,
  log: Log,
  request: FetchPartition,
  byFollower: boolean,
): boolean {
  const { fetchFencing, outOfRange, truncation } = partition.rules;
  const sameEpoch = request.currentLeaderEpoch === partition.leaderEpoch;
  if (!fetchFencing.compares(sameEpoch) || !truncation.tells(log, request)) return false;
  const isBeyond = byFollower && request.fetchOffset > log.logEndOffset;
  return !isBeyond || outOfRange.tellsDivergence(partition.name);
}

/**
 * Fills `part.answer` and returns how many bytes of records are in it.
 * @param recordFetch take a follower's position into account (not on a second read).
 */
export function readPartition(
  part: FetchPart,
  spec: FetchSpec,
  limitBytes: number,
  minOneBatch: boolean,
  recordFetch: boolean,
): number {
  const { answer, partition, request } = part;
  answer.records = NO_RECORDS;
  if (partition === null) return refuse(part, part.missing);
  const { currentLeaderEpoch } = request;
  const byFollower = spec.replicaId >= 0;
  const access = partition.checkFetch(currentLeaderEpoch, byFollower, spec.leaderOnly);
  const { log } = partition;
  if (access !== ErrorCode.NONE || log === null) return refuse(part, access);
  const follower = byFollower ? partition.follower(spec.replicaId) : null;
  if (follower === null && byFollower) {
    // A replica that this leader has not heard of yet must try again (reassignment).
    const known = currentLeaderEpoch < 0;
    return refuse(part, known ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_LEADER_EPOCH);
  }
  const { highWatermark, lastStableOffset, logStartOffset, logEndOffset } = log;
  const { fetchOffset } = request;
  if (fetchOffset < logStartOffset) return refuse(part, ErrorCode.OFFSET_OUT_OF_RANGE);
  answer.errorCode = ErrorCode.NONE;
  answer.highWatermark = highWatermark;
  answer.lastStableOffset = lastStableOffset;
  answer.logStartOffset = logStartOffset;
  answer.divergingEpoch = NO_DIVERGENCE;
  if (isDiverging(log, request) && tellsDivergence(partition, log, request, byFollower)) {
    if (
      follower !== null &&
      recordFetch &&
      partition.rules.followerPosition.takesDiverging(partition.name)
    ) {
      record(partition, follower, request, logEndOffset, spec.replicaEpoch);
    }
    return diverge(part, spec, partition, log);
  }
  if (spec.clientRack !== undefined) {
    answer.preferredReadReplica = partition.isLeader
      ? partition.preferredReplica(spec.clientRack, fetchOffset)
      : NO_PREFERRED_REPLICA;
    if (answer.preferredReadReplica !== NO_PREFERRED_REPLICA) return 0;
  }
  let bytes = 0;
  if (fetchOffset > logEndOffset || fetchOffset < readBound(log, spec.isolation)) {
    const { partitionMaxBytes } = request;
    const maxBytes = partitionMaxBytes < limitBytes ? partitionMaxBytes : limitBytes;
    const { oversizeBatch } = partition.rules;
    const one = minOneBatch && oversizeBatch.bringsOne;
    const read = log.read(fetchOffset, maxBytes, spec.isolation, one);
    if (read.error !== ErrorCode.NONE) return refuse(part, read.error);
    answer.records = read.records;
    bytes = read.records.length;
    if (bytes === 0 && minOneBatch) oversizeBatch.nothing(partition.name);
  }
  if (follower !== null && recordFetch) {
    const error = record(partition, follower, request, logEndOffset, spec.replicaEpoch);
    if (error !== ErrorCode.NONE) return refuse(part, error);
  }
  return bytes;
}

function record(
  partition: Partition,
  follower: FollowerState,
  { fetchOffset, logStartOffset }: FetchPartition,
  leaderLogEndOffset: number,
  brokerEpoch: number,
): ErrorCode {
  return partition.recordFollowerFetch(
    follower,
    fetchOffset,
    logStartOffset,
    leaderLogEndOffset,
    brokerEpoch,
  );
}

/** Tells where to truncate to. */
function diverge(part: FetchPart, spec: FetchSpec, partition: Partition, log: Log): number {
  const { epoch, endOffset } = log.endOffsetForEpoch(part.request.lastFetchedEpoch);
  if (epoch < 0) return refuse(part, ErrorCode.OFFSET_OUT_OF_RANGE);
  part.answer.divergingEpoch = epochEndOffset({ epoch, endOffset });
  partition.diverged(spec.replicaId, part.answer.divergingEpoch);
  return 0;
}

function refuse({ answer }: FetchPart, error: ErrorCode): number {
  answer.errorCode = error;
  answer.highWatermark = UNKNOWN_OFFSET;
  answer.lastStableOffset = UNKNOWN_OFFSET;
  answer.logStartOffset = UNKNOWN_OFFSET;
  answer.divergingEpoch = NO_DIVERGENCE;
  answer.preferredReadReplica = NO_PREFERRED_REPLICA;
  answer.records = NO_RECORDS;
  return 0;
}
