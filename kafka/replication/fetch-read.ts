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
import type { Partition } from './partition.ts';

export type FetchIsolation = 'log_end' | 'high_watermark' | 'txn_committed';

export interface FetchSpec {
  /** The follower that fetches, -1 for a consumer. */
  readonly replicaId: number;
  /** The follower's broker epoch, -1 when it says none. */
  readonly replicaEpoch: number;
  readonly isolation: FetchIsolation;
  /** Followers do not answer it (followers' fetches, consumers before v11). */
  readonly leaderOnly: boolean;
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
  const access = partition.checkAccess(request.currentLeaderEpoch, spec.leaderOnly);
  const { log } = partition;
  if (access !== ErrorCode.NONE || log === null) return refuse(part, access);
  const follower = spec.replicaId < 0 ? null : partition.follower(spec.replicaId);
  if (follower === null && spec.replicaId >= 0) {
    // A replica that this leader has not heard of yet must try again (reassignment).
    const known = request.currentLeaderEpoch < 0;
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
  if (isDiverging(log, request)) return diverge(part, spec, partition, log);
  let bytes = 0;
  if (fetchOffset > logEndOffset || fetchOffset < readBound(log, spec.isolation)) {
    const { partitionMaxBytes } = request;
    const maxBytes = partitionMaxBytes < limitBytes ? partitionMaxBytes : limitBytes;
    const read = log.read(fetchOffset, maxBytes, spec.isolation, minOneBatch);
    if (read.error !== ErrorCode.NONE) return refuse(part, read.error);
    answer.records = read.records;
    bytes = read.records.length;
  }
  if (follower !== null && recordFetch) {
    const error = partition.recordFollowerFetch(
      follower,
      fetchOffset,
      request.logStartOffset,
      logEndOffset,
      spec.replicaEpoch,
    );
    if (error !== ErrorCode.NONE) return refuse(part, error);
  }
  return bytes;
}

/** Tells where to truncate to; the fetcher's position is not taken into account (KAFKA-13141). */
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
  answer.records = NO_RECORDS;
  return 0;
}
