/**
 * ListOffsets (key 2): the ends of a log, or where a timestamp begins. A leader whose high
 * watermark has not reached its own epoch yet does not know the latest offset and says so
 * (KIP-207); followers, which ask with their replica id, get the log end.
 */
import { EARLIEST_TIMESTAMP, type OffsetLookup } from '../../replication/offset-lookup.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  ListOffsetsPartition,
  ListOffsetsRequest,
} from '../../wire/generated/list-offsets-request.ts';
import {
  type ListOffsetsPartitionResponse,
  listOffsetsPartitionResponse,
  listOffsetsResponse,
  listOffsetsTopicResponse,
} from '../../wire/generated/list-offsets-response.ts';
import type { BrokerServices } from '../broker-services.ts';

const DEBUGGING_REPLICA_ID = -2;
const CONSUMER_REPLICA_ID = -1;
const READ_COMMITTED = 1;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL_TIMESTAMP = -4;
const LATEST_TIERED_TIMESTAMP = -5;
const FIRST_WITH_OFFSET_NOT_AVAILABLE = 5;
const FIRST_WITH_LEADER_EPOCH = 4;

export function listOffsets(broker: BrokerServices) {
  return (context: RequestContext, request: ListOffsetsRequest): void => {
    const topics = request.topics.map((topic) =>
      listOffsetsTopicResponse({
        name: topic.name,
        partitions: topic.partitions.map((wanted) =>
          isAskedTwice(request, topic.name, wanted.partitionIndex)
            ? refused(wanted.partitionIndex, ErrorCode.INVALID_REQUEST)
            : answer(broker, context.apiVersion, request, topic.name, wanted),
        ),
      }),
    );
    context.respond(listOffsetsResponse({ topics }));
  };
}

function isAskedTwice(request: ListOffsetsRequest, topic: string, index: number): boolean {
  let count = 0;
  for (const { name, partitions } of request.topics) {
    if (name !== topic) continue;
    for (const { partitionIndex } of partitions) if (partitionIndex === index) count += 1;
  }
  return count > 1;
}

/** KIP-734, KIP-405: special timestamps that came with later versions. */
function isSupported(timestamp: number, apiVersion: number): boolean {
  if (timestamp >= EARLIEST_TIMESTAMP) return true;
  if (timestamp === MAX_TIMESTAMP) return apiVersion >= 7;
  if (timestamp === EARLIEST_LOCAL_TIMESTAMP) return apiVersion >= 8;
  return timestamp === LATEST_TIERED_TIMESTAMP && apiVersion >= 9;
}

function answer(
  broker: BrokerServices,
  apiVersion: number,
  request: ListOffsetsRequest,
  topic: string,
  wanted: ListOffsetsPartition,
): ListOffsetsPartitionResponse {
  const { partitionIndex, timestamp } = wanted;
  if (!isSupported(timestamp, apiVersion)) {
    return refused(partitionIndex, ErrorCode.UNSUPPORTED_VERSION);
  }
  const partition = broker.replicas.partition(topic, partitionIndex);
  if (partition === null) {
    return refused(partitionIndex, broker.replicas.missingError(topic, partitionIndex));
  }
  const leaderOnly = request.replicaId !== DEBUGGING_REPLICA_ID;
  const access = partition.checkAccess(wanted.currentLeaderEpoch, leaderOnly);
  if (access !== ErrorCode.NONE) return refused(partitionIndex, access);
  const fromClient = request.replicaId === CONSUMER_REPLICA_ID;
  const clientIsolation =
    request.isolationLevel === READ_COMMITTED ? 'txn_committed' : 'high_watermark';
  const isolation = fromClient ? clientIsolation : 'log_end';
  // Nothing is tiered here, so nothing is the last of it.
  if (timestamp === LATEST_TIERED_TIMESTAMP) return refused(partitionIndex, ErrorCode.NONE);
  const asked = timestamp === EARLIEST_LOCAL_TIMESTAMP ? EARLIEST_TIMESTAMP : timestamp;
  const found = partition.lookUpOffset(asked, isolation);
  if (found.error === ErrorCode.OFFSET_NOT_AVAILABLE) {
    const told = apiVersion >= FIRST_WITH_OFFSET_NOT_AVAILABLE;
    return refused(partitionIndex, told ? found.error : ErrorCode.LEADER_NOT_AVAILABLE);
  }
  return toResponse(partitionIndex, found, apiVersion);
}

function toResponse(
  partitionIndex: number,
  found: OffsetLookup,
  apiVersion: number,
): ListOffsetsPartitionResponse {
  return listOffsetsPartitionResponse({
    partitionIndex,
    errorCode: found.error,
    timestamp: found.timestampMs,
    offset: found.offset,
    leaderEpoch: apiVersion < FIRST_WITH_LEADER_EPOCH ? -1 : found.leaderEpoch,
  });
}

function refused(partitionIndex: number, errorCode: ErrorCode): ListOffsetsPartitionResponse {
  return listOffsetsPartitionResponse({ partitionIndex, errorCode });
}
