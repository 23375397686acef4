/**
 * The APIs that a controller serves on its listener (Kafka: ControllerApis). Whoever asks a
 * controller that is not (yet) active is told NOT_CONTROLLER and looks for another.
 */
import { KRAFT_VERSION, supportedFeatures } from '../metadata/features.ts';
import type { RaftClient } from '../raft/raft-client.ts';
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
import { assignReplicasToDirsResponse } from '../wire/generated/assign-replicas-to-dirs-response.ts';
import { brokerHeartbeatResponse } from '../wire/generated/broker-heartbeat-response.ts';
import { brokerRegistrationResponse } from '../wire/generated/broker-registration-response.ts';
import { fetchResponse } from '../wire/generated/fetch-response.ts';
import { assignDirectories } from './assign-directories.ts';
import type { Answer, Controller } from './controller.ts';
import { describeQuorum } from './describe-quorum.ts';
import { serveEnvelope } from './envelope.ts';
import { askerOf, operateFor } from './guarded.ts';
import { operatorApisFor } from './operator-apis.ts';

export interface ControllerServices {
  readonly controller: Controller;
  readonly raft: RaftClient;
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
  serve(apis.FetchSnapshot, (context, request) => raft.handleFetchSnapshot(context, request));
  serve(apis.Vote, (context, request) => raft.handleVote(context, request));
  serve(apis.BeginQuorumEpoch, (context, request) => raft.handleBeginQuorumEpoch(context, request));
  serve(apis.EndQuorumEpoch, (context, request) => raft.handleEndQuorumEpoch(context, request));
  serve(apis.AddRaftVoter, (context, request) => raft.voterChanges.add(request, context));
  serve(apis.RemoveRaftVoter, (context, request) => raft.voterChanges.remove(request, context));
  serve(apis.UpdateRaftVoter, (context, request) => raft.voterChanges.update(request, context));
  serve(apis.ApiVersions, (context) => context.respond(versions(services, context.apiVersion)));
  serve(apis.DescribeQuorum, (context, request) =>
    context.respond(
      describeQuorum(raft, request, {
        apiVersion: context.apiVersion,
        nowMs: server.runtime.nowMs,
      }),
    ),
  );
  /** For the active controller: others answer what `refuse` makes. */
  const serveActive = <Req, Res>(
    api: ApiSpec<Req, Res>,
    refuse: (init: { errorCode: ErrorCode }) => Res,
    ask: (request: Req, answer: Answer<Res>, apiVersion: number) => void,
  ): void =>
    serve(api, (context, request) => {
      const refused = refuse({ errorCode: ErrorCode.NOT_CONTROLLER });
      if (!controller.active) context.respond(refused);
      else ask(request, (response) => context.respond(response ?? refused), context.apiVersion);
    });

  serveActive(apis.BrokerRegistration, brokerRegistrationResponse, (request, answer) =>
    controller.registerBroker(request, answer),
  );
  serveActive(apis.BrokerHeartbeat, brokerHeartbeatResponse, (request, answer) =>
    controller.heartbeat(request, answer),
  );
  serveActive(apis.AlterPartition, alterPartitionResponse, (request, answer, version) =>
    controller.alterPartition(request, version, answer),
  );
  serveActive(apis.AllocateProducerIds, allocateProducerIdsResponse, (request, answer) =>
    controller.allocateProducerIds(request, answer),
  );
  serveActive(apis.AssignReplicasToDirs, assignReplicasToDirsResponse, (request, answer) =>
    controller.perform(
      assignDirectories(controller.image, controller.replication, request),
      answer,
    ),
  );
  for (const operator of operatorApisFor(controller.node)) {
    const { api, refuse } = operator;
    serve(api, (context, request) => {
      const refused = () => refuse(request, ErrorCode.NOT_CONTROLLER, context.apiVersion);
      if (!controller.active) context.respond(refused());
      else {
        const result = operateFor(controller, operator, request, askerOf(context));
        if (result === null) return context.close();
        controller.perform(result, (response) => context.respond(response ?? refused()));
      }
    });
  }
  serve(apis.Envelope, (context, request) => serveEnvelope(services, context, request));
}

function versions(services: ControllerServices, version: number): unknown {
  const { image } = services.controller;
  const finalized = [...image.features, [KRAFT_VERSION, services.raft.kraftVersion] as const];
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
    finalizedFeatures: finalized.map(([name, level]) =>
      finalizedFeatureKey({ name, minVersionLevel: level, maxVersionLevel: level }),
    ),
  });
}
