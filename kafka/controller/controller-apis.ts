/**
 * The APIs that a controller serves on its listener (Kafka: ControllerApis). Whoever asks a
 * controller that is not (yet) active is told NOT_CONTROLLER and looks for another.
 */
import { supportedFeatures } from '../metadata/features.ts';
import type { ReplicaProgress } from '../raft/leader-state.ts';
import { METADATA_PARTITION, METADATA_TOPIC } from '../raft/metadata-log.ts';
import type { RaftVoter } from '../raft/raft-voter.ts';
import type { Voter } from '../raft/voters.ts';
import type { RequestContext, RequestServer } from '../rpc/request-server.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { allocateProducerIdsResponse } from '../wire/generated/allocate-producer-ids-response.ts';
import { alterPartitionResponse } from '../wire/generated/alter-partition-response.ts';
import {
  apiVersion,
  apiVersionsResponse,
  finalizedFeatureKey,
  supportedFeatureKey,
} from '../wire/generated/api-versions-response.ts';
import { brokerHeartbeatResponse } from '../wire/generated/broker-heartbeat-response.ts';
import { brokerRegistrationResponse } from '../wire/generated/broker-registration-response.ts';
import type { DescribeQuorumRequest } from '../wire/generated/describe-quorum-request.ts';
import {
  type DescribeQuorumResponse,
  describeQuorumResponse,
  partitionData,
  replicaState,
} from '../wire/generated/describe-quorum-response.ts';
import { fetchResponse } from '../wire/generated/fetch-response.ts';
import { unregisterBrokerResponse } from '../wire/generated/unregister-broker-response.ts';
import type { Controller } from './controller.ts';
import { createTopics } from './create-topics.ts';
import { serveEnvelope } from './envelope.ts';

export interface ControllerServices {
  readonly controller: Controller;
  readonly raft: RaftVoter;
  readonly voters: readonly Voter[];
  readonly listenerName: string;
  readonly server: RequestServer;
}

export function serveControllerApis(services: ControllerServices): void {
  const { server, controller, raft } = services;
  const serve = <Req, Res>(
    api: ApiSpec<Req, Res>,
    handle: (context: RequestContext, request: Req) => void,
  ): void => server.serve(api, api, handle);

  serve(apis.Fetch, (context, request) => {
    // Before version 12 a fetch cannot say the epoch of what it has.
    if (context.apiVersion < 12) {
      context.respond(fetchResponse({ errorCode: ErrorCode.UNSUPPORTED_VERSION }));
    } else raft.handleFetch(context, request);
  });
  serve(apis.ApiVersions, (context) => context.respond(versions(services, context.apiVersion)));
  serve(apis.DescribeQuorum, (context, request) =>
    context.respond(describeQuorum(services, request)),
  );
  serve(apis.BrokerRegistration, (context, request) => {
    const errorCode = ErrorCode.NOT_CONTROLLER;
    if (!controller.active) context.respond(brokerRegistrationResponse({ errorCode }));
    else controller.registerBroker(request, (response) => context.respond(response));
  });
  serve(apis.BrokerHeartbeat, (context, request) => {
    const errorCode = ErrorCode.NOT_CONTROLLER;
    if (!controller.active) context.respond(brokerHeartbeatResponse({ errorCode }));
    else controller.heartbeat(request, (response) => context.respond(response));
  });
  serve(apis.AlterPartition, (context, request) => {
    const errorCode = ErrorCode.NOT_CONTROLLER;
    if (!controller.active) context.respond(alterPartitionResponse({ errorCode }));
    else {
      const { apiVersion } = context;
      controller.alterPartition(request, apiVersion, (response) => context.respond(response));
    }
  });
  serve(apis.AllocateProducerIds, (context, request) => {
    const errorCode = ErrorCode.NOT_CONTROLLER;
    if (!controller.active) context.respond(allocateProducerIdsResponse({ errorCode }));
    else controller.allocateProducerIds(request, (response) => context.respond(response));
  });
  serve(apis.UnregisterBroker, (context, request) => {
    const errorCode = ErrorCode.NOT_CONTROLLER;
    if (!controller.active) context.respond(unregisterBrokerResponse({ errorCode }));
    else controller.unregisterBroker(request.brokerId, (response) => context.respond(response));
  });
  serve(apis.CreateTopics, (context, request) => createTopics(controller, context, request));
  serve(apis.Envelope, (context, request) => serveEnvelope(controller, context, request));
}

function versions(services: ControllerServices, version: number): unknown {
  const { image } = services.controller;
  // Clients before version 4 refuse features whose lowest version is 0.
  const listed = supportedFeatures.filter((one) => version >= 4 || one.minSupportedVersion > 0);
  return apiVersionsResponse({
    apiKeys: services.server.advertised().map((one) => apiVersion(one)),
    supportedFeatures: listed.map((one) =>
      supportedFeatureKey({
        name: one.name,
        minVersion: one.minSupportedVersion,
        maxVersion: one.maxSupportedVersion,
      }),
    ),
    finalizedFeaturesEpoch: image.offset,
    finalizedFeatures: [...image.features].map(([name, level]) =>
      finalizedFeatureKey({ name, minVersionLevel: level, maxVersionLevel: level }),
    ),
  });
}

function describeQuorum(
  services: ControllerServices,
  request: DescribeQuorumRequest,
): DescribeQuorumResponse {
  const leader = services.raft.describe();
  const errorCode = leader === null ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE;
  const topics = request.topics.map((topic) => ({
    topicName: topic.topicName,
    partitions: topic.partitions.map(({ partitionIndex }) => {
      const known = topic.topicName === METADATA_TOPIC && partitionIndex === METADATA_PARTITION;
      if (!known || leader === null) {
        return partitionData({
          partitionIndex,
          errorCode: known ? errorCode : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        });
      }
      return partitionData({
        partitionIndex,
        leaderId: leader.localId,
        leaderEpoch: leader.epoch,
        highWatermark: leader.highWatermark,
        currentVoters: [...leader.voters.values()].map(described),
        observers: [...leader.observers.values()].map(described),
      });
    }),
  }));
  const nodes = services.voters.map(({ id, address }) => ({
    nodeId: id,
    listeners: [{ name: services.listenerName, host: address.host, port: address.port }],
  }));
  return describeQuorumResponse({ topics, nodes });
}

function described(replica: ReplicaProgress): ReturnType<typeof replicaState> {
  return replicaState({
    replicaId: replica.id,
    replicaDirectoryId: replica.directoryId,
    logEndOffset: replica.endOffset,
    lastFetchTimestamp: replica.lastFetchTimestampMs,
    lastCaughtUpTimestamp: replica.lastCaughtUpTimestampMs,
  });
}
