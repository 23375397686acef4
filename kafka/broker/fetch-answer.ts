/** The empty answers to a fetch, and the values that all of them share (never written to). */
import { ErrorCode } from '../wire/errors.ts';
import {
  type AbortedTransaction,
  epochEndOffset,
  type FetchResponse,
  leaderIdAndEpoch,
  type NodeEndpoint,
  type PartitionData,
  snapshotId,
} from '../wire/generated/fetch-response.ts';

const NO_DIVERGENCE = epochEndOffset();
const NO_SNAPSHOT = snapshotId();
export const NO_LEADER_HINT = leaderIdAndEpoch();
export const NO_ABORTED: AbortedTransaction[] = [];
export const NO_ENDPOINTS: NodeEndpoint[] = [];
export const NO_RECORDS = new Uint8Array(0);

export function emptyResponse(): FetchResponse {
  return {
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    sessionId: 0,
    responses: [],
    nodeEndpoints: NO_ENDPOINTS,
  };
}

/** @param aborted a list for readers of committed records, else null. */
export function emptyAnswer(
  partitionIndex: number,
  aborted: AbortedTransaction[] | null,
): PartitionData {
  return {
    partitionIndex,
    errorCode: ErrorCode.NONE,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: NO_DIVERGENCE,
    currentLeader: NO_LEADER_HINT,
    snapshotId: NO_SNAPSHOT,
    abortedTransactions: aborted,
    preferredReadReplica: -1,
    records: NO_RECORDS,
  };
}
