/** Every declared message, for the generator and for tests that go over all of them. */
import type { MessageSchema } from '../schema.ts';
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from './add-offsets-to-txn.ts';
import { addPartitionsToTxnRequest, addPartitionsToTxnResponse } from './add-partitions-to-txn.ts';
import { addRaftVoterRequest, addRaftVoterResponse } from './add-raft-voter.ts';
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from './allocate-producer-ids.ts';
import { alterConfigsRequest, alterConfigsResponse } from './alter-configs.ts';
import { alterPartitionRequest, alterPartitionResponse } from './alter-partition.ts';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from './alter-partition-reassignments.ts';
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from './alter-user-scram-credentials.ts';
import { apiVersionsRequest, apiVersionsResponse } from './api-versions.ts';
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from './assign-replicas-to-dirs.ts';
import { beginQuorumEpochRequest, beginQuorumEpochResponse } from './begin-quorum-epoch.ts';
import { brokerHeartbeatRequest, brokerHeartbeatResponse } from './broker-heartbeat.ts';
import { brokerRegistrationRequest, brokerRegistrationResponse } from './broker-registration.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from './consumer-protocol.ts';
import {
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from './control-records.ts';
import { createAclsRequest, createAclsResponse } from './create-acls.ts';
import { createPartitionsRequest, createPartitionsResponse } from './create-partitions.ts';
import { createTopicsRequest, createTopicsResponse } from './create-topics.ts';
import { deleteAclsRequest, deleteAclsResponse } from './delete-acls.ts';
import { deleteGroupsRequest, deleteGroupsResponse } from './delete-groups.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from './delete-records.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from './delete-topics.ts';
import { describeAclsRequest, describeAclsResponse } from './describe-acls.ts';
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from './describe-client-quotas.ts';
import { describeClusterRequest, describeClusterResponse } from './describe-cluster.ts';
import { describeConfigsRequest, describeConfigsResponse } from './describe-configs.ts';
import { describeGroupsRequest, describeGroupsResponse } from './describe-groups.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from './describe-log-dirs.ts';
import { describeProducersRequest, describeProducersResponse } from './describe-producers.ts';
import { describeQuorumRequest, describeQuorumResponse } from './describe-quorum.ts';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from './describe-topic-partitions.ts';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from './describe-user-scram-credentials.ts';
import { electLeadersRequest, electLeadersResponse } from './elect-leaders.ts';
import { endQuorumEpochRequest, endQuorumEpochResponse } from './end-quorum-epoch.ts';
import { endTxnRequest, endTxnResponse } from './end-txn.ts';
import { envelopeRequest, envelopeResponse } from './envelope.ts';
import { fetchRequest, fetchResponse } from './fetch.ts';
import { fetchSnapshotRequest, fetchSnapshotResponse } from './fetch-snapshot.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from './find-coordinator.ts';
import {
  groupMetadataKey,
  groupMetadataValue,
  offsetCommitKey,
  offsetCommitValue,
} from './group-records.ts';
import { requestHeader, responseHeader } from './headers.ts';
import { heartbeatRequest, heartbeatResponse } from './heartbeat.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from './incremental-alter-configs.ts';
import { initProducerIdRequest, initProducerIdResponse } from './init-producer-id.ts';
import { joinGroupRequest, joinGroupResponse } from './join-group.ts';
import { leaveGroupRequest, leaveGroupResponse } from './leave-group.ts';
import { listGroupsRequest, listGroupsResponse } from './list-groups.ts';
import { listOffsetsRequest, listOffsetsResponse } from './list-offsets.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from './list-partition-reassignments.ts';
import { metadataRequest, metadataResponse } from './metadata.ts';
import {
  abortTransactionRecord,
  accessControlEntryRecord,
  beginTransactionRecord,
  brokerRegistrationChangeRecord,
  clearElrRecord,
  configRecord,
  endTransactionRecord,
  featureLevelRecord,
  noOpRecord,
  partitionChangeRecord,
  partitionRecord,
  producerIdsRecord,
  registerBrokerRecord,
  removeAccessControlEntryRecord,
  removeTopicRecord,
  removeUserScramCredentialRecord,
  topicRecord,
  unregisterBrokerRecord,
  userScramCredentialRecord,
} from './metadata-records.ts';
import { offsetCommitRequest, offsetCommitResponse } from './offset-commit.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from './offset-delete.ts';
import { offsetFetchRequest, offsetFetchResponse } from './offset-fetch.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from './offset-for-leader-epoch.ts';
import { defaultPrincipalData } from './principal.ts';
import { produceRequest, produceResponse } from './produce.ts';
import { producerSnapshot } from './producer-snapshot.ts';
import { quorumStateData } from './quorum-state.ts';
import { removeRaftVoterRequest, removeRaftVoterResponse } from './remove-raft-voter.ts';
import { saslAuthenticateRequest, saslAuthenticateResponse } from './sasl-authenticate.ts';
import { saslHandshakeRequest, saslHandshakeResponse } from './sasl-handshake.ts';
import { syncGroupRequest, syncGroupResponse } from './sync-group.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from './txn-offset-commit.ts';
import { unregisterBrokerRequest, unregisterBrokerResponse } from './unregister-broker.ts';
import { updateFeaturesRequest, updateFeaturesResponse } from './update-features.ts';
import { updateRaftVoterRequest, updateRaftVoterResponse } from './update-raft-voter.ts';
import { voteRequest, voteResponse } from './vote.ts';
import { writeTxnMarkersRequest, writeTxnMarkersResponse } from './write-txn-markers.ts';

export const allMessages: readonly MessageSchema[] = [
  produceRequest,
  produceResponse,
  fetchRequest,
  fetchResponse,
  listOffsetsRequest,
  listOffsetsResponse,
  metadataRequest,
  metadataResponse,
  offsetCommitRequest,
  offsetCommitResponse,
  offsetFetchRequest,
  offsetFetchResponse,
  findCoordinatorRequest,
  findCoordinatorResponse,
  joinGroupRequest,
  joinGroupResponse,
  heartbeatRequest,
  heartbeatResponse,
  leaveGroupRequest,
  leaveGroupResponse,
  syncGroupRequest,
  syncGroupResponse,
  describeGroupsRequest,
  describeGroupsResponse,
  listGroupsRequest,
  listGroupsResponse,
  saslHandshakeRequest,
  saslHandshakeResponse,
  apiVersionsRequest,
  apiVersionsResponse,
  createTopicsRequest,
  createTopicsResponse,
  deleteTopicsRequest,
  deleteTopicsResponse,
  deleteRecordsRequest,
  deleteRecordsResponse,
  initProducerIdRequest,
  initProducerIdResponse,
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
  endTxnRequest,
  endTxnResponse,
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
  describeConfigsRequest,
  describeConfigsResponse,
  alterConfigsRequest,
  alterConfigsResponse,
  describeLogDirsRequest,
  describeLogDirsResponse,
  saslAuthenticateRequest,
  saslAuthenticateResponse,
  createPartitionsRequest,
  createPartitionsResponse,
  deleteGroupsRequest,
  deleteGroupsResponse,
  electLeadersRequest,
  electLeadersResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
  offsetDeleteRequest,
  offsetDeleteResponse,
  describeClientQuotasRequest,
  describeClientQuotasResponse,
  voteRequest,
  voteResponse,
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
  endQuorumEpochRequest,
  endQuorumEpochResponse,
  describeQuorumRequest,
  describeQuorumResponse,
  alterPartitionRequest,
  alterPartitionResponse,
  updateFeaturesRequest,
  updateFeaturesResponse,
  envelopeRequest,
  envelopeResponse,
  fetchSnapshotRequest,
  fetchSnapshotResponse,
  describeClusterRequest,
  describeClusterResponse,
  describeProducersRequest,
  describeProducersResponse,
  brokerRegistrationRequest,
  brokerRegistrationResponse,
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
  unregisterBrokerRequest,
  unregisterBrokerResponse,
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  addRaftVoterRequest,
  addRaftVoterResponse,
  removeRaftVoterRequest,
  removeRaftVoterResponse,
  updateRaftVoterRequest,
  updateRaftVoterResponse,
  requestHeader,
  responseHeader,
  registerBrokerRecord,
  unregisterBrokerRecord,
  topicRecord,
  partitionRecord,
  configRecord,
  partitionChangeRecord,
  removeTopicRecord,
  featureLevelRecord,
  producerIdsRecord,
  brokerRegistrationChangeRecord,
  noOpRecord,
  clearElrRecord,
  beginTransactionRecord,
  endTransactionRecord,
  abortTransactionRecord,
  userScramCredentialRecord,
  accessControlEntryRecord,
  removeAccessControlEntryRecord,
  removeUserScramCredentialRecord,
  describeAclsRequest,
  describeAclsResponse,
  createAclsRequest,
  createAclsResponse,
  deleteAclsRequest,
  deleteAclsResponse,
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
  leaderChangeMessage,
  snapshotHeaderRecord,
  snapshotFooterRecord,
  kRaftVersionRecord,
  votersRecord,
  quorumStateData,
  producerSnapshot,
  defaultPrincipalData,
  offsetCommitKey,
  offsetCommitValue,
  groupMetadataKey,
  groupMetadataValue,
  consumerProtocolSubscription,
  consumerProtocolAssignment,
];
