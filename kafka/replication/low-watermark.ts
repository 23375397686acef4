/**
 * Deleting records from the front of a partition (KIP-107; Kafka: Partition.deleteRecordsOnLeader,
 * lowWatermarkIfLeader): the leader raises its log start offset, followers learn it with their
 * fetches. The low watermark is what all live replicas have reached.
 */
import type { Log } from '../log/log.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { ClusterView } from './cluster-view.ts';
import type { FollowerState } from './follower-state.ts';

/** A request's way to say "all that is committed". */
const HIGH_WATERMARK = -1;
const UNKNOWN_LOW_WATERMARK = -1;

export interface LowWatermark {
  readonly error: ErrorCode;
  /** Up to where records were to be deleted (exclusive). */
  readonly requestedOffset: number;
  /** -1 on an error. */
  readonly lowWatermark: number;
}

interface Led {
  readonly leaderLog: Log | null;
  readonly followers: readonly FollowerState[];
  readonly lowWatermark: number;
}

export function deleteRecords(partition: Led, offset: number): LowWatermark {
  const log = partition.leaderLog;
  if (log === null) return refused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  if (!log.config.delete) return refused(ErrorCode.POLICY_VIOLATION);
  const requestedOffset = offset === HIGH_WATERMARK ? log.highWatermark : offset;
  if (requestedOffset < 0 || requestedOffset > log.highWatermark) {
    return refused(ErrorCode.OFFSET_OUT_OF_RANGE);
  }
  log.maybeIncrementLogStartOffset(requestedOffset);
  return { error: ErrorCode.NONE, requestedOffset, lowWatermark: partition.lowWatermark };
}

export function lowWatermark(
  { leaderLog, followers }: Pick<Led, 'leaderLog' | 'followers'>,
  cluster: ClusterView,
): number {
  let lowest = leaderLog?.logStartOffset ?? UNKNOWN_LOW_WATERMARK;
  for (const { brokerId, logStartOffset } of followers) {
    if (logStartOffset < lowest && cluster.aliveBrokerEpoch(brokerId) >= 0) lowest = logStartOffset;
  }
  return lowest;
}

function refused(error: ErrorCode): LowWatermark {
  return { error, requestedOffset: -1, lowWatermark: UNKNOWN_LOW_WATERMARK };
}
