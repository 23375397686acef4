/**
 * The requests and responses of the quorum, put together from its present state (Kafka:
 * RaftUtil). Every response names the leader, and with newer versions where it listens.
 */
import { METADATA_TOPIC_ID } from '../base/uuid.ts';
import type { Address } from '../host.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  type BeginQuorumEpochRequest,
  beginQuorumEpochRequest,
} from '../wire/generated/begin-quorum-epoch-request.ts';
import {
  type BeginQuorumEpochResponse,
  beginQuorumEpochResponse,
} from '../wire/generated/begin-quorum-epoch-response.ts';
import {
  type EndQuorumEpochRequest,
  endQuorumEpochRequest,
} from '../wire/generated/end-quorum-epoch-request.ts';
import { type FetchRequest, fetchRequest } from '../wire/generated/fetch-request.ts';
import {
  type FetchResponse,
  fetchResponse,
  nodeEndpoint,
  type PartitionData,
  partitionData,
} from '../wire/generated/fetch-response.ts';
import {
  type UpdateRaftVoterRequest,
  updateRaftVoterRequest,
} from '../wire/generated/update-raft-voter-request.ts';
import { type VoteRequest, voteRequest } from '../wire/generated/vote-request.ts';
import { type VoteResponse, voteResponse } from '../wire/generated/vote-response.ts';
import { METADATA_PARTITION, METADATA_TOPIC, type MetadataLog } from './metadata-log.ts';
import type { LeaderNotice, Quorum } from './quorum.ts';
import type { ReplicaKey } from './voter-set.ts';

/** How long a leader may hold a fetch back (Kafka: fetchMaxWaitMs). */
const FETCH_MAX_WAIT_MS = 500;
/** At most this much is fetched or read at once (Kafka: 8 MiB). */
export const MAX_FETCH_BYTES = 8_388_608;
const EMPTY = new Uint8Array(0);

interface Named<P> {
  readonly clusterId: string | null;
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly P[];
  }[];
}

interface NodeAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export class RaftMessages {
  private readonly quorum: Quorum;
  private readonly log: MetadataLog;

  constructor(quorum: Quorum, log: MetadataLog) {
    this.quorum = quorum;
    this.log = log;
  }

  // What a message says

  /** The partition that a request names; null unless it is ours, and the only one. */
  onlyPartition<P extends { readonly partitionIndex: number }>(request: Named<P>): P | null {
    const [topic] = request.topics;
    const partition = topic?.partitions[0];
    const isOurs =
      this.isOurCluster(request.clusterId) &&
      request.topics.length === 1 &&
      topic?.topicName === METADATA_TOPIC &&
      topic.partitions.length === 1 &&
      partition?.partitionIndex === METADATA_PARTITION;
    return isOurs ? (partition ?? null) : null;
  }

  isOurCluster(clusterId: string | null): boolean {
    return clusterId === null || clusterId === this.quorum.local.clusterId;
  }

  /** What a response tells of the leader. */
  noticeOf(
    said: { readonly errorCode: number; readonly leaderId: number; readonly leaderEpoch: number },
    endpoints: readonly NodeAddress[],
  ): LeaderNotice {
    const at = endpoints.find((one) => one.nodeId === said.leaderId);
    return {
      error: said.errorCode,
      epoch: said.leaderEpoch,
      leaderId: said.leaderId,
      leaderAddress: at === undefined ? null : { host: at.host, port: at.port },
    };
  }

  // Requests

  voteRequest(vote: {
    epoch: number;
    voter: ReplicaKey;
    lastOffset: number;
    lastEpoch: number;
    preVote: boolean;
  }): VoteRequest {
    const { clusterId, key } = this.quorum.local;
    return voteRequest({
      clusterId,
      voterId: vote.voter.id,
      topics: [
        {
          topicName: METADATA_TOPIC,
          partitions: [
            {
              partitionIndex: METADATA_PARTITION,
              candidateEpoch: vote.epoch,
              candidateId: key.id,
              candidateDirectoryId: key.directoryId,
              voterDirectoryId: vote.voter.directoryId,
              lastOffsetEpoch: vote.lastEpoch,
              lastOffset: vote.lastOffset,
              preVote: vote.preVote,
            },
          ],
        },
      ],
    });
  }

  beginQuorumEpochRequest(voter: ReplicaKey): BeginQuorumEpochRequest {
    const { quorum } = this;
    const { clusterId, key, voter: own } = quorum.local;
    return beginQuorumEpochRequest({
      clusterId,
      voterId: voter.id,
      topics: [
        {
          topicName: METADATA_TOPIC,
          partitions: [
            {
              partitionIndex: METADATA_PARTITION,
              voterDirectoryId: voter.directoryId,
              leaderId: key.id,
              leaderEpoch: quorum.epoch,
            },
          ],
        },
      ],
      leaderEndpoints: [...own.endpoints],
    });
  }

  endQuorumEpochRequest(epoch: number, successors: readonly ReplicaKey[]): EndQuorumEpochRequest {
    const { clusterId, key, voter } = this.quorum.local;
    return endQuorumEpochRequest({
      clusterId,
      topics: [
        {
          topicName: METADATA_TOPIC,
          partitions: [
            {
              partitionIndex: METADATA_PARTITION,
              leaderId: key.id,
              leaderEpoch: epoch,
              preferredSuccessors: [],
              preferredCandidates: successors.map((one) => ({
                candidateId: one.id,
                candidateDirectoryId: one.directoryId,
              })),
            },
          ],
        },
      ],
      leaderEndpoints: [...voter.endpoints],
    });
  }

  fetchRequest(): FetchRequest {
    const { log, quorum } = this;
    const { clusterId, key } = quorum.local;
    return fetchRequest({
      clusterId,
      replicaState: { replicaId: key.id, replicaEpoch: -1 },
      maxWaitMs: FETCH_MAX_WAIT_MS,
      minBytes: 0,
      maxBytes: MAX_FETCH_BYTES,
      topics: [
        {
          topic: METADATA_TOPIC,
          topicId: METADATA_TOPIC_ID,
          partitions: [
            {
              partition: METADATA_PARTITION,
              currentLeaderEpoch: quorum.epoch,
              fetchOffset: log.endOffset,
              lastFetchedEpoch: log.lastFetchedEpoch,
              logStartOffset: -1,
              partitionMaxBytes: 0,
              replicaDirectoryId: key.directoryId,
            },
          ],
        },
      ],
    });
  }

  updateVoterRequest(): UpdateRaftVoterRequest {
    const { clusterId, voter } = this.quorum.local;
    return updateRaftVoterRequest({
      clusterId,
      currentLeaderEpoch: this.quorum.epoch,
      voterId: voter.id,
      voterDirectoryId: voter.directoryId,
      listeners: [...voter.endpoints],
      kRaftVersionFeature: {
        minSupportedVersion: voter.minKRaftVersion,
        maxSupportedVersion: voter.maxKRaftVersion,
      },
    });
  }

  // Responses

  /** For a request that is not for this cluster, or not for this partition. */
  refusal(clusterId: string | null): { errorCode: ErrorCode; topics: never[]; nodeEndpoints: [] } {
    const errorCode = this.isOurCluster(clusterId)
      ? ErrorCode.INVALID_REQUEST
      : ErrorCode.INCONSISTENT_CLUSTER_ID;
    return { errorCode, topics: [], nodeEndpoints: [] };
  }

  voteResponse(error: ErrorCode, voteGranted: boolean, apiVersion: number): VoteResponse {
    return voteResponse({
      topics: [
        {
          topicName: METADATA_TOPIC,
          partitions: [{ ...this.leaderFields(error), voteGranted }],
        },
      ],
      nodeEndpoints: apiVersion >= 1 ? this.leaderEndpoint() : [],
    });
  }

  /** Of BeginQuorumEpoch and of EndQuorumEpoch. */
  quorumEpochResponse(error: ErrorCode, apiVersion: number): BeginQuorumEpochResponse {
    return beginQuorumEpochResponse({
      topics: [{ topicName: METADATA_TOPIC, partitions: [this.leaderFields(error)] }],
      nodeEndpoints: apiVersion >= 1 ? this.leaderEndpoint() : [],
    });
  }

  private leaderFields(errorCode: ErrorCode) {
    const { leaderId, epoch } = this.quorum;
    return { partitionIndex: METADATA_PARTITION, errorCode, leaderId, leaderEpoch: epoch };
  }

  fetchResponse(body: Partial<PartitionData>, apiVersion: number): FetchResponse {
    const { quorum, log } = this;
    return fetchResponse({
      responses: [
        {
          topic: METADATA_TOPIC,
          topicId: METADATA_TOPIC_ID,
          partitions: [
            partitionData({
              partitionIndex: METADATA_PARTITION,
              highWatermark: -1,
              logStartOffset: log.startOffset,
              currentLeader: { leaderId: quorum.leaderId, leaderEpoch: quorum.epoch },
              records: EMPTY,
              ...body,
            }),
          ],
        },
      ],
      nodeEndpoints: apiVersion >= 16 ? this.leaderEndpoint().map((one) => nodeEndpoint(one)) : [],
    });
  }

  /** Where the leader listens, as responses tell it; empty while that is not known. */
  leaderEndpoint(): NodeAddress[] {
    const address: Address | null = this.quorum.leaderAddress;
    if (address === null) return [];
    return [{ nodeId: this.quorum.leaderId, host: address.host, port: address.port }];
  }
}
