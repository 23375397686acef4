/**
 * What an error says about a write: whether the record may be in the log all the same. The
 * client's history stands on this, so in doubt the answer is yes.
 */
import { ErrorCode } from '../../wire/errors.ts';

/**
 * Whether a batch answered with `error` may have been written, now or later.
 * With acks=all a leader that steps down, or a topic that goes, while the write waits for its
 * followers is answered with the same errors as one that was never taken.
 */
export function mayHaveBeenWritten(error: ErrorCode, acks: number): boolean {
  switch (error) {
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.UNKNOWN_TOPIC_ID:
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
    case ErrorCode.REPLICA_NOT_AVAILABLE:
      return acks === -1;
    case ErrorCode.CORRUPT_MESSAGE:
    case ErrorCode.LEADER_NOT_AVAILABLE:
    case ErrorCode.MESSAGE_TOO_LARGE:
    case ErrorCode.INVALID_TOPIC_EXCEPTION:
    case ErrorCode.RECORD_LIST_TOO_LARGE:
    case ErrorCode.NOT_ENOUGH_REPLICAS:
    case ErrorCode.INVALID_REQUIRED_ACKS:
    case ErrorCode.TOPIC_AUTHORIZATION_FAILED:
    case ErrorCode.CLUSTER_AUTHORIZATION_FAILED:
    case ErrorCode.INVALID_TIMESTAMP:
    case ErrorCode.UNSUPPORTED_VERSION:
    case ErrorCode.INVALID_REQUEST:
    case ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER:
    case ErrorCode.INVALID_PRODUCER_EPOCH:
    case ErrorCode.UNKNOWN_PRODUCER_ID:
    case ErrorCode.UNSUPPORTED_COMPRESSION_TYPE:
    case ErrorCode.INVALID_RECORD:
      return false;
    default:
      return true;
  }
}
