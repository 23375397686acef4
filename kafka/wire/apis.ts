/**
 * The table of Kafka's APIs: key, the versions served here, and the codecs of request and
 * response. Codecs know more versions than are served: those that need message formats 0 and 1
 * (Produce below 3, Fetch below 4), ZooKeeper offsets or the first ListOffsets are never served,
 * and EndTxn 5 belongs to transaction.version 2. Kafka: ApiKeys, ApiMessageType.
 */
import type { MessageCodec } from './codec.ts';
import { addOffsetsToTxnRequestCodec } from './generated/add-offsets-to-txn-request.ts';
import { addOffsetsToTxnResponseCodec } from './generated/add-offsets-to-txn-response.ts';
import { addPartitionsToTxnRequestCodec } from './generated/add-partitions-to-txn-request.ts';
import { addPartitionsToTxnResponseCodec } from './generated/add-partitions-to-txn-response.ts';
import { addRaftVoterRequestCodec } from './generated/add-raft-voter-request.ts';
import { addRaftVoterResponseCodec } from './generated/add-raft-voter-response.ts';
import { allocateProducerIdsRequestCodec } from './generated/allocate-producer-ids-request.ts';
import { allocateProducerIdsResponseCodec } from './generated/allocate-producer-ids-response.ts';
import { alterConfigsRequestCodec } from './generated/alter-configs-request.ts';
import { alterConfigsResponseCodec } from './generated/alter-configs-response.ts';
import { alterPartitionReassignmentsRequestCodec } from './generated/alter-partition-reassignments-request.ts';
import { alterPartitionReassignmentsResponseCodec } from './generated/alter-partition-reassignments-response.ts';
import { alterPartitionRequestCodec } from './generated/alter-partition-request.ts';
import { alterPartitionResponseCodec } from './generated/alter-partition-response.ts';
import { alterUserScramCredentialsRequestCodec } from './generated/alter-user-scram-credentials-request.ts';
import { alterUserScramCredentialsResponseCodec } from './generated/alter-user-scram-credentials-response.ts';
import { apiVersionsRequestCodec } from './generated/api-versions-request.ts';
import { apiVersionsResponseCodec } from './generated/api-versions-response.ts';
import { assignReplicasToDirsRequestCodec } from './generated/assign-replicas-to-dirs-request.ts';
import { assignReplicasToDirsResponseCodec } from './generated/assign-replicas-to-dirs-response.ts';
import { beginQuorumEpochRequestCodec } from './generated/begin-quorum-epoch-request.ts';
import { beginQuorumEpochResponseCodec } from './generated/begin-quorum-epoch-response.ts';
import { brokerHeartbeatRequestCodec } from './generated/broker-heartbeat-request.ts';
import { brokerHeartbeatResponseCodec } from './generated/broker-heartbeat-response.ts';
import { brokerRegistrationRequestCodec } from './generated/broker-registration-request.ts';
import { brokerRegistrationResponseCodec } from './generated/broker-registration-response.ts';
import { createAclsRequestCodec } from './generated/create-acls-request.ts';
import { createAclsResponseCodec } from './generated/create-acls-response.ts';
import { createPartitionsRequestCodec } from './generated/create-partitions-request.ts';
import { createPartitionsResponseCodec } from './generated/create-partitions-response.ts';
import { createTopicsRequestCodec } from './generated/create-topics-request.ts';
import { createTopicsResponseCodec } from './generated/create-topics-response.ts';
import { deleteAclsRequestCodec } from './generated/delete-acls-request.ts';
import { deleteAclsResponseCodec } from './generated/delete-acls-response.ts';
import { deleteGroupsRequestCodec } from './generated/delete-groups-request.ts';
import { deleteGroupsResponseCodec } from './generated/delete-groups-response.ts';
import { deleteRecordsRequestCodec } from './generated/delete-records-request.ts';
import { deleteRecordsResponseCodec } from './generated/delete-records-response.ts';
import { deleteTopicsRequestCodec } from './generated/delete-topics-request.ts';
import { deleteTopicsResponseCodec } from './generated/delete-topics-response.ts';
import { describeAclsRequestCodec } from './generated/describe-acls-request.ts';
import { describeAclsResponseCodec } from './generated/describe-acls-response.ts';
import { describeClientQuotasRequestCodec } from './generated/describe-client-quotas-request.ts';
import { describeClientQuotasResponseCodec } from './generated/describe-client-quotas-response.ts';
import { describeClusterRequestCodec } from './generated/describe-cluster-request.ts';
import { describeClusterResponseCodec } from './generated/describe-cluster-response.ts';
import { describeConfigsRequestCodec } from './generated/describe-configs-request.ts';
import { describeConfigsResponseCodec } from './generated/describe-configs-response.ts';
import { describeGroupsRequestCodec } from './generated/describe-groups-request.ts';
import { describeGroupsResponseCodec } from './generated/describe-groups-response.ts';
import { describeLogDirsRequestCodec } from './generated/describe-log-dirs-request.ts';
import { describeLogDirsResponseCodec } from './generated/describe-log-dirs-response.ts';
import { describeProducersRequestCodec } from './generated/describe-producers-request.ts';
import { describeProducersResponseCodec } from './generated/describe-producers-response.ts';
import { describeQuorumRequestCodec } from './generated/describe-quorum-request.ts';
import { describeQuorumResponseCodec } from './generated/describe-quorum-response.ts';
import { describeTopicPartitionsRequestCodec } from './generated/describe-topic-partitions-request.ts';
import { describeTopicPartitionsResponseCodec } from './generated/describe-topic-partitions-response.ts';
import { describeUserScramCredentialsRequestCodec } from './generated/describe-user-scram-credentials-request.ts';
import { describeUserScramCredentialsResponseCodec } from './generated/describe-user-scram-credentials-response.ts';
import { electLeadersRequestCodec } from './generated/elect-leaders-request.ts';
import { electLeadersResponseCodec } from './generated/elect-leaders-response.ts';
import { endQuorumEpochRequestCodec } from './generated/end-quorum-epoch-request.ts';
import { endQuorumEpochResponseCodec } from './generated/end-quorum-epoch-response.ts';
import { endTxnRequestCodec } from './generated/end-txn-request.ts';
import { endTxnResponseCodec } from './generated/end-txn-response.ts';
import { envelopeRequestCodec } from './generated/envelope-request.ts';
import { envelopeResponseCodec } from './generated/envelope-response.ts';
import { fetchRequestCodec } from './generated/fetch-request.ts';
import { fetchResponseCodec } from './generated/fetch-response.ts';
import { fetchSnapshotRequestCodec } from './generated/fetch-snapshot-request.ts';
import { fetchSnapshotResponseCodec } from './generated/fetch-snapshot-response.ts';
import { findCoordinatorRequestCodec } from './generated/find-coordinator-request.ts';
import { findCoordinatorResponseCodec } from './generated/find-coordinator-response.ts';
import { heartbeatRequestCodec } from './generated/heartbeat-request.ts';
import { heartbeatResponseCodec } from './generated/heartbeat-response.ts';
import { incrementalAlterConfigsRequestCodec } from './generated/incremental-alter-configs-request.ts';
import { incrementalAlterConfigsResponseCodec } from './generated/incremental-alter-configs-response.ts';
import { initProducerIdRequestCodec } from './generated/init-producer-id-request.ts';
import { initProducerIdResponseCodec } from './generated/init-producer-id-response.ts';
import { joinGroupRequestCodec } from './generated/join-group-request.ts';
import { joinGroupResponseCodec } from './generated/join-group-response.ts';
import { leaveGroupRequestCodec } from './generated/leave-group-request.ts';
import { leaveGroupResponseCodec } from './generated/leave-group-response.ts';
import { listGroupsRequestCodec } from './generated/list-groups-request.ts';
import { listGroupsResponseCodec } from './generated/list-groups-response.ts';
import { listOffsetsRequestCodec } from './generated/list-offsets-request.ts';
import { listOffsetsResponseCodec } from './generated/list-offsets-response.ts';
import { listPartitionReassignmentsRequestCodec } from './generated/list-partition-reassignments-request.ts';
import { listPartitionReassignmentsResponseCodec } from './generated/list-partition-reassignments-response.ts';
import { metadataRequestCodec } from './generated/metadata-request.ts';
import { metadataResponseCodec } from './generated/metadata-response.ts';
import { offsetCommitRequestCodec } from './generated/offset-commit-request.ts';
import { offsetCommitResponseCodec } from './generated/offset-commit-response.ts';
import { offsetDeleteRequestCodec } from './generated/offset-delete-request.ts';
import { offsetDeleteResponseCodec } from './generated/offset-delete-response.ts';
import { offsetFetchRequestCodec } from './generated/offset-fetch-request.ts';
import { offsetFetchResponseCodec } from './generated/offset-fetch-response.ts';
import { offsetForLeaderEpochRequestCodec } from './generated/offset-for-leader-epoch-request.ts';
import { offsetForLeaderEpochResponseCodec } from './generated/offset-for-leader-epoch-response.ts';
import { produceRequestCodec } from './generated/produce-request.ts';
import { produceResponseCodec } from './generated/produce-response.ts';
import { removeRaftVoterRequestCodec } from './generated/remove-raft-voter-request.ts';
import { removeRaftVoterResponseCodec } from './generated/remove-raft-voter-response.ts';
import { saslAuthenticateRequestCodec } from './generated/sasl-authenticate-request.ts';
import { saslAuthenticateResponseCodec } from './generated/sasl-authenticate-response.ts';
import { saslHandshakeRequestCodec } from './generated/sasl-handshake-request.ts';
import { saslHandshakeResponseCodec } from './generated/sasl-handshake-response.ts';
import { syncGroupRequestCodec } from './generated/sync-group-request.ts';
import { syncGroupResponseCodec } from './generated/sync-group-response.ts';
import { txnOffsetCommitRequestCodec } from './generated/txn-offset-commit-request.ts';
import { txnOffsetCommitResponseCodec } from './generated/txn-offset-commit-response.ts';
import { unregisterBrokerRequestCodec } from './generated/unregister-broker-request.ts';
import { unregisterBrokerResponseCodec } from './generated/unregister-broker-response.ts';
import { updateFeaturesRequestCodec } from './generated/update-features-request.ts';
import { updateFeaturesResponseCodec } from './generated/update-features-response.ts';
import { updateRaftVoterRequestCodec } from './generated/update-raft-voter-request.ts';
import { updateRaftVoterResponseCodec } from './generated/update-raft-voter-response.ts';
import { voteRequestCodec } from './generated/vote-request.ts';
import { voteResponseCodec } from './generated/vote-response.ts';
import { writeTxnMarkersRequestCodec } from './generated/write-txn-markers-request.ts';
import { writeTxnMarkersResponseCodec } from './generated/write-txn-markers-response.ts';

export interface ApiSpec<Req, Res> {
  readonly key: number;
  readonly name: string;
  /** The versions served; both inclusive. */
  readonly minVersion: number;
  readonly maxVersion: number;
  /**
   * The lowest version that ApiVersions lists. Produce lists 0 without serving 0-2, because old
   * clients look for it before they compress (KAFKA-18659).
   */
  readonly advertisedMinVersion: number;
  /** The first flexible version (compact encodings, tags, longer headers); Infinity: none. */
  readonly flexibleFrom: number;
  readonly request: MessageCodec<Req>;
  readonly response: MessageCodec<Res>;
}

interface Served {
  key: number;
  name: string;
  versions: readonly [min: number, max: number];
  advertisedMin?: number;
}

function api<Req, Res>(
  served: Served,
  request: MessageCodec<Req>,
  response: MessageCodec<Res>,
): ApiSpec<Req, Res> {
  return {
    key: served.key,
    name: served.name,
    minVersion: served.versions[0],
    maxVersion: served.versions[1],
    advertisedMinVersion: served.advertisedMin ?? served.versions[0],
    flexibleFrom: request.flexibleFrom,
    request,
    response,
  };
}

export const apis = {
  Produce: api(
    { key: 0, name: 'Produce', versions: [3, 11], advertisedMin: 0 },
    produceRequestCodec,
    produceResponseCodec,
  ),
  Fetch: api({ key: 1, name: 'Fetch', versions: [4, 17] }, fetchRequestCodec, fetchResponseCodec),
  ListOffsets: api(
    { key: 2, name: 'ListOffsets', versions: [1, 10] },
    listOffsetsRequestCodec,
    listOffsetsResponseCodec,
  ),
  Metadata: api(
    { key: 3, name: 'Metadata', versions: [0, 12] },
    metadataRequestCodec,
    metadataResponseCodec,
  ),
  OffsetCommit: api(
    { key: 8, name: 'OffsetCommit', versions: [2, 9] },
    offsetCommitRequestCodec,
    offsetCommitResponseCodec,
  ),
  OffsetFetch: api(
    { key: 9, name: 'OffsetFetch', versions: [1, 9] },
    offsetFetchRequestCodec,
    offsetFetchResponseCodec,
  ),
  FindCoordinator: api(
    { key: 10, name: 'FindCoordinator', versions: [0, 6] },
    findCoordinatorRequestCodec,
    findCoordinatorResponseCodec,
  ),
  JoinGroup: api(
    { key: 11, name: 'JoinGroup', versions: [0, 9] },
    joinGroupRequestCodec,
    joinGroupResponseCodec,
  ),
  Heartbeat: api(
    { key: 12, name: 'Heartbeat', versions: [0, 4] },
    heartbeatRequestCodec,
    heartbeatResponseCodec,
  ),
  LeaveGroup: api(
    { key: 13, name: 'LeaveGroup', versions: [0, 5] },
    leaveGroupRequestCodec,
    leaveGroupResponseCodec,
  ),
  SyncGroup: api(
    { key: 14, name: 'SyncGroup', versions: [0, 5] },
    syncGroupRequestCodec,
    syncGroupResponseCodec,
  ),
  DescribeGroups: api(
    { key: 15, name: 'DescribeGroups', versions: [0, 5] },
    describeGroupsRequestCodec,
    describeGroupsResponseCodec,
  ),
  ListGroups: api(
    { key: 16, name: 'ListGroups', versions: [0, 5] },
    listGroupsRequestCodec,
    listGroupsResponseCodec,
  ),
  SaslHandshake: api(
    { key: 17, name: 'SaslHandshake', versions: [0, 1] },
    saslHandshakeRequestCodec,
    saslHandshakeResponseCodec,
  ),
  ApiVersions: api(
    { key: 18, name: 'ApiVersions', versions: [0, 4] },
    apiVersionsRequestCodec,
    apiVersionsResponseCodec,
  ),
  CreateTopics: api(
    { key: 19, name: 'CreateTopics', versions: [0, 7] },
    createTopicsRequestCodec,
    createTopicsResponseCodec,
  ),
  DeleteTopics: api(
    { key: 20, name: 'DeleteTopics', versions: [0, 6] },
    deleteTopicsRequestCodec,
    deleteTopicsResponseCodec,
  ),
  DeleteRecords: api(
    { key: 21, name: 'DeleteRecords', versions: [0, 2] },
    deleteRecordsRequestCodec,
    deleteRecordsResponseCodec,
  ),
  InitProducerId: api(
    { key: 22, name: 'InitProducerId', versions: [0, 5] },
    initProducerIdRequestCodec,
    initProducerIdResponseCodec,
  ),
  OffsetForLeaderEpoch: api(
    { key: 23, name: 'OffsetForLeaderEpoch', versions: [0, 4] },
    offsetForLeaderEpochRequestCodec,
    offsetForLeaderEpochResponseCodec,
  ),
  AddPartitionsToTxn: api(
    { key: 24, name: 'AddPartitionsToTxn', versions: [0, 5] },
    addPartitionsToTxnRequestCodec,
    addPartitionsToTxnResponseCodec,
  ),
  AddOffsetsToTxn: api(
    { key: 25, name: 'AddOffsetsToTxn', versions: [0, 4] },
    addOffsetsToTxnRequestCodec,
    addOffsetsToTxnResponseCodec,
  ),
  EndTxn: api(
    { key: 26, name: 'EndTxn', versions: [0, 4] },
    endTxnRequestCodec,
    endTxnResponseCodec,
  ),
  WriteTxnMarkers: api(
    { key: 27, name: 'WriteTxnMarkers', versions: [0, 1] },
    writeTxnMarkersRequestCodec,
    writeTxnMarkersResponseCodec,
  ),
  TxnOffsetCommit: api(
    { key: 28, name: 'TxnOffsetCommit', versions: [0, 4] },
    txnOffsetCommitRequestCodec,
    txnOffsetCommitResponseCodec,
  ),
  DescribeAcls: api(
    { key: 29, name: 'DescribeAcls', versions: [0, 3] },
    describeAclsRequestCodec,
    describeAclsResponseCodec,
  ),
  CreateAcls: api(
    { key: 30, name: 'CreateAcls', versions: [0, 3] },
    createAclsRequestCodec,
    createAclsResponseCodec,
  ),
  DeleteAcls: api(
    { key: 31, name: 'DeleteAcls', versions: [0, 3] },
    deleteAclsRequestCodec,
    deleteAclsResponseCodec,
  ),
  DescribeConfigs: api(
    { key: 32, name: 'DescribeConfigs', versions: [0, 4] },
    describeConfigsRequestCodec,
    describeConfigsResponseCodec,
  ),
  AlterConfigs: api(
    { key: 33, name: 'AlterConfigs', versions: [0, 2] },
    alterConfigsRequestCodec,
    alterConfigsResponseCodec,
  ),
  DescribeLogDirs: api(
    { key: 35, name: 'DescribeLogDirs', versions: [0, 4] },
    describeLogDirsRequestCodec,
    describeLogDirsResponseCodec,
  ),
  SaslAuthenticate: api(
    { key: 36, name: 'SaslAuthenticate', versions: [0, 2] },
    saslAuthenticateRequestCodec,
    saslAuthenticateResponseCodec,
  ),
  CreatePartitions: api(
    { key: 37, name: 'CreatePartitions', versions: [0, 3] },
    createPartitionsRequestCodec,
    createPartitionsResponseCodec,
  ),
  DeleteGroups: api(
    { key: 42, name: 'DeleteGroups', versions: [0, 2] },
    deleteGroupsRequestCodec,
    deleteGroupsResponseCodec,
  ),
  ElectLeaders: api(
    { key: 43, name: 'ElectLeaders', versions: [0, 2] },
    electLeadersRequestCodec,
    electLeadersResponseCodec,
  ),
  IncrementalAlterConfigs: api(
    { key: 44, name: 'IncrementalAlterConfigs', versions: [0, 1] },
    incrementalAlterConfigsRequestCodec,
    incrementalAlterConfigsResponseCodec,
  ),
  AlterPartitionReassignments: api(
    { key: 45, name: 'AlterPartitionReassignments', versions: [0, 0] },
    alterPartitionReassignmentsRequestCodec,
    alterPartitionReassignmentsResponseCodec,
  ),
  ListPartitionReassignments: api(
    { key: 46, name: 'ListPartitionReassignments', versions: [0, 0] },
    listPartitionReassignmentsRequestCodec,
    listPartitionReassignmentsResponseCodec,
  ),
  OffsetDelete: api(
    { key: 47, name: 'OffsetDelete', versions: [0, 0] },
    offsetDeleteRequestCodec,
    offsetDeleteResponseCodec,
  ),
  DescribeClientQuotas: api(
    { key: 48, name: 'DescribeClientQuotas', versions: [0, 1] },
    describeClientQuotasRequestCodec,
    describeClientQuotasResponseCodec,
  ),
  DescribeUserScramCredentials: api(
    { key: 50, name: 'DescribeUserScramCredentials', versions: [0, 0] },
    describeUserScramCredentialsRequestCodec,
    describeUserScramCredentialsResponseCodec,
  ),
  AlterUserScramCredentials: api(
    { key: 51, name: 'AlterUserScramCredentials', versions: [0, 0] },
    alterUserScramCredentialsRequestCodec,
    alterUserScramCredentialsResponseCodec,
  ),
  Vote: api({ key: 52, name: 'Vote', versions: [0, 2] }, voteRequestCodec, voteResponseCodec),
  BeginQuorumEpoch: api(
    { key: 53, name: 'BeginQuorumEpoch', versions: [0, 1] },
    beginQuorumEpochRequestCodec,
    beginQuorumEpochResponseCodec,
  ),
  EndQuorumEpoch: api(
    { key: 54, name: 'EndQuorumEpoch', versions: [0, 1] },
    endQuorumEpochRequestCodec,
    endQuorumEpochResponseCodec,
  ),
  DescribeQuorum: api(
    { key: 55, name: 'DescribeQuorum', versions: [0, 2] },
    describeQuorumRequestCodec,
    describeQuorumResponseCodec,
  ),
  AlterPartition: api(
    { key: 56, name: 'AlterPartition', versions: [0, 3] },
    alterPartitionRequestCodec,
    alterPartitionResponseCodec,
  ),
  UpdateFeatures: api(
    { key: 57, name: 'UpdateFeatures', versions: [0, 2] },
    updateFeaturesRequestCodec,
    updateFeaturesResponseCodec,
  ),
  Envelope: api(
    { key: 58, name: 'Envelope', versions: [0, 0] },
    envelopeRequestCodec,
    envelopeResponseCodec,
  ),
  FetchSnapshot: api(
    { key: 59, name: 'FetchSnapshot', versions: [0, 1] },
    fetchSnapshotRequestCodec,
    fetchSnapshotResponseCodec,
  ),
  DescribeCluster: api(
    { key: 60, name: 'DescribeCluster', versions: [0, 1] },
    describeClusterRequestCodec,
    describeClusterResponseCodec,
  ),
  DescribeProducers: api(
    { key: 61, name: 'DescribeProducers', versions: [0, 0] },
    describeProducersRequestCodec,
    describeProducersResponseCodec,
  ),
  BrokerRegistration: api(
    { key: 62, name: 'BrokerRegistration', versions: [0, 4] },
    brokerRegistrationRequestCodec,
    brokerRegistrationResponseCodec,
  ),
  BrokerHeartbeat: api(
    { key: 63, name: 'BrokerHeartbeat', versions: [0, 1] },
    brokerHeartbeatRequestCodec,
    brokerHeartbeatResponseCodec,
  ),
  UnregisterBroker: api(
    { key: 64, name: 'UnregisterBroker', versions: [0, 0] },
    unregisterBrokerRequestCodec,
    unregisterBrokerResponseCodec,
  ),
  AllocateProducerIds: api(
    { key: 67, name: 'AllocateProducerIds', versions: [0, 0] },
    allocateProducerIdsRequestCodec,
    allocateProducerIdsResponseCodec,
  ),
  AssignReplicasToDirs: api(
    { key: 73, name: 'AssignReplicasToDirs', versions: [0, 0] },
    assignReplicasToDirsRequestCodec,
    assignReplicasToDirsResponseCodec,
  ),
  DescribeTopicPartitions: api(
    { key: 75, name: 'DescribeTopicPartitions', versions: [0, 0] },
    describeTopicPartitionsRequestCodec,
    describeTopicPartitionsResponseCodec,
  ),
  AddRaftVoter: api(
    { key: 80, name: 'AddRaftVoter', versions: [0, 0] },
    addRaftVoterRequestCodec,
    addRaftVoterResponseCodec,
  ),
  RemoveRaftVoter: api(
    { key: 81, name: 'RemoveRaftVoter', versions: [0, 0] },
    removeRaftVoterRequestCodec,
    removeRaftVoterResponseCodec,
  ),
  UpdateRaftVoter: api(
    { key: 82, name: 'UpdateRaftVoter', versions: [0, 0] },
    updateRaftVoterRequestCodec,
    updateRaftVoterResponseCodec,
  ),
} as const;

const byKey: (ApiSpec<unknown, unknown> | undefined)[] = [];
for (const spec of Object.values(apis)) byKey[spec.key] = spec as ApiSpec<unknown, unknown>;

export function apiByKey(key: number): ApiSpec<unknown, unknown> | undefined {
  return byKey[key];
}
