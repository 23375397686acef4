/** Serving FetchSnapshot: pieces of a snapshot by position (KIP-630; Kafka: handleFetchSnapshotRequest). */
import type { RequestContext } from '../rpc/request-server.ts';
import { ErrorCode } from '../wire/errors.ts';
import type {
  PartitionSnapshot as Asked,
  FetchSnapshotRequest,
} from '../wire/generated/fetch-snapshot-request.ts';
import {
  fetchSnapshotResponse,
  type PartitionSnapshot,
  partitionSnapshot,
} from '../wire/generated/fetch-snapshot-response.ts';
import type { FetchWatcher } from './metadata-fetches.ts';
import { METADATA_PARTITION, METADATA_TOPIC, type MetadataLog } from './metadata-log.ts';
import type { Quorum } from './quorum.ts';
import type { RaftMessages } from './raft-messages.ts';

export class SnapshotFetches {
  private readonly quorum: Quorum;
  private readonly log: MetadataLog;
  private readonly messages: RaftMessages;
  private readonly watcher: FetchWatcher;

  constructor(parts: {
    quorum: Quorum;
    log: MetadataLog;
    messages: RaftMessages;
    watcher: FetchWatcher;
  }) {
    this.quorum = parts.quorum;
    this.log = parts.log;
    this.messages = parts.messages;
    this.watcher = parts.watcher;
  }

  handle(context: RequestContext, request: FetchSnapshotRequest): void {
    const { messages, quorum } = this;
    const asked = request.topics[0]?.partitions[0];
    if (!messages.isOurCluster(request.clusterId)) {
      const errorCode = ErrorCode.INCONSISTENT_CLUSTER_ID;
      return context.respond(fetchSnapshotResponse({ errorCode }));
    }
    if (request.topics.length !== 1 || asked === undefined) {
      return context.respond(fetchSnapshotResponse({ errorCode: ErrorCode.INVALID_REQUEST }));
    }
    const name = request.topics[0]?.name ?? '';
    const body =
      name === METADATA_TOPIC && asked.partition === METADATA_PARTITION
        ? this.answer(request, asked)
        : { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
    const response = fetchSnapshotResponse({
      topics: [
        {
          name,
          partitions: [
            partitionSnapshot({
              index: asked.partition,
              currentLeader: { leaderId: quorum.leaderId, leaderEpoch: quorum.epoch },
              ...body,
            }),
          ],
        },
      ],
      nodeEndpoints: context.apiVersion >= 1 ? messages.leaderEndpoint() : [],
    });
    quorum.whenDurable(() => context.respond(response));
  }

  private answer(request: FetchSnapshotRequest, asked: Asked): Partial<PartitionSnapshot> {
    const { quorum, log } = this;
    const errorCode = quorum.leaderRequestProblem(asked.currentLeaderEpoch);
    const { state } = quorum;
    if (errorCode !== ErrorCode.NONE || state.kind !== 'leader') return { errorCode };
    const { endOffset: offset, epoch } = asked.snapshotId;
    const id = { offset, epoch };
    const size = offset > 0 && log.snapshots.has(id) ? log.snapshots.sizeOf(id) : null;
    if (size === null) return { errorCode: ErrorCode.SNAPSHOT_NOT_FOUND };
    const { position } = asked;
    if (position < 0 || position >= size) return { errorCode: ErrorCode.POSITION_OUT_OF_RANGE };
    const bytes = log.snapshots.read(id, position, Math.min(request.maxBytes, size - position));
    if (bytes === null) return { errorCode: ErrorCode.SNAPSHOT_NOT_FOUND };
    const { leader } = state;
    const key = { id: request.replicaId, directoryId: asked.replicaDirectoryId };
    this.watcher.heardFrom(leader.replica(key));
    return { snapshotId: asked.snapshotId, size, position, unalignedRecords: bytes };
  }
}
